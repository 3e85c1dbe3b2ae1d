"""Owns every process of one testbed, so that none outlives whoever started it.

Reads commands as JSON lines on stdin, answers on stdout. When stdin ends, however the starter ended, it kills all its
descendants, removes the testbed's folder and leaves. Being a subreaper, it inherits what its children leave behind
(single-user servers, schedulers, kernels), so nothing gets away. Linux only.
"""

import ctypes
import json
import os
import selectors
import shutil
import signal
import subprocess
import sys
import time

PR_SET_CHILD_SUBREAPER = 36

told = set()  # pids of services whose end was reported


def main(folder):
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE):
        signal.signal(ignored, signal.SIG_IGN)
    services = {}
    try:
        serve(services)
    finally:
        kill_descendants()
        shutil.rmtree(folder, ignore_errors=True)


def serve(services):
    selector = selectors.DefaultSelector()
    selector.register(sys.stdin.fileno(), selectors.EVENT_READ)
    rest = b""
    while True:
        if selector.select(timeout=0.1):
            chunk = os.read(sys.stdin.fileno(), 65536)
            if not chunk:
                return
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                obey(json.loads(line), services)
        reap(services)


def obey(command, services):
    name = command["name"]
    try:
        if command["do"] == "start":
            services[name] = start(command)
        elif command["do"] == "signal":
            services[name].send_signal(command["signal"])
            if command["signal"] == signal.SIGKILL:
                services[name].wait(10)
        answer = {"ok": True, "pid": services[name].pid}
    except Exception as error:
        answer = {"ok": False, "error": f"{type(error).__name__}: {error}"}
    print(json.dumps({"id": command["id"], **answer}), flush=True)


def start(command):
    with open(command["log"], "ab") as log:
        return subprocess.Popen(
            command["argv"],
            cwd=command["cwd"],
            env=command["env"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def reap(services):
    """Reports services that ended and collects ended orphans."""
    known = {service.pid for service in services.values()}
    for name, service in services.items():
        if service.poll() is not None and service.pid not in told:
            told.add(service.pid)
            print(json.dumps({"exited": name, "status": service.returncode}), flush=True)
    for pid in children_of({os.getpid()}):
        if pid in known:
            continue
        if is_kernel(pid):
            signal_if_alive(pid, signal.SIGTERM)
        elif state_of(pid) == "Z":
            try:
                os.waitpid(pid, os.WNOHANG)
            except ChildProcessError:
                pass


def is_kernel(pid):
    """A kernel whose server ended while the kernel was starting looks whether process 1 has inherited it, and ends by itself
    then (ipykernel's parentpoller). Here we are in the place of process 1, which it cannot know."""
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as command:
            return b"ipykernel_launcher" in command.read()
    except OSError:  # ended meanwhile
        return False


def signal_if_alive(pid, number):
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


def kill_descendants():
    give_up = time.monotonic() + 20
    while time.monotonic() < give_up:
        alive = descendants()
        if not alive:
            return
        for pid in alive:
            signal_if_alive(pid, signal.SIGKILL)
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            pass
        time.sleep(0.02)


def descendants():
    found, frontier = set(), {os.getpid()}
    while frontier:
        frontier = set(children_of(frontier)) - found
        found |= frontier
    return found


def children_of(parents):
    for entry in os.listdir("/proc"):
        if entry.isdigit() and parent_of(entry) in parents:
            yield int(entry)


def fields_of(pid):
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()
    except OSError:  # ended meanwhile
        return ["", "-1"]


def parent_of(pid):
    return int(fields_of(pid)[1])


def state_of(pid):
    return fields_of(pid)[0]


if __name__ == "__main__":
    main(sys.argv[1])
