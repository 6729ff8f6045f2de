"""Workers: what they do, what becomes of their work when they are killed, and how one sees that none is there."""

import signal
from datetime import timedelta

import psutil
import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from jmdi import background
from jmdi.tests.sites import Site, wait_until, web_processes


@task()
def remember(word: str) -> None:
    """Show that it was done."""
    cache.set("remembered", word)


@task()
def fail() -> None:
    """Go wrong."""
    raise ValueError


@pytest.fixture
def queue(settings):
    """Let tasks wait in the database, as on a site."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


def interrupted(worker_ids):
    """Return a task that one worker after the other was killed in."""
    waiting = remember.enqueue("again")
    DBTaskResult.objects.filter(pk=waiting.id).update(status="RUNNING", worker_ids=worker_ids)
    return DBTaskResult.objects.get(pk=waiting.id)


def test_a_worker_does_what_waits_and_goes_on_after_a_task_that_fails(queue, transactional_db):
    fail.enqueue()
    remember.enqueue("once")

    call_command("worker", once=True)

    assert cache.get("remembered") == "once"
    assert sorted(DBTaskResult.objects.values_list("status", flat=True)) == ["FAILED", "SUCCESSFUL"]


def test_what_went_wrong_stands_in_the_admin(queue, transactional_db, as_dag):
    failed = fail.enqueue()
    call_command("worker", once=True)

    assert "fail" in as_dag.get(reverse("admin:django_tasks_database_dbtaskresult_changelist")).text
    page = as_dag.get(reverse("admin:django_tasks_database_dbtaskresult_change", args=[failed.id]))

    assert "ValueError" in page.text


def test_what_a_worker_died_in_is_done_by_the_next(queue, transactional_db):
    left = interrupted(["somebody-who-is-gone"])

    call_command("worker", once=True)

    left.refresh_from_db()
    assert cache.get("remembered") == "again"
    assert left.status == "SUCCESSFUL"
    assert left.worker_ids[0] == "somebody-who-is-gone"


def test_what_a_living_worker_does_is_left_to_it(queue, transactional_db):
    left = interrupted(["somebody"])
    alive = background.SignOfLife("somebody")
    alive.start()
    alive.wait()

    assert background.put_back(worker_id="another") == 0
    assert background.put_back(worker_id="somebody") == 0
    alive.stop()

    assert background.put_back(worker_id="another") == 1
    left.refresh_from_db()
    assert left.status == "READY"


def test_a_task_that_kills_its_workers_is_given_up(queue, transactional_db):
    left = interrupted(["a", "b", "c", "d", "e"])

    background.put_back(worker_id="another")

    left.refresh_from_db()
    assert left.status == "FAILED"
    assert left.finished_at


def test_records_of_what_was_done_are_forgotten(queue, db):
    for status in ("SUCCESSFUL", "FAILED"):
        for days in (0, 4, 31):
            done = remember.enqueue("x")
            DBTaskResult.objects.filter(pk=done.id).update(
                status=status, finished_at=timezone.now() - timedelta(days=days)
            )
    remember.enqueue("waits")

    background.forget()

    assert sorted(DBTaskResult.objects.values_list("status", flat=True)) == ["FAILED", "FAILED", "READY", "SUCCESSFUL"]


def test_work_that_waits_for_long_is_said_to_whoever_looks(queue, db, client, capsys):
    call_command("worker", status=True)
    assert capsys.readouterr().out == "No work waits.\n"
    waiting = remember.enqueue("x")
    assert client.get("/readyz").text == "ready\n"

    DBTaskResult.objects.filter(pk=waiting.id).update(enqueued_at=timezone.now() - timedelta(minutes=6))

    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.text == "ready\nbackground work waits: is a worker running?\n"
    with pytest.raises(SystemExit):
        call_command("worker", status=True)
    assert "6\xa0minutes" in capsys.readouterr().out


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_the_servers_worker_is_replaced_when_killed_and_ends_with_the_server(lived, how):
    site = Site(lived, "--workers", "2")
    site.wait()
    try:
        wait_until(lambda: len(workers_of(site)) == 1)
        (killed,) = workers_of(site)
        killed.kill()
        wait_until(lambda: workers_of(site) not in ([], [killed]))
        (replaced,) = workers_of(site)
        pages = web_processes(site)
    finally:
        site.stop(how)
        if how == signal.SIGKILL:
            # Nobody is left to stop these, as before.
            for process in pages:
                process.terminate()
    wait_until(lambda: not replaced.is_running())
    assert "rror" not in site.process.stdout.read()


def test_the_worker_may_be_left_to_somebody_else(lived):
    site = Site(lived, "--without-worker")
    site.wait()
    try:
        wait_until(lambda: site.get("/readyz")[1] == "ready\n")
        assert workers_of(site) == []
    finally:
        site.stop(signal.SIGTERM)


def workers_of(site):
    children = psutil.Process(site.process.pid).children()
    return [child for child in children if child.status() != "zombie" and "worker" in child.cmdline()]
