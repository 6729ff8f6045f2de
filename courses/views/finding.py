"""Pages to look things up: search, glossary, references."""

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from courses.forms import SearchForm
from courses.permissions import Place, get_place
from courses.search import find


@require_safe
def search(request: HttpRequest, course: str) -> HttpResponse:
    """Find pages, terms and references that hold some words."""
    place = get_place(request, course)
    form = SearchForm(request.GET or None)
    query = form.cleaned_data["q"].strip() if form.is_valid() else ""
    results, has_all_words = find(place.row, query)
    return render(
        request,
        "courses/search.html",
        {
            "course": place.course,
            "form": form,
            "query": query,
            "results": results,
            "count": len(results),
            "has_all_words": has_all_words,
        },
    )


@require_safe
def glossary(request: HttpRequest, course: str) -> HttpResponse:
    """Show all terms with their definitions, from A to Z."""
    return show_glossary(request, get_place(request, course))


def show_glossary(request: HttpRequest, place: Place) -> HttpResponse:
    """Answer with the glossary of the course at *place*."""
    titles = {topic.key: topic for topic in place.course.topics}
    terms = place.course.glossary(list(place.course.terms))
    groups = groupby(terms, key=lambda term: term["term"][:1].upper())
    return render(
        request,
        "courses/glossary.html",
        {
            "course": place.course,
            "groups": [
                {
                    "letter": letter,
                    "terms": [
                        {**term, "topics": [titles[key] for key in term["topics"] if key in titles]} for term in rows
                    ],
                }
                for letter, rows in groups
            ],
        },
    )


@require_safe
def references(request: HttpRequest, course: str) -> HttpResponse:
    """Show the bibliography, filed under the topics that it belongs to."""
    return show_references(request, get_place(request, course))


def show_references(request: HttpRequest, place: Place) -> HttpResponse:
    """Answer with the bibliography of the course at *place*."""
    course = place.course
    filed = [
        (_("Topic %(number)s: %(title)s") % {"number": topic.number, "title": topic.short_title}, topic.references)
        for topic in course.topics
    ]
    keys = {topic.key for topic in course.topics}
    filed.append((_("The whole course"), [row for row in course.references if not keys & set(row["topics"])]))
    # A work stands under each of its topics; a link to it leads to the first.
    seen: set[str] = set()
    groups = []
    for title, rows in filed:
        groups.append({"title": title, "references": [{**row, "is_target": row["key"] not in seen} for row in rows]})
        seen |= {row["key"] for row in rows}
    return render(
        request,
        "courses/references.html",
        {"course": course, "groups": [group for group in groups if group["references"]]},
    )
