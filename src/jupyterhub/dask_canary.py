"""What the canary user types into a notebook to use dask-gateway, cut into stages that each end by themselves.

Every stage prints one JSON line behind a marker and nothing else counts: libraries write to stdout as well.
GatewayCluster() and new_cluster() wait for ever when a cluster does not come up, so they are not used.
"""

import concurrent.futures
import json
import time

HUBCANARY_MARKER = "@@HUBCANARY@@"


class HubcanaryDask:
    def __init__(self):
        self._threads = concurrent.futures.ThreadPoolExecutor(max_workers=8)
        self.gateway = None
        self.cluster = None
        self.client = None

    def stage(self, name, within, *args):
        """Runs one stage with a time limit of its own: a frozen gateway would hold the kernel for minutes."""
        began = time.monotonic()
        try:
            answer = self._threads.submit(getattr(self, name), *args).result(timeout=within)
            answer = {"ok": True, **(answer or {})}
        except concurrent.futures.TimeoutError as error:
            # A stage may raise the very same class; only the clock tells them apart.
            late = time.monotonic() - began >= within
            answer = {"ok": False, "error": "Late" if late else "TimeoutError", "message": str(error)}
        except BaseException as error:
            status = getattr(error, "status", None) or getattr(error, "status_code", None)
            answer = {"ok": False, "error": type(error).__name__, "message": str(error), "status": status}
        print(HUBCANARY_MARKER + json.dumps(answer), flush=True)

    def connect_gateway(self):
        from dask_gateway import Gateway

        self.gateway = Gateway()
        self.gateway.get_versions()
        return {"address": str(self.gateway.address), **self.stop_clusters()}

    def stop_clusters(self):
        running = [report.name for report in self.gateway.list_clusters()]
        for name in running:
            self.gateway.stop_cluster(name)
        return {"stopped": running}

    def submit_cluster(self, options):
        return {"cluster": self.gateway.submit(**options)}

    def cluster_status(self, name):
        try:
            return {"status": self.gateway.get_cluster(name).status.name}
        except ValueError:  # 404: not seen yet (Kubernetes, for some seconds), or forgotten
            return {"status": "GONE"}

    def connect_cluster(self, name):
        self.cluster = self.gateway.connect(name, shutdown_on_close=False)
        self.client = self.cluster.get_client(set_as_default=False)

    def scale(self, workers):
        self.cluster.scale(workers)

    def count_workers(self):
        return {"workers": len(self.client.nthreads())}

    def compute(self, numbers):
        return {"value": self.client.submit(sum, numbers, pure=False).result()}
