"""What is wrong with the options that an editor gives a phase, in words for the editor: see `Tool.faults`."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

# As long as the fields in which a choice is stored.
CHOICE_MAX = 120


def faults_in(options: list[str], *, least: int, most: int) -> Iterator[str]:
    """Yield what is wrong with *options* as such: too few, too many, too long, or two that are the same."""
    if len(options) < least:
        yield ngettext(
            "it needs at least %(count)s option.", "it needs at least %(count)s options, one a line.", least
        ) % {"count": least}
    if len(options) > most:
        yield ngettext("at most %(count)s option fits.", "at most %(count)s options fit.", most) % {"count": most}
    seen: set[str] = set()
    for option in options:
        if len(option) > CHOICE_MAX:
            yield _("“%(option)s” is too long: at most %(most)s characters fit.") % {
                "option": f"{option[:40]}…",
                "most": CHOICE_MAX,
            }
        elif option.casefold() in seen:
            yield _("“%(option)s” is there twice.") % {"option": option}
        seen.add(option.casefold())


def faults_without_use(options: list[str]) -> Iterator[str]:
    """Yield that this tool has no use for *options*, if there are any."""
    if options:
        yield _("this tool takes no options.")
