"""Read a course from its folder into the database."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from courses.coursefiles import CourseFilesError, load_course, read_course


class Command(BaseCommand):
    """`manage.py import_course DIR`: all of it or, when anything is wrong, nothing and a list of what."""

    help = "Reads a course from a folder (docs/content-format.md). What is the same already is not touched."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="the course's folder; its name is the course's key")
        parser.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")

    def handle(self, *, folder: Path, dry_run: bool, verbosity: int = 1, **options: Any) -> None:
        try:
            item = read_course(folder)
            with transaction.atomic():
                course, changes = load_course(item)
                transaction.set_rollback(dry_run)
        except CourseFilesError as error:
            for problem in error.problems:
                self.stderr.write(str(problem))
            count = len(error.problems)
            raise CommandError(
                f"{count} {'problem' if count == 1 else 'problems'} in {folder}; nothing was changed."
            ) from error
        if verbosity == 0:
            return
        for line in changes.lines:
            self.stdout.write(line)
        if not changes:
            self.stdout.write(f"{course.key}: nothing changed")
        elif dry_run:
            self.stdout.write(f"{course.key}: this would change; nothing was written")
