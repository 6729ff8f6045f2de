"""What people and those who facilitate do with sticky notes."""

from django.db.models import Q, QuerySet
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.live.state import State, Step
from activities.models import Attendance, Cluster, Group, Note, NoteBoard, Seat, SessionPhase
from activities.models.contributions import TEXT_MAX
from activities.tools.base import Action, Carried, Keyed, Move, RefusedError
from activities.tools.words import id_from, lines, many, some_words, words

# More than anybody writes; so that nobody fills the board.
NOTES_MAX = 60
SUMMARY_MAX = 5000
# Notes from paper that are keyed in at one go.
KEYED_MAX = 200


def home_of(state: State, step: Step) -> Step:
    """Return the step whose notes *step* goes on with: the first that takes up the same questions and options."""
    return next(other for other in state.steps if _board_key(other) == _board_key(step))


def _board_key(step: Step) -> tuple[object, ...]:
    plan = step.plan
    return plan.tool, plan.options, [question["key"] for question in plan.questions]


def group_of(attendance: Attendance) -> Group | None:
    """Return the group in which somebody sits."""
    seat = Seat.objects.filter(attendance=attendance).select_related("group").first()
    return seat.group if seat else None


def is_by_group(step: Step, group: Group | None) -> bool:
    """Return whether what is written now is the group's."""
    return group is not None and step.plan.work == "groups"


def own_notes(home: Step, attendance: Attendance, group: Group | None) -> QuerySet[Note]:
    """Return the notes that somebody may change: their own, and those of their group."""
    owned = Q(attendance=attendance)
    return home.run.notes.filter(owned | Q(group=group) if group else owned)


# --- Those who write ----------------------------------------------------------------------------------------


def add(move: Move) -> None:
    """Put a note on the board."""
    home, group = _home(move), group_of(move.attendance)
    if home.run.notes.filter(attendance=move.attendance).count() >= NOTES_MAX:
        raise RefusedError(_("You have written %(count)s notes: that is enough.") % {"count": NOTES_MAX})
    Note.objects.create(
        run=home.run,
        attendance=move.attendance,
        group=group if is_by_group(move.state.step, group) else None,
        kind=_kind(move, home),
        text=some_words(move.data, "text", TEXT_MAX),
    )


def change(move: Move) -> None:
    """Write one's own note anew; what somebody else of the group has written meanwhile is not overwritten."""
    note, text = _own_note(move), some_words(move.data, "text", TEXT_MAX)
    if note.text not in {move.data.get("was"), text}:
        raise RefusedError(_("Somebody has changed this note meanwhile. It says now: “%(text)s”") % {"text": note.text})
    note.text, note.kind = text, _kind(move, _home(move))
    note.save(update_fields=["text", "kind"])


def take_back(move: Move) -> None:
    """Take one's own note from the board; one that is gone already is no mistake."""
    home = _home(move)
    own_notes(home, move.attendance, group_of(move.attendance)).filter(
        public_id=id_from(move.data.get("note"))
    ).delete()


# --- Those who facilitate -----------------------------------------------------------------------------------


def hide(move: Move) -> None:
    """Take a note from everybody's sight; it is kept."""
    _home(move).run.notes.filter(public_id=id_from(move.data.get("target"))).update(is_hidden=True)


def restore(move: Move) -> None:
    """Show a hidden note again."""
    _home(move).run.notes.filter(public_id=id_from(move.data.get("target"))).update(is_hidden=False)


def cluster(move: Move) -> None:
    """Put the ticked notes together under a name; one that is there already takes them in."""
    run, ticked = _home(move).run, _ticked(move)
    name = some_words(move.data, "cluster", Cluster._meta.get_field("name").max_length)
    found = run.clusters.filter(name__iexact=name).first() or Cluster.objects.create(run=run, name=name)
    ticked.update(cluster=found)


def take_out(move: Move) -> None:
    """Take the ticked notes out of their clusters."""
    _ticked(move).update(cluster=None)


def rename(move: Move) -> None:
    """Give a cluster another name; the name of another one joins them."""
    found = _cluster(move)
    name = some_words(move.data, f"name-{found.pk}", Cluster._meta.get_field("name").max_length)
    other = found.run.clusters.filter(name__iexact=name).exclude(pk=found.pk).first()
    if other:
        found.notes.update(cluster=other)
        found.delete()
    else:
        found.name = name
        found.save(update_fields=["name"])


def take_apart(move: Move) -> None:
    """Let the notes of a cluster lie for themselves again."""
    _cluster(move).delete()


def read(move: Move) -> None:
    """Show one note big, to be read aloud; none ends the reading."""
    run, wanted = _home(move).run, move.data.get("target", "")
    note = run.notes.filter(public_id=id_from(wanted), is_hidden=False).first() if wanted else None
    if wanted and note is None:
        raise RefusedError(_("This note is not there any more."))
    NoteBoard.objects.update_or_create(run=run, defaults={"reading": note})


def summarize(move: Move) -> None:
    """Keep what those who facilitate sum up."""
    text = words(move.data, "text", SUMMARY_MAX, keeps_lines=True)
    board, _is_new = NoteBoard.objects.get_or_create(run=_home(move).run)
    if str(board.version) != move.data.get("version") and board.summary != text:
        raise RefusedError(
            _("Somebody else has changed the summary meanwhile. It says now: “%(text)s”") % {"text": board.summary}
        )
    board.summary, board.version = text, board.version + 1
    board.save(update_fields=["summary", "version"])


def take_in(move: Move, carried: list[Carried], origin: SessionPhase) -> None:
    """Put what *origin* has left on the board, under the kind that the form names or, without one, that it had there.

    What was taken along before stays as it is: the database keeps each once.
    """
    home, wanted = _home(move), move.data.get("kind", "")
    kinds = home.plan.options
    notes = [
        Note(
            run=home.run,
            origin=origin,
            origin_key=row.key,
            kind=(wanted or row.kind) if kinds else "",
            text=Truncator(row.text).chars(TEXT_MAX),
        )
        for row in carried
    ]
    if kinds and any(note.kind not in kinds for note in notes):
        raise RefusedError(_("Choose under which heading to put it."))
    Note.objects.bulk_create(notes, ignore_conflicts=True)


def key_in(keyed: Keyed) -> str:
    """Put notes from paper on the board: a line each, in the field of its kind."""
    kinds = keyed.step.plan.options or [""]
    wanted = keyed.data.get("group", "")
    group = next((group for group in keyed.state.groups if str(group.number) == wanted), None)
    notes = [
        Note(run=keyed.step.run, paper=keyed.entry, group=group, kind=kind, text=line)
        for place, kind in enumerate(kinds, start=1)
        for line in lines(keyed.data, f"notes-{place}", TEXT_MAX)
    ]
    if not notes:
        raise RefusedError(_("Write something first."))
    if len(notes) > KEYED_MAX:
        raise RefusedError(_("These are more than %(most)s notes: key them in in parts.") % {"most": KEYED_MAX})
    Note.objects.bulk_create(notes)
    return ngettext("%(count)s note", "%(count)s notes", len(notes)) % {"count": len(notes)}


ACTIONS: dict[str, Action] = {"add-note": add, "change-note": change, "take-back-note": take_back}
HOST_ACTIONS: dict[str, Action] = {
    "hide-note": hide,
    "restore-note": restore,
    "cluster": cluster,
    "take-out": take_out,
    "rename-cluster": rename,
    "take-apart": take_apart,
    "read-note": read,
    "summarize": summarize,
}


# --- What a form names --------------------------------------------------------------------------------------


def _home(move: Move) -> Step:
    return home_of(move.state, move.state.step)


def _kind(move: Move, home: Step) -> str:
    kinds, kind = home.plan.options, move.data.get("kind", "")
    if not kinds:
        return ""
    if kind not in kinds:
        raise RefusedError(_("Choose where this note belongs."))
    return kind


def _own_note(move: Move) -> Note:
    own = own_notes(_home(move), move.attendance, group_of(move.attendance))
    note = own.filter(public_id=id_from(move.data.get("note"))).first()
    if note is None:
        raise RefusedError(_("This note is not yours, or it is not there any more."))
    return note


def _ticked(move: Move) -> QuerySet[Note]:
    notes = _home(move).run.notes.filter(public_id__in=filter(None, map(id_from, many(move.data, "note"))))
    if not notes.exists():
        raise RefusedError(_("Tick the notes first."))
    return notes


def _cluster(move: Move) -> Cluster:
    pk = move.data.get("target", "")
    found = _home(move).run.clusters.filter(pk=pk).first() if pk.isdecimal() else None
    if found is None:
        raise RefusedError(_("This group of notes is not there any more."))
    return found
