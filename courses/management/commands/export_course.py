"""Write a course from the database into its folder."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from courses.coursefiles import CourseFilesError, read_course, write_course
from courses.models import Course


class Command(BaseCommand):
    """`manage.py export_course COURSE DIR`: the layout that import_course reads."""

    help = "Writes a course into a folder named like its key, new or holding an earlier export of it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("course", help="the course's key")
        parser.add_argument("folder", type=Path)

    def handle(self, *, course: str, folder: Path, **options: Any) -> None:
        row = Course.objects.filter(key=course).first()
        if row is None:
            known = ", ".join(Course.objects.values_list("key", flat=True)) or "none yet"
            raise CommandError(f"There is no course “{course}”; there are: {known}.")
        try:
            changed = write_course(row, folder)
        except CourseFilesError as error:
            raise CommandError(str(error)) from error
        for path in changed:
            self.stdout.write(path)
        if not changed:
            self.stdout.write(f"{course}: nothing changed")
        self._warn(folder)

    def _warn(self, folder: Path) -> None:
        """Say what an import would refuse: in the admin an editor works in any order, so something may be half done."""
        try:
            read_course(folder)
        except CourseFilesError as error:
            self.stderr.write("The course is written, but cannot be imported as it is:")
            for problem in error.problems:
                self.stderr.write(str(problem))
