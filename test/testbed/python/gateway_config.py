"""A real dask-gateway with its local backend, users from the hub, and faults that can be switched on while it runs."""

import asyncio
import json
import os
import signal
import sys

from aiohttp import web
from dask_gateway_server.auth import JupyterHubAuthenticator
from dask_gateway_server.backends.local import UnsafeLocalBackend
from dask_gateway_server.options import Options

import testbed_faults

BED = json.loads(os.environ["TESTBED"])
BIN = os.path.dirname(sys.executable)
FOR_EVER = 24 * 3600
ALLOWED_FAILURES = "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES"


class TestbedAuthenticator(JupyterHubAuthenticator):
    async def authenticate(self, request):
        if testbed_faults.is_on("gateway-refuses"):
            raise web.HTTPForbidden(reason="refused on purpose")
        if testbed_faults.is_on("gateway-raises"):
            raise RuntimeError("the gateway fails on purpose")
        if testbed_faults.is_on("gateway-unauthorized"):
            raise web.HTTPUnauthorized(reason="no such token, on purpose")
        if testbed_faults.is_on("gateway-hub-unreachable"):
            # Its own words when the hub answers 5xx to it.
            raise web.HTTPBadGateway(reason="Upstream failure verifying user's JupyterHub API token")
        if testbed_faults.is_on("gateway-is-a-page"):
            raise web.HTTPOk(text="<html><h1>Welcome to nginx!</h1></html>", content_type="text/html")
        return await super().authenticate(request)


class TestbedBackend(UnsafeLocalBackend):
    async def do_start_cluster(self, cluster):
        if testbed_faults.is_on("cluster-fails"):
            raise RuntimeError("the scheduler fails to start on purpose")
        if testbed_faults.is_on("cluster-hangs"):
            await asyncio.sleep(FOR_EVER)
        async for state in super().do_start_cluster(cluster):
            yield state

    async def on_cluster_heartbeat(self, cluster_name, msg):
        await super().on_cluster_heartbeat(cluster_name, msg)
        # Running from here on, and nobody can have connected yet.
        if testbed_faults.is_on("scheduler-dies"):
            pid = self.db.get_cluster(cluster_name).state.get("pid")
            os.kill(pid, signal.SIGKILL)

    async def do_start_worker(self, worker):
        while testbed_faults.is_on("workers-never-come"):
            await asyncio.sleep(0.2)
        while testbed_faults.is_on("workers-too-few") and worker.name != min(worker.cluster.workers):
            await asyncio.sleep(0.2)
        if testbed_faults.is_on("workers-fail"):
            raise RuntimeError("the worker fails to start on purpose")
        async for state in super().do_start_worker(worker):
            yield state


def limits(options, user):
    """What the operator's own options handler says; an exception in it refuses the cluster."""
    if testbed_faults.is_on("cluster-limit"):
        raise ValueError(f"{user.name} has 2 clusters already, and 2 is the limit")
    if testbed_faults.is_on("cluster-cores-limit"):
        return {"scheduler_cores": 4, "cluster_max_cores": 2}
    if testbed_faults.is_on("cluster-memory-limit"):
        return {"scheduler_memory": "4 G", "cluster_max_memory": "2 G"}
    if testbed_faults.is_on("workers-limit"):
        return {"cluster_max_workers": 1}
    return {}


c = get_config()  # noqa: F821
c.DaskGateway.backend_class = TestbedBackend
c.DaskGateway.authenticator_class = TestbedAuthenticator
c.DaskGateway.address = f"127.0.0.1:{BED['ports']['gatewayApi']}"
c.DaskGateway.log_level = "INFO"
c.Proxy.address = f"127.0.0.1:{BED['ports']['gateway']}"
c.Proxy.tcp_address = f"127.0.0.1:{BED['ports']['gateway']}"
c.Proxy.prefix = f"{BED['basePath']}services/dask-gateway"
c.JupyterHubAuthenticator.jupyterhub_api_token = BED["gatewayToken"]
c.JupyterHubAuthenticator.jupyterhub_api_url = f"http://127.0.0.1:{BED['ports']['hub']}{BED['basePath']}hub/api"
c.Backend.cluster_options = Options(handler=limits)
c.DBBackendBase.cluster_heartbeat_period = 3
c.DBBackendBase.check_timeouts_period = 2
c.DBBackendBase.cluster_start_timeout = 60
c.DBBackendBase.worker_start_timeout = 60
c.UnsafeLocalBackend.clusters_directory = f"{BED['folder']}/clusters"
c.UnsafeLocalBackend.inherited_environment = ["PATH", "PYTHONPATH", "LANG", "LC_ALL", "TESTBED_FAULTS", ALLOWED_FAILURES]
# A task whose worker died twice is given up.
os.environ[ALLOWED_FAILURES] = "1"
# distributed no longer installs dask-scheduler and dask-worker, which are the gateway's defaults.
c.ClusterConfig.scheduler_cmd = [f"{BIN}/dask", "scheduler"]
c.ClusterConfig.worker_cmd = [f"{BIN}/dask", "worker"]
c.ClusterConfig.worker_cores = 1
c.ClusterConfig.worker_memory = "512 M"
c.ClusterConfig.cluster_max_workers = 4
