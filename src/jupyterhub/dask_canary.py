"""What the canary user types into a notebook to use dask-gateway, cut into stages that each end by themselves.

Every stage prints one JSON line behind a marker and nothing else counts: libraries write to stdout as well.
GatewayCluster() and new_cluster() wait for ever when a cluster does not come up, so they are not used.
"""

import concurrent.futures
import json
import threading
import time
import warnings

HUBCANARY_MARKER = "@@HUBCANARY@@"
HUBCANARY_LOOK_EVERY = 0.05


class HubcanaryDask:
    def __init__(self):
        self.gateway = None
        self.cluster = None
        self.client = None
        self.under_way = {}

    def stage(self, name, within, *args):
        """Runs one stage with a time limit of its own: a frozen gateway would hold the kernel for minutes."""
        task = self.begin(getattr(self, name), *args)
        finished, _ = concurrent.futures.wait([task], timeout=within)
        if not finished:
            answer = {"ok": False, "error": "Late", "message": ""}
        elif task.exception() is not None:
            error = task.exception()
            status = getattr(error, "status", None) or getattr(error, "status_code", None)
            answer = {"ok": False, "error": type(error).__name__, "message": str(error), "status": status}
        else:
            answer = {"ok": True, **(task.result() or {})}
        print("\n" + HUBCANARY_MARKER + json.dumps(answer), flush=True)

    def begin(self, function, *args):
        """In a thread that nobody waits for: a stage that hangs must hold neither the next one nor the kernel's end."""
        task = concurrent.futures.Future()

        def run():
            try:
                task.set_result(function(*args))
            except BaseException as error:
                task.set_exception(error)

        threading.Thread(target=run, daemon=True).start()
        return task

    def start(self, name, *args):
        """Begins something long; `ended` asks after it, so that the gateway can be asked meanwhile."""
        self.under_way[name] = self.begin(getattr(self, name), *args)

    def ended(self, name, within):
        task = self.under_way[name]
        finished, _ = concurrent.futures.wait([task], timeout=within)
        return {"ended": True, **(task.result() or {})} if finished else {"ended": False}

    def import_client(self):
        import dask_gateway

        return {"version": str(dask_gateway.__version__)}

    def connect_gateway(self):
        from dask_gateway import Gateway

        self.gateway = Gateway()
        self.gateway.get_versions()
        return {"address": str(self.gateway.address)}

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
        """The gateway cuts a wish down to its limits and says so in a warning only."""
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            self.cluster.scale(workers)
        return {"warnings": [str(warning.message) for warning in said if "Gateway" in warning.category.__name__]}

    def count_workers(self, wanted, within):
        """Answers as soon as there are as many as are wanted."""
        over = time.monotonic() + within
        while True:
            workers = len(self.client.nthreads())
            if workers >= wanted or time.monotonic() >= over:
                return {"workers": workers}
            time.sleep(HUBCANARY_LOOK_EVERY)

    def compute(self, numbers):
        return {"value": self.client.submit(sum, numbers, pure=False).result()}
