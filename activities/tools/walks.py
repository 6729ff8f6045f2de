"""A walk from figure to figure: where it is, and what groups have left, as pages show it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Prefetch, prefetch_related_objects

from activities.live.clock import Clock
from activities.live.state import State, Step
from activities.live.turns import turn_clock
from activities.models import Group, Phase, WalkNote
from activities.tools.figures import Figure, figure_for, figures_of
from activities.tools.rota import Visit, stops_for, visits_at


@dataclass
class Walk:
    """How far the walk of *step* is; `stop` is one more than there are when all are back at their own figures."""

    step: Step
    groups: list[Group]
    stop: int
    clock: Clock | None

    @property
    def stops(self) -> int:
        return stops_for(self.groups)

    @property
    def is_back(self) -> bool:
        return bool(self.stops) and self.stop > self.stops

    @property
    def seconds(self) -> int:
        """How long a stop takes: the phase's time, divided fairly."""
        return int(self.step.run.length.total_seconds()) // self.stops if self.stops else 0

    @property
    def visits(self) -> list[Visit]:
        """Who is where now."""
        return visits_at(self.groups, self.stop) if self.stops and not self.is_back else []

    @property
    def rota(self) -> list[tuple[Group, list[Visit]]]:
        """Each group with its visits in their order."""
        stops = [visits_at(self.groups, stop) for stop in range(1, self.stops + 1)]
        return [(group, [visits[place] for visits in stops]) for place, group in enumerate(self.groups)]


@dataclass
class Shown:
    """A group's figure with what was left at it. Without *figure* it is on paper alone, or there is no puzzle."""

    group: Group | None
    figure: Figure | None
    strengths: list[WalkNote] = field(default_factory=list)
    questions: list[WalkNote] = field(default_factory=list)

    @property
    def number(self) -> int:
        return self.group.number if self.group else 0

    @property
    def notes(self) -> list[WalkNote]:
        return [*self.strengths, *self.questions]

    @property
    def stamp(self) -> tuple[object, ...]:
        """What changes with all that is shown."""
        notes = tuple(
            (note.pk, note.version, note.is_hidden, note.is_settled, note.answer_version) for note in self.notes
        )
        return (self.figure.stamp if self.figure else (), *notes)


def is_walk(step: Step) -> bool:
    """Return whether groups walk in *step*; in a phase of another kind all look back together."""
    return step.plan.tool == Phase.Tool.GALLERY_WALK and step.plan.work == Phase.Work.GROUPS


def walk_step(state: State, step: Step) -> Step | None:
    """Return the walk that *step* is, or the last before it."""
    return next((one for one in _up_to(state, step) if is_walk(one)), None)


def puzzle_step(state: State, step: Step) -> Step | None:
    """Return the last puzzle before *step*; None where groups walk to something else."""
    return next((one for one in _up_to(state, step) if one.plan.tool == Phase.Tool.PUZZLE), None)


def _up_to(state: State, step: Step) -> list[Step]:
    return [one for one in reversed(state.steps) if one.position <= step.position]


def walk_of(state: State, step: Step) -> Walk:
    """Return how far the walk of *step* is. Its first stop begins with its clock."""
    run = step.run
    walk = Walk(step, [group for group in state.groups if group.members], run.turn or 1, None)
    if walk.stops and not walk.is_back:
        gone = step.clock.total - step.clock.left
        first = Clock(walk.seconds, walk.seconds - gone, step.clock.is_running)
        walk.clock = turn_clock(run, walk.seconds, state.now) or first
    return walk


def shown_of(state: State, step: Step) -> list[Shown]:
    """Return every figure with what was left at it."""
    puzzle = puzzle_step(state, step)
    figures = figures_of(state, puzzle) if puzzle else []
    made = {figure.number for figure in figures if figure.has_anything}
    groups = [group for group in state.groups if group.members or group.number in made]
    rows = [Shown(group, figure_for(figures, group)) for group in groups]
    rows += [Shown(None, figure) for figure in figures if figure.group is None]
    for note in notes_of(state, step):
        for row in rows:
            if row.group and row.group.pk == note.at_id:
                (row.strengths if note.kind == WalkNote.Kind.STRENGTH else row.questions).append(note)
    return rows


def notes_of(state: State, step: Step) -> list[WalkNote]:
    """Return all that was left, each note with its `visitor` (None without names), `answer` and `is_open`."""
    walk = walk_step(state, step)
    if walk is None:
        return []
    prefetch_related_objects([walk.run], Prefetch("walk_notes", WalkNote.objects.select_related("reply")))
    groups = {group.pk: group for group in state.groups}
    notes = list(walk.run.walk_notes.all())
    for note in notes:
        note.visitor = groups.get(note.group_id) if walk.run.has_names else None
        reply = getattr(note, "reply", None)
        note.answer, note.answer_version = (reply.text, reply.version) if reply else ("", 0)
        note.at_number = groups[note.at_id].number
        note.id_text, note.answer_name = str(note.public_id), f"answer-{note.public_id}"
        note.is_open = note.kind == WalkNote.Kind.QUESTION and not (note.answer or note.is_settled or note.is_hidden)
    return sorted(notes, key=lambda note: note.pk if walk.run.has_names else note.public_id)


def open_questions(rows: Sequence[Shown]) -> list[WalkNote]:
    """Return the questions that nobody has answered."""
    return [note for row in rows for note in row.questions if note.is_open]
