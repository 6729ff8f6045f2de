"""From items to rows: in place by key, nothing of people's work deleted, nothing written that is the same already."""

from typing import Any

from django.db import models, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from courses import additions
from courses.coursefiles.changes import ADDED, ARCHIVED, BACK, CHANGED, DELETED, Changes
from courses.coursefiles.lock import lock_content
from courses.coursefiles.named import Named
from courses.coursefiles.problems import CourseFilesError, Problem
from courses.coursefiles.shapes import Item, Part
from courses.markdown import compile_body
from courses.models import Course, Question, ReflectionPrompt, Topic
from courses.models.content import Archivable, Compiled, Positioned

_IN_TOPIC = ("key_points", "sections", "case_studies")
_SHOWN = {"body": "text", "compiled": "how its text is shown"}


@transaction.atomic
def load_course(item: Item) -> tuple[Course, Changes]:
    """Make the database say what the files in *item* say; return the course and what has changed.

    Waits while somebody else edits or imports. A second time it changes nothing. Raises CourseFilesError when something
    that is gone from the files is in use and cannot be archived.
    """
    # Imported here: services need models, and models (through their forms) will need this package.
    from courses.services import publish

    lock_content()
    loader = _Loader(Named(item))
    course = loader.course(item)
    publish(course=course)
    return course, loader.changes


class _Loader:
    """One load, with the lines of its report."""

    def __init__(self, named: Named) -> None:
        self.named = named
        self.changes = Changes()
        self.rows: dict[int, Any] = {}
        self.gone: list[tuple[Any, str]] = []
        self.now = timezone.now()

    def course(self, item: Item) -> Course:
        course = Course.objects.filter(key=item.key).first()
        course = self._put(course, item, {}, "")
        self._sync(course.related_modules.all(), item.all("related_modules"), {"course": course})
        self._sync(course.figures.all(), item.all("figures"), {"course": course})
        topics = self._topics(course, item)
        self._objectives(course, item, topics)
        for relation in ("terms", "references"):
            self._sync(getattr(course, relation).all(), item.all(relation), {"course": course})
        for part in additions.parts():
            self._part(course, item, part, {"course": course}, "")
        # What an app above has added points to what is here, so that goes first.
        for row, place in sorted(self.gone, key=lambda entry: entry[0]._meta.app_label == Course._meta.app_label):
            self._remove(row, place)
        for topic in course.topics.exclude(key__in=topics):
            self._remove_topic(topic)
        return course

    def _topics(self, course: Course, item: Item) -> dict[str, Topic]:
        """Add and change topics and what is in them. What is gone is removed later: objectives may move first."""
        found = {topic.key: topic for topic in course.topics.all()}
        for entry in item.all("topics"):
            topic = found[entry.key] = self._put(found.get(entry.key), entry, {"course": course}, "")
            for relation in _IN_TOPIC:
                self._sync(getattr(topic, relation).all(), entry.all(relation), {"topic": topic}, entry.key)
            prompts = self._sync(topic.prompts.all(), entry.all("prompts"), {"topic": topic}, entry.key)
            for prompt in entry.all("prompts"):
                row = prompts[prompt.key]
                self._sync(row.questions.all(), prompt.all("questions"), {"prompt": row}, f"{entry.key}/{prompt.key}")
        return {entry.key: found[entry.key] for entry in item.all("topics")}

    def _objectives(self, course: Course, item: Item, topics: dict[str, Topic]) -> None:
        """Objectives are found by key in the whole course, so that they can move from one topic to another."""
        entries = [(objective, None) for objective in item.all("objectives")]
        for topic in item.all("topics"):
            entries += [(objective, topics[topic.key]) for objective in topic.all("objectives")]
        found = {row.key: row for row in course.objectives.all()}
        for entry, topic in entries:
            owner = {"course": course, "topic": topic}
            self._put(found.pop(entry.key, None), entry, owner, topic.key if topic else "")
        for row in found.values():
            # A topic that is gone takes its objectives with it.
            if row.topic is None or row.topic.key in topics:
                self.gone.append((row, ""))

    def _part(self, row: Any, item: Item, part: Part, owner: dict[str, Any], place: str) -> None:
        """Make what is in the folder of *part* in the files of *item* the rows of *row*."""
        items = item.all(part.folder)
        rows = self._sync(getattr(row, part.folder).all(), items, owner, place)
        for entry in items:
            inside = f"{place}/{entry.key}" if place else entry.key
            inner_owner = {rows[entry.key]._meta.model_name: rows[entry.key]}
            for name in part.shape.lists:
                self._sync(getattr(rows[entry.key], name).all(), entry.all(name), inner_owner, inside)
            for inner in part.parts:
                self._part(rows[entry.key], entry, inner, inner_owner, inside)

    def _sync(self, rows: models.QuerySet, items: list[Item], owner: dict[str, Any], place: str = "") -> dict[str, Any]:
        """Make the rows of one parent those that *items* describe; return the rows by key."""
        found = {row.key: row for row in rows}
        kept = {item.key: self._put(found.pop(item.key, None), item, owner, place) for item in items}
        self.gone += [(row, place) for row in found.values()]
        return kept

    # --- Adding and changing

    def _put(self, row: Any, item: Item, owner: dict[str, Any], place: str) -> Any:
        """Return the row of *item*, made or changed if it must be."""
        model = item.shape.model
        is_new = row is None
        if is_new:
            row = model(key=item.key, **owner)
        links = {name: [self.rows[id(other)] for other in self.named.of(item, name)] for name in item.shape.links()}
        values = {**item.values, **owner}
        for name, field in item.shape.links().items():
            if not field.many_to_many:
                values[name] = next(iter(links[name]), None)
        if issubclass(model, Positioned):
            values["position"] = item.position
        if issubclass(model, Archivable):
            values["archived_at"] = None
        if issubclass(model, Compiled):
            values["compiled"] = compile_body(values["body"], prefix=row.anchor_prefix)
        changed = [name for name, value in values.items() if getattr(row, name) != value] if not is_new else []
        for name, value in values.items():
            setattr(row, name, value)
        if is_new:
            row.save()
            self.changes.note(ADDED, _label(row, place))
        elif changed:
            self._save_changed(row, changed, place)
        for name, field in item.shape.links().items():
            if field.many_to_many and self._set(row, name, links[name]) and not is_new:
                self.changes.note(CHANGED, _label(row, place), name)
        self.rows[id(item)] = row
        return row

    def _save_changed(self, row: Any, changed: list[str], place: str) -> None:
        if isinstance(row, Question) and "text" in changed:
            row.revision += 1
            row.save(update_fields=[*changed, "revision"])
        else:
            row.save(update_fields=changed)
        if "archived_at" in changed:
            changed = [name for name in changed if name != "archived_at"]
            self.changes.note(BACK, _label(row, place))
        if "body" in changed:
            changed = [name for name in changed if name != "compiled"]
        if changed:
            names = ", ".join(_SHOWN.get(name, name).replace("_", " ") for name in changed)
            self.changes.note(CHANGED, _label(row, place), names)

    def _set(self, row: Any, name: str, others: list[Any]) -> bool:
        """Make *others* those that *row* names; return whether that changes anything."""
        relation = getattr(row, name)
        if {other.pk for other in relation.all()} == {other.pk for other in others}:
            return False
        relation.set(others)
        return True

    # --- Removing

    def _remove(self, row: Any, place: str) -> None:
        """Delete *row* or, where people have worked with it, archive it."""
        if getattr(row, "archived_at", None):
            return
        try:
            with transaction.atomic():
                if isinstance(row, ReflectionPrompt):
                    row.questions.all().delete()
                label = _label(row, place)
                row.delete()
        except ProtectedError as error:
            self._archive(row, place, error)
        else:
            self.changes.note(DELETED, label)

    def _remove_topic(self, topic: Topic) -> None:
        """Delete a topic and all in it or, where people have worked with any of it, archive it as it is."""
        if topic.archived_at:
            return
        label = _label(topic, "")
        try:
            with transaction.atomic():
                Question.objects.filter(prompt__topic=topic).delete()
                for relation in ("prompts", "sections", "objectives"):
                    getattr(topic, relation).all().delete()
                topic.delete()
        except ProtectedError as error:
            self._archive(topic, "", error)
        else:
            self.changes.note(DELETED, label)

    def _archive(self, row: Any, place: str, error: ProtectedError) -> None:
        if not isinstance(row, Archivable):
            used = ", ".join(sorted({str(other) for other in error.protected_objects})[:3])
            reason = f"it is gone from the files, but in use by {used}; put it back."
            raise CourseFilesError(Problem(_label(row, place), 0, reason)) from error
        row.archived_at = self.now
        row.save(update_fields=["archived_at"])
        self.changes.note(ARCHIVED, _label(row, place), "people have worked with it")


def _label(row: Any, place: str) -> str:
    name = row._meta.verbose_name.lower()
    return f"{name} {place}/{row.key}" if place else f"{name} {row.key}"
