"""A real dask-gateway with its local backend, users from the hub, and faults that can be switched on while it runs."""

import asyncio
import json
import os
import sys

from aiohttp import web
from dask_gateway_server.auth import JupyterHubAuthenticator
from dask_gateway_server.backends.local import UnsafeLocalBackend

import testbed_faults

BED = json.loads(os.environ["TESTBED"])
BIN = os.path.dirname(sys.executable)
FOR_EVER = 24 * 3600


class TestbedAuthenticator(JupyterHubAuthenticator):
    async def authenticate(self, request):
        if testbed_faults.is_on("gateway-refuses"):
            raise web.HTTPForbidden(reason="refused on purpose")
        if testbed_faults.is_on("gateway-raises"):
            raise RuntimeError("the gateway fails on purpose")
        return await super().authenticate(request)


class TestbedBackend(UnsafeLocalBackend):
    async def do_start_cluster(self, cluster):
        if testbed_faults.is_on("cluster-fails"):
            raise RuntimeError("the scheduler fails to start on purpose")
        if testbed_faults.is_on("cluster-hangs"):
            await asyncio.sleep(FOR_EVER)
        async for state in super().do_start_cluster(cluster):
            yield state

    async def do_start_worker(self, worker):
        while testbed_faults.is_on("workers-never-come"):
            await asyncio.sleep(0.2)
        async for state in super().do_start_worker(worker):
            yield state


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
c.DBBackendBase.cluster_start_timeout = 60
c.DBBackendBase.worker_start_timeout = 60
c.UnsafeLocalBackend.clusters_directory = f"{BED['folder']}/clusters"
# distributed no longer installs dask-scheduler and dask-worker, which are the gateway's defaults.
c.ClusterConfig.scheduler_cmd = [f"{BIN}/dask", "scheduler"]
c.ClusterConfig.worker_cmd = [f"{BIN}/dask", "worker"]
c.ClusterConfig.worker_cores = 1
c.ClusterConfig.worker_memory = "512 M"
c.ClusterConfig.cluster_max_workers = 4
