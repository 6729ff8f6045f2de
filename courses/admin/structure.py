"""A course, its topics and their sections."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _

from courses.admin.forms import ModuleForm, ObjectiveFormSet
from courses.admin.lists import ArchivableList, ArchivedFilter, OrderedList
from courses.admin.saving import ContentAdmin, ContentInline, HiddenAdmin
from courses.models import Course, KeyPoint, LearningObjective, RelatedModule, Section, Topic


class RelatedModuleInline(ContentInline):
    """Other modules of the toolbox."""

    model = RelatedModule
    form = ModuleForm
    fields = ["key", "title", "position"]


class ObjectiveInline(ArchivableList, ContentInline):
    """Objectives of a topic."""

    model = LearningObjective
    formset = ObjectiveFormSet
    fields = ["key", "text", "position", "state"]
    readonly_fields = ["state"]


class GeneralObjectiveInline(ObjectiveInline):
    """Objectives of the whole course."""

    fk_name = "course"

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).filter(topic=None)


class KeyPointInline(ContentInline):
    """What to remember of a topic."""

    model = KeyPoint
    fields = ["key", "text", "position"]


@admin.register(Course)
class CourseAdmin(ContentAdmin):
    """Courses."""

    list_display = ["title", "key", "language", "is_published"]
    search_fields = ["title", "short_title", "body"]
    fields = ["key", "title", "short_title", "language", "is_published", "summary", "body", "source", "credits"]
    inlines = [GeneralObjectiveInline, RelatedModuleInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Leave out the large columns from the list."""
        queryset = super().get_queryset(request)
        is_list = request.resolver_match and request.resolver_match.url_name.endswith("_changelist")
        return queryset.light() if is_list else queryset


@admin.register(Topic)
class TopicAdmin(OrderedList, ContentAdmin):
    """Topics."""

    list_display = ["title", "short_title", "course", "state"]
    list_filter = ["course", ArchivedFilter]
    list_select_related = ["course"]
    search_fields = ["title", "short_title", "body"]
    ordering = ["course", "position", "pk"]
    fields = ["course", "key", "title", "short_title", "source", "body"]
    inlines = [ObjectiveInline, KeyPointInline]


@admin.register(Section)
class SectionAdmin(OrderedList, ContentAdmin):
    """Sections."""

    list_display = ["title", "topic", "state"]
    list_filter = ["topic__course", "topic", ArchivedFilter]
    list_select_related = ["topic__course"]
    search_fields = ["title", "body"]
    ordering = ["topic__course", "topic__position", "topic_id", "position", "pk"]
    fields = ["topic", "key", "title", "body"]

    def get_urls(self) -> list[Any]:
        """Add the page that says how texts are written."""
        view = self.admin_site.admin_view(self.markdown_help)
        return [path("markdown/", view, name="courses_markdown_help"), *super().get_urls()]

    def markdown_help(self, request: HttpRequest) -> HttpResponse:
        """Show how texts are written."""
        context = {**self.admin_site.each_context(request), "title": _("How to write here"), "opts": self.opts}
        return render(request, "admin/courses/markdown_help.html", context)


@admin.register(LearningObjective)
class ObjectiveAdmin(HiddenAdmin):
    """The page of one objective."""

    fields = ["key", "text", "position"]


@admin.register(KeyPoint)
class KeyPointAdmin(HiddenAdmin):
    """The page of one key point."""

    fields = ["key", "text", "position"]


@admin.register(RelatedModule)
class RelatedModuleAdmin(HiddenAdmin):
    """The page of one related module."""

    form = ModuleForm
    fields = ["key", "title", "position"]
