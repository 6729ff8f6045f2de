from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ActivitiesConfig(AppConfig):
    """Group activities: the plans."""

    name = "activities"
    verbose_name = _("Activities")

    def ready(self) -> None:
        """Add activities and handouts to courses."""
        from activities.addition import ActivitiesAddition
        from courses import additions

        additions.register(ActivitiesAddition())
