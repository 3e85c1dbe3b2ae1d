"""A user's server that the hub takes for ready and that answers its user wrongly."""

import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlparse

FAULT = sys.argv[1]


class Broken(BaseHTTPRequestHandler):
    def do_GET(self):
        # The hub asks here whether the server is up.
        if self.path.rstrip("/").endswith("/api"):
            return self.say(200)
        if FAULT == "server-redirects":
            return self.say(302, {"Location": self.path})
        return self.say(500)

    def say(self, status, headers={}):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "text/plain")
        self.end_headers()
        self.wfile.write(b"broken on purpose\n")


url = urlparse(os.environ["JUPYTERHUB_SERVICE_URL"])
ThreadingHTTPServer((url.hostname, url.port), Broken).serve_forever()
