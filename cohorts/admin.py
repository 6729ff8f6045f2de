"""Cohorts in the admin: made, changed and given facilitators there too. What people write is not here."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet
from django.forms import BaseModelFormSet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.forms import validate_one_line, validate_visible
from accounts.languages import OWN_NAMES
from accounts.models import User
from accounts.time_zones import grouped_choices
from cohorts import services
from cohorts.forms.cohort import validate_day
from cohorts.models import Cohort, Membership


class CohortAdminForm(forms.ModelForm):
    """A cohort as an admin sees it."""

    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        required=False,
        choices=list(OWN_NAMES.items()),
        widget=forms.SelectMultiple(attrs={"size": 8}),
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=grouped_choices)

    class Meta:
        model = Cohort
        fields = "__all__"  # noqa: DJ007  the admin's own list chooses

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, validators in {
            "name": [validate_one_line, validate_visible],
            "place": [validate_one_line],
            "starts_on": [validate_day],
            "ends_on": [validate_day],
        }.items():
            if name in self.fields:
                self.fields[name].validators.extend(validators)
        if self.instance.pk and "course" in self.fields:
            # People's work in a cohort is work in its course.
            self.fields["course"].disabled = True


class MembershipForm(forms.ModelForm):
    """A member: the role is what an admin gives."""

    class Meta:
        model = Membership
        fields = ["user", "role"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["user"].disabled = True

    def validate_unique(self) -> None:
        """Let somebody who has left come in again: the services find the row."""

    def validate_constraints(self) -> None:
        """Likewise."""


class MembershipInline(admin.TabularInline):
    """Who facilitates the cohort, and whoever is to be let in: its participants may be too many for one form.

    Removing somebody ends the membership; their work stays theirs.
    """

    model = Membership
    form = MembershipForm
    fields = ["user", "role", "group", "joined_at"]
    readonly_fields = ["group", "joined_at"]
    autocomplete_fields = ["user"]
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Leave out who has left, and participants."""
        return super().get_queryset(request).current().facilitators().select_related("user")


@admin.register(Cohort)
class CohortAdmin(admin.ModelAdmin):
    """Cohorts."""

    form = CohortAdminForm
    list_display = ["name", "course", "starts_on", "ends_on", "participants", "is_archived"]
    list_filter = ["course", "mode", ("archived_at", admin.EmptyFieldListFilter)]
    list_select_related = ["course"]
    search_fields = ["name", "place"]
    date_hierarchy = "starts_on"
    inlines = [MembershipInline]
    fields = [
        "course",
        "name",
        "starts_on",
        "ends_on",
        "mode",
        "place",
        "time_zone",
        "languages",
        "members_see",
        "has_peer_answers",
        "allows_guests",
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Count participants; leave out the course's large columns."""
        now = Q(memberships__left_at=None, memberships__role=Membership.Role.PARTICIPANT)
        return super().get_queryset(request).with_course().annotate(participant_count=Count("memberships", filter=now))

    @admin.display(description=_("participants"), ordering="participant_count")
    def participants(self, row: Cohort) -> int:
        """Return how many take part now."""
        return row.participant_count

    @admin.display(description=_("archived"), boolean=True)
    def is_archived(self, row: Cohort) -> bool:
        """Return whether the cohort is archived."""
        return row.archived_at is not None

    def has_delete_permission(self, request: HttpRequest, obj: Cohort | None = None) -> bool:
        """Cohorts are archived, by their facilitators: what was shared in them is other people's."""
        return False

    def save_formset(
        self, request: HttpRequest, form: forms.ModelForm, formset: BaseModelFormSet, change: bool
    ) -> None:
        """Let people in, out, and change roles as facilitators do."""
        formset.save(commit=False)
        for row in formset.new_objects:
            _let_in(row.user, form.instance, row.role)
        try:
            for row, _changed in formset.changed_objects:
                services.change_role(membership=row, role=row.role)
            for row in formset.deleted_objects:
                services.leave(membership=row)
        except services.LastFacilitatorError:
            messages.error(request, _("Somebody must facilitate: give the cohort another facilitator first."))
        except services.GuestFacilitatesError:
            messages.error(request, _("A guest cannot facilitate."))


def _let_in(user: User, cohort: Cohort, role: str) -> None:
    if role == Membership.Role.FACILITATOR:
        services.add_facilitator(user=user, cohort=cohort)
    else:
        services.join(user=user, cohort=cohort)
