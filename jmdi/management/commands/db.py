"""`manage.py db`: the embedded PostgreSQL, by hand."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.db.migrations.loader import MigrationLoader

from jmdi.postgres import PostgresError, Server, backup, doctor, restore, use

# As of System V's init scripts: the service is not running.
_NOT_RUNNING = 3


class Command(BaseCommand):
    """Start, stop, examine, back up and restore the database in DATA_DIR."""

    help = "Looks after the embedded PostgreSQL in DATA_DIR."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("start", help="start it, and let it run until `db stop`")
        actions.add_parser("stop", help="stop it in order, whoever started it")
        actions.add_parser("status", help=f"say in one line how it is; exit code 0 running, {_NOT_RUNNING} not running")
        actions.add_parser("doctor", help="say what is wrong and what to do; changes nothing")
        writes = actions.add_parser("backup", help="write database and uploaded files into one new file")
        writes.add_argument("file", type=Path)
        reads = actions.add_parser("restore", help="verify a backup, then put it in the place of the present state")
        reads.add_argument("file", type=Path)
        reads.add_argument("--force", action="store_true", help="also while the site is in use")

    def handle(self, *, action: str, **options: Any) -> None:
        if not settings.EMBEDDED_POSTGRES:
            raise CommandError(
                "DATABASE_URL is set, so the database is a server of your own, and not looked after here. "
                + ("Use pg_dump and pg_restore with it." if action in {"backup", "restore"} else "Use its own tools.")
            )
        server = Server(settings.DATA_DIR, progress=self.stderr.write)
        try:
            getattr(self, action)(server, **options)
        except PostgresError as error:
            raise CommandError(str(error)) from error

    def start(self, server: Server, **options: Any) -> None:
        """Start the server and leave it running."""
        server.start()
        server.ensure_database()
        use.keep(server)
        self.stdout.write(server.status().text)

    def stop(self, server: Server, **options: Any) -> None:
        """Stop the server."""
        was_running = server.stop()
        self.stdout.write("PostgreSQL is stopped." if was_running else server.status().text)

    def status(self, server: Server, **options: Any) -> None:
        """Say how the server is."""
        status = server.status()
        self.stdout.write(status.text)
        if not status.is_running:
            sys.exit(_NOT_RUNNING)

    def doctor(self, server: Server, **options: Any) -> None:
        """Say what is wrong."""
        self.stdout.write(server.status().text)
        problems = list(doctor.examine(server))
        for problem in problems:
            self.stdout.write(f"\n- {problem}")
        if problems:
            sys.exit(1)
        self.stdout.write("Nothing is wrong.")

    def backup(self, server: Server, *, file: Path, **options: Any) -> None:
        """Make a backup."""
        manifest = backup.backup(server, file, settings.MEDIA_ROOT)
        rows, files = sum(manifest.counts.values()), len(manifest.members) - 1
        self.stdout.write(
            f"{file}: {rows} rows of {len(manifest.counts)} tables and {files} uploaded files, as of {manifest.made}. "
            "It holds what people wrote: keep it where only you can read it, on another machine."
        )

    def restore(self, server: Server, *, file: Path, force: bool, **options: Any) -> None:
        """Put a backup in the place of the present state."""
        known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
        done = restore.restore(server, file, settings.MEDIA_ROOT, known, force=force)
        self.stdout.write(
            f"Restored {sum(done.manifest.counts.values())} rows of {len(done.manifest.counts)} tables, "
            f"as of {done.manifest.made}, and checked them."
        )
        self.stdout.write(f"The former database is kept on the server as {done.kept_database}.")
        if done.kept_media:
            self.stdout.write(f"The former uploaded files are kept in {done.kept_media}.")
        self.stdout.write(
            "Restart the site: it brings tables of an older version up to date, and forgets what it had in memory."
        )
