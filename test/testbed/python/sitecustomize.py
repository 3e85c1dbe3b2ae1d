"""Loaded by every Python process of the testbed's users: breaks the image when asked to."""

import sys

import testbed_faults


class MissingDaskClient:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name == "dask_gateway" and testbed_faults.is_on("dask-client-missing"):
            raise ModuleNotFoundError("No module named 'dask_gateway'", name=name)


sys.meta_path.insert(0, MissingDaskClient)
