"""Loaded by every kernel of the testbed's users: breaks the kernel when asked to."""

import builtins
import os
import signal
import time

import testbed_faults
import testbed_server

os.environ.update(testbed_server.gateway_environment())
_print = builtins.print


def _testbed_before_statement(*_):
    if testbed_faults.is_on("kernel-dies"):
        os.kill(os.getpid(), signal.SIGKILL)
    if testbed_faults.is_on("kernel-dies-once"):
        marker = os.path.join(os.path.dirname(os.environ["TESTBED_FAULTS"]), "kernel-died-once")
        if not os.path.exists(marker):
            open(marker, "w").close()
            os.kill(os.getpid(), signal.SIGKILL)
    if testbed_faults.is_on("server-dies-in-lab"):
        os.kill(os.getppid(), signal.SIGKILL)
    if testbed_faults.is_on("server-freezes-in-lab"):
        os.kill(os.getppid(), signal.SIGSTOP)
        time.sleep(3600)
    if testbed_faults.is_on("kernel-hangs"):
        time.sleep(3600)


def _testbed_print(*values, **options):
    if testbed_faults.is_on("kernel-raises"):
        raise RuntimeError("the kernel fails on purpose")
    if testbed_faults.is_on("kernel-answers-wrong"):
        values = (testbed_faults.saying("42"),)
    if testbed_faults.is_on("kernel-is-noisy"):
        _print("a library has something to say, and without a line's end", end=" ")
    _print(*values, **options)
    if testbed_faults.is_on("kernel-is-noisy"):
        _print("42\nand more of it")


builtins.print = _testbed_print
get_ipython().events.register("pre_run_cell", _testbed_before_statement)  # noqa: F821
