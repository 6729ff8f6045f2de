"""Background work: tasks of django-tasks, kept in the database and done by `manage.py worker`.

`serve` and `demo` keep one worker running beside the server. There may be more, here and on other machines. What a
killed worker was doing is done again, so every task must bear being done twice.
"""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Min
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

logger = logging.getLogger(__name__)

# Work that has waited for longer than this says that no worker is running, or that there is too much for it.
LATE_AFTER = timedelta(minutes=5)
# What has been done is forgotten; what failed stays longer, for whoever looks into it.
FORGET_DONE_AFTER = timedelta(days=3)
FORGET_FAILED_AFTER = timedelta(days=30)

_LOOK_EVERY = 0.5
_LONGEST_PAUSE = 30.0
_TIDY_EVERY = 15.0
# `serve` waits this long for a worker to end what it is doing; then it is killed, and does it again later.
_PATIENCE = 10.0

# A task whose worker was killed by it so many times is not tried again.
_ATTEMPTS = 5

# Whoever is alive holds a lock with their own name; the name's own half of the space of locks is marked by the 7.
_LOCK = "hashtextextended(%s, 7)"
_PUT_BACK = f"""
WITH running AS MATERIALIZED (
    SELECT id, worker_ids FROM {DBTaskResult._meta.db_table} WHERE status = 'RUNNING' AND worker_ids->>-1 <> %s
), left_alone AS MATERIALIZED (
    SELECT id, jsonb_array_length(worker_ids) < %s AS is_tried_again FROM running
    WHERE pg_try_advisory_xact_lock({_LOCK.replace("%s", "worker_ids->>-1")})
)
UPDATE {DBTaskResult._meta.db_table} task
SET status = CASE WHEN is_tried_again THEN 'READY' ELSE 'FAILED' END,
    finished_at = CASE WHEN is_tried_again THEN NULL ELSE now() END,
    traceback = CASE WHEN is_tried_again THEN '' ELSE 'Its workers were killed.' END
FROM left_alone WHERE task.id = left_alone.id AND task.status = 'RUNNING'
"""  # noqa: S608  names of our own


def waiting_since() -> datetime | None:
    """Return since when the oldest task waits that could be done; None when there is none."""
    return DBTaskResult.objects.ready().aggregate(oldest=Min("enqueued_at"))["oldest"]


def is_late() -> bool:
    """Whether tasks have waited for so long that somebody should look."""
    since = waiting_since()
    return since is not None and since < timezone.now() - LATE_AFTER


def put_back(*, worker_id: str) -> int:
    """Let the tasks be done again whose worker has died in the midst of them; return how many.

    Those of *worker_id* itself, who asks, are left: nobody is locked out by a lock of their own.
    """
    with connection.cursor() as cursor:
        cursor.execute(_PUT_BACK, [worker_id, _ATTEMPTS])
        return cursor.rowcount


def forget() -> None:
    """Delete the records of tasks that were done long ago."""
    now = timezone.now()
    DBTaskResult.objects.successful().filter(finished_at__lt=now - FORGET_DONE_AFTER).delete()
    DBTaskResult.objects.failed().filter(finished_at__lt=now - FORGET_FAILED_AFTER).delete()


class SignOfLife(threading.Thread):
    """In a worker: holds the lock that says that it lives, as long as it does, and tidies up after others.

    The lock ends with its connection. When that is lost, the worker stops in order, and another one goes on.
    """

    def __init__(self, worker_id: str) -> None:
        super().__init__(name="sign-of-life", daemon=True)
        self.worker_id = worker_id
        self._is_held = threading.Event()
        self._is_over = threading.Event()

    def run(self) -> None:
        """Hold the lock, and look around now and then."""
        try:
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT pg_advisory_lock({_LOCK})", [self.worker_id])
            put_back(worker_id=self.worker_id)
            self._is_held.set()
            while not self._is_over.wait(_TIDY_EVERY):
                put_back(worker_id=self.worker_id)
                forget()
            # Closed, the connection only goes back to the pool.
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT pg_advisory_unlock({_LOCK})", [self.worker_id])
        except DatabaseError:
            logger.exception("The worker has lost the database.")
            os.kill(os.getpid(), signal.SIGTERM)
        finally:
            connection.close()

    def wait(self) -> None:
        """Return once the lock is held: no task may be begun earlier."""
        self._is_held.wait()

    def stop(self) -> None:
        """Let go."""
        self._is_over.set()
        self.join()


class WorkerKeeper(threading.Thread):
    """In the server: keeps a worker running beside it. Killed, it is started again; it ends with the server."""

    def __init__(self) -> None:
        super().__init__(name="worker-keeper", daemon=True)
        self._is_over = threading.Event()

    def run(self) -> None:
        """Start a worker, and another when it has ended, until `stop`. After a short life, wait longer each time."""
        pause = _LOOK_EVERY
        while not self._is_over.is_set():
            began = time.monotonic()
            self._keep_one()
            pause = _LOOK_EVERY if time.monotonic() - began > _LONGEST_PAUSE else min(pause * 2, _LONGEST_PAUSE)
            self._is_over.wait(pause)

    def stop(self) -> None:
        """End the worker, in order if it can; returns when it is gone."""
        self._is_over.set()
        self.join()

    def _keep_one(self) -> None:
        # In a group of its own, so that Ctrl-C reaches it through us. It ends by itself when the pipe closes: whatever
        # ends this process, it does not stay.
        worker = subprocess.Popen(
            [sys.executable, str(settings.BASE_DIR / "manage.py"), "worker", "--until-input-ends"],
            stdin=subprocess.PIPE,
            process_group=0,
        )
        while worker.poll() is None and not self._is_over.wait(_LOOK_EVERY):
            pass
        worker.terminate()
        try:
            worker.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            worker.kill()
            worker.wait()
        worker.stdin.close()
