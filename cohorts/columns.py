"""What a facilitator may choose to see of the progress table, and the heads of its columns."""

from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from cohorts.constants import PAGE_SIZE
from courses.published import PublishedCourse, PublishedSection, PublishedTopic

ALL = "all"
NO_GROUP = "-"


@dataclass(frozen=True)
class Choice:
    """What a facilitator wants to see of the progress table; what is left open is as given here."""

    q: str = ""
    group: str = ""
    state: str = ""
    sort: str = "name"
    open: str = ""
    size: int = PAGE_SIZE
    page: int = 1

    @property
    def column(self) -> str:
        return self.sort.removeprefix("-")

    @property
    def is_filtered(self) -> bool:
        return bool(self.q or self.group or self.state)

    def query(self, **changes: Any) -> str:
        """Return the query string of this choice with *changes*; without a page named, from the first page on."""
        wanted = replace(self, **{"page": 1, **changes})
        values = {field.name: getattr(wanted, field.name) for field in fields(Choice)}
        usual = {field.name: field.default for field in fields(Choice)}
        return "?" + urlencode({name: value for name, value in values.items() if value != usual[name]}, safe="/")

    @property
    def everybody_query(self) -> str:
        return self.query(q="", group="", state="")

    @property
    def opened_query(self) -> str:
        return self.query(open=ALL, page=self.page)

    @property
    def closed_query(self) -> str:
        return self.query(open="", page=self.page)


# Of each person as a whole; the columns of topics follow.
OF_A_PERSON = {
    "name": _("Name"),
    "group": _("Group"),
    "seen": _("Last seen"),
    "behind": _("Behind the plan"),
    "progress": _("Whole course"),
}


def names(course: PublishedCourse) -> list[str]:
    """Return the names of all columns: the table can be sorted by each."""
    topics = [f"{topic.key}/" for topic in course.topics]
    sections = [f"{section.topic_key}/{section.key}" for section in course.sections]
    return [*OF_A_PERSON, *topics, *sections]


@dataclass
class Column:
    """A head of the table that sorts it: a link to its order, turned round if it is the table's."""

    name: str
    choice: Choice
    topic: PublishedTopic | None = None
    section: PublishedSection | None = None

    @property
    def id(self) -> str:
        return self.name.replace("/", "-")

    @property
    def title(self) -> str:
        return OF_A_PERSON[self.name]

    @property
    def order(self) -> str:
        """How the table is sorted by it, as `aria-sort` has it."""
        if self.choice.column != self.name:
            return ""
        return "descending" if self.choice.sort.startswith("-") else "ascending"

    @property
    def sort_query(self) -> str:
        # Who is most behind is looked for first, and else who has done least.
        first, second = (f"-{self.name}", self.name) if self.name == "behind" else (self.name, f"-{self.name}")
        return self.choice.query(sort=second if self.choice.sort == first else first)

    @property
    def is_open(self) -> bool:
        return self.choice.open in (ALL, self.topic.key)

    @property
    def open_query(self) -> str:
        return self.choice.query(open="" if self.is_open else self.topic.key, page=self.choice.page)
