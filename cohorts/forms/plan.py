"""What stands on a cohort's plan."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import validate_one_line
from cohorts.models import Cohort, PlanItem
from courses.models import Section
from courses.published import PublishedCourse

# A plan reaches some way before and after the days of meeting: reading comes first, next steps come later.
DAYS_AROUND = 366
_MINUTES_MAX = 24 * 60


class PlanItemForm(forms.ModelForm):
    """One point of the plan: a section, an activity, or something else with a title of its own."""

    section = forms.ModelChoiceField(label=_("Section"), required=False, queryset=Section.objects.none())
    activity_key = forms.ChoiceField(label=_("Activity"), required=False)

    class Meta:
        model = PlanItem
        fields = ["kind", "section", "activity_key", "title", "on", "at", "minutes"]
        widgets = {
            "on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "at": forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
            "kind": forms.RadioSelect,
            "title": forms.TextInput(attrs={"dir": "auto"}),
            "minutes": forms.NumberInput(attrs={"min": 1, "max": _MINUTES_MAX, "inputmode": "numeric"}),
        }

    def __init__(self, cohort: Cohort, course: PublishedCourse, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.cohort = cohort
        self.fields["title"].validators.append(validate_one_line)
        self.fields["minutes"].max_value = _MINUTES_MAX
        self.fields["kind"].choices = PlanItem.Kind.choices
        self.fields["section"].queryset = Section.objects.current().filter(topic__course=cohort.course_id)
        # The titles are in memory: offering them needs no query.
        self.fields["section"].choices = [
            ("", "—"),
            *(
                (
                    f"{topic.number}. {topic.short_title}",
                    [(section.id, f"{section.number} {section.title}") for section in topic.sections],
                )
                for topic in course.topics
            ),
        ]
        self.fields["activity_key"].choices = [
            ("", "—"),
            *((activity.key, f"{activity.number}. {activity.title}") for activity in course.held),
        ]

    def clean(self) -> dict[str, Any]:
        """Keep what belongs to the chosen kind, refuse what is missing for it."""
        cleaned = super().clean()
        kind = cleaned.get("kind")
        needed = {"reading": "section", "activity": "activity_key", "event": "title"}.get(kind)
        if needed and not cleaned.get(needed) and needed not in self.errors:
            self.add_error(needed, _("Please choose one.") if needed != "title" else _("Please give it a title."))
        for name, empty in (("section", None), ("activity_key", ""), ("title", "")):
            if needed and name != needed:
                cleaned[name] = empty
        self._check_day(cleaned.get("on"))
        if cleaned.get("section") and self._is_planned_already(cleaned["section"]):
            self.add_error("section", _("This section is on the plan already."))
        return cleaned

    def _check_day(self, day: dt.date | None) -> None:
        cohort, around = self.instance.cohort, dt.timedelta(days=DAYS_AROUND)
        if day and not cohort.starts_on - around <= day <= cohort.ends_on + around:
            self.add_error("on", _("This day is more than a year away from the cohort's days."))

    def _is_planned_already(self, section: Section) -> bool:
        return self.instance.cohort.plan.filter(section=section).exclude(pk=self.instance.pk).exists()
