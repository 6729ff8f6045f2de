"""What bodies point to, and whether it is there. The importer and the admin ask here, so both refuse the same."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import Manager, Model, QuerySet
from django.utils.translation import gettext as _

from courses import additions
from courses.coursefiles.named import check_keys
from courses.coursefiles.problems import Problems
from courses.coursefiles.shapes import Item, Part, Shape, current
from courses.markdown import Mark, MarkdownError, read_body
from courses.models import (
    CaseStudy,
    Course,
    Figure,
    GlossaryTerm,
    ReflectionPrompt,
    RelatedModule,
    Section,
    Topic,
)
from courses.models.content import Compiled

# Which directives may stand in which body; glossary marks may stand in all.
ROOMS = {
    Section: ("reflection", "case-study", "figure", "see-also"),
    Course: ("figure", "see-also"),
    Topic: ("figure", "see-also"),
    GlossaryTerm: (),
}
ELSEWHERE = ("see-also",)


@dataclass
class TopicKeys:
    """What a topic holds that can be pointed to."""

    sections: set[str] = field(default_factory=set)
    prompts: set[str] = field(default_factory=set)
    case_studies: set[str] = field(default_factory=set)


@dataclass
class Known:
    """Every key of a course that a body may name."""

    modules: set[str] = field(default_factory=set)
    figures: set[str] = field(default_factory=set)
    terms: set[str] = field(default_factory=set)
    topics: dict[str, TopicKeys] = field(default_factory=dict)

    def has(self, mark: Mark, topic: str) -> bool:
        """Return whether what *mark* points to is there; *topic* is the one that its body belongs to."""
        keys = self.topics.get(topic, TopicKeys())
        match mark.kind:
            case "term":
                return mark.key in self.terms
            case "figure":
                return mark.key in self.figures
            case "reflection":
                return mark.key in keys.prompts
            case "case-study":
                return mark.key in keys.case_studies
        first, _slash, rest = mark.key.partition("/")
        if first != "topics":
            return first in self.modules
        topic_key, _slash, section = rest.partition("/")
        return topic_key in self.topics and (not section or section in self.topics[topic_key].sections)


@dataclass(frozen=True)
class Fault:
    """Something not in order in a body: its *line*, counted from 1, the *reason*, and the *mark* if it is one."""

    line: int
    reason: str
    mark: Mark | None = None


def check_body(text: str, model: type | None, known: Known, topic: str = "") -> Iterator[Fault]:
    """Yield what is wrong with the body *text* of a row of *model* (None: a smaller text) in *topic* (its key)."""
    try:
        body = read_body(text)
    except MarkdownError as error:
        yield Fault(error.line, error.reason)
        return
    rooms = [ROOMS, *(addition.rooms for addition in additions.additions())]
    allowed = next((room[model] for room in rooms if model in room), ELSEWHERE)
    for mark in body.marks:
        if mark.kind != "term" and mark.kind not in allowed:
            yield Fault(mark.line, _("“:::%(name)s” cannot stand in this text.") % {"name": mark.kind})
        elif not known.has(mark, topic):
            yield Fault(mark.line, _missing(mark), mark)
    if model is GlossaryTerm and body.compiled["headings"]:
        yield Fault(1, _("A definition has no headings."))


def _missing(mark: Mark) -> str:
    reasons = {
        "term": _("There is no glossary term “%(key)s” in this course."),
        "figure": _("There is no figure “%(key)s” in this course."),
        "reflection": _("There is no point for reflection “%(key)s” in this topic."),
        "case-study": _("There is no case study “%(key)s” in this topic."),
        "see-also": _("There is no related module, topic or section “%(key)s” in this course."),
    }
    return reasons[mark.kind] % {"key": mark.key}


def placed_prompts(text: str) -> list[Mark]:
    """Return the points for reflection that the body *text* places. Raises MarkdownError when it does not compile."""
    return [mark for mark in read_body(text).marks if mark.kind == "reflection"]


# --- Of files -----------------------------------------------------------------------------------------------


def check_course(course: Item, problems: Problems) -> None:
    """Add to *problems* what is wrong with bodies and with what points to something.

    While parts of the course could not be read, only the former: what is pointed to may be in them.
    """
    known, has_gaps = _known_from_files(course), problems.has_gaps
    for item, topic in _items(course):
        for name in item.shape.bodies():
            model = item.shape.model if name == "body" else None
            first = item.body_line if name == "body" else item.lines.get(name, 1)
            for fault in check_body(item.values.get(name, ""), model, known, topic):
                if not (fault.mark and has_gaps):
                    problems.add(item.path, first + fault.line - 1, fault.reason)
    if not has_gaps:
        check_keys(course, problems)
    for addition in additions.additions():
        for item in (
            item for part in addition.parts for top in course.all(part.folder) for item in [top, *top.below()]
        ):
            for name, reason in addition.faults(item):
                problems.add(item.path, item.lines.get(name, item.line), f"“{name}”: {reason}")
    for fault in check_body(course.values.get("credits", ""), None, known):
        if not (fault.mark and has_gaps):
            problems.add("credits.md", course.lines["credits"] + fault.line - 1, fault.reason)
    for module in course.all("related_modules"):
        if module.key == "topics":
            problems.add(module.path, module.line, "“topics” cannot be a module's key: cross-references use it.")
    for topic in [] if has_gaps else course.all("topics"):
        _check_placement(topic, problems)


def _known_from_files(course: Item) -> Known:
    return Known(
        modules={item.key for item in course.all("related_modules")},
        figures={item.key for item in course.all("figures")},
        terms={item.key for item in course.all("terms")},
        topics={
            topic.key: TopicKeys(
                *({item.key for item in topic.all(name)} for name in ("sections", "prompts", "case_studies"))
            )
            for topic in course.all("topics")
        },
    )


def _items(course: Item) -> Iterator[tuple[Item, str]]:
    """Yield everything that has a body, with the key of its topic."""
    yield course, ""
    for name in ("figures", "terms", "references"):
        yield from ((item, "") for item in course.all(name))
    for topic in course.all("topics"):
        yield topic, topic.key
        for name in ("sections", "prompts", "case_studies"):
            yield from ((item, topic.key) for item in topic.all(name))
    for part in additions.parts():
        for item in course.all(part.folder):
            yield from ((one, "") for one in [item, *item.below()])


def _check_placement(topic: Item, problems: Problems) -> None:
    """Each point for reflection is read in exactly one place."""
    places: dict[str, str] = {}
    for section in topic.all("sections"):
        try:
            marks = placed_prompts(section.values.get("body", ""))
        except MarkdownError:
            return  # Reported already; what it places is unknown.
        for mark in marks:
            line = section.body_line + mark.line - 1
            if mark.key in places:
                problems.add(
                    section.path, line, f"the point for reflection “{mark.key}” is placed at {places[mark.key]}, too."
                )
            places.setdefault(mark.key, f"{section.path}:{line}")
    for prompt in topic.all("prompts"):
        if prompt.key not in places:
            problems.add(prompt.path, 1, f"no section places this point for reflection (“:::reflection {prompt.key}”).")


# --- Of rows ------------------------------------------------------------------------------------------------


def known_in(course: Course) -> Known:
    """Return every key that bodies of the stored *course* may name: what has been archived is not there."""
    known = Known(
        modules=set(course.related_modules.values_list("key", flat=True)),
        figures=set(course.figures.values_list("key", flat=True)),
        terms=set(course.terms.values_list("key", flat=True)),
    )
    topics = course.topics.current().prefetch_related("sections", "prompts", "case_studies")
    for topic in topics:
        known.topics[topic.key] = TopicKeys(
            {row.key for row in topic.sections.all() if row.archived_at is None},
            {row.key for row in topic.prompts.all() if row.archived_at is None},
            {row.key for row in topic.case_studies.all()},
        )
    return known


def bodies_of(course: Course) -> Iterator[tuple[Model, str, str]]:
    """Yield each current row of *course* that has a body, with the name of the field and the key of its topic."""
    yield course, "body", ""
    yield course, "credits", ""
    for row in [*course.figures.all(), *course.terms.all()]:
        yield row, "body", ""
    for topic in course.topics.current().prefetch_related("sections", "prompts", "case_studies"):
        yield topic, "body", topic.key
        for row in [*topic.sections.all(), *topic.prompts.all(), *topic.case_studies.all()]:
            if getattr(row, "archived_at", None) is None:
                yield row, "body", topic.key
    for row, shape in added_rows(course):
        if issubclass(shape.model, Compiled):
            yield from ((row, name, "") for name in shape.bodies())


def added_rows(course: Course) -> Iterator[tuple[Model, Shape]]:
    """Yield each current row that an app above has added to *course*, with its shape."""
    for part in additions.parts():
        rows = getattr(course, part.folder).prefetch_related(*_below(part.shape, part.parts))
        yield from _rows_of(rows, part.shape, part.parts)


def _inside(shape: Shape, parts: tuple[Part, ...]) -> Iterator[tuple[str, Shape, tuple[Part, ...]]]:
    """Yield the relations to what belongs to a row, each with the shape and the parts of that."""
    yield from ((name, inner, ()) for name, inner in shape.lists.items())
    yield from ((part.folder, part.shape, part.parts) for part in parts)


def _below(shape: Shape, parts: tuple[Part, ...]) -> Iterator[str]:
    """Yield the paths to everything that a row names and that belongs to it, for fetching it in few queries."""
    yield from shape.links()
    for name, inner, inner_parts in _inside(shape, parts):
        yield name
        yield from (f"{name}__{path}" for path in _below(inner, inner_parts))


def _rows_of(rows: Manager | QuerySet, shape: Shape, parts: tuple[Part, ...]) -> Iterator[tuple[Model, Shape]]:
    for row in current(rows):
        yield row, shape
        for name, inner, inner_parts in _inside(shape, parts):
            yield from _rows_of(getattr(row, name), inner, inner_parts)


def added_links(course: Course) -> Iterator[tuple[Model, str, Model]]:
    """Yield where a row that an app above has added to *course* names another: the row, the field, the other one."""
    for row, shape in added_rows(course):
        for name, link in shape.links().items():
            value = getattr(row, name)
            others = value.all() if link.many_to_many else [value] if value else []
            yield from ((row, name, other) for other in others)


def pointing_to(course: Course, gone: Iterable[Model]) -> Iterator[tuple[Model, Mark]]:
    """Yield where texts of *course* point to a row of *gone*; texts of rows in *gone* do not count."""
    gone = list(gone)
    left, known = known_in(course), known_in(course)
    for row in gone:
        _forget(left, row)
    for row, name, topic in bodies_of(course):
        if any(row == other for other in gone) or getattr(row, "topic", None) in gone:
            continue
        for mark in read_body(getattr(row, name)).marks:
            if known.has(mark, topic) and not left.has(mark, topic):
                yield row, mark


def _forget(known: Known, row: Model) -> None:
    match row:
        case RelatedModule():
            known.modules.discard(row.key)
        case Figure():
            known.figures.discard(row.key)
        case GlossaryTerm():
            known.terms.discard(row.key)
        case Topic():
            known.topics.pop(row.key, None)
        case Section() if row.topic.key in known.topics:
            known.topics[row.topic.key].sections.discard(row.key)
        case ReflectionPrompt() if row.topic.key in known.topics:
            known.topics[row.topic.key].prompts.discard(row.key)
        case CaseStudy() if row.topic.key in known.topics:
            known.topics[row.topic.key].case_studies.discard(row.key)
