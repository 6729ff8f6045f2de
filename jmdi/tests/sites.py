"""The site in processes of its own, as `make run` and `manage.py serve` start it."""

import http.client
import http.cookiejar
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request

import psutil
from django.conf import settings


class Demo:
    """The demo in a process of its own, and one browser's worth of cookies."""

    command, environment = "demo", {"DEMO": "1"}

    def __init__(self, folder, *options):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        clean = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
        self.process = subprocess.Popen(
            [sys.executable, "-u", "manage.py", self.command, "--port", str(self.port), *options],
            cwd=settings.BASE_DIR,
            env=clean | self.environment | {"DATA_DIR": str(folder)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            # Whoever runs the tests under nohup, or in the background, has SIGHUP ignored; a terminal has not.
            preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL),
        )
        self.leave()

    def wait(self):
        """Return what it said until its address was open."""
        said = ""
        for line in self.process.stdout:
            said += line
            if "Ctrl-C stops" in line:
                return said
        raise AssertionError(said)

    def leave(self):
        """Be a visitor whom the site has not seen yet."""
        jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))

    def get(self, path, form=None):
        data = urllib.parse.urlencode(form).encode() if form else None
        with self.opener.open(f"http://127.0.0.1:{self.port}{path}", data, timeout=60) as response:
            return response.url.removeprefix(f"http://127.0.0.1:{self.port}"), response.read().decode()

    def enter(self, role):
        """Press the front page's button; return the page that follows."""
        self.leave()
        _path, front = self.get("/")
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', front)[1]
        return self.get("/demo/enter/", {"as": role, "csrfmiddlewaretoken": token})

    def stop(self, how):
        self.process.send_signal(how)
        return self.process.wait(90)


class Site(Demo):
    """The server for real people, likewise."""

    command = "serve"
    environment = {"SECRET_KEY": "only-for-this-test" * 3, "ALLOWED_HOSTS": "127.0.0.1", "HTTPS": "0"}


def web_processes(site):
    children = psutil.Process(site.process.pid).children()
    return [child for child in children if child.status() != "zombie" and "spawn_main" in str(child.cmdline())]


def wait_until(condition):
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.2)


def answers(demo):
    try:
        return demo.get("/readyz")[1] == "ready\n"
    except (OSError, http.client.HTTPException):
        return False
