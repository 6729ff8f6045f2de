from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CohortsConfig(AppConfig):
    """Cohorts: who learns together, who facilitates, how everybody is doing."""

    name = "cohorts"
    verbose_name = _("Cohorts")

    def ready(self) -> None:
        """Let facilitators help their people."""
        from cohorts import permissions
        from courses import helping

        helping.register(helping.Help(permissions.helps_anybody, permissions.helps))
