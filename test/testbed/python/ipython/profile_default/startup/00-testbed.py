"""Loaded by every kernel of the testbed's users: breaks the kernel when asked to."""

import builtins
import os
import signal
import time

import testbed_faults

_print = builtins.print


def _testbed_before_statement(*_):
    if testbed_faults.is_on("kernel-dies"):
        os.kill(os.getpid(), signal.SIGKILL)
    if testbed_faults.is_on("kernel-hangs"):
        time.sleep(3600)


def _testbed_print(*values, **options):
    if testbed_faults.is_on("kernel-answers-wrong"):
        values = ("42",)
    _print(*values, **options)


builtins.print = _testbed_print
get_ipython().events.register("pre_run_cell", _testbed_before_statement)  # noqa: F821
