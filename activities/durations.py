"""How long phases and activities take."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.models import Phase


class Timed(Protocol):
    """What has minutes, at least and at most, for everybody at once or `per` person, group or round."""

    minutes: int
    most: int | None
    per: str


@dataclass(frozen=True)
class Span:
    """From *least* to *most* minutes, for everybody at once or *per* person, group or round."""

    least: int
    most: int
    per: str = ""

    def __str__(self) -> str:
        if self.least == self.most:
            text = ngettext("%(count)s minute", "%(count)s minutes", self.least) % {"count": self.least}
        else:
            text = _("%(least)s to %(most)s minutes") % {"least": self.least, "most": self.most}
        if not self.per:
            return text
        return _("%(minutes)s for %(whom)s") % {"minutes": text, "whom": Phase.Per(self.per).label}


def span(timed: Timed) -> Span:
    """Return how long one phase takes."""
    return Span(timed.minutes, timed.most or timed.minutes, timed.per)


@dataclass(frozen=True)
class Duration:
    """How long several phases take: those for everybody at once together, and what comes on top for each of some."""

    spans: tuple[Span, ...]

    @classmethod
    def of(cls, phases: Iterable[Timed]) -> "Duration":
        """Add up *phases*."""
        spans = [span(phase) for phase in phases]
        sums = (
            Span(sum(one.least for one in same), sum(one.most for one in same), per)
            for per in ("", *Phase.Per.values)
            if (same := [one for one in spans if one.per == per])
        )
        return cls(tuple(sums))

    @property
    def least(self) -> int:
        return sum(one.least for one in self.spans if not one.per)

    @property
    def most(self) -> int:
        return sum(one.most for one in self.spans if not one.per)

    def __str__(self) -> str:
        """Return it in words: “30 to 45 minutes + 5 minutes for each person”."""
        return " + ".join(str(one) for one in self.spans)
