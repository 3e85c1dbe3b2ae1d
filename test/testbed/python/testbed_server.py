"""Faults of a user's server and its image: what the spawner changes in command, arguments and environment."""

import json
import os
import socket
import sys
from pathlib import Path

import testbed_faults

LAB_HOME = Path(sys.prefix, "share/jupyter/lab")


def arguments():
    """What the server is given beyond its usual arguments."""
    if testbed_faults.is_on("kernelspec-missing"):
        return [
            "--KernelSpecManager.ensure_native_kernel=False",
            "--KernelSpecManager.allowed_kernelspecs={'nothing-of-that-name'}",
        ]
    if testbed_faults.is_on("kernel-exits"):
        return ["--AsyncIOLoopKernelRestarter.restart_limit=1", "--AsyncIOLoopKernelRestarter.time_to_dead=0.5"]
    return []


def environment(folder):
    """Paths that lead the server to a broken Lab or a broken kernel."""
    changes = {}
    if testbed_faults.is_on("lab-assets-missing"):
        changes["JUPYTERLAB_DIR"] = lab_without_scripts(folder / "lab-assets-missing")
    if testbed_faults.is_on("lab-raises"):
        changes["JUPYTERLAB_DIR"] = lab_that_says(folder / "lab-raises", "throw new Error('broken on purpose');")
    if testbed_faults.is_on("lab-eats-memory"):
        changes["JUPYTERLAB_DIR"] = lab_that_says(folder / "lab-eats-memory", EATS_MEMORY)
    if testbed_faults.is_on("lab-extension-missing"):
        changes["JUPYTER_PATH"] = path_with_lost_extension(folder / "lab-extension-missing")
    if testbed_faults.is_on("kernel-command-missing"):
        changes["JUPYTER_PATH"] = path_with_kernel(folder / "kernel-command-missing", ["/opt/nowhere/bin/python"])
    if testbed_faults.is_on("kernel-exits"):
        changes["JUPYTER_PATH"] = path_with_kernel(folder / "kernel-exits", ["false"])
    return changes


def gateway_environment():
    """What the image says of dask-gateway, and should not; or the proxy through which a test listens."""
    changes = {}
    listener = Path(os.environ["TESTBED_FAULTS"]).with_name("gateway-listener")
    if listener.exists():
        changes["DASK_GATEWAY__ADDRESS"] = listener.read_text()
    if testbed_faults.is_on("gateway-auth-forgotten"):
        changes["DASK_GATEWAY__AUTH__TYPE"] = "basic"
    if testbed_faults.is_on("scheduler-route-missing"):
        changes["DASK_GATEWAY__PROXY_ADDRESS"] = f"gateway://127.0.0.1:{unused_port()}"
    if testbed_faults.is_on("scheduler-route-silent"):
        changes["DASK_GATEWAY__PROXY_ADDRESS"] = f"gateway://127.0.0.1:{silent_port()}"
    return changes


def home_command(command, home):
    """The command with a home directory of its own small file system, which ends with the server."""
    if testbed_faults.is_on("home-read-only"):
        options = "size=8m,ro"
    elif testbed_faults.is_on("home-full"):
        options = "size=8m"
    else:
        return command
    unshare = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--mount", "--map-root-user"]
    # "cd" again: the old directory is the one below the mount.
    script = f'mount -t tmpfs -o {options} none "{home}" && cd "{home}" && exec "$@"'
    return [*unshare, "sh", "-c", script, "sh", *command]


def fill_home(pid, home):
    """Seen from outside the server's own mounts."""
    with open(f"/proc/{pid}/root{home}/filled", "wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(65536))
        except OSError:
            pass  # full, as wanted


EATS_MEMORY = "const kept = []; setInterval(() => kept.push(new Array(1e6).fill(Math.random())), 20);"


def lab_without_scripts(lab):
    if not lab.exists():
        copy_of_lab(lab, lambda name: name.endswith(".js"))
    return str(lab)


def lab_that_says(lab, script):
    if not lab.exists():
        copy_of_lab(lab, lambda name: name.startswith("main."))
        for original in (LAB_HOME / "static").glob("main.*.js"):
            (lab / "static" / original.name).write_text(script)
    return str(lab)


def copy_of_lab(lab, leave_out):
    """Links instead of copies: the original has many megabytes."""
    (lab / "static").mkdir(parents=True)
    for folder in ("schemas", "themes"):
        (lab / folder).symlink_to(LAB_HOME / folder)
    for file in (LAB_HOME / "static").iterdir():
        if not leave_out(file.name):
            (lab / "static" / file.name).symlink_to(file)


def path_with_kernel(data, argv):
    spec = data / "kernels" / "python3"
    spec.mkdir(parents=True, exist_ok=True)
    described = {"argv": [*argv, "{connection_file}"], "display_name": "Python 3", "language": "python"}
    (spec / "kernel.json").write_text(json.dumps(described))
    return str(data)


def path_with_lost_extension(data):
    extension = data / "labextensions" / "lost"
    extension.mkdir(parents=True, exist_ok=True)
    described = {
        "name": "lost",
        "version": "1.0.0",
        "jupyterlab": {"extension": True, "_build": {"load": "static/remoteEntry.lost.js", "extension": "./extension"}},
    }
    (extension / "package.json").write_text(json.dumps(described))
    return str(data)


def unused_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


SILENT = []


def silent_port():
    """Takes connections and never says a word, as a proxy without a route to the scheduler may."""
    if not SILENT:
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        SILENT.append(listener)
    return SILENT[0].getsockname()[1]
