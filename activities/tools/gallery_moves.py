"""What groups leave and answer on a gallery walk, what facilitators do, and what is keyed in from paper."""

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.live.turns import take_turn
from activities.models import Group, SessionPhase, WalkNote, WalkReply
from activities.models.gallery import LEFT_MAX, REPLY_MAX
from activities.tools.base import Action, Keyed, Move, RefusedError
from activities.tools.figures import works_on
from activities.tools.rota import visits_of
from activities.tools.walks import Walk, is_walk, notes_of, walk_of, walk_step
from activities.tools.words import id_from, words


def leave(move: Move) -> None:
    """Leave a strength and a question at a figure that one's group visits or has visited, or change them.

    A field that was not touched changes nothing; what somebody else of the group has written meanwhile is not
    overwritten.
    """
    walk, group = _walk(move), _group(move)
    at = next((row for row in walk.groups if str(row.number) == move.data.get("at")), None)
    if at not in [visit.at for visit in visits_of(walk.groups, group) if visit.stop <= walk.stop]:
        raise RefusedError(_("Your group does not visit this figure now."))
    for kind in WalkNote.Kind.values:
        text = words(move.data, f"text-{kind}", LEFT_MAX)
        note = WalkNote.objects.filter(run=walk.step.run, group=group, at=at, kind=kind).first()
        now = note.text if note else ""
        was = move.data.get(f"was-{kind}", "")
        if text in {now, was}:
            continue
        if now != was:
            raise RefusedError(_("Somebody of your group was quicker. It says now: “%(text)s”") % {"text": now})
        if hasattr(note, "reply"):
            raise RefusedError(_("This question has been answered, so it stays as it is."))
        _write(note, text, note or WalkNote(run=walk.step.run, group=group, at=at, kind=kind))


def answer(move: Move) -> None:
    """Answer a question at one's own figure, or change the answer."""
    walk, group = _walk(move), _group(move)
    found = {"run": walk.step.run, "at": group, "kind": WalkNote.Kind.QUESTION, "is_hidden": False}
    note = WalkNote.objects.filter(public_id=id_from(move.data.get("note")), **found).first()
    if note is None:
        raise RefusedError(_("This question is not at your figure any more."))
    reply = getattr(note, "reply", None)
    now, was, text = reply.text if reply else "", move.data.get("was", ""), words(move.data, "text", REPLY_MAX)
    if text in {now, was}:
        return
    if now != was:
        raise RefusedError(_("Somebody of your group was quicker. It says now: “%(text)s”") % {"text": now})
    _write(reply, text, reply or WalkReply(note=note))


def stop(move: Move) -> None:
    """Send the groups to another stop; after the last one, back to their own figures. A double click moves on once."""
    walk, to = _walk(move), move.data.get("to", "")
    if not is_walk(move.state.step) or to not in {str(number) for number in range(1, walk.stops + 2)}:
        raise LookupError(to)
    if move.data.get("from", "") == str(walk.stop) and to != str(walk.stop):
        take_turn(walk.step.run, int(to), timezone.now())


def show(move: Move) -> None:
    """Show a group's figure beside the original."""
    to = move.data.get("target", "")
    if is_walk(move.state.step) or to not in {"0", *(str(group.number) for group in move.state.groups)}:
        raise LookupError(to)
    take_turn(move.state.step.run, int(to), timezone.now())


def hide(move: Move) -> None:
    """Take what was left from everybody's sight; it is kept."""
    _walk(move).step.run.walk_notes.filter(public_id=id_from(move.data.get("target"))).update(is_hidden=True)


def restore(move: Move) -> None:
    """Show again what was hidden."""
    _walk(move).step.run.walk_notes.filter(public_id=id_from(move.data.get("target"))).update(is_hidden=False)


def settle(move: Move) -> None:
    """Tick off a question that all have discussed."""
    _questions(move).update(is_settled=True)


def unsettle(move: Move) -> None:
    """Take up a question again."""
    _questions(move).update(is_settled=False)


ACTIONS: dict[str, Action] = {"leave": leave, "answer": answer}
HOST_ACTIONS: dict[str, Action] = {
    "stop": stop,
    "show": show,
    "hide": hide,
    "restore": restore,
    "settle": settle,
    "unsettle": unsettle,
}


def key_in(keyed: Keyed) -> str:
    """Store what came back on slips: `strength-<by>-<at>`, `question-<by>-<at>`, and `answer-<question>`."""
    step = walk_step(keyed.state, keyed.step)
    notes = notes_of(keyed.state, keyed.step)
    left = list(_left(keyed, step.run, walk_of(keyed.state, step), notes))
    WalkNote.objects.bulk_create(left)
    replies = [
        WalkReply(note=note, text=text, paper=keyed.entry)
        for note in notes
        if note.is_open and (text := words(keyed.data, f"answer-{note.public_id}", REPLY_MAX))
    ]
    WalkReply.objects.bulk_create(replies)
    if not left and not replies:
        raise RefusedError(_("Write at least one strength, question or answer."))
    kinds = [note.kind for note in left]
    counts = [
        (kinds.count("strength"), ngettext("%(count)s strength", "%(count)s strengths", kinds.count("strength"))),
        (kinds.count("question"), ngettext("%(count)s question", "%(count)s questions", kinds.count("question"))),
        (len(replies), ngettext("%(count)s answer", "%(count)s answers", len(replies))),
    ]
    return ", ".join(words % {"count": count} for count, words in counts if count)


def _left(keyed: Keyed, run: SessionPhase, walk: Walk, notes: list[WalkNote]) -> Iterator[WalkNote]:
    there = {(note.group_id, note.at_id, note.kind) for note in notes}
    for _visitor, visits in walk.rota:
        for visit in visits:
            for kind in WalkNote.Kind:
                field = f"{kind}-{visit.group.number}-{visit.at.number}"
                text = words(keyed.data, field, LEFT_MAX)
                if not text:
                    continue
                if (visit.group.pk, visit.at.pk, kind) in there:
                    raise RefusedError(
                        _("Group %(by)s has left a %(kind)s at the figure of group %(at)s already.")
                        % {"by": visit.group.number, "at": visit.at.number, "kind": kind.label}
                    )
                yield WalkNote(run=run, group=visit.group, at=visit.at, kind=kind, text=text, paper=keyed.entry)


def _write(stored: WalkNote | WalkReply | None, text: str, row: WalkNote | WalkReply) -> None:
    """Store *text*; an empty one takes back what is stored."""
    if stored and not text:
        stored.delete()
    elif stored:
        stored.text, stored.version = text, stored.version + 1
        stored.save(update_fields=["text", "version"])
    else:
        row.text = text
        row.save()


def _walk(move: Move) -> Walk:
    step = walk_step(move.state, move.state.step)
    if step is None:
        raise RefusedError(_("There was no walk in this session."))
    return walk_of(move.state, step)


def _group(move: Move) -> Group:
    here = next(row for row in move.state.attendances if row.pk == move.attendance.pk)
    _works, group = works_on(move.state, here)
    if group is None:
        raise RefusedError(_("You are in no group now."))
    return group


def _questions(move: Move) -> object:
    questions = _walk(move).step.run.walk_notes.filter(kind=WalkNote.Kind.QUESTION)
    return questions.filter(public_id=id_from(move.data.get("target")))
