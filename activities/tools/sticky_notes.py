"""Sticky notes: one idea each, in a column for each kind (the phase's options), by persons or by groups.

Everybody sees them at once; those who facilitate can hide the board. A later phase that takes up the same questions
and options goes on with the same notes. Without names, nothing that leaves this module tells who wrote a note: not its
order, nor its id, nor who is done.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from activities.live.state import State, Step
from activities.models import Attendance, Cluster, Group, Note, NoteBoard, SessionPhase
from activities.tools import note_moves
from activities.tools.base import Carried, Keyed, Move, Tool
from activities.tools.choices import faults_in
from activities.tools.origins import origin_of, taken_along, with_origins
from cohorts.report import Cell

# So many kinds of notes have a place beside each other on a projector, and a button each on a phone.
KINDS_MAX = 6
# So many slips of each kind fit on a page, and are enough for most.
SLIPS_PRINTED = 8


@dataclass(frozen=True)
class Slip:
    """A note as everybody may see it: `by` is empty where names were promised not to be shown.

    `column` is the number of its kind's column, from 1; `origin` says where it was taken along from.
    """

    id: str
    text: str
    kind: str
    column: int
    by: str = ""
    is_hidden: bool = False
    origin: str = ""
    is_on_paper: bool = False


@dataclass
class Pile:
    """Notes of one kind that lie together: those of a cluster, or (without a name) those of none."""

    id: int | None
    name: str
    slips: list[Slip] = field(default_factory=list)


@dataclass
class Column:
    """The notes of one kind."""

    kind: str
    piles: list[Pile]

    @property
    def count(self) -> int:
        return sum(len(pile.slips) for pile in self.piles)


class StickyNotes(Tool):
    """See the module."""

    name = "sticky-notes"
    is_seen_at_once = True
    takes_in = True

    def __init__(self) -> None:
        self.actions = note_moves.ACTIONS
        self.host_actions = note_moves.HOST_ACTIONS

    def faults(self, options: list[str], questions: int) -> Iterator[str]:
        """Yield what is wrong with the kinds of notes; without any, all notes are of one kind."""
        return faults_in(options, least=0, most=KINDS_MAX)

    def board(self, state: State, *, for_facilitators: bool) -> dict[str, Any]:
        """Return the notes in columns; while the board is hidden, to others than facilitators only how many."""
        home = note_moves.home_of(state, state.step)
        notes = notes_of(home)
        shown = [note for note in notes if not note.is_hidden]
        board = _board_row(home)
        is_shown = state.step.run.is_revealed or for_facilitators
        kinds, has_names = kinds_of(home, notes), home.run.has_names
        hidden = [note for note in notes if note.is_hidden and for_facilitators]
        return {
            "count": len(shown),
            "is_shown": is_shown,
            "is_later": home is not state.step,
            "columns": columns_of(home, shown) if is_shown else [],
            "hidden": [slip_of(note, kinds, has_names=has_names) for note in hidden],
            "reading": _reading(home, shown, board.reading_id) if is_shown else None,
            "clusters": _clusters(shown) if for_facilitators else [],
            "summary": board.summary,
            "has_names": has_names,
            "done": {note.attendance_id for note in notes} if has_names else set(),
        }

    def mine(self, state: State, attendance: Attendance) -> dict[str, Any]:
        """Return my notes or my group's, and for facilitators the summary that they write."""
        home = note_moves.home_of(state, state.step)
        group = note_moves.group_of(attendance)
        found = list(note_moves.own_notes(home, attendance, group).order_by("pk"))
        kinds = kinds_of(home, found)
        is_facilitator = attendance.membership.is_facilitator
        return {
            "kinds": home.plan.options,
            "has_names": home.run.has_names,
            "group": group if note_moves.is_by_group(state.step, group) else None,
            "notes": [slip_of(note, kinds, has_names=False) for note in found],
            "ids": [str(note.public_id) for note in found],
            "is_open": state.step.run.started_at is not None,
            "board": _board_row(home) if is_facilitator else None,
        }

    def results(self, state: State, step: Step) -> dict[str, Any]:
        """Return all notes that are not hidden, and the summary; nothing where an earlier step has them already."""
        home = note_moves.home_of(state, step)
        if home is not step:
            return {"home": home, "columns": [], "summary": "", "count": 0}
        shown = [note for note in notes_of(home) if not note.is_hidden]
        return {
            "home": None,
            "count": len(shown),
            "columns": columns_of(home, shown),
            "summary": _board_row(home).summary,
        }

    def rows(self, state: State, step: Step) -> list[list[Cell]]:
        """Return the notes of the board that *step* has begun, and the summary."""
        found = self.results(state, step)
        if found["home"]:
            return []
        has_names = step.run.has_names
        rows: list[list[Cell]] = [[_("Kind"), _("Put together as"), _("Note"), *([_("By")] if has_names else [])]]
        for column in found["columns"]:
            for pile in column.piles:
                rows += [
                    [column.kind, pile.name, slip.text, *([slip.by or slip.origin] if has_names else [])]
                    for slip in pile.slips
                ]
        return [*rows, *([[_("Summary"), "", found["summary"]]] if found["summary"] else [])]

    def figures(self, state: State, step: Step) -> list[list[Cell]]:
        """Return how many notes of each kind there are, and how many under each name that they were put together as."""
        columns = self.results(state, step)["columns"]
        rows: list[list[Cell]] = [[_("Notes"), _("How many")]]
        for column in columns:
            kind = column.kind or _("All")
            rows.append([kind, column.count])
            rows += [[f"{kind}: {pile.name}", len(pile.slips)] for pile in column.piles if pile.name]
        return rows if columns else []

    def kit(self, state: State, step: Step) -> dict[str, Any] | None:
        """Return the kinds that slips are printed for; the notes of an earlier step are written there."""
        if note_moves.home_of(state, step) is not step:
            return None
        return {"kinds": step.plan.options or [""], "slips": range(SLIPS_PRINTED), "questions": step.plan.questions}

    def paper(self, state: State, step: Step) -> dict[str, Any] | None:
        """Return the kinds to key in notes for, and the groups that may have written them."""
        if note_moves.home_of(state, step) is not step:
            return None
        return {"kinds": step.plan.options or [""], "groups": state.groups}

    def key_in(self, keyed: Keyed) -> str:
        """Put a note on the board for each line, under its kind; of a group, if one is named."""
        return note_moves.key_in(keyed)

    def carries(self, run: SessionPhase) -> list[Carried]:
        """Return the notes of the board that *run* has begun, unless they are hidden or nobody has been shown them."""
        if not (run.is_revealed or run.session.ended_at):
            return []
        notes = run.notes.filter(is_hidden=False).order_by("kind", "public_id")
        return [Carried(str(note.public_id), note.text, note.kind) for note in notes]

    def taken(self, state: State) -> set[tuple[int | None, str]]:
        """Return what the board has taken in already."""
        return taken_along(note_moves.home_of(state, state.step).run.notes)

    def take_in(self, move: Move, carried: list[Carried], origin: SessionPhase) -> None:
        """Put each of *carried* on the board as a note of its own."""
        note_moves.take_in(move, carried, origin)


def _board_row(home: Step) -> NoteBoard:
    return NoteBoard.objects.filter(run=home.run).first() or NoteBoard()


def notes_of(home: Step) -> list[Note]:
    """Return the notes of a board: as they were written or, without names, in an order that says nothing."""
    notes = with_origins(home.run.notes.select_related("cluster", "group", "attendance__membership__user"))
    return list(notes.order_by("pk" if home.run.has_names else "public_id"))


def slip_of(note: Note, kinds: list[str], *, has_names: bool) -> Slip:
    """Return a note as it may be seen."""
    by, origin = "", origin_of(note)
    if has_names and note.group:
        by = group_name(note.group)
    elif has_names and note.attendance:
        by = note.attendance.membership.user.name
    column, is_on_paper = kinds.index(note.kind) + 1, note.paper_id is not None
    return Slip(str(note.public_id), note.text, note.kind, column, by, note.is_hidden, origin, is_on_paper)


def group_name(group: Group) -> str:
    """Return how a group is called."""
    return _("Group %(number)s") % {"number": group.number}


def columns_of(home: Step, notes: list[Note]) -> list[Column]:
    """Return *notes* in a column for each kind, clusters first."""
    columns, kinds = [], kinds_of(home, notes)
    for kind in kinds:
        piles: dict[int | None, Pile] = {}
        for note in notes:
            if note.kind == kind:
                name = note.cluster.name if note.cluster else ""
                pile = piles.setdefault(note.cluster_id, Pile(note.cluster_id, name))
                pile.slips.append(slip_of(note, kinds, has_names=home.run.has_names))
        loose = piles.pop(None, None)
        ordered = [piles[pk] for pk in sorted(piles)]
        columns.append(Column(kind, [*ordered, *([loose] if loose else [])]))
    return columns


def _clusters(notes: list[Note]) -> list[Cluster]:
    """Return the clusters that hold any of *notes*, oldest first."""
    return sorted({note.cluster for note in notes if note.cluster}, key=lambda cluster: cluster.pk)


def kinds_of(home: Step, notes: list[Note]) -> list[str]:
    """Return the phase's options, and after them what notes were sorted into before an editor changed those."""
    return list(dict.fromkeys([*(home.plan.options or [""]), *(note.kind for note in notes)]))


def _reading(home: Step, notes: list[Note], pk: int | None) -> dict[str, Any] | None:
    """Return the note that is read aloud, and what comes before and after it: group by group, kind by kind."""
    kinds = kinds_of(home, notes)

    def place(note: Note) -> tuple[int, int]:
        return (note.group.number if note.group and home.run.has_names else 0, kinds.index(note.kind))

    ordered = sorted(notes, key=place)
    here = next((number for number, note in enumerate(ordered) if note.pk == pk), None)
    if here is None:
        return {"slip": None, "next": str(ordered[0].public_id)} if ordered else None
    return {
        "slip": slip_of(ordered[here], kinds, has_names=home.run.has_names),
        "number": here + 1,
        "total": len(ordered),
        "previous": str(ordered[here - 1].public_id) if here else "",
        "next": str(ordered[here + 1].public_id) if here + 1 < len(ordered) else "",
    }
