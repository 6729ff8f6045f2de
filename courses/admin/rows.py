"""What the admin asks of a content row: its course, its siblings, the work that hangs on it."""

from django.db.models import Max, Model, ProtectedError, QuerySet
from django.db.models.deletion import Collector
from django.urls import reverse
from django.utils import timezone

from courses.models import (
    Answer,
    Course,
    KeyPoint,
    Question,
    ReflectionPrompt,
    Section,
    SectionProgress,
    Topic,
)
from courses.models.content import Archivable


def course_of(row: Model) -> Course:
    """Return the course that *row* belongs to."""
    match row:
        case Course():
            return row
        case Question():
            return row.prompt.topic.course
        case Section() | ReflectionPrompt() | KeyPoint():
            return row.topic.course
    return row.course if hasattr(row, "course") else row.topic.course


def siblings(row: Model) -> QuerySet:
    """Return the rows among which *row* has its place, itself included, in order."""
    return type(row).objects.filter(**{name: getattr(row, f"{name}_id") for name in row.placed_in})


def admin_url(row: Model, page: str = "change") -> str:
    """Return the address of a page of the admin about *row*; *page* may be “history”."""
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{page}", args=[row.pk])


def last_position(row: Model) -> int:
    """Return the place after all siblings of *row*."""
    return (siblings(row).aggregate(last=Max("position"))["last"] or 0) + 1


def move(row: Model, step: int) -> None:
    """Move *row* by *step* places among those of its siblings that are in the course."""
    rows = list(siblings(row).current())
    if row not in rows:
        return
    here = rows.index(row)
    rows.insert(max(0, here + step), rows.pop(here))
    for position, sibling in enumerate(rows, start=1):
        if sibling.position != position:
            sibling.position = position
            sibling.save(update_fields=["position"])


# --- Removing -----------------------------------------------------------------------------------------------


def answers_under(row: Model) -> QuerySet[Answer]:
    """Return the answers (with words in them) that hang on *row* or on what is in it."""
    paths = {
        Topic: "question__prompt__topic",
        ReflectionPrompt: "question__prompt",
        Question: "question",
    }
    answers = Answer.objects.filter(text__regex=r"\S")
    if isinstance(row, Section):
        placed = [segment["key"] for segment in row.compiled["segments"] if segment.get("part") == "reflection"]
        return answers.filter(question__prompt__topic=row.topic_id, question__prompt__key__in=placed)
    path = paths.get(type(row))
    return answers.filter(**{path: row}) if path else answers.none()


def readers_of(row: Model) -> int:
    """Return how many people have opened *row*, a section or a topic."""
    progress = SectionProgress.objects.values("enrolment").distinct()
    match row:
        case Section():
            return progress.filter(section=row).count()
        case Topic():
            return progress.filter(section__topic=row).count()
    return 0


def stands_alone(row: Model) -> bool:
    """Whether nothing hangs on *row*: no work of people, no other content. Only then deleting can be undone."""
    collector = Collector(using="default", origin=row)
    try:
        collector.collect([row])
    except ProtectedError:
        return False
    named = [relation for relation in row._meta.related_objects if relation.many_to_many]
    return set(collector.data) == {type(row)} and not any(
        getattr(row, relation.get_accessor_name()).exists() for relation in named
    )


def remove(row: Model) -> None:
    """Take *row* out of the course: deleted if it stands alone, archived otherwise. Its history stays."""
    if stands_alone(row):
        row.delete()
    elif isinstance(row, Archivable) and row.archived_at is None:
        row.archived_at = timezone.now()
        row.save(update_fields=["archived_at"])
