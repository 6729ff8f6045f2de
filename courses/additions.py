"""The seam at which an app above adds to courses, so that nothing on this floor knows it.

The app describes what it adds (files, rows, published data, search, pages) in one `Addition` and registers it when
Django starts. Import and export, the links between texts, publishing, search and the admin then treat its content like
that of a course itself.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from django.db.models import Model
from django.http import HttpRequest, HttpResponse

if TYPE_CHECKING:
    from courses.admin.places import Spot
    from courses.coursefiles.shapes import Item, Part
    from courses.models import Course
    from courses.permissions import Place
    from courses.published import Data, PublishedCourse


class Addition:
    """What an app adds to every course.

    *name*: of its data in the published course. *parts*: its folders in a course's folder, in the order in which they
    are loaded. *rooms*: which directives may stand in the body of which model (elsewhere only `see-also`).
    *kinds*: what search finds of it, with the kind's name in words and the name of the URL, whose arguments are the
    keys of the course and of what was found. *pages*: by the name of a URL, what answers with that page for a place in
    a course and something published.
    """

    name: str
    parts: tuple["Part", ...]
    rooms: dict[type[Model], tuple[str, ...]]
    kinds: dict[str, tuple[Any, str]]
    pages: dict[str, Callable[[HttpRequest, "Place", Any], HttpResponse]]

    def faults(self, item: "Item") -> Iterator[tuple[str, str]]:
        """Yield what is wrong with an item beyond its single fields: the field's name, and the reason."""
        raise NotImplementedError

    def build(self, course: "Course") -> "Data":
        """Return what readers shall see, as plain data; see `courses.document.build`."""
        raise NotImplementedError

    def assemble(self, data: "Data", course: "PublishedCourse") -> Any:
        """Return *data* as one object.

        `held`, `held_after(topic_key, section_key)` and `recalled_url` are asked of it: the last is the address of what
        people's groups have worked out, for places where they plan next steps; empty for nothing.
        """
        raise NotImplementedError

    def texts(self, data: "Data") -> Iterator[tuple[str, str, str, str]]:
        """Yield what search finds in *data*: kind, key, title, words."""
        raise NotImplementedError

    def spot_of(self, row: Model, course: "PublishedCourse") -> "Spot | None":
        """Return where readers find *row*; None if nowhere, or if it is not one of its own."""
        raise NotImplementedError


_added: list[Addition] = []


def register(addition: Addition) -> None:
    """Add to every course what *addition* says. Called once, by `AppConfig.ready`."""
    _added.append(addition)


def additions() -> list[Addition]:
    """Return what apps have registered."""
    return _added


def parts() -> list["Part"]:
    """Return all folders that are added to a course."""
    return [part for addition in _added for part in addition.parts]
