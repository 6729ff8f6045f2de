"""What earlier activities of a cohort have left for the present phase to go on with."""

from dataclasses import dataclass

from django.db.models import Q

from activities import tools
from activities.live.state import State
from activities.models import SessionPhase
from activities.published import PublishedActivity, PublishedPhase, activities_of
from activities.tools.base import Carried


@dataclass
class Offer:
    """What one phase has left; `taken` are the keys of what is here already.

    `keeps_kinds`: whether all of it is of kinds that the present phase has, too.
    """

    run: SessionPhase
    activity: PublishedActivity
    plan: PublishedPhase
    carried: list[Carried]
    taken: set[str]
    keeps_kinds: bool

    @property
    def is_all_taken(self) -> bool:
        return len(self.taken) == len(self.carried)


def offers_for(state: State) -> list[Offer]:
    """Return what earlier sessions of the cohort have left, and earlier phases of this one that have another tool.

    Latest first. Nothing where the present phase cannot go on with it.
    """
    tool = tools.tool_of(state.step)
    if tool is None or not tool.takes_in:
        return []
    here = Q(session=state.session, position__lt=state.step.position) & ~Q(phase__tool=tool.name)
    runs = (
        SessionPhase.objects.filter(here | ~Q(session=state.session), session__cohort=state.session.cohort_id)
        .filter(started_at__isnull=False)
        .exclude(phase__tool="")
        .select_related("session", "phase")
        .order_by("-session__started_at", "position")
    )
    plans = {plan.id: (row, plan) for row in activities_of(state.course).activities for plan in row.phases}
    taken = tool.taken(state)
    offers = []
    for run in runs:
        source = tools.tool_named(run.phase.tool)
        carried = source.carries(run) if source and run.phase_id in plans else []
        if carried:
            known = {row.key for row in carried if (run.pk, row.key) in taken}
            keeps_kinds = {row.kind for row in carried} <= set(state.step.plan.options)
            offers.append(Offer(run, *plans[run.phase_id], carried, known, keeps_kinds))
    return offers
