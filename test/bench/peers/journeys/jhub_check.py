"""jhub-client as the largest operator runs it: a service's token, a user of its own, validate=False, and the server stopped.
What it is doing is printed, so that whoever reads a failure knows where it was."""

import asyncio
import os

from jhub_client import execute
from jhub_client.api import JupyterHubAPI

HUB_URL = os.environ["HUB_URL"].rstrip("/")
USER = os.environ["HUB_USER"]
# The operator's own limit for a start and for a cell is 360 s.
LIMIT = int(os.environ.get("LIMIT_SECONDS", "360"))


async def leave_nothing():
    async with JupyterHubAPI(HUB_URL) as hub:
        if await hub.get_user(USER) is None:
            return
        await hub.ensure_server_deleted(USER, timeout=60)
        await hub.delete_user(USER)


print("at: server", flush=True)
asyncio.run(leave_nothing())
asyncio.run(
    execute.execute_code(
        HUB_URL,
        [("print(6 * 7)", "42\n"), (os.environ["DASK_CODE"], "499500\n")],
        username=USER,
        create_user=True,
        delete_user=True,
        server_creation_timeout=LIMIT,
        kernel_execution_timeout=LIMIT,
        validate=False,
        stop_server=True,
    )
)
print("all cells were executed", flush=True)
