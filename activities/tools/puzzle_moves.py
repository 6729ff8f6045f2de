"""What groups do with the pieces of a puzzle, what facilitators moderate, and what is keyed in from paper."""

from collections.abc import Mapping

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.models import Group, Missing, Placing, PuzzlePart
from activities.models.puzzle import ADDITION_MAX
from activities.tools.base import Action, Keyed, Move, RefusedError
from activities.tools.figures import Figure, figure_for, figures_of, parts_of, works_on
from activities.tools.words import id_from, some_words, words

# More than a group says; so that nobody fills the page.
MISSING_MAX = 12


def put(move: Move) -> None:
    """Put a piece into a place, wherever it lay before; what lies there goes back to the table.

    Without a piece the place is emptied. The last move of a piece, and the last into a place, counts.
    """
    group = _group(move)
    parts = parts_of(move.state.step)
    place = _number(parts, "place", move.data.get("place", ""))
    # The list of all places has a choice for each of them; the frame has one choice for all.
    wanted = move.data.get(f"piece-{place.place}" if place and "list" in move.data else "piece")
    piece = _number(parts, "piece", wanted or "")
    if place is None or (piece is None and wanted != ""):
        raise RefusedError(_("Choose a piece first, then press the place where it belongs."))
    if figure_for(figures_of(move.state, move.state.step), group).is_from_paper:
        raise RefusedError(_("Your group's figure was keyed in from paper, so it is not moved here."))
    lies = Q(place=place) | Q(piece=piece) if piece else Q(place=place)
    Placing.objects.filter(lies, group=group, paper=None).delete()
    if piece:
        Placing.objects.create(group=group, piece=piece, place=place)


def add_missing(move: Move) -> None:
    """Add what the group finds missing; the same once more changes nothing."""
    run, group, text = move.state.step.run, _group(move), some_words(move.data, "text", ADDITION_MAX)
    own = run.missing.filter(group=group)
    if own.filter(text__iexact=text).exists():
        return
    if own.count() >= MISSING_MAX:
        raise RefusedError(_("Your group has added %(count)s: that is enough.") % {"count": MISSING_MAX})
    own.create(run=run, group=group, text=text)


def take_back_missing(move: Move) -> None:
    """Take back what the group found missing; what is gone already is no mistake."""
    move.state.step.run.missing.filter(group=_group(move), public_id=id_from(move.data.get("missing"))).delete()


def hide_missing(move: Move) -> None:
    """Take what a group has added from everybody's sight; it is kept."""
    move.state.step.run.missing.filter(public_id=id_from(move.data.get("target"))).update(is_hidden=True)


def restore_missing(move: Move) -> None:
    """Show again what was hidden."""
    move.state.step.run.missing.filter(public_id=id_from(move.data.get("target"))).update(is_hidden=False)


ACTIONS: dict[str, Action] = {"put": put, "add-missing": add_missing, "take-back-missing": take_back_missing}
HOST_ACTIONS: dict[str, Action] = {"hide-missing": hide_missing, "restore-missing": restore_missing}


def key_in(keyed: Keyed) -> str:
    """Store the figures that came back on paper; each stands for its group's until its entry is taken back."""
    run, parts = keyed.step.run, parts_of(keyed.step)
    count = added = 0
    for figure in figures_of(keyed.state, keyed.step):
        laid = _laid(keyed.data, figure, parts)
        lines = words(keyed.data, f"text-{figure.number}", MISSING_MAX * ADDITION_MAX, keeps_lines=True).splitlines()
        Placing.objects.bulk_create(
            Placing(group=figure.group, paper=keyed.entry, piece=piece, place=place) for place, piece in laid
        )
        count += bool(laid)
        texts = [text for line in lines if (text := words({"": line}, "", ADDITION_MAX))]
        if len(texts) + len(figure.missing) > MISSING_MAX:
            raise RefusedError(
                _("Group %(number)s: at most %(most)s things are missing.")
                % {"number": figure.number, "most": MISSING_MAX}
            )
        Missing.objects.bulk_create(
            Missing(run=run, group=figure.group, paper=keyed.entry, text=text) for text in texts
        )
        added += len(texts)
    if not count and not added:
        raise RefusedError(_("Write the number of a piece at least for one place."))
    made = ngettext("%(count)s figure", "%(count)s figures", count) % {"count": count}
    return made if not added else _("%(figures)s, %(count)s added") % {"figures": made, "count": added}


def _laid(data: Mapping[str, str], figure: Figure, parts: list[PuzzlePart]) -> list[tuple[PuzzlePart, PuzzlePart]]:
    """Return the places that are filled in for a figure, each with its piece."""
    name = _("Group %(number)s") % {"number": figure.number} if figure.group else _("All together")
    found: dict[PuzzlePart, PuzzlePart] = {}
    for place in parts:
        wanted = data.get(f"piece-{figure.number}-{place.place}", "").strip()
        if not wanted:
            continue
        piece = _number(parts, "piece", wanted)
        if piece is None:
            raise RefusedError(_("%(group)s: there is no piece “%(piece)s”.") % {"group": name, "piece": wanted})
        if piece in found:
            raise RefusedError(
                _("%(group)s: piece %(piece)s lies in places %(one)s and %(other)s.")
                % {"group": name, "piece": piece.piece, "one": found[piece].place, "other": place.place}
            )
        found[piece] = place
    return [(place, piece) for piece, place in found.items()]


def _group(move: Move) -> Group | None:
    """Return the group on whose figure somebody works; refuse who works on none."""
    here = next(row for row in move.state.attendances if row.pk == move.attendance.pk)
    works, group = works_on(move.state, here)
    if not works:
        raise RefusedError(_("You are in no group now, so there is no figure for you to work on."))
    return group


def _number(parts: list[PuzzlePart], name: str, value: str) -> PuzzlePart | None:
    # Compared as text: digits of other scripts, or thousands of them, are numbers to some and none to others.
    return next((part for part in parts if str(getattr(part, name)) == value), None)
