"""What a session has left, phase by phase: as a page, and as rows of a file."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from activities import tools
from activities.live.state import State, Step
from cohorts.report import Cell


@dataclass
class Part:
    """What one phase has left; `template` shows its `results`."""

    step: Step
    template: str
    results: dict[str, Any]


def parts_of(state: State) -> list[Part]:
    """Return what every phase with a tool that was begun, or held on paper, has left of its own."""
    return [
        Part(step, f"activities/tools/{tool.name}/_results.html", results)
        for step in state.steps
        if (tool := tools.tool_of(step)) and state.has_begun(step) and (results := tool.results(state, step))
    ]


def rows_of(state: State) -> Iterator[list[Cell]]:
    """Yield what the session was, then a table for each phase, with its title above it and an empty row below.

    Nobody's name, no time and no order of arrival is in it, unless a tool says so of itself.
    """
    yield [_("Activity"), state.activity.title]
    yield [_("Cohort"), state.session.cohort.name]
    yield [_("Day"), state.session.created_at.astimezone(state.session.cohort.zone).date().isoformat()]
    for step in state.steps:
        tool = tools.tool_of(step)
        rows = tool.rows(state, step) if tool and state.has_begun(step) else []
        if rows:
            yield []
            yield [f"{step.position}. {step.plan.title}"]
            yield from rows
