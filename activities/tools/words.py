"""What people write, as it comes out of a form."""

import uuid
from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.tools.base import RefusedError


def words(data: Mapping[str, str], name: str, most: int, *, keeps_lines: bool = False) -> str:
    """Return the text of one field in at most *most* characters, without needless space; it may be empty.

    Raises RefusedError where it is too long: nothing is cut off unseen.
    """
    text = data.get(name, "").replace("\x00", "").replace("\r\n", "\n").strip()
    if not keeps_lines:
        text = " ".join(text.split())
    if len(text) > most:
        raise RefusedError(
            ngettext(
                "This is %(over)s character too long: at most %(most)s fit.",
                "This is %(over)s characters too long: at most %(most)s fit.",
                len(text) - most,
            )
            % {"over": len(text) - most, "most": most}
        )
    return text


def some_words(data: Mapping[str, str], name: str, most: int) -> str:
    """Return the text of one field; an empty one is refused."""
    text = words(data, name, most)
    if not text:
        raise RefusedError(_("Write something first."))
    return text


def many(data: Mapping[str, str], name: str) -> list[str]:
    """Return all values of a field that a form may have several times."""
    return data.getlist(name) if hasattr(data, "getlist") else [data[name]] if name in data else []


def lines(data: Mapping[str, str], name: str, most: int) -> list[str]:
    """Return the lines of one field, without empty ones; each of at most *most* characters, else RefusedError."""
    found = [" ".join(line.split()) for line in data.get(name, "").replace("\x00", "").splitlines()]
    found = [line for line in found if line]
    for line in found:
        if len(line) > most:
            raise RefusedError(
                _("One line is too long, at most %(most)s characters fit: “%(line)s”")
                % {"most": most, "line": f"{line[:40]}…"}
            )
    return found


def whole_number(data: Mapping[str, str], name: str, most: int) -> int:
    """Return the whole number of one field, 0 for an empty one; RefusedError for anything but 0 to *most*."""
    text = data.get(name, "").strip()
    if not text:
        return 0
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(most)) and int(text) <= most):
        raise RefusedError(_("“%(text)s” is not a number from 0 to %(most)s.") % {"text": text[:20], "most": most})
    return int(text)


def id_from(text: str | None) -> uuid.UUID | None:
    """Return the random id that a form names; None for nonsense, which names nothing."""
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None
