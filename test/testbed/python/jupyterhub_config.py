"""A real JupyterHub on one machine, with faults that can be switched on while it runs."""

import asyncio
import json
import os
import signal
from pathlib import Path

from jupyterhub.auth import Authenticator
from jupyterhub.spawner import SimpleLocalProcessSpawner
from tornado import web

import testbed_faults
import testbed_hub_faults
import testbed_quirks
import testbed_server

BED = json.loads(os.environ["TESTBED"])
FOLDER = BED["folder"]
FOR_EVER = 24 * 3600


class TestbedAuthenticator(testbed_hub_faults.HubFaults, Authenticator):
    async def authenticate(self, handler, data):
        testbed_hub_faults.before_login(handler)
        if testbed_faults.is_on("login-raises"):
            raise RuntimeError("the authenticator fails on purpose")
        if testbed_faults.is_on("login-hangs"):
            await asyncio.sleep(FOR_EVER)
        if testbed_faults.is_on("login-refuses"):
            return None
        known = data["username"] in BED["users"] and data["password"] == BED["password"]
        return data["username"] if known else None


class TestbedSpawner(SimpleLocalProcessSpawner):
    async def start(self):
        await testbed_quirks.load_options(BED, self)
        if testbed_faults.is_on("spawn-raises") or testbed_faults.is_on("spawn-raises-while-held"):
            raise RuntimeError(testbed_faults.saying("the spawner fails on purpose"))
        if testbed_faults.is_on("spawn-forbidden"):
            raise web.HTTPError(403, "You have exceeded your quota")
        if testbed_faults.is_on("spawn-hangs"):
            await asyncio.sleep(FOR_EVER)
        self.default_url = testbed_quirks.of(BED, self.user.name).get("defaultUrl", "")
        command, environment = testbed_quirks.image(BED, self)
        self.cmd = testbed_server.home_command(command, f"{FOLDER}/home/{self.user.name}")
        self.environment = {**self.environment, **environment}
        self.args = [*SERVER_ARGS, *testbed_quirks.server_args(BED, self), *testbed_server.arguments()]
        if testbed_faults.is_on("server-unready"):
            self.cmd, self.args = ["sleep", str(FOR_EVER)], []
        # The hub waits for an answer even of a process that has ended.
        in_vain = any(testbed_faults.is_on(fault) for fault in NEVER_ANSWER)
        self.http_timeout = 5 if in_vain else BED["httpTimeoutSeconds"]
        broken = testbed_hub_faults.command()
        if broken is not None:
            self.cmd, self.args = broken, []
        address = testbed_hub_faults.address(await super().start())
        if testbed_faults.is_on("server-killed"):
            # Its interpreter takes longer than this to load.
            asyncio.get_running_loop().call_later(0.3, os.kill, self.pid, signal.SIGKILL)
        for fault, strike in STRIKES.items():
            if testbed_faults.is_on(fault):
                self._struck = asyncio.ensure_future(self.once_ready(strike))
        return address

    def options_from_form(self, answers):
        testbed_hub_faults.check_answers()
        return testbed_quirks.options_from_form(BED, self, answers)

    async def once_ready(self, strike):
        while not self.ready:
            await asyncio.sleep(0.05)
        strike(self.pid, f"{FOLDER}/home/{self.user.name}")

    def get_env(self):
        return {**super().get_env(), **testbed_server.environment(Path(FOLDER))}

    async def stop(self, now=False):
        while testbed_faults.is_on("stop-hangs"):
            await asyncio.sleep(0.2)
        await super().stop(now=now)

    async def progress(self):
        for progress, message in ((20, "Scheduled"), (50, "Pulled image"), (80, "Started container notebook")):
            yield {"progress": progress, "message": message}
            await asyncio.sleep(0.2)


# Where an answer is waited for in vain.
NEVER_ANSWER = ("home-read-only", "server-unready", "server-exits", "server-killed", "server-elsewhere")
# What happens to a server as soon as it is ready.
STRIKES = {
    "server-dies": lambda pid, home: os.kill(pid, signal.SIGKILL),
    "server-freezes": lambda pid, home: os.kill(pid, signal.SIGSTOP),
    "home-full": testbed_server.fill_home,
}
SERVER_ARGS = [
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--ServerApp.shutdown_no_activity_timeout=0",
    "--MappingKernelManager.cull_idle_timeout=0",
]

c = get_config()  # noqa: F821
c.JupyterHub.bind_url = f"http://127.0.0.1:{BED['ports']['public']}{BED['basePath']}"
c.JupyterHub.hub_ip = "127.0.0.1"
c.JupyterHub.hub_port = BED["ports"]["hub"]
c.JupyterHub.db_url = f"sqlite:///{FOLDER}/hub.sqlite"
c.JupyterHub.cookie_secret_file = f"{FOLDER}/cookie_secret"
c.JupyterHub.cleanup_servers = False
c.JupyterHub.cleanup_proxy = False
# How soon the hub notices routes that its proxy lost: a minute on Kubernetes, some seconds here.
c.JupyterHub.last_activity_interval = 3
c.JupyterHub.tornado_settings = {"slow_spawn_timeout": BED["slowSpawnSeconds"]}
c.JupyterHub.allow_named_servers = True
c.JupyterHub.authenticator_class = TestbedAuthenticator
c.Authenticator.allow_all = True
c.JupyterHub.spawner_class = TestbedSpawner
c.SimpleLocalProcessSpawner.home_dir_template = f"{FOLDER}/home/{{username}}"
c.Spawner.start_timeout = BED["startTimeoutSeconds"]
c.Spawner.http_timeout = BED["httpTimeoutSeconds"]
c.Spawner.poll_interval = 3
# How long a frozen server is asked to end before it is killed; one that lives ends within a second.
c.LocalProcessSpawner.interrupt_timeout = 5
c.LocalProcessSpawner.term_timeout = 1
testbed_hub_faults.configure(c)
c.Spawner.consecutive_failure_limit = BED["consecutiveFailureLimit"]
c.Spawner.environment = {
    "PYTHONPATH": os.environ["PYTHONPATH"],
    "TESTBED_FAULTS": os.environ["TESTBED_FAULTS"],
    "IPYTHONDIR": f"{FOLDER}/ipython",
    "JUPYTERHUB_SINGLEUSER_APP": "jupyter_server.serverapp.ServerApp",
    "DASK_GATEWAY__ADDRESS": os.environ["TESTBED_GATEWAY"],
    "DASK_GATEWAY__PROXY_ADDRESS": f"gateway://127.0.0.1:{BED['ports']['gateway']}",
    "DASK_GATEWAY__AUTH__TYPE": "jupyterhub",
}

c.ConfigurableHTTPProxy.should_start = False
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{BED['ports']['proxyApi']}"
c.ConfigurableHTTPProxy.auth_token = BED["proxyToken"]

c.JupyterHub.services = [
    {"name": "testbed", "api_token": BED["adminToken"]},
    {
        "name": "dask-gateway",
        "url": f"http://127.0.0.1:{BED['ports']['gateway']}",
        "api_token": BED["gatewayToken"],
        "display": False,
    },
]
c.JupyterHub.load_roles = [
    {"name": "testbed", "scopes": ["admin:users", "admin:servers", "access:servers", "tokens"], "services": ["testbed"]},
    {"name": "dask-gateway", "scopes": ["read:users"], "services": ["dask-gateway"]},
]

testbed_quirks.configure(c, BED)
