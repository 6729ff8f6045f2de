"""A course with activities, as files and imported."""

from io import StringIO

import pytest
from django.core.management import call_command

from activities.tests.activityfolder import ActivityFolder
from courses.models import Course


def load(folder):
    out = StringIO()
    call_command("import_course", folder.root, stdout=out)
    return out.getvalue().splitlines()


@pytest.fixture
def folder(tmp_path):
    return ActivityFolder(tmp_path / "core")


@pytest.fixture
def core(db, folder):
    """The course, imported."""
    load(folder)
    return Course.objects.get()
