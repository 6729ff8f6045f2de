from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoursesConfig(AppConfig):
    """Course content, reading, answers, progress, search."""

    name = "courses"
    verbose_name = _("Course content")
