"""Faults of the hub itself: its authenticator, its login page, its limits, its hooks and its options form."""

import os
import sys

from jupyterhub.apihandlers.auth import OAuthAuthorizeHandler
from tornado import web

import testbed_faults

HERE = os.path.dirname(__file__)

# JupyterHub's own markup for authenticators that bring their own page.
PROVIDER_BUTTON = """
<div class="service-login">
  <a role="button" class="btn btn-jupyter btn-lg" href="/hub/oauth_login">Sign in with Example ID</a>
</div>
"""

FORM = '<label>Size <select name="size"><option value="small">Small</option></select></label>'
NEEDS_COURSE = FORM + '<label>Course <input name="course" required></label>'
PROFILES = '<label><input type="radio" name="profile" value="small" checked> Small</label>'


class HubFaults:
    """Mixed into the authenticator."""

    @property
    def auto_login(self):
        return testbed_faults.is_on("login-elsewhere")

    def login_url(self, base_url):
        if testbed_faults.is_on("login-elsewhere"):
            with open(os.path.join(os.path.dirname(os.environ["TESTBED_FAULTS"]), "provider")) as file:
                return file.read()
        return super().login_url(base_url)

    def get_custom_html(self, base_url):
        if testbed_faults.is_on("login-page-raises"):
            raise RuntimeError("the login page fails on purpose")
        if testbed_faults.is_on("login-page-without-form"):
            return "<p>Welcome to our hub</p>"
        if testbed_faults.is_on("login-page-of-provider"):
            return PROVIDER_BUTTON
        return super().get_custom_html(base_url)


def before_login(handler):
    """Limits can be changed in a running hub, because every request reads them again."""
    settings = handler.settings
    settings.setdefault("testbed_slow_spawn_timeout", settings.get("slow_spawn_timeout"))
    holds = testbed_faults.is_on("spawn-raises-while-held")
    settings["slow_spawn_timeout"] = 10 if holds else settings["testbed_slow_spawn_timeout"]
    handler.authenticator.allow_all = not testbed_faults.is_on("login-not-allowed")
    settings["concurrent_spawn_limit"] = 1 if testbed_faults.is_on("start-limit") else 100
    settings["active_server_limit"] = 1 if testbed_faults.is_on("server-limit") else 0
    if testbed_faults.is_on("login-forbids"):
        raise web.HTTPError(403, "The account has been locked by your course's staff")


def pre_spawn_hook(spawner):
    if testbed_faults.is_on("start-limit") or testbed_faults.is_on("server-limit"):
        spawner.start_timeout = 600  # whoever is in the way stays there
    if testbed_faults.is_on("spawn-hook-raises"):
        raise RuntimeError("the hook before the start fails on purpose")


def auth_state_hook(spawner, auth_state):
    if testbed_faults.is_on("spawn-page-raises"):
        raise RuntimeError("the hook of the start page fails on purpose")


def options_form(spawner):
    if testbed_faults.is_on("form-raises"):
        raise RuntimeError("the options form fails on purpose")
    if testbed_faults.is_on("form-needs-more"):
        return NEEDS_COURSE
    if testbed_faults.is_on("form-has-profiles"):
        return PROFILES
    return FORM if testbed_faults.is_on("form-refuses") or testbed_faults.is_on("form-over-quota") else ""


def check_answers():
    if testbed_faults.is_on("form-refuses"):
        raise ValueError("There is no such size")
    if testbed_faults.is_on("form-over-quota"):
        raise web.HTTPError(403, "You have used up your hours")


def command():
    """What is started in the place of the user's server; None when nothing is wrong with it."""
    if testbed_faults.is_on("server-exits"):
        return ["false"]
    for fault in ("server-raises", "server-redirects"):
        if testbed_faults.is_on(fault):
            return [sys.executable, os.path.join(HERE, "testbed_broken_server.py"), fault]
    return None


def address(started):
    if testbed_faults.is_on("server-elsewhere"):
        return "http://127.0.0.1:9"
    return started


def let_in(handler_class):
    """Where the hub lets a user into a started server, on the way there."""
    usual = handler_class.get

    def get(self):
        if testbed_faults.is_on("oauth-refuses"):
            raise web.HTTPError(403, "You may not use this server")
        if testbed_faults.is_on("oauth-raises"):
            raise RuntimeError("letting in fails on purpose")
        if testbed_faults.is_on("oauth-forgets"):
            self.clear_login_cookie()
            return self.redirect(self.settings["login_url"])
        return usual(self)

    handler_class.get = get


def configure(c):
    let_in(OAuthAuthorizeHandler)
    c.Spawner.pre_spawn_hook = pre_spawn_hook
    c.Spawner.auth_state_hook = auth_state_hook
    c.Spawner.options_form = options_form
