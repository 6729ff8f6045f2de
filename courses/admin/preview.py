"""A page as readers would see it, made of what is in the form, before anything is saved."""

from collections.abc import Callable
from typing import Any

from csp.constants import NONE
from csp.decorators import csp_replace
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.translation import gettext as _

from courses import parts, published
from courses.additions import additions
from courses.admin.checks import RefusedError, name_of
from courses.admin.places import Spot, spot_of
from courses.document import build
from courses.models import CaseStudy, Course, Figure, ReflectionPrompt
from courses.permissions import Place
from courses.published import PublishedCourse, PublishedTopic
from courses.svg import clean_svg
from courses.views import finding, reading

_PAGES = {
    "course": reading.show_course,
    "topic": reading.show_topic,
    "section": reading.show_section,
    "glossary": finding.show_glossary,
    "references": finding.show_references,
}
_PARTS = {ReflectionPrompt: "reflection", CaseStudy: "case-study", Figure: "figure"}


class Ready(Exception):  # no error: it ends the transaction with everything in it undone
    """The preview is made; `response` shows it."""

    def __init__(self, response: HttpResponse) -> None:
        super().__init__()
        self.response = response


# Nothing can be sent from a preview: what it shows may not be there.
@csp_replace({"form-action": [NONE], "connect-src": [NONE]})
def page(request: HttpRequest, row: Model, course: Course) -> HttpResponse:
    """Return the page on which *row* is read, from the rows as they are in this transaction."""
    document = build(course)
    if isinstance(row, Figure):
        dark = f"{row.key}-dark"
        figure = document["figures"][row.key]
        document["figures"][dark] = {**figure, "key": dark, "svg": clean_svg(row.svg, prefix=dark)}
    draft = published.assemble(course, document)
    request.is_preview = True
    spot = None if isinstance(row, Figure) else spot_of(row, draft)
    if spot:
        place = _place(course, draft, spot)
        return _added_pages()[spot.name](request, place, spot.page) if spot.page else _PAGES[spot.name](request, place)
    return _alone(request, row, draft)


def _added_pages() -> dict[str, Callable[[HttpRequest, Place, Any], HttpResponse]]:
    return {name: show for addition in additions() for name, show in addition.pages.items()}


def _place(row: Course, draft: PublishedCourse, spot: Spot) -> Place:
    return Place(row=row, course=draft, enrolment=None, topic=spot.topic, section=spot.section)


def _alone(request: HttpRequest, row: Model, draft: PublishedCourse) -> HttpResponse:
    """Show what stands on no page yet by itself; a drawing in light and in dark."""
    topic: PublishedTopic | None = draft.topic(row.topic.key) if getattr(row, "topic", None) else None
    segment = {"part": _PARTS.get(type(row), ""), "key": getattr(row, "key", "")}
    panels = [("", parts.body([segment], draft, topic))]
    if isinstance(row, Figure):
        dark = {**segment, "key": f"{row.key}-dark"}
        panels = [("light", panels[0][1]), ("dark", parts.body([dark], draft))]
    if not any(body for _theme, body in panels):
        reason = _("%(name)s is archived or belongs to something archived: readers would not see it.")
        raise RefusedError({None: [reason % {"name": name_of(row)}]})
    context = {"course": draft, "title": str(row), "panels": panels, "terms": draft.glossary(row.compiled["terms"])}
    return render(request, "courses/preview.html", context)


def _help_link() -> str:
    from django.urls import reverse

    return format_html(
        '<a href="{}" target="_blank">{}</a>', reverse("admin:courses_markdown_help"), _("How to write here")
    )


help_link = lazy(_help_link, str)
