"""What those who facilitate do in an interview, and whoever has the microphone."""

from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.live.state import State, Step
from activities.live.turns import take_turn
from activities.models import Asked, Asking, Attendance, InterviewQuestion, LastStep, Outcome, SessionPhase
from activities.models.interview import NOTE_MAX
from activities.tools.base import Action, Keyed, Move, RefusedError
from activities.tools.interview_bank import aims_of, bank_of
from activities.tools.lots import draw_person, draw_question
from activities.tools.words import some_words, words

QUESTION_MAX = 300
ADDED_MAX = 40

# --- Whoever has the microphone -----------------------------------------------------------------------------


def pass_it(move: Move) -> None:
    """Pass, without a reason: somebody else is asked the same."""
    if not _is_meant(move):
        return
    asking = _asking(move)
    if asking is None or asking.holder_id != move.attendance.pk:
        raise RefusedError(_("The microphone is with somebody else by now."))
    _pass_on(move, asking)


# --- Those who facilitate -----------------------------------------------------------------------------------


def draw(move: Move) -> None:
    """Draw the next question and whoever is asked; done for all, once, however many press the button."""
    run = move.state.step.run
    if not _is_meant(move) or _asking(move):
        return
    if run.started_at is None:
        raise RefusedError(_("Start the clock first."))
    bank = bank_of(move.state, run)
    if not bank.remaining:
        raise RefusedError(_("All questions have been discussed."))
    asked_about = [entry.row.objective_id for entry in bank.discussed]
    question = draw_question([entry.row for entry in bank.remaining], asked_about)
    holder = _somebody(move.state, question)
    Asking.objects.create(run=run, question=question, holder=holder)
    _count(run, holder)
    _remember(run, LastStep.Kind.DRAW, question, holder=None, counted=holder)
    _next_turn(run)


def pass_on(move: Move) -> None:
    """Ask somebody else, for somebody who passes and has no device."""
    asking = _asking(move)
    if _is_meant(move) and asking:
        _pass_on(move, asking)


def close(kind: Outcome.Kind) -> Action:
    """Return the action that closes the open question as *kind*."""

    def action(move: Move) -> None:
        asking = _asking(move)
        if not _is_meant(move) or asking is None:
            return
        note = words(move.data, "text-note", NOTE_MAX) if kind == Outcome.Kind.UNCLEAR else ""
        helper = _helper(move, asking) if kind == Outcome.Kind.COMPLETED else None
        _close(move.state.step.run, asking, kind, note, helper)

    return action


def undo(move: Move) -> None:
    """Take the last step back: a draw, a pass or an outcome. Only one can be."""
    run = move.state.step.run
    last = LastStep.objects.filter(run=run).first()
    if not _is_meant(move) or last is None:
        return
    if last.kind == LastStep.Kind.CLOSE:
        Outcome.objects.filter(question=last.question_id).delete()
        Asking.objects.create(run=run, question_id=last.question_id, holder_id=last.holder_id)
    elif last.kind == LastStep.Kind.PASS:
        Asking.objects.filter(run=run).update(holder=last.holder_id)
        run.asked.filter(attendance=last.holder_id).update(passed=None)
    else:
        Asking.objects.filter(run=run).delete()
    run.asked.filter(attendance=last.counted_id, times__gte=1).update(times=F("times") - 1)
    last.delete()
    _next_turn(run, is_on=last.kind != LastStep.Kind.DRAW)


def add(move: Move) -> None:
    """Add a question of one's own, perhaps for a learning objective."""
    run = move.state.step.run
    text = some_words(move.data, "text-question", QUESTION_MAX)
    rows = run.interview_questions.all()
    if rows.filter(question=None).count() >= ADDED_MAX:
        raise RefusedError(_("You have added %(count)s questions: that is enough.") % {"count": ADDED_MAX})
    if rows.filter(text__iexact=text).exists():
        return
    wanted = move.data.get("objective", "")
    aim = next((aim for aim in aims_of(move.state.course) if str(aim.id) == wanted), None)
    last = rows.aggregate(last=Max("position"))["last"] or 0
    InterviewQuestion.objects.create(
        run=run, text=text, heading=_("Added in the room"), objective_id=aim.id if aim else None, position=last + 1
    )


def choose(**fields: bool) -> Action:
    """Return the action that sets *fields* of a question that has not been drawn yet."""

    def action(move: Move) -> None:
        wanted = move.data.get("target")
        rows = move.state.step.run.interview_questions.filter(outcome=None, asking=None)
        row = next((row for row in rows if str(row.public_id) == wanted), None)
        if row is None:
            raise RefusedError(_("This question has been drawn meanwhile."))
        InterviewQuestion.objects.filter(pk=row.pk).update(**fields)

    return action


ACTIONS: dict[str, Action] = {"pass": pass_it}
HOST_ACTIONS: dict[str, Action] = {
    "draw": draw,
    "pass-on": pass_on,
    **{f"close-{kind}": close(kind) for kind in Outcome.Kind},
    "undo-step": undo,
    "add-question": add,
    "leave-out": choose(is_left_out=True),
    "take-in": choose(is_left_out=False),
    "important": choose(is_important=True),
    "ordinary": choose(is_important=False),
}


# --- From paper ---------------------------------------------------------------------------------------------


def key_in(keyed: Keyed) -> str:
    """Store what became of questions that were discussed on paper."""
    rows = []
    for entry in open_entries(keyed.state, keyed.step):
        kind = keyed.data.get(f"outcome-{entry.id}", "")
        if not kind:
            continue
        if kind not in Outcome.Kind.values:
            raise LookupError(kind)
        note = words(keyed.data, f"text-note-{entry.id}", NOTE_MAX)
        if note and kind != Outcome.Kind.UNCLEAR:
            raise RefusedError(_("“%(text)s”: a note says what was unclear.") % {"text": entry.row.text})
        rows.append(Outcome(question=entry.row, kind=kind, note=note, paper=keyed.entry))
    named = sum(name.startswith("outcome-") and value != "" for name, value in keyed.data.items())
    if named > len(rows):
        raise RefusedError(_("A question has been drawn or discussed here meanwhile: look again."))
    if not rows:
        raise RefusedError(_("Say of at least one question what became of it."))
    Outcome.objects.bulk_create(rows)
    return ngettext("%(count)s question discussed", "%(count)s questions discussed", len(rows)) % {"count": len(rows)}


def open_entries(state: State, step: Step) -> list:
    """Return the questions that may be keyed in as discussed: all that were not, except the one that is open."""
    drawn = set(Asking.objects.filter(run=step.run).values_list("question_id", flat=True))
    return [entry for entry in bank_of(state, step.run).remaining if entry.row.pk not in drawn]


# --- Within the lock ----------------------------------------------------------------------------------------


def _is_meant(move: Move) -> bool:
    """Return whether a button was pressed for how things stand now: a second press, or facilitator, does nothing."""
    return move.data.get("target") == str(move.state.step.run.turn)


def _asking(move: Move) -> Asking | None:
    return Asking.objects.filter(run=move.state.step.run).select_related("question").first()


def people_to_ask(state: State) -> list[Attendance]:
    """Return those who can be asked now: present, and reached by their name or on their own phone."""
    has_names = state.step.run.has_names
    return [row for row in state.participants if not state.is_away(row) and (has_names or not row.is_on_paper)]


def _somebody(state: State, question: InterviewQuestion) -> Attendance | None:
    """Return who is asked *question*: nobody who has passed on it; None once all have."""
    counts = {row.attendance_id: row for row in state.step.run.asked.all()}
    passed = {pk for pk, row in counts.items() if row.passed_id == question.pk}
    people = {row.pk: row for row in people_to_ask(state) if row.pk not in passed}
    found = draw_person(list(people), {pk: row.times for pk, row in counts.items()})
    return people.get(found)


def _pass_on(move: Move, asking: Asking) -> None:
    run, passer = move.state.step.run, asking.holder
    if passer:
        Asked.objects.update_or_create(run=run, attendance=passer, defaults={"passed": asking.question})
    asking.holder = _somebody(move.state, asking.question)
    asking.save(update_fields=["holder"])
    _count(run, asking.holder)
    _remember(run, LastStep.Kind.PASS, asking.question, holder=passer, counted=asking.holder)
    _next_turn(run)


def _close(run: SessionPhase, asking: Asking, kind: Outcome.Kind, note: str, helper: Attendance | None) -> None:
    Outcome.objects.create(question=asking.question, kind=kind, note=note)
    _count(run, helper)
    _remember(run, LastStep.Kind.CLOSE, asking.question, holder=asking.holder, counted=helper)
    asking.delete()
    # Who has passed is forgotten with the question.
    run.asked.exclude(passed=None).update(passed=None)
    _next_turn(run, is_on=False)


def _helper(move: Move, asking: Asking) -> Attendance | None:
    """Return who has completed the answer, if it was said; that they had a turn is all that is kept of it."""
    wanted = move.data.get("helper", "")
    people = (row for row in move.state.participants if row.pk != asking.holder_id)
    return next((row for row in people if str(row.public_id) == wanted), None)


def _count(run: SessionPhase, attendance: Attendance | None) -> None:
    if attendance:
        row, _is_new = Asked.objects.get_or_create(run=run, attendance=attendance)
        Asked.objects.filter(pk=row.pk).update(times=F("times") + 1)


def _remember(
    run: SessionPhase,
    kind: LastStep.Kind,
    question: InterviewQuestion,
    *,
    holder: Attendance | None,
    counted: Attendance | None,
) -> None:
    fields = {"kind": kind, "question": question, "holder": holder, "counted": counted}
    LastStep.objects.update_or_create(run=run, defaults=fields)


def _next_turn(run: SessionPhase, *, is_on: bool = True) -> None:
    """Count a step. While a question is open, whoever has the microphone has a minute from now."""
    take_turn(run, run.turn + 1, timezone.now())
    if not is_on:
        run.turn_started_at = None
        run.save(update_fields=["turn_started_at"])
