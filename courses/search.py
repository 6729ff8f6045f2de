"""Search over one course with PostgreSQL's full text search."""

import re
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchRank, SearchVector
from django.db.models import F, Value
from django.urls import reverse
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from courses.additions import additions
from courses.markdown import plain_text, words_of
from courses.models import Course, SearchEntry
from courses.published import Data

# PostgreSQL's stemmer for each language of a course; "simple" finds whole words and their beginnings.
DICTIONARIES = {"ar": "arabic", "en": "english", "es": "spanish", "fr": "french"}
MOST_RESULTS = 50
MOST_WORDS = 12

# Marks around a found word: no text holds control characters, so escaping cannot be tricked.
_OPEN, _CLOSE = "\x02", "\x03"
_WORD = re.compile(r"\w+")


@dataclass
class Result:
    """One thing found. `excerpt` is escaped HTML with the words in <mark>."""

    title: str
    kind_label: str
    url: str
    context: str
    excerpt: SafeString


def index(course: Course) -> None:
    """Write anew what can be found in *course*, from its published document."""
    course.search_entries.all().delete()
    dictionary = DICTIONARIES.get(course.language, "simple")
    SearchEntry.objects.bulk_create(_entries(course))
    course.search_entries.update(
        vector=SearchVector("title", weight="A", config=dictionary)
        + SearchVector("text", weight="B", config=dictionary)
    )


def find(course: Course, text: str) -> tuple[list[Result], bool]:
    """Return what *text* finds, best first, and whether all its words were found together.

    Words match by their stem and by their beginning. When nothing holds all of them, what holds some is returned.
    """
    words = _WORD.findall(text)[:MOST_WORDS]
    if not words:
        return [], True
    all_of_them = _find(course, words, " & ")
    if all_of_them or len(words) == 1:
        return all_of_them, True
    # A single letter or digit begins a word of nearly every page.
    words = [word for word in words if len(word) > 1]
    return (_find(course, words, " | ") if words else []), False


def _find(course: Course, words: list[str], operator: str) -> list[Result]:
    dictionary = DICTIONARIES.get(course.language, "simple")
    query = SearchQuery(operator.join(f"'{word}':*" for word in words), search_type="raw", config=dictionary)
    entries = (
        course.search_entries.filter(vector=query)
        .annotate(
            rank=SearchRank(F("vector"), query),
            excerpt=SearchHeadline(
                "text",
                query,
                config=dictionary,
                start_sel=_OPEN,
                stop_sel=_CLOSE,
                max_words=32,
                min_words=16,
                max_fragments=2,
                fragment_delimiter=" … ",
            ),
        )
        .order_by("-rank", "pk")[:MOST_RESULTS]
    )
    return [
        Result(
            title=entry.title,
            kind_label=_kind_label(entry),
            url=_url(course, entry),
            context=entry.context or _kind_label(entry),
            excerpt=_marked(entry.excerpt),
        )
        for entry in entries
    ]


def _added_kinds() -> dict[str, tuple[Any, str]]:
    return {kind: shown for addition in additions() for kind, shown in addition.kinds.items()}


def _kind_label(entry: SearchEntry) -> str:
    known = _added_kinds()
    return str(known[entry.kind][0]) if entry.kind in known else entry.get_kind_display()


def _url(course: Course, entry: SearchEntry) -> str:
    match entry.kind:
        case SearchEntry.Kind.SECTION:
            return reverse("section", args=[course.key, entry.topic_key, entry.key])
        case SearchEntry.Kind.TERM:
            return reverse("glossary", args=[course.key]) + f"#term-{entry.key}"
        case SearchEntry.Kind.REFERENCE:
            return reverse("references", args=[course.key]) + f"#reference-{entry.key}"
        case _:
            return reverse(_added_kinds()[entry.kind][1], args=[course.key, entry.key])


def _marked(excerpt: str) -> SafeString:
    escaped = conditional_escape(excerpt).replace(_OPEN, "<mark>").replace(_CLOSE, "</mark>")
    return mark_safe(escaped)  # noqa: S308  escaped on the line above


def _entries(course: Course) -> list[SearchEntry]:
    document = course.published
    entries = [
        _entry(
            course,
            SearchEntry.Kind.SECTION,
            section,
            topic=topic,
            text=_section_text(section, topic, document),
        )
        for topic in document["topics"]
        for section in topic["sections"]
    ]
    entries += [
        SearchEntry(
            course=course,
            kind=SearchEntry.Kind.TERM,
            key=term["key"],
            title=term["term"],
            text=words_of(term["html"]),
            vector=Value(""),
        )
        for term in document["terms"].values()
    ]
    entries += [
        SearchEntry(
            course=course,
            kind=SearchEntry.Kind.REFERENCE,
            key=reference["key"],
            title=reference["title"],
            text=f"{reference['authors']} {reference['year']} {reference['publisher']}",
            vector=Value(""),
        )
        for reference in document["references"]
    ]
    entries += [
        SearchEntry(course=course, kind=kind, key=key, title=title, text=text, vector=Value(""))
        for addition in additions()
        for kind, key, title, text in addition.texts(document["added"][addition.name])
    ]
    return entries


def _entry(course: Course, kind: str, section: Data, *, topic: Data, text: str) -> SearchEntry:
    return SearchEntry(
        course=course,
        kind=kind,
        topic_key=topic["key"],
        key=section["key"],
        title=section["title"],
        context=f"{topic['number']} · {topic['short_title']}"[:200],
        text=text,
        vector=Value(""),
    )


def _section_text(section: Data, topic: Data, document: Data) -> str:
    """Return all words of a section: its own, and those of the parts placed in it."""
    texts = []
    for segment in section["segments"]:
        match segment:
            case {"part": "reflection", "key": key} if key in topic["prompts"]:
                prompt = topic["prompts"][key]
                texts += [prompt["title"], plain_text(prompt)]
                texts += [question["text"] for question in prompt["questions"]]
            case {"part": "case-study", "key": key} if key in topic["case_studies"]:
                case = topic["case_studies"][key]
                texts += [case["title"], case["place"], plain_text(case)]
            case {"part": "figure", "key": key} if key in document["figures"]:
                figure = document["figures"][key]
                texts += [figure["title"], figure["caption"], plain_text(figure)]
            case {"html": html}:
                texts.append(words_of(html))
    return " ".join(text for text in texts if text)
