"""Small drawings: strokes as numbers, from a form and back onto a page. No markup of anybody's is ever stored."""

import json

from django.utils.translation import gettext as _

from activities.tools.base import RefusedError

SIZE = 300
STROKES_MAX = 200
POINTS_MAX = 4000
# Longer than the longest drawing can be in JSON, with a space after every number.
_LENGTH_MAX = 2 * POINTS_MAX * 6

# Each stroke is flat: x, y, x, y …
Strokes = list[list[int]]


def strokes_from(text: str) -> Strokes:
    """Return the strokes of a form's hidden field; raises RefusedError for anything else than a drawing of ours."""
    if not text.strip():
        return []
    try:
        strokes = json.loads(text) if len(text) <= _LENGTH_MAX else None
    except (ValueError, RecursionError):
        strokes = None
    if not isinstance(strokes, list) or not all(map(_is_stroke, strokes)):
        raise RefusedError(_("The drawing did not arrive whole. Draw it again, or write instead."))
    if len(strokes) > STROKES_MAX or sum(map(len, strokes)) > 2 * POINTS_MAX:
        raise RefusedError(_("The drawing has too many strokes: make it simpler."))
    return strokes


def _is_stroke(stroke: object) -> bool:
    return (
        isinstance(stroke, list)
        and len(stroke) >= 2
        and len(stroke) % 2 == 0
        and all(type(number) is int and 0 <= number <= SIZE for number in stroke)
    )


def lines_of(strokes: Strokes) -> list[str]:
    """Return what an SVG's polylines need; a dot is a line to where it began."""
    return [" ".join(map(str, stroke if len(stroke) > 2 else stroke * 2)) for stroke in strokes]
