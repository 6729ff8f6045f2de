"""How an editor's change is made: whole, checked, published; or not at all."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.forms import BaseModelFormSet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from simple_history.admin import SimpleHistoryAdmin
from simple_history.models import to_historic

from courses import services
from courses.admin import preview
from courses.admin.checks import RefusedError, flaws, refuse_new_flaws, warnings
from courses.admin.forms import ContentForm, PlainTextField
from courses.admin.places import site_url
from courses.admin.removing import Removed, RemovingAdmin, notes, say_removed
from courses.admin.rows import admin_url, course_of, last_position, remove
from courses.coursefiles.lock import lock_content
from courses.models import Course, LearningObjective, Question
from courses.models.content import BodyField, Positioned


class GuardedFields:
    """What forms of content and of their inlines share."""

    form = ContentForm
    formfield_overrides = {
        models.TextField: {
            "form_class": PlainTextField,
            "widget": forms.Textarea(attrs={"rows": 3, "cols": 80, "class": "vLargeTextField", "dir": "auto"}),
        },
        BodyField: {
            "form_class": PlainTextField,
            "strip": False,
            "widget": forms.Textarea(attrs={"rows": 24, "cols": 80, "class": "vLargeTextField is-body", "dir": "auto"}),
        },
        models.URLField: {"assume_scheme": "https"},
    }

    def get_fields(self, request: HttpRequest, obj: models.Model | None = None) -> list[str]:
        """Add the state that the editor saw, where there is something to save."""
        guarded = ["seen"] if obj is None or self.has_change_permission(request, obj) else []
        return [*self.fields, *guarded]

    def formfield_for_dbfield(self, db_field: models.Field, request: HttpRequest, **kwargs: Any) -> Any:
        """Leave out the small buttons beside a choice: they would save without asking the whole course."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        for name in ("add", "change", "delete", "view"):
            if field and hasattr(field.widget, f"can_{name}_related"):
                setattr(field.widget, f"can_{name}_related", False)
        if isinstance(db_field, BodyField):
            field.help_text = format_lazy("{} {}", db_field.help_text, preview.help_link())
            if db_field.name not in {"body", "credits"}:
                field.widget.attrs |= {"rows": 8, "class": "vLargeTextField"}
        return field


class ContentInline(GuardedFields, admin.StackedInline):
    """Small things that are edited on the page of what they belong to. Each has a page of its own, for its history."""

    extra = 0
    show_change_link = True
    view_on_site = False

    def get_formset(self, request: HttpRequest, obj: models.Model | None = None, **kwargs: Any) -> type:
        """Let protected rows be ticked for removal: they are archived."""
        formset = super().get_formset(request, obj, **kwargs)
        formset.form.hand_clean_DELETE = lambda form: None
        return formset


class ContentAdmin(GuardedFields, RemovingAdmin, SimpleHistoryAdmin):
    """A kind of content. Subclasses say what is in its lists and on its page."""

    actions = None
    list_per_page = 200

    # --- One change, one transaction

    def together(self, request: HttpRequest, act: Callable[[], HttpResponse]) -> HttpResponse:
        """Do *act* as one change, while nobody else changes content; undo all of it if the course refuses.

        What was refused comes back as errors of the form: *act* is then done once more, and the form finds them.
        """
        try:
            with transaction.atomic():
                lock_content()
                return act()
        except preview.Ready as ready:
            return ready.response
        except RefusedError as refused:
            request.refused = refused.errors
        with transaction.atomic():
            lock_content()
            return act()

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show the page of a row, or save it."""
        act = partial(super().changeform_view, request, object_id, form_url, extra_context)
        if request.method != "POST":
            return act()
        if object_id and self.get_object(request, unquote(object_id)) is None:
            return _gone(request)
        return self.together(request, act)

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Show an earlier state of a row, or bring it back."""
        act = partial(super().history_form_view, request, object_id, version_id, extra_context)
        if request.method != "POST":
            return act()
        # simple_history lets everybody do it who may look.
        if not self.has_change_permission(request):
            raise PermissionDenied
        return self.together(request, act)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> type:
        """Return a form that knows what a first try ran into."""
        form = super().get_form(request, obj, change=change, **kwargs)
        form.refused = getattr(request, "refused", {})
        return form

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Who may only look is given nothing to type in, in the history neither."""
        if obj is not None and not self.has_change_permission(request, obj):
            return list(self.fields)
        return list(super().get_readonly_fields(request, obj))

    def save_model(self, request: HttpRequest, obj: Any, form: ContentForm, change: bool) -> None:
        """Save the row itself, and remember what was not in order before."""
        if to_historic(obj):
            _revert(obj, form)
        course = course_of(obj)
        request.removed = []
        request.flaws_before = flaws(Course.objects.get(pk=course.pk)) if course.pk else []
        if "_bring_back" in request.POST:
            obj.archived_at = None
        _prepare(obj, form)
        super().save_model(request, obj, form, change)

    def save_formset(self, request: HttpRequest, form: ContentForm, formset: BaseModelFormSet, change: bool) -> None:
        """Save rows edited on the page of another; those ticked for removal are archived if something hangs on them."""
        formset.save(commit=False)
        for row_form in formset.forms:
            row = row_form.instance
            if row_form in formset.deleted_forms:
                if row.pk:
                    request.removed.append(Removed(row))
                    remove(row)
            elif row_form.has_changed():
                if isinstance(row, LearningObjective):
                    row.course = course_of(form.instance)
                _prepare(row, row_form)
                row.save()
                row_form.save_m2m()

    def finish(self, request: HttpRequest, obj: models.Model) -> None:
        """Check the whole course, then publish it; or show it to the editor alone, and take everything back."""
        course = Course.objects.get(pk=course_of(obj).pk)
        refuse_new_flaws(obj, course, request.flaws_before)
        if "_preview" in request.POST:
            raise preview.Ready(preview.page(request, obj, course))
        services.publish(course=course)
        say_removed(request)
        for warning in warnings(course):
            messages.warning(request, warning)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        """Finish what was added."""
        self.finish(request, obj)
        return super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Finish what was changed or brought back."""
        self.finish(request, obj)
        return super().response_change(request, obj)

    # --- The page

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        """Say what an editor should know before saving."""
        context["notes"] = notes(context["original"]) if context["original"] else []
        return super().render_change_form(request, context, *args, **kwargs)

    def view_on_site(self, obj: Any) -> str | None:
        """Return where readers find this."""
        return site_url(obj)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Choose the course if there is only one."""
        initial = super().get_changeform_initial_data(request)
        courses = Course.objects.values_list("pk", flat=True)[:2]
        return initial if len(courses) > 1 else {"course": next(iter(courses), None), **initial}


class HiddenAdmin(ContentAdmin):
    """A kind of content that is edited on another's page: its own page is for its history, and not in the index."""

    def get_model_perms(self, request: HttpRequest) -> dict[str, bool]:
        return {}

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Adding is done where it belongs. In an inline, this is not asked."""
        return False

    def back_url(self, row: Any) -> str:
        """Go back to the page that this is edited on."""
        return admin_url(next(parent for name in reversed(row.placed_in) if (parent := getattr(row, name))))

    def response_post_save_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Go back there after saving, too."""
        return HttpResponseRedirect(self.back_url(obj))


def _prepare(row: Any, form: ContentForm) -> None:
    """Put a new row last, and count the wordings of a question."""
    if isinstance(row, Positioned) and not form.stored and not row.position:
        row.position = last_position(row)
    if isinstance(row, Question) and form.stored:
        row.revision = form.stored.revision + (row.text != form.stored_values["text"])


def _revert(row: Any, form: ContentForm) -> None:
    """Give *row*, an earlier state, what is not in the form as it is now: its place, whether it is archived.

    A row that has been deleted meanwhile comes back as it was, if what it belongs to is still there.
    """
    if form.stored:
        for field in row._meta.concrete_fields:
            if field.name not in form.fields:
                setattr(row, field.attname, getattr(form.stored, field.attname))
        return
    for field in row._meta.concrete_fields:
        target = field.remote_field and getattr(row, field.attname)
        if target and not field.related_model.objects.filter(pk=target).exists():
            raise RefusedError({None: [_("What this belonged to is gone: bring that back first.")]})
    try:
        row.validate_constraints()
    except ValidationError as error:
        raise RefusedError({None: error.messages}) from error


def _gone(request: HttpRequest) -> HttpResponse:
    """Give back what was written into a row that has been deleted meanwhile."""
    texts = [(name, text) for name, text in request.POST.items() if " " in text or "\n" in text]
    reason = _("Somebody has deleted this while you were editing it.")
    return render(request, "jmdi/not_saved.html", {"reason": reason, "texts": texts}, status=409)
