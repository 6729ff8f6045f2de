"""Forms of live sessions."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from activities.live.state import State
from activities.published import PublishedPhase
from activities.services.sessions import MINUTES_MAX


class SetUpForm(forms.Form):
    """How long each phase of a session takes, whether what is written in it carries names, and where it comes.

    A button beside each phase moves it (`earlier`, `later`), leaves it out (`without`) or brings it back (`with`).
    """

    def __init__(self, state: State, data: QueryDict | None) -> None:
        super().__init__(data)
        self.state = state
        self.steps = state.steps
        for step in state.steps:
            self.fields[f"minutes-{step.plan.key}"] = forms.IntegerField(
                label=_("Minutes"), min_value=1, max_value=MINUTES_MAX, initial=step.run.seconds // 60
            )
            if step.plan.tool:
                self.fields[f"names-{step.plan.key}"] = forms.BooleanField(
                    label=_("with names"), required=False, initial=step.run.has_names
                )

    @property
    def rows(self) -> list[dict[str, object]]:
        """Each step with its fields."""
        return [
            {
                "step": step,
                "minutes": self[f"minutes-{step.plan.key}"],
                "names": self[f"names-{step.plan.key}"] if step.plan.tool else None,
            }
            for step in self.steps
        ]

    @property
    def left_out(self) -> list[PublishedPhase]:
        """The phases of the activity that the session does without."""
        held = {step.plan.key for step in self.steps}
        return [plan for plan in self.state.activity.phases if plan.key not in held]

    @property
    def minutes(self) -> dict[str, int]:
        return {step.plan.key: self.cleaned_data[f"minutes-{step.plan.key}"] for step in self.steps}

    @property
    def with_names(self) -> set[str]:
        return {step.plan.key for step in self.steps if self.cleaned_data.get(f"names-{step.plan.key}", True)}

    @property
    def moved(self) -> str:
        """The key of the phase whose button was pressed; empty when the form was only saved."""
        return next((self.data[name] for name in ("earlier", "later", "without", "with") if name in self.data), "")

    @property
    def order(self) -> list[str]:
        """The keys of the phases as the session is to hold them after the button."""
        keys, moved = [step.plan.key for step in self.steps], self.moved
        if "with" in self.data and moved not in keys:
            # Where it is planned: before the first that comes later in the plan.
            planned = [plan.key for plan in self.state.activity.phases]
            after = planned[planned.index(moved) :] if moved in planned else []
            place = next((place for place, key in enumerate(keys) if key in after), len(keys))
            return [*keys[:place], moved, *keys[place:]]
        if moved not in keys:
            return keys
        place = keys.index(moved)
        keys.remove(moved)
        if "without" not in self.data:
            keys.insert(max(place + (1 if "later" in self.data else -1), 0), moved)
        return keys
