"""`manage.py serve`: the server of one machine."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from jmdi import server


class Command(BaseCommand):
    """Serve the site on one port: database, pages and all."""

    help = "Start the database, bring it up to date and serve the site on one port."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--bind", default="127.0.0.1", help="address to listen on (default: this machine only)")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=1, help="processes; about one a core")
        parser.add_argument(
            "--without-worker", action="store_true", help="leave background work to a `manage.py worker` elsewhere"
        )

    def handle(self, *args: Any, bind: str, port: int, workers: int, without_worker: bool, **options: Any) -> None:
        if settings.DEMO:
            raise CommandError("DEMO is set: everybody could enter without a password. Unset it, or use `make run`.")
        if not settings.ALLOWED_HOSTS:
            raise CommandError(
                "ALLOWED_HOSTS is not set. Set it to the site's own names, such as learning.example.org."
            )
        self.check(fail_level=40)
        try:
            server.run(
                bind=bind,
                port=port,
                workers=workers,
                say=self.stdout.write,
                announce=f"Serving on {bind} port {port}. Ctrl-C stops it.",
                with_worker=not without_worker,
            )
        except KeyboardInterrupt:
            self.stdout.write("Stopped.")
