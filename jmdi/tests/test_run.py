"""`make run` for real: a fresh folder becomes the working course, and Ctrl-C leaves nothing running."""

import os
import signal
import urllib.error

import pytest

from jmdi.postgres import Server
from jmdi.tests.sites import Demo, Site, answers, wait_until, web_processes


def test_a_fresh_folder_becomes_the_course_and_everything_stops_again(place):
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
        demo.stop(signal.SIGINT)
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


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGHUP])
def test_whatever_ends_it_ends_all_of_it(lived, how):
    demo = Demo(lived)
    demo.wait()

    demo.stop(how)

    assert not Server(lived).status().is_running


def test_a_database_that_is_killed_under_the_site_comes_back_by_itself(lived):
    demo = Demo(lived)
    demo.wait()
    try:
        demo.enter("participant")
        server = Server(lived)
        os.kill(server.status().pid, signal.SIGKILL)

        wait_until(lambda: answers(demo))

        assert "Welcome, <bdi>Amina</bdi>" in demo.get("/")[1]
    finally:
        demo.stop(signal.SIGINT)
    assert not Server(lived).status().is_running


def test_a_web_process_that_is_killed_is_replaced_and_all_of_them_stop(lived):
    site = Site(lived, "--workers", "2")
    site.wait()
    try:
        wait_until(lambda: answers(site))
        killed = web_processes(site)
        for process in killed:
            process.kill()
        wait_until(lambda: answers(site))
        replaced = web_processes(site)
        assert len(killed) == 2
        assert not set(killed) & set(replaced)
    finally:
        site.stop(signal.SIGTERM)
    assert not any(process.is_running() for process in replaced)
    assert not Server(lived).status().is_running
