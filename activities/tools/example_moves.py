"""What people and those who facilitate do with pinned examples."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.live.state import Step
from activities.models import Example, ExampleBoard, ExampleQuestion
from activities.models.examples import QUESTION_MAX
from activities.tools.base import Action, Keyed, Move, RefusedError
from activities.tools.note_moves import home_of
from activities.tools.pins import ASKS, are_told, branches_of, examples_of, part_names, pin_of, telling_of, tells
from activities.tools.words import some_words, words

# More than anybody recalls; so that nobody fills the figure.
EXAMPLES_MAX = 30
QUESTIONS_MAX = 5
# How many initiatives are keyed in at one go.
PAPER_ROWS = 8

# --- Those who write ----------------------------------------------------------------------------------------


def add(move: Move) -> None:
    """Pin an initiative to a part of the figure."""
    home = _home(move)
    if home.run.examples.filter(attendance=move.attendance).count() >= EXAMPLES_MAX:
        raise RefusedError(_("You have noted %(count)s initiatives: that is enough.") % {"count": EXAMPLES_MAX})
    row = Example(run=home.run, attendance=move.attendance, is_kept=move.data.get("keep") == "on")
    _fill(row, move.data, home)
    row.save()


def change(move: Move) -> None:
    """Write one's own initiative anew."""
    row = _own(move)
    _fill(row, move.data, _home(move), f"-{row.public_id}")
    row.save(update_fields=["part", *(ask.key for ask in ASKS)])


def take_back(move: Move) -> None:
    """Take one's own initiative from the figure; one that is gone already is no mistake."""
    wanted = move.data.get("example")
    mine = _home(move).run.examples.filter(attendance=move.attendance)
    mine.filter(pk__in=[row.pk for row in mine if str(row.public_id) == wanted]).delete()


def keep(move: Move) -> None:
    """Keep an initiative to oneself: nobody else sees it, also if it was told already."""
    row = _own(move)
    row.is_kept, row.is_told = True, False
    row.save(update_fields=["is_kept", "is_told"])
    ExampleBoard.objects.filter(telling=row).update(telling=None)


def share(move: Move) -> None:
    """Let the others have it after all."""
    row = _own(move)
    row.is_kept = False
    row.save(update_fields=["is_kept"])


def ask(move: Move) -> None:
    """Ask whoever tells an initiative something."""
    row = _by_id(_told(move), move.data.get("example"))
    if row is None:
        raise RefusedError(_("This initiative is not told any more."))
    asked = row.questions.filter(attendance=move.attendance)
    text = some_words(move.data, "text-question", QUESTION_MAX)
    if asked.filter(text=text).exists():
        return
    if asked.count() >= QUESTIONS_MAX:
        raise RefusedError(_("You have asked %(count)s questions here: that is enough.") % {"count": QUESTIONS_MAX})
    row.questions.create(attendance=move.attendance, text=text)


def take_back_question(move: Move) -> None:
    """Take one's own question back; one that is gone already is no mistake."""
    wanted = move.data.get("question")
    mine = ExampleQuestion.objects.filter(example__run=_home(move).run, attendance=move.attendance)
    mine.filter(pk__in=[row.pk for row in mine if str(row.public_id) == wanted]).delete()


# --- Those who facilitate -----------------------------------------------------------------------------------


def tell(move: Move) -> None:
    """Let one initiative be told, shown big; none ends it."""
    _require_telling(move)
    wanted = move.data.get("target", "")
    row = _by_id(_visible(move), wanted) if wanted else None
    if wanted and row is None:
        raise RefusedError(_("This initiative is not there any more."))
    _show(move, row)


def tell_next(move: Move) -> None:
    """Let the next one be told, by part of the figure; *target* is the present one, so a second press moves no-one."""
    _require_telling(move)
    home = _home(move)
    present = telling_of(home)
    if move.data.get("target", "") != (str(present.public_id) if present else ""):
        return
    _show(move, next_of(home, _visible(move), present))


def hide(move: Move) -> None:
    """Take an initiative from everybody's sight; it is kept."""
    if row := _by_id(_visible(move), move.data.get("target")):
        Example.objects.filter(pk=row.pk).update(is_hidden=True)
        ExampleBoard.objects.filter(telling=row).update(telling=None)


def restore(move: Move) -> None:
    """Show a hidden initiative again."""
    if row := _by_id(_shared(move), move.data.get("target")):
        Example.objects.filter(pk=row.pk).update(is_hidden=False)


def answered(move: Move) -> None:
    """Tick a question that was answered, or take the tick away."""
    row = _question(move)
    row.is_answered = not row.is_answered
    row.save(update_fields=["is_answered"])


def hide_question(move: Move) -> None:
    """Take a question from everybody's sight, or show it again; it is kept."""
    row = _question(move)
    row.is_hidden = not row.is_hidden
    row.save(update_fields=["is_hidden"])


ACTIONS: dict[str, Action] = {
    "add-example": add,
    "change-example": change,
    "take-back-example": take_back,
    "keep-example": keep,
    "share-example": share,
    "ask-teller": ask,
    "take-back-question": take_back_question,
}
HOST_ACTIONS: dict[str, Action] = {
    "tell": tell,
    "tell-next": tell_next,
    "hide-example": hide,
    "restore-example": restore,
    "answered": answered,
    "hide-question": hide_question,
}


def next_of(home: Step, rows: list[Example], present: Example | None) -> Example | None:
    """Return the next of *rows* that was not told yet, by part of the figure, from the present one on."""
    pins = [pin_of(row, has_names=False) for row in rows]
    ordered = [pin for branch in branches_of(home, pins) for part in branch.parts for pin in part.pins]
    place = next((at for at, pin in enumerate(ordered) if present and pin.id == str(present.public_id)), -1)
    following = [*ordered[place + 1 :], *ordered[: place + 1]]
    untold = next((pin.id for pin in following if not pin.is_told), None)
    return _by_id(rows, untold)


# --- From paper ---------------------------------------------------------------------------------------------


def key_in(keyed: Keyed) -> str:
    """Pin each initiative of the batch; whose it is may be said, where names are shown."""
    home = home_of(keyed.state, keyed.step)
    people = {str(row.public_id): row for row in keyed.state.participants} if home.run.has_names else {}
    rows = []
    for number in range(1, PAPER_ROWS + 1):
        suffix = f"-{number}"
        if not any(keyed.data.get(f"text-{ask.key}{suffix}", "").strip() for ask in ASKS):
            continue
        row = Example(run=home.run, paper=keyed.entry, attendance=people.get(keyed.data.get(f"who{suffix}", "")))
        try:
            _fill(row, keyed.data, home, suffix)
        except RefusedError as error:
            raise RefusedError(_("Initiative %(number)s: %(why)s") % {"number": number, "why": error}) from error
        rows.append(row)
    if not rows:
        raise RefusedError(_("Write at least one initiative."))
    Example.objects.bulk_create(rows)
    return ngettext("%(count)s initiative", "%(count)s initiatives", len(rows)) % {"count": len(rows)}


# --- What a form names --------------------------------------------------------------------------------------


def _home(move: Move) -> Step:
    return home_of(move.state, move.state.step)


def _fill(row: Example, data: Mapping[str, str], home: Step, suffix: str = "") -> None:
    part = data.get(f"part{suffix}", "")
    # An initiative may stay on a part that an editor has renamed since.
    if part not in {*part_names(home), row.part} or not part:
        raise RefusedError(_("Choose the part of the figure where it belongs."))
    row.part = part
    for one in ASKS:
        read = some_words if one.key == "what" else words
        setattr(row, one.key, read(data, f"text-{one.key}{suffix}", one.most))


def _by_id(rows: Iterable[Any], wanted: str | None) -> Any:
    # Compared as text: what is no id finds nothing.
    return next((row for row in rows if str(row.public_id) == wanted), None)


def _own(move: Move) -> Example:
    row = _by_id(_home(move).run.examples.filter(attendance=move.attendance), move.data.get("example"))
    if row is None:
        raise RefusedError(_("This initiative is not yours, or it is not there any more."))
    return row


def _shared(move: Move) -> list[Example]:
    """Return what all may know of: nothing before the telling has begun."""
    home = _home(move)
    return examples_of(home) if are_told(move.state, home) else []


def _visible(move: Move) -> list[Example]:
    return [row for row in _shared(move) if not row.is_hidden]


def _told(move: Move) -> list[Example]:
    return [row for row in _visible(move) if row.is_told]


def _require_telling(move: Move) -> None:
    if not (tells(move.state.step) and move.state.step.run.started_at):
        raise RefusedError(_("Start the clock first: until then every initiative is its author's alone."))


def _show(move: Move, row: Example | None) -> None:
    ExampleBoard.objects.update_or_create(run=_home(move).run, defaults={"telling": row})
    if row:
        Example.objects.filter(pk=row.pk).update(is_told=True)


def _question(move: Move) -> ExampleQuestion:
    shared = [row.pk for row in _shared(move)]
    row = _by_id(ExampleQuestion.objects.filter(example__in=shared), move.data.get("target"))
    if row is None:
        raise RefusedError(_("This question is not there any more."))
    return row
