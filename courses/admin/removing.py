"""Deleting in the admin: what something hangs on is archived instead, and all of it can be undone."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses import services
from courses.admin.checks import name_of
from courses.admin.rows import admin_url, answers_under, course_of, readers_of, remove, stands_alone
from courses.coursefiles.links import added_links, pointing_to
from courses.coursefiles.lock import lock_content
from courses.models import Course, Question, ReflectionPrompt
from courses.models.content import Archivable


class RemovingAdmin(admin.ModelAdmin):
    """A kind of content that can be taken out of the course."""

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Say what removing means here, or do it."""
        if request.method != "POST":
            row = self.get_object(request, unquote(object_id))
            extra = {"archives": not stands_alone(row), "work": work_under(row)} if row else {}
            return super().delete_view(request, object_id, {**extra, **(extra_context or {})})
        with transaction.atomic():
            lock_content()
            return super().delete_view(request, object_id, extra_context)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[list, dict, set, list]:
        """Return what would go, and under *protected* why it cannot: the places that point to it."""
        row = objs[0]
        return [str(row)], {}, set(), list(dict.fromkeys(_hindrances(row)))

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        """Delete or archive, and publish."""
        request.removed = [Removed(obj)]
        course = course_of(obj)
        request.back_url = self.back_url(obj)
        remove(obj)
        if not isinstance(obj, Course):
            services.publish(course=course)

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: Any) -> HttpResponse:
        """Say what has become of it, and how to undo that."""
        say_removed(request)
        return HttpResponseRedirect(request.back_url)

    def back_url(self, row: Model) -> str:
        """Return where an editor goes on when done with *row*."""
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")


class Removed:
    """A row that is about to be removed, for the message afterwards."""

    def __init__(self, row: Model) -> None:
        self.model = type(row)
        self.pk = row.pk
        self.name = name_of(row)
        self.urls = {page: admin_url(row, page) for page in ("change", "history")}

    def message(self) -> str:
        """Return what has become of it, and how to undo that."""
        if self.model.objects.filter(pk=self.pk).exists():
            text = _("%(name)s is out of the course now, and archived with what people wrote.")
            page, link = "change", _("Bring it back from its page.")
        else:
            text, page, link = _("%(name)s is deleted."), "history", _("Bring it back from its history.")
        return format_html('{} <a href="{}">{}</a>', text % {"name": self.name}, self.urls[page], link)


def say_removed(request: HttpRequest) -> None:
    """Tell the editor what has become of what this request has removed."""
    for removed in request.removed:
        messages.success(request, removed.message())


def work_under(row: Model) -> list[str]:
    """Return what people have done with *row*, one sentence each: how much, never what."""
    answers, readers = answers_under(row).count(), readers_of(row)
    lines = []
    if readers:
        lines.append(
            ngettext("%(count)s person has opened it.", "%(count)s people have opened it.", readers)
            % {"count": readers}
        )
    if answers:
        lines.append(
            ngettext("%(count)s answer has been written here.", "%(count)s answers have been written here.", answers)
            % {"count": answers}
        )
    return lines


def notes(row: Model) -> list[str]:
    """Return what an editor should know before saving *row*."""
    lines = []
    if getattr(row, "archived_at", None):
        lines.append(_("This is archived: readers do not see it."))
    lines += work_under(row)
    if isinstance(row, ReflectionPrompt | Question) and answers_under(row).exists():
        lines.append(
            _(
                "A question keeps its answers when you change its words; with their answer people then see that "
                "they answered an earlier wording."
            )
        )
    return lines


def _hindrances(row: Model) -> list[str]:
    """Return why *row* cannot be removed."""
    pointers = [
        _("%(place)s points to it on line %(line)s.") % {"place": name_of(place), "line": mark.line}
        for place, mark in pointing_to(course_of(row), [row])
        if not isinstance(row, Course)
    ]
    pointers += [
        _("%(place)s names it.") % {"place": name_of(place)}
        for place, _field, other in added_links(course_of(row))
        if other == row
    ]
    if not isinstance(row, Archivable) and not stands_alone(row):
        pointers.append(_("Other content or people's work belongs to it."))
    return pointers
