"""What stands in sections: points for reflection with their questions, case studies, figures."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from courses.admin.lists import ArchivableList, ArchivedFilter
from courses.admin.saving import ContentAdmin, ContentInline, HiddenAdmin
from courses.models import CaseStudy, Figure, Question, ReflectionPrompt

_WITH_WORDS = r"\S"
_TOPIC_ORDER = ["topic__course", "topic__position", "topic_id", "pk"]


class AnswerCount:
    """A column that says how many people have answered; what they wrote is theirs."""

    answers_path: str

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Count the answers with words in them."""
        path = self.answers_path
        count = Count(path, filter=Q(**{f"{path}__text__regex": _WITH_WORDS}))
        return super().get_queryset(request).annotate(answer_count=count)

    @admin.display(description=_("answers"))
    def answers(self, row: Any) -> int:
        """Return how many answers hang on the row."""
        return getattr(row, "answer_count", 0)


class QuestionInline(AnswerCount, ArchivableList, ContentInline):
    """The questions of a point for reflection."""

    model = Question
    answers_path = "answers"
    fields = ["key", "text", "hint", "position", "answers", "state"]
    readonly_fields = ["answers", "state"]


@admin.register(ReflectionPrompt)
class PromptAdmin(AnswerCount, ArchivableList, ContentAdmin):
    """Points for reflection."""

    answers_path = "questions__answers"
    list_display = ["title", "key", "topic", "answers", "state"]
    list_filter = ["topic__course", "topic", ArchivedFilter]
    list_select_related = ["topic__course"]
    search_fields = ["title", "body", "questions__text"]
    ordering = _TOPIC_ORDER
    fields = ["topic", "key", "title", "body", "for_next_steps"]
    inlines = [QuestionInline]


@admin.register(Question)
class QuestionAdmin(AnswerCount, HiddenAdmin):
    """The page of one question."""

    answers_path = "answers"
    fields = ["key", "text", "hint", "position", "answers"]
    readonly_fields = ["answers"]


@admin.register(CaseStudy)
class CaseStudyAdmin(ContentAdmin):
    """Case studies."""

    list_display = ["title", "key", "topic", "kind", "place"]
    list_filter = ["topic__course", "topic", "kind"]
    list_select_related = ["topic__course"]
    search_fields = ["title", "place", "partners", "body"]
    ordering = _TOPIC_ORDER
    fields = ["topic", "key", "title", "kind", "place", "period", "partners", "body"]


@admin.register(Figure)
class FigureAdmin(ContentAdmin):
    """Figures. *Preview* shows the drawing in light and in dark."""

    list_display = ["title", "key", "course"]
    list_filter = ["course"]
    list_select_related = ["course"]
    search_fields = ["title", "caption", "body"]
    ordering = ["course", "key"]
    fields = ["course", "key", "title", "caption", "svg", "body"]
