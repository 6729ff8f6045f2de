"""What people write, as it comes out of a form."""

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
