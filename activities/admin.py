"""The editor's side of activities and handouts: through the same guarded forms as all content, see `courses.admin`."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Field
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from activities.models import Activity, ActivityObjective, ActivityQuestion, Handout, Phase
from activities.models.content import option_lines
from activities.tools import tool_named
from courses.admin.forms import ContentForm
from courses.admin.lists import ArchivableList, ArchivedFilter, OrderedList
from courses.admin.saving import ContentAdmin, ContentInline, HiddenAdmin
from courses.models import LearningObjective, Section, Topic


class ActivityForm(ContentForm):
    """An activity; topic, section and handouts are those of its course."""

    fixed = ("key", "course")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "section" in self.fields:
            self.fields["section"].label_from_instance = lambda section: f"{section.topic.short_title} · {section}"
        course = self.instance.course_id
        choices = {
            "topic": Topic.objects.filter(course=course),
            "section": Section.objects.filter(topic__course=course).select_related("topic"),
            "handouts": Handout.objects.filter(course=course),
        }
        for name in choices.keys() & self.fields.keys() if course else ():
            self.fields[name].queryset = choices[name]

    def clean(self) -> dict[str, Any]:
        """Refuse handouts of another course."""
        cleaned = super().clean()
        course = cleaned.get("course") or self.instance.course
        if any(handout.course_id != course.pk for handout in cleaned.get("handouts", [])):
            self.add_error("handouts", _("These handouts belong to another course."))
        return cleaned


class PartForm(ContentForm):
    """Something of an activity: a phase takes up questions of that activity, a question serves the course's aims."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.activity_id:
            self.choose(self.instance.activity)

    def choose(self, activity: Activity) -> None:
        """Offer what belongs to *activity* and its course."""
        choices = {
            "questions": ActivityQuestion.objects.filter(activity=activity.pk),
            "objective": LearningObjective.objects.filter(course=activity.course_id),
        }
        for name in choices.keys() & self.fields.keys():
            self.fields[name].queryset = choices[name]


class PhaseForm(PartForm):
    """A phase: what its tool cannot work with is refused here as on import."""

    def clean(self) -> dict[str, Any]:
        """Ask the tool, unless nothing of it was changed: an old mistake holds up nobody who mends something else."""
        cleaned = super().clean()
        tool = tool_named(cleaned.get("tool") or "")
        if tool and {"tool", "options", "questions"} & set(self.changed_data):
            for fault in tool.faults(option_lines(cleaned.get("options") or ""), len(cleaned.get("questions") or ())):
                self.add_error("options", capfirst(fault))
        return cleaned


class PartFormSet(forms.BaseInlineFormSet):
    """Parts of an activity, on its page."""

    def add_fields(self, form: PartForm, index: int | None) -> None:
        """Let new rows choose among the same as those that are there."""
        super().add_fields(form, index)
        form.choose(self.instance)


class TickedChoices:
    """Several things are chosen by boxes to tick: they are few."""

    def formfield_for_manytomany(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> Any:
        return super().formfield_for_manytomany(db_field, request, widget=forms.CheckboxSelectMultiple, **kwargs)


class PartInline(TickedChoices, ArchivableList, ContentInline):
    """Parts of an activity, folded until they are needed."""

    form = PartForm
    formset = PartFormSet
    classes = ["collapse"]


class ObjectiveInline(PartInline):
    """What the activity is good for."""

    model = ActivityObjective
    fields = ["key", "text", "position"]


class QuestionInline(PartInline):
    """The questions that groups take up."""

    model = ActivityQuestion
    fields = ["key", "heading", "text", "hint", "objective", "position", "state"]
    readonly_fields = ["state"]


class PhaseInline(PartInline):
    """The timed steps."""

    model = Phase
    form = PhaseForm
    fields = [
        "key", "title", "minutes", "most", "per", "work", "tool", "questions", "options", "instructions", "body",
        "position",
        "state",
    ]  # fmt: skip
    readonly_fields = ["state"]


@admin.register(Activity)
class ActivityAdmin(TickedChoices, OrderedList, ContentAdmin):
    """Activities."""

    form = ActivityForm
    list_display = ["title", "number", "stage", "topic", "section", "state"]
    list_filter = ["course", "stage", "topic", ArchivedFilter]
    list_select_related = ["course", "topic", "section"]
    search_fields = ["title", "technique", "summary", "body", "questions__text", "phases__title"]
    ordering = ["course", "position", "pk"]
    fields = [
        "course", "key", "number", "title", "technique", "summary", "stage", "topic", "section", "place", "size",
        "handouts", "body", "before", "after", "tips", "materials",
    ]  # fmt: skip
    inlines = [ObjectiveInline, QuestionInline, PhaseInline]


@admin.register(Handout)
class HandoutAdmin(ContentAdmin):
    """Handouts."""

    list_display = ["title", "number", "key", "course"]
    list_filter = ["course"]
    list_select_related = ["course"]
    search_fields = ["title", "body"]
    ordering = ["course", "position", "pk"]
    fields = ["course", "key", "number", "title", "source", "body", "position"]


@admin.register(ActivityObjective)
class ObjectiveAdmin(HiddenAdmin):
    """The page of one objective of an activity."""

    form = PartForm
    fields = ["key", "text", "position"]


@admin.register(ActivityQuestion)
class QuestionAdmin(HiddenAdmin):
    """The page of one question."""

    form = PartForm
    fields = ["key", "heading", "text", "hint", "objective", "position"]


@admin.register(Phase)
class PhaseAdmin(TickedChoices, HiddenAdmin):
    """The page of one phase."""

    form = PhaseForm
    fields = [name for name in PhaseInline.fields if name != "state"]
