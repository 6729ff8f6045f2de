"""What activities add to courses: see `courses.additions`."""

import math
from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from activities import published
from activities.constants import RESERVED_KEYS
from activities.models import Activity, ActivityObjective, ActivityQuestion, Handout, Phase
from activities.models.content import option_lines, stage_faults
from activities.tools import tool_named
from activities.views import reading
from courses.additions import Addition
from courses.admin.places import Spot
from courses.coursefiles.shapes import Item, Part, Shape
from courses.markdown import plain_text
from courses.models import Course
from courses.permissions import Place
from courses.published import Data, PublishedCourse

HANDOUT = Shape(Handout, ("number", "title", "source"))
OBJECTIVE = Shape(ActivityObjective, ("text",))
QUESTION = Shape(ActivityQuestion, ("text", "hint", "heading", "objective"))
PHASE = Shape(Phase, ("title", "minutes", "most", "per", "work", "tool", "questions", "options", "instructions"))
ACTIVITY = Shape(
    Activity,
    ("number", "title", "technique", "summary", "stage", "topic", "section", "place", "size", "objectives",
     "questions", "handouts", "before", "after", "tips", "materials"),
    {"objectives": OBJECTIVE, "questions": QUESTION},
)  # fmt: skip

_PLACED = ("figure", "see-also")


class ActivitiesAddition(Addition):
    """Activities with their phases, and handouts."""

    name = published.NAME
    parts = (
        Part("handouts", HANDOUT),
        Part("activities", ACTIVITY, "activity.md", (Part("phases", PHASE),), RESERVED_KEYS),
    )
    rooms: dict[type[Model], tuple[str, ...]] = {Activity: _PLACED, Phase: _PLACED, Handout: _PLACED}
    kinds: dict[str, tuple[Any, str]] = {
        "activity": (_("Activity"), "activity"),
        "handout": (_("Handout"), "handout"),
    }
    pages: dict[str, Callable[[HttpRequest, Place, Any], HttpResponse]] = {
        "activity_guide": reading.show_guide,
        "handout": reading.show_handout,
    }

    def faults(self, item: Item) -> Iterator[tuple[str, str]]:
        """Yield what the database refuses, too."""
        if item.shape is ACTIVITY:
            has = {f"has_{name}": bool(item.keys.get(name)) for name in ("topic", "section")}
            yield from stage_faults(item.values.get("stage", ""), **has)
        elif item.shape is PHASE:
            if (item.values.get("most") or math.inf) <= (item.values.get("minutes") or 0):
                yield "most", str(_("it is not more than the minutes."))
            if tool := tool_named(item.values.get("tool") or ""):
                options = option_lines(item.values.get("options") or "")
                for fault in tool.faults(options, len(item.keys.get("questions") or ())):
                    yield "options", fault

    def build(self, course: Course) -> Data:
        return published.build(course)

    def assemble(self, data: Data, course: PublishedCourse) -> published.PublishedActivities:
        return published.assemble(data, course)

    def texts(self, data: Data) -> Iterator[tuple[str, str, str, str]]:
        """Yield activities and handouts. What only facilitators read is not found: everybody searches."""
        for row in data["activities"]:
            words = [row["technique"], row["summary"], plain_text(row)]
            words += [objective["text"] for objective in row["objectives"]]
            words += [f"{question['heading']} {question['text']}" for question in row["questions"]]
            words += [plain_text({"segments": phase["instructions"]}) for phase in row["phases"]]
            yield "activity", row["key"], row["title"], " ".join(words)
        for row in data["handouts"]:
            yield "handout", row["key"], row["title"], plain_text(row)

    def spot_of(self, row: Model, course: PublishedCourse) -> Spot | None:
        """Return the guide for an activity and what is in it: that page shows all of it."""
        found = published.activities_of(course)
        match row:
            case Handout():
                name, page = "handout", found.handout(row.key)
            case Activity():
                name, page = "activity_guide", found.activity(row.key)
            case ActivityObjective() | ActivityQuestion() | Phase():
                name, page = "activity_guide", found.activity(row.activity.key)
            case _:
                return None
        anchor = f"phase-{row.key}" if isinstance(row, Phase) else ""
        return Spot(name, page=page, anchor=anchor) if page else None
