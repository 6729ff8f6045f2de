"""`make run` for real: a fresh folder becomes the working course, and Ctrl-C leaves nothing running."""

import http.client
import http.cookiejar
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

import psutil
import pytest
from django.conf import settings

from jmdi.postgres import Server


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


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_fresh_folder_becomes_the_course_and_everything_stops_again(place, how):
    folder = place / "var"
    demo = Demo(folder)
    said = demo.wait()
    try:
        assert f"http://127.0.0.1:{demo.port}" in said

        assert demo.get("/readyz")[1] == "ready\n"
        _path, home = demo.enter("participant")
        assert "Welcome, <bdi>Amina</bdi>" in home
        assert "Continue" in home
        assert "Challenges and opportunities" in demo.get("/courses/core-module/")[1]
        with pytest.raises(urllib.error.HTTPError, match="403"):
            demo.get("/admin/")

        _path, home = demo.enter("admin")
        assert "Welcome, <bdi>Ines</bdi>" in home
        path, admin = demo.get("/admin/accounts/user/")
        assert path == "/admin/accounts/user/"
        assert "Rosa Quispe Mamani" in admin
    finally:
        demo.stop(how)
    assert not Server(folder).status().is_running

    again = Demo(folder)
    try:
        said = again.wait()
        again.get("/")
        assert "Making the database" not in said
        assert "Importing" not in said
    finally:
        again.stop(signal.SIGINT)
    assert not Server(folder).status().is_running


def test_a_database_that_is_killed_under_the_site_comes_back_by_itself(place):
    demo = Demo(place / "var")
    demo.wait()
    try:
        demo.enter("participant")
        server = Server(place / "var")
        os.kill(server.status().pid, signal.SIGKILL)

        wait_until(lambda: _answers(demo))

        assert "Welcome, <bdi>Amina</bdi>" in demo.get("/")[1]
    finally:
        demo.stop(signal.SIGINT)
    assert not Server(place / "var").status().is_running


class Site(Demo):
    """The server for real people, likewise."""

    command = "serve"
    environment = {"SECRET_KEY": "only-for-this-test" * 3, "ALLOWED_HOSTS": "127.0.0.1", "HTTPS": "0"}


def test_a_web_process_that_is_killed_is_replaced_and_all_of_them_stop(place):
    site = Site(place / "var", "--workers", "2")
    site.wait()
    try:
        wait_until(lambda: _answers(site))
        killed = web_processes(site)
        for process in killed:
            process.kill()
        wait_until(lambda: _answers(site))
        replaced = web_processes(site)
        assert len(killed) == 2
        assert not set(killed) & set(replaced)
    finally:
        site.stop(signal.SIGTERM)
    assert not any(process.is_running() for process in replaced)
    assert not Server(place / "var").status().is_running


def web_processes(site):
    children = psutil.Process(site.process.pid).children()
    return [child for child in children if child.status() != "zombie" and "spawn_main" in str(child.cmdline())]


def wait_until(condition):
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.2)


def _answers(demo):
    try:
        return demo.get("/readyz")[1] == "ready\n"
    except (OSError, http.client.HTTPException):
        return False
