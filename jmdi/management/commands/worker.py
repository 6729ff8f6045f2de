"""`manage.py worker`: does what is to be done in the background."""

import os
import signal
import sys
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.timesince import timesince
from django_tasks_db.management.commands.db_worker import Worker

from jmdi import background

# A look into the database while there is nothing to do.
_LOOK_EVERY = 1.0


class Command(BaseCommand):
    """Send mails and do other work that nobody waits for with a page open."""

    help = "Does background work until it is stopped. `serve` runs one by itself."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what there is to do, then end")
        parser.add_argument("--status", action="store_true", help="only say whether work waits; exit code 1 when late")
        parser.add_argument("--until-input-ends", action="store_true", help="end when standard input does")

    def handle(self, *, once: bool, status: bool, until_input_ends: bool, **options: Any) -> None:
        if status:
            self.say_status()
            return
        worker_id = get_random_string(32)
        worker = Worker(
            queue_names=["*"],
            interval=_LOOK_EVERY,
            batch=once,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=worker_id,
            excluded_queue_names=[],
        )
        worker.configure_signals()
        if until_input_ends:
            threading.Thread(target=_end_with_input, daemon=True).start()
        sign_of_life = background.SignOfLife(worker_id)
        sign_of_life.start()
        sign_of_life.wait()
        try:
            worker.run()
        finally:
            sign_of_life.stop()

    def say_status(self) -> None:
        """Say since when work waits, if any does."""
        since = background.waiting_since()
        waiting = f"Work waits since {timesince(since, timezone.now())}." if since else "No work waits."
        self.stdout.write(waiting)
        if background.is_late():
            self.stdout.write("That is long: is a worker running? See “Background work” in docs/operators.md.")
            sys.exit(1)


def _end_with_input() -> None:
    # Not through sys.stdin: whatever holds its buffer when Python ends, makes that end a crash.
    while os.read(sys.stdin.fileno(), 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
