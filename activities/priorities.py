"""What a cohort's vote puts first: for the discussion after it, and for cases that are worked on later in its topic."""

from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse

from activities.live.state import State
from activities.models import Phase, SessionPhase
from activities.published import PublishedActivity, activities_of
from activities.tools.dot_vote import Bar, bars_of, top


@dataclass
class Priorities:
    """What was voted on, most dots first. `results_url` is empty while the session of the vote goes on."""

    bars: list[Bar]
    results_url: str

    @property
    def most_affected(self) -> list[Bar]:
        return top(self.bars, "a")

    @property
    def affecting_most(self) -> list[Bar]:
        return top(self.bars, "b")


def priorities_of(state: State) -> Priorities | None:
    """Return what the present step looks at first; None where no vote says it, or nobody has voted.

    That is the vote earlier in the same session or, for a case, the cohort's latest one in the same topic. Either must
    have been shown to all.
    """
    run = _own_vote(state) or _earlier_vote(state)
    bars = bars_of(run) if run else []
    if not any(bar.highest for bar in bars):
        return None
    is_over = run.session_id != state.session.pk and run.session.ended_at
    return Priorities(bars, reverse("session_results", args=[run.session.public_id]) if is_over else "")


def _own_vote(state: State) -> SessionPhase | None:
    if state.step is None:
        return None
    before = [step.run for step in state.steps if step.position < state.step.position and _is_vote(step.plan.tool)]
    return before[-1] if before and before[-1].is_revealed and not _is_vote(state.step.plan.tool) else None


def _earlier_vote(state: State) -> SessionPhase | None:
    if state.step is None or not _has(state.activity, Phase.Tool.CASE_STUDY):
        return None
    votes = [
        row.id
        for row in activities_of(state.course).activities
        if row.topic and row.topic is state.activity.topic and _has(row, Phase.Tool.DOT_VOTE)
    ]
    if not votes:
        return None
    runs = SessionPhase.objects.filter(
        Q(is_revealed=True) | Q(session__ended_at__isnull=False),
        session__cohort=state.session.cohort_id,
        session__activity__in=votes,
        phase__tool=Phase.Tool.DOT_VOTE,
        started_at__isnull=False,
    )
    return runs.exclude(session=state.session).select_related("session").order_by("-session__started_at").first()


def _has(activity: PublishedActivity, tool: str) -> bool:
    return any(phase.tool == tool for phase in activity.phases)


def _is_vote(tool: str) -> bool:
    return tool == Phase.Tool.DOT_VOTE
