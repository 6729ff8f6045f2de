"""The questions of an interview as they stand in a session, and the objectives that they are tied to."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _

from activities.live.state import State
from activities.models import InterviewQuestion, Outcome, SessionPhase
from courses.published import PublishedCourse


@dataclass(frozen=True)
class Aim:
    """A learning objective of the course, with where it is read about."""

    id: int
    text: str
    source: str
    url: str


@dataclass
class Entry:
    """A question of the bank, with its objective and what became of it."""

    row: InterviewQuestion
    aim: Aim | None
    outcome: Outcome | None

    @property
    def id(self) -> str:
        return str(self.row.public_id)

    @property
    def is_unclear(self) -> bool:
        return self.outcome is not None and self.outcome.kind == Outcome.Kind.UNCLEAR

    @property
    def may_be_drawn(self) -> bool:
        return self.outcome is None and not self.row.is_left_out


@dataclass
class Bank:
    """All questions of an interview."""

    entries: list[Entry]

    @property
    def discussed(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.outcome]

    @property
    def unclear(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.is_unclear]

    @property
    def remaining(self) -> list[Entry]:
        """What may still be drawn, the open question among it."""
        return [entry for entry in self.entries if entry.may_be_drawn]

    @property
    def total(self) -> int:
        return len(self.remaining) + len(self.discussed)

    @property
    def from_paper_count(self) -> int:
        return sum(entry.outcome.paper_id is not None for entry in self.discussed)

    @property
    def by_heading(self) -> list[tuple[str, list[Entry]]]:
        return by_heading(self.entries)

    @property
    def untouched(self) -> list[Aim]:
        """The objectives that nobody has been asked about yet, of questions that are not left out."""
        done = {entry.aim for entry in self.discussed}
        return list(dict.fromkeys(entry.aim for entry in self.remaining if entry.aim and entry.aim not in done))

    def with_id(self, wanted: str | None) -> Entry | None:
        """Return the question with an id, or None; compared as text: what is no id finds nothing."""
        return next((entry for entry in self.entries if entry.id == wanted), None)


def by_heading(entries: Iterable[Entry]) -> list[tuple[str, list[Entry]]]:
    """Return *entries* as they stand together."""
    return [(heading, list(rows)) for heading, rows in groupby(entries, key=lambda entry: entry.row.heading)]


def bank_of(state: State, run: SessionPhase) -> Bank:
    """Return the questions of one interview, in one query."""
    aims = {aim.id: aim for aim in aims_of(state.course)}
    rows = run.interview_questions.select_related("outcome")
    return Bank([Entry(row, aims.get(row.objective_id), getattr(row, "outcome", None)) for row in rows])


def aims_of(course: PublishedCourse) -> list[Aim]:
    """Return the learning objectives of the topics, then those of the whole course."""
    found = [
        Aim(objective["id"], objective["text"], _("Topic %(number)s: %(title)s") % {
            "number": topic.number, "title": topic.short_title,
        }, topic.url)
        for topic in course.topics
        for objective in topic.objectives
    ]  # fmt: skip
    own = [Aim(row["id"], row["text"], course.short_title, course.get_absolute_url()) for row in course.objectives]
    return found + own
