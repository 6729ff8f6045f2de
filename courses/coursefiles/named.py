"""What the keys in a course's files name: other things of the same course."""

from courses.coursefiles.problems import Problems
from courses.coursefiles.shapes import Item
from courses.models import Section, Topic


class Named:
    """Finds things by their keys: the nearest ones of a kind, going up from who names them."""

    def __init__(self, course: Item) -> None:
        self._owners: dict[int, Item] = {}
        self._own(course)

    def _own(self, owner: Item) -> None:
        for children in owner.children.values():
            for child in children:
                self._owners[id(child)] = owner
                self._own(child)

    def choices(self, item: Item, name: str) -> dict[str, Item]:
        """Return everything that the field *name* of *item* may name, by its key."""
        model = item.shape.links()[name].related_model
        if model is Section:
            # Sections have their keys in their topic.
            topic = self.topic_of(item)
            return {section.key: section for section in topic.all("sections")} if topic else {}
        owner = self._owners.get(id(item))
        while owner:
            found = {other.key: other for other in owner.below() if other.shape.model is model}
            if found:
                return found
            owner = self._owners.get(id(owner))
        return {}

    def of(self, item: Item, name: str) -> list[Item]:
        """Return what the field *name* of *item* names, as far as it is there."""
        keys = item.keys.get(name)
        found = self.choices(item, name) if keys else {}
        return [found[key] for key in keys or [] if key in found]

    def topic_of(self, item: Item) -> Item | None:
        """Return the topic that *item* names."""
        link = next(link for link, field in item.shape.links().items() if field.related_model is Topic)
        return next(iter(self.of(item, link)), None)


def check_keys(course: Item, problems: Problems) -> None:
    """Add to *problems* every key that names nothing; sections only of a topic that is there."""
    named = Named(course)
    for item in course.below():
        for name, keys in item.keys.items():
            model = item.shape.links()[name].related_model
            if not keys or (model is Section and named.topic_of(item) is None):
                continue
            found = named.choices(item, name)
            for key in keys:
                if key not in found:
                    kind = model._meta.verbose_name.lower()
                    known = ", ".join(found) or "none"
                    problems.add(item.path, item.lines[name], f"there is no {kind} “{key}”; there are: {known}.")
