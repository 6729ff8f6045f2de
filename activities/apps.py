from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ActivitiesConfig(AppConfig):
    """Group activities: the plans."""

    name = "activities"
    verbose_name = _("Activities")

    def ready(self) -> None:
        """Add activities and handouts to courses, and what was held to the reports of cohorts."""
        from activities.addition import ActivitiesAddition
        from activities.report import held
        from cohorts.report.further import register as add_to_reports
        from courses import additions

        additions.register(ActivitiesAddition())
        add_to_reports(held)
