"""Forms of live sessions."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from activities.live.state import Step
from activities.services.sessions import MINUTES_MAX


class SetUpForm(forms.Form):
    """How long each phase of a session takes, and whether what is written in it carries names."""

    def __init__(self, steps: list[Step], data: QueryDict | None) -> None:
        super().__init__(data)
        self.steps = steps
        for step in steps:
            self.fields[f"minutes-{step.position}"] = forms.IntegerField(
                label=_("Minutes"), min_value=1, max_value=MINUTES_MAX, initial=step.run.seconds // 60
            )
            if step.plan.tool:
                self.fields[f"names-{step.position}"] = forms.BooleanField(
                    label=_("with names"), required=False, initial=step.run.has_names
                )

    @property
    def rows(self) -> list[dict[str, object]]:
        """Each step with its fields."""
        return [
            {
                "step": step,
                "minutes": self[f"minutes-{step.position}"],
                "names": self[f"names-{step.position}"] if step.plan.tool else None,
            }
            for step in self.steps
        ]

    @property
    def minutes(self) -> dict[int, int]:
        return {step.position: self.cleaned_data[f"minutes-{step.position}"] for step in self.steps}

    @property
    def with_names(self) -> set[int]:
        return {step.position for step in self.steps if self.cleaned_data.get(f"names-{step.position}", True)}
