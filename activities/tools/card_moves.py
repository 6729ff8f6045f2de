"""What people and those who facilitate do with cards."""

from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.live.turns import take_turn
from activities.models import CardField, CardTurn
from activities.models.cards import FIELD_MAX
from activities.tools.base import Action, Keyed, Move, RefusedError
from activities.tools.card_wall import PRESENT, cards_of, questions_of, stage_of, still_to_present
from activities.tools.drawings import strokes_from
from activities.tools.words import words

# --- Those who write ----------------------------------------------------------------------------------------


def save(move: Move) -> None:
    """Keep one's card, all fields of it or, when one is refused, none. An emptied field goes from the card."""
    fields = {row.question_id: row for row in CardField.objects.filter(attendance=move.attendance)}
    is_hidden = any(row.is_hidden for row in fields.values())
    kept, gone = [], []
    for question in questions_of(move.state):
        row = fields.get(question["id"]) or CardField(attendance=move.attendance, question_id=question["id"])
        if f"text-{question['id']}" not in move.data or row.verdict:
            # What has been sorted stays as it was when it was sorted.
            continue
        row.text = words(move.data, f"text-{question['id']}", FIELD_MAX, keeps_lines=True)
        row.drawing = strokes_from(move.data.get(f"drawing-{question['id']}", ""))
        row.is_hidden = is_hidden
        if row.drawing and not row.text:
            raise RefusedError(_("Say in a few words what you drew, for those who cannot see it."))
        (kept if row.text else gone).append(row)
    if not kept:
        raise RefusedError(_("Write something first."))
    for row in kept:
        row.save()
    CardField.objects.filter(pk__in=[row.pk for row in gone if row.pk]).delete()


# --- Those who facilitate -----------------------------------------------------------------------------------


def hide(move: Move) -> None:
    """Take a card from everybody's sight; it is kept."""
    _fields_of(move).update(is_hidden=True)


def restore(move: Move) -> None:
    """Show a hidden card again."""
    _fields_of(move).update(is_hidden=False)


def next_turn(move: Move) -> None:
    """Let the next person present: who comes after this one, or somebody who has not been called yet."""
    run = move.state.step.run
    if not _is_meant(move):
        return
    later = run.card_turns.filter(number__gt=run.turn, is_skipped=False).first()
    if later is None:
        turns = {turn.attendance_id: turn for turn in run.card_turns.all()}
        first = next(iter(still_to_present(cards_of(move.state), turns)), None)
        last = run.card_turns.aggregate(last=Max("number"))["last"] or 0
        if first is None:
            take_turn(run, last + 1, timezone.now())
            return
        later, _is_new = CardTurn.objects.update_or_create(
            run=run, attendance=first.attendance, defaults={"number": last + 1, "is_skipped": False}
        )
    take_turn(run, later.number, timezone.now())


def previous_turn(move: Move) -> None:
    """Go back to whoever presented before."""
    if _is_meant(move):
        run = move.state.step.run
        earlier = run.card_turns.filter(number__lt=run.turn, is_skipped=False).last()
        take_turn(run, earlier.number if earlier else 0, timezone.now())


def skip_turn(move: Move) -> None:
    """Pass over whoever's turn it is; they are called again when all others have presented."""
    if _is_meant(move):
        run = move.state.step.run
        last = run.card_turns.aggregate(last=Max("number"))["last"] or 0
        run.card_turns.filter(number=run.turn).update(is_skipped=True, number=last + 1)
        next_turn(move)


def sort(move: Move) -> None:
    """Sort what is on the cards into the phase's options, each with its reason; all rows that the form sends."""
    options = move.state.step.plan.options
    for row in CardField.objects.filter(
        attendance__session=move.state.session,
        question__in=[question["id"] for question in move.state.step.plan.questions],
    ):
        if f"verdict-{row.pk}" in move.data:
            verdict = move.data[f"verdict-{row.pk}"]
            row.verdict = verdict if verdict in options else ""
            row.reason = words(move.data, f"reason-{row.pk}", FIELD_MAX)
            row.save(update_fields=["verdict", "reason"])


def key_in(keyed: Keyed) -> str:
    """Fill in the card of one person from paper; a card that is there already is not touched."""
    empty = {str(card.attendance.public_id): card for card in cards_of(keyed.state) if card.is_empty}
    card = empty.get(keyed.data.get("person", ""))
    if card is None:
        raise RefusedError(_("Choose whose card this is; somebody who has a card already changes it themselves."))
    texts = {
        question["id"]: words(keyed.data, f"text-{question['id']}", FIELD_MAX, keeps_lines=True)
        for question in questions_of(keyed.state)
    }
    rows = [
        CardField(attendance=card.attendance, paper=keyed.entry, question_id=question, text=text)
        for question, text in texts.items()
        if text
    ]
    if not rows:
        raise RefusedError(_("Write something first."))
    CardField.objects.bulk_create(rows)
    return _("The card of %(name)s") % {"name": card.name}


ACTIONS: dict[str, Action] = {"save-card": save}
HOST_ACTIONS: dict[str, Action] = {
    "hide-card": hide,
    "restore-card": restore,
    "next-turn": next_turn,
    "previous-turn": previous_turn,
    "skip-turn": skip_turn,
    "sort-cards": sort,
}


# --- What a form names --------------------------------------------------------------------------------------


def _is_meant(move: Move) -> bool:
    """Return whether the button was pressed for the turn that it is now: a second press moves nobody on."""
    return stage_of(move.state.step) == PRESENT and move.data.get("target") == str(move.state.step.run.turn)


def _fields_of(move: Move) -> QuerySet[CardField]:
    wanted = move.data.get("target")
    target = next((row for row in move.state.attendances if str(row.public_id) == wanted), None)
    if target is None:
        raise RefusedError(_("This card is not there any more."))
    return CardField.objects.filter(attendance=target)
