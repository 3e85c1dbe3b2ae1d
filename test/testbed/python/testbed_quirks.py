"""What is special about this hub, and about some of its users' servers: what real hubs differ in, one thing per user."""

import json
import os
import sys
from functools import cache

HERE = os.path.dirname(__file__)
TEMPLATES = f"{HERE}/templates"

# As operators write them: a default that is not the first choice, free text beside a list.
PROFILES = [
    {"display_name": "Small", "slug": "small", "default": True},
    {
        "display_name": "Large",
        "slug": "large",
        "profile_options": {
            "image": {
                "display_name": "Image",
                "choices": {
                    "base": {"display_name": "Base image", "default": True, "kubespawner_override": {"image": "base:1"}},
                    "science": {"display_name": "Science image", "kubespawner_override": {"image": "science:1"}},
                },
                "unlisted_choice": {
                    "enabled": True,
                    "display_name": "Image of your own",
                    "validation_regex": "^.+:.+$",
                    "validation_message": "Must be name:tag",
                    "kubespawner_override": {"image": "{value}"},
                },
            },
            "cpus": {
                "display_name": "CPUs",
                "choices": {
                    "one": {"display_name": "1 CPU", "default": True, "kubespawner_override": {"cpu_limit": 1}},
                    "two": {"display_name": "2 CPUs", "kubespawner_override": {"cpu_limit": 2}},
                },
            },
        },
    },
]

# A form as somebody would write it by hand: nothing is chosen, all is asked for, one part hidden until it is wanted.
PLAIN_FORM = """
<label for="course">Course</label>
<select id="course" name="course" required>
  <option value="">Choose a course</option>
  <option value="physics">Physics</option>
  <option value="history">History</option>
</select>
<label for="hours">Hours</label> <input id="hours" name="hours" type="number" required>
<label><input type="checkbox" id="notify" name="notify" checked> Tell me when it ends</label>
<label><input type="checkbox" id="rules" name="rules" required> I know the rules</label>
<button type="button" id="more" onclick="document.getElementById('extra').hidden = false">More</button>
<div id="extra" hidden><label for="project">Project</label> <input id="project" name="project"></div>
"""


def of(bed, user):
    return bed["quirks"]["users"].get(user, {})


@cache
def kubespawner():
    """KubeSpawner without a Kubernetes behind it: its form, and what it makes of the answers."""
    import kubespawner.spawner as module

    module.load_config = lambda **_: None
    module.shared_client = lambda *_, **__: None
    return module.KubeSpawner


def profiles_of(spawner, kind):
    """A KubeSpawner that knows what this user chose last time."""
    form = kubespawner()(_mock=True, profile_list=PROFILES)
    if kind == "fancy-profiles":
        from jupyterhub_fancy_profiles import TEMPLATE_PATHS

        form.additional_profile_form_template_paths = TEMPLATE_PATHS
    form.user_options = dict(spawner.user_options or {})
    return form


def form_kind(bed, spawner):
    return of(bed, spawner.user.name).get("form")


def options_form(bed, spawner):
    kind = form_kind(bed, spawner)
    if kind is None:
        return ""
    return PLAIN_FORM if kind == "plain" else profiles_of(spawner, kind)._options_form_default()


def options_from_form(bed, spawner, answers):
    kind = form_kind(bed, spawner)
    if kind in ("profiles", "fancy-profiles"):
        return profiles_of(spawner, kind)._options_from_form(answers)
    options = {name: values[0] for name, values in answers.items() if name != "_xsrf"}
    if kind == "plain" and options.get("course") not in ("physics", "history"):
        raise ValueError("There is no such course")
    return options


async def load_options(bed, spawner):
    """Says no to a profile that does not exist, as KubeSpawner does, and keeps what was chosen for the tests to read."""
    if form_kind(bed, spawner) in ("profiles", "fancy-profiles"):
        await profiles_of(spawner, form_kind(bed, spawner)).load_user_options()
    with open(f"{bed['folder']}/starts.jsonl", "a") as file:
        start = {"user": spawner.user.name, "server": spawner.name, "options": spawner.user_options}
        print(json.dumps(start), file=file)


def image(bed, spawner):
    """The command of the user's server, and the environment that goes with it."""
    quirks = of(bed, spawner.user.name)
    environment = {}
    python = sys.executable
    if "image" in quirks:
        python = f"{bed['quirks']['images'][quirks['image']]}/bin/python"
        if quirks["image"] == "notebook-6":
            environment["JUPYTERHUB_SINGLEUSER_APP"] = "notebook.notebookapp.NotebookApp"
    if "kernels" in quirks:
        environment["JUPYTER_PATH"] = add_kernels(bed, spawner.user.name, python, quirks["kernels"])
    return [python, "-m", "jupyterhub.singleuser", "--allow-root"], environment


def add_kernels(bed, user, python, kernels):
    """Kernelspecs by name; `shell` speaks no Python."""
    folder = f"{bed['folder']}/kernels/{user}"
    for name in kernels:
        os.makedirs(f"{folder}/kernels/{name}", exist_ok=True)
        argv = [python, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        language = "python"
        if name == "shell":
            argv, language = ["/bin/sh", "-c", "exit 1"], "bash"
        with open(f"{folder}/kernels/{name}/kernel.json", "w") as file:
            json.dump({"argv": argv, "display_name": name, "language": language}, file)
    return folder


def server_args(bed, spawner):
    kernels = of(bed, spawner.user.name).get("kernels")
    if kernels is None:
        return []
    return [
        "--KernelSpecManager.ensure_native_kernel=False",
        f"--KernelSpecManager.allowed_kernelspecs={set(kernels)!r}",
        f"--MultiKernelManager.default_kernel_name={kernels[0]}",
    ]


def configure(c, bed):
    """What is special about the whole hub."""
    quirks = bed["quirks"]
    kinds = {user.get("form") for user in quirks["users"].values()}
    if kinds - {None}:
        c.Spawner.options_form = lambda spawner: options_form(bed, spawner)
    if "fancy-profiles" in kinds:
        from jupyterhub_fancy_profiles import STATIC_HANDLER_TUPLE

        c.JupyterHub.extra_handlers.append(STATIC_HANDLER_TUPLE)
    if quirks["domain"] is not None:
        c.JupyterHub.subdomain_host = f"http://{quirks['domain']}:{bed['ports']['public']}"
    if quirks["loginPage"] == "terms":
        c.JupyterHub.template_vars = {"login_term_url": "https://example.org/terms"}
    if quirks["loginPage"] == "own":
        c.JupyterHub.template_paths = [TEMPLATES]
    if quirks["welcomePage"]:
        configure_welcome(c, bed)
    if not quirks["usersMintTokens"]:
        scopes = ["access:servers!user", "servers!user", "read:users!user", "read:servers!user", "users:activity!user"]
        c.JupyterHub.load_roles.append({"name": "user", "scopes": scopes})


def configure_welcome(c, bed):
    from jupyterhub.handlers import BaseHandler
    from tornado import web

    class Welcome(BaseHandler):
        @web.authenticated
        async def get(self):
            self.finish("<!doctype html><title>Welcome</title><h1>Welcome</h1><a href='home'>go on</a>")

    c.JupyterHub.extra_handlers.append((r"/welcome", Welcome))
    c.JupyterHub.default_url = f"{bed['basePath']}hub/welcome"
