"""`manage.py demo`: the course with people and work in it, for a look around."""

import ipaddress
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command

from courses.models import Course
from jmdi import server

COURSE = settings.BASE_DIR / "fixtures" / "core-module"


class Command(BaseCommand):
    """Serve the demo: anybody who reaches it may enter as anybody."""

    help = "Serve the demo. `make run` calls this."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--bind", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, bind: str, port: int, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This is for the demo only: start it with `make run`, or set DEMO=1.")
        if not settings.DEMO_PUBLIC and not _is_loopback(bind):
            raise CommandError(
                f"The demo lets everybody in without a password, so it listens on this machine only, not on {bind}. "
                "To show it to a trusted network, set DEMO_PUBLIC=1 and ALLOWED_HOSTS to this machine's address."
            )
        try:
            server.run(
                bind=bind,
                port=port,
                workers=1,
                say=self.stdout.write,
                fill=self.fill,
                announce=_next_steps(bind, port),
            )
        except KeyboardInterrupt:
            self.stdout.write("\nStopped, PostgreSQL too. Everything written is kept; `make run` goes on from here.")

    def fill(self) -> None:
        """Put the course, people, cohorts and work of theirs in, each only where there is none yet."""
        from jmdi import demo, demo_cohorts

        if not Course.objects.exists():
            self.stdout.write("Importing the course ...")
            call_command("import_course", str(COURSE), verbosity=0, stdout=self.stdout)
        demo.make_people()
        demo_cohorts.make_cohorts()


def _next_steps(bind: str, port: int) -> str:
    host = f"[{bind}]" if ":" in bind else bind
    return (
        f"\nThe course is at http://{host}:{port}\n\n"
        "  1. Open it and enter as participant: read, answer, mark a section as done.\n"
        "  2. Enter as facilitator: see how the cohort is doing, and read what people share.\n"
        "  3. Enter as admin: change a sentence of topic 1, and see it as participant.\n"
        "  4. For a site of your own, read docs/operators.md.\n\n"
        "Ctrl-C stops everything. What is written stays in var/."
    )


def _is_loopback(bind: str) -> bool:
    try:
        return ipaddress.ip_address(bind).is_loopback
    except ValueError:
        return bind == "localhost"
