"""Loaded by every Python process of the testbed's users, dask workers too: breaks the image when asked to."""

import builtins
import os
import signal
import sys
import threading
import time

import testbed_faults


class BrokenDaskClient:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name != "dask_gateway":
            return None
        if testbed_faults.is_on("dask-client-missing"):
            raise ModuleNotFoundError(testbed_faults.saying("No module named 'dask_gateway'"), name=name)
        if testbed_faults.is_on("dask-client-broken"):
            raise AttributeError("module 'distributed' has no attribute 'removed_long_ago'")
        if testbed_faults.is_on("dask-client-import-hangs"):
            time.sleep(3600)
        return None


_sum = builtins.sum


def _sum_on_a_worker(*args, **options):
    """What the canary asks of dask is a sum; only threads that run tasks are meant."""
    if "Dask-Default-Threads" in threading.current_thread().name:
        if testbed_faults.is_on("worker-dies"):
            os.kill(os.getpid(), signal.SIGKILL)
        if testbed_faults.is_on("compute-raises"):
            raise RuntimeError("the worker fails on purpose")
        if testbed_faults.is_on("compute-hangs"):
            time.sleep(3600)
        if testbed_faults.is_on("compute-wrong"):
            return 42
    return _sum(*args, **options)


# Pickled by its name, so that client and worker mean the same function.
_sum_on_a_worker.__name__ = _sum_on_a_worker.__qualname__ = "sum"
_sum_on_a_worker.__module__ = "builtins"
builtins.sum = _sum_on_a_worker
sys.meta_path.insert(0, BrokenDaskClient)
