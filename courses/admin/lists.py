"""Lists of content: in the order of the course, archived things marked, moved up and down by buttons."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses import services
from courses.admin.rows import course_of, move
from courses.coursefiles.lock import lock_content

_STEPS = {"_up": -1, "_down": 1}


class ArchivedFilter(admin.SimpleListFilter):
    """What is in the course, or what has been taken out of it."""

    title = gettext_lazy("state")
    parameter_name = "archived"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("no", _("in the course")), ("yes", _("archived"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() in {"yes", "no"}:
            return queryset.filter(archived_at__isnull=self.value() == "no")
        return queryset


class ArchivableList:
    """A column that says what is archived."""

    @admin.display(description=gettext_lazy("state"))
    def state(self, row: Any) -> str:
        """Return whether the row is in the course, or when it was archived."""
        if getattr(row, "archived_at", None) is None:
            return _("in the course")
        date = date_format(localtime(row.archived_at), "SHORT_DATE_FORMAT")
        return format_html('<strong class="archived">{}</strong>', _("archived %(date)s") % {"date": date})


class OrderedList(ArchivableList, admin.ModelAdmin):
    """A list whose order is that of the course, changed row by row: no script, no dragging."""

    sortable_by = []

    def get_list_display(self, request: HttpRequest) -> list[str]:
        """Show the buttons to those who may use them."""
        title, *others = super().get_list_display(request)
        return [title, *(["order"] if self.has_change_permission(request) else []), *others]

    @admin.display(description=gettext_lazy("order"))
    def order(self, row: Any) -> SafeString | str:
        """Return the two buttons that move a row."""
        if row.archived_at:
            return ""
        return format_html(
            '<span class="order" id="order-{pk}"><button name="_up" value="{pk}" aria-label="{up}">↑</button> '
            '<button name="_down" value="{pk}" aria-label="{down}">↓</button></span>',
            pk=row.pk,
            up=_("Move “%(name)s” up") % {"name": row},
            down=_("Move “%(name)s” down") % {"name": row},
        )

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Show the list, or move one of its rows."""
        for name, step in _STEPS.items():
            if request.method == "POST" and name in request.POST:
                return self._move(request, request.POST[name], step)
        return super().changelist_view(request, extra_context)

    def _move(self, request: HttpRequest, pk: str, step: int) -> HttpResponse:
        if not self.has_change_permission(request):
            raise PermissionDenied
        with transaction.atomic():
            lock_content()
            row: Model = get_object_or_404(self.get_queryset(request), pk=pk if pk.isdecimal() else None)
            move(row, step)
            services.publish(course=course_of(row))
        return HttpResponseRedirect(f"{request.get_full_path()}#order-{row.pk}")
