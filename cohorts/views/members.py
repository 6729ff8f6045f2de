"""Who is in a cohort, and what facilitators do about it."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohorts import services
from cohorts.forms.cohort import FacilitatorForm, MoveForm
from cohorts.models import Cohort, Membership
from cohorts.permissions import (
    Desk,
    can_see_members,
    get_desk,
    get_facilitators_desk,
    get_member,
    get_participant,
    require_open,
)

_NOBODY_LEFT = gettext_lazy("Somebody must facilitate: make somebody else a facilitator first.")


@require_safe
def members(request: HttpRequest, cohort: str) -> HttpResponse:
    """Show who is here; participants see what the cohort lets them see of each other."""
    desk = get_desk(request, cohort)
    if not can_see_members(desk):
        raise PermissionDenied
    return _members_page(request, desk, FacilitatorForm())


def _members_page(request: HttpRequest, desk: Desk, form: FacilitatorForm, *, status: int = 200) -> HttpResponse:
    current = desk.cohort.memberships.current().select_related("user").order_by("user__name", "pk")
    return render(
        request,
        "cohorts/members.html",
        {
            "desk": desk,
            "course": desk.course,
            "facilitators": [row for row in current if row.is_facilitator],
            "participants": [row for row in current if not row.is_facilitator],
            "shows_profiles": desk.is_facilitator or desk.cohort.members_see == Cohort.Visibility.PROFILES,
            "form": form,
        },
        status=status,
    )


@require_POST
def facilitator_add(request: HttpRequest, cohort: str) -> HttpResponse:
    """Let somebody else facilitate, too."""
    desk = get_facilitators_desk(request, cohort)
    require_open(desk)
    form = FacilitatorForm(request.POST)
    if form.is_valid():
        services.add_facilitator(user=form.person, cohort=desk.cohort)
        messages.success(request, _("%(name)s facilitates this cohort, too.") % {"name": form.person.name})
        return redirect("cohort_members", desk.cohort.public_id)
    return _members_page(request, desk, form, status=422)


@require_safe
def member(request: HttpRequest, cohort: str, member: UUID) -> HttpResponse:
    """Show what can be done about a member: role, moving, removing."""
    desk = get_facilitators_desk(request, cohort)
    return _member_page(request, desk, get_member(desk, member))


def _member_page(
    request: HttpRequest, desk: Desk, row: Membership, form: MoveForm | None = None, *, status: int = 200
) -> HttpResponse:
    form = form or MoveForm(row, request.user)
    context = {
        "desk": desk,
        "course": desk.course,
        "member": row,
        "form": form,
        "is_me": row.user_id == request.user.pk,
        "has_open_codes": desk.cohort.join_codes.open().exists(),
    }
    return render(request, "cohorts/member.html", context, status=status)


@require_POST
def member_role(request: HttpRequest, cohort: str, member: UUID) -> HttpResponse:
    """Make a member a facilitator, or a participant again."""
    desk = get_facilitators_desk(request, cohort)
    require_open(desk)
    row = get_member(desk, member)
    role = request.POST.get("role")
    if role not in Membership.Role.values:
        raise Http404
    try:
        services.change_role(membership=row, role=role)
    except services.LastFacilitatorError:
        messages.error(request, _NOBODY_LEFT)
    except services.GuestFacilitatesError:
        messages.error(request, _("A guest cannot facilitate: first they add an e-mail address to their account."))
    else:
        text = _("%(name)s facilitates now.") if row.is_facilitator else _("%(name)s is a participant now.")
        messages.success(request, text % {"name": row.user.name})
    return redirect("cohort" if row.user_id == request.user.pk else "cohort_members", desk.cohort.public_id)


@require_POST
def member_remove(request: HttpRequest, cohort: str, member: UUID) -> HttpResponse:
    """Take somebody out of the cohort; what they wrote stays theirs."""
    desk = get_facilitators_desk(request, cohort)
    require_open(desk)
    row = get_member(desk, member)
    try:
        services.leave(membership=row)
    except services.LastFacilitatorError:
        messages.error(request, _NOBODY_LEFT)
    else:
        text = _("%(name)s is not in this cohort any more. What they wrote stays theirs.")
        messages.success(request, text % {"name": row.user.name})
        if desk.cohort.join_codes.open().exists():
            messages.warning(
                request,
                format_html(
                    '{} <a href="{}">{}</a>',
                    _("A code of this cohort is open: it lets them back in."),
                    reverse("cohort_invite", args=[desk.cohort.public_id]),
                    _("Revoke it"),
                ),
            )
    return redirect("cohort_members", desk.cohort.public_id)


@require_POST
def member_move(request: HttpRequest, cohort: str, member: UUID) -> HttpResponse:
    """Move a participant to another cohort of the same course."""
    desk = get_facilitators_desk(request, cohort)
    require_open(desk)
    row = get_participant(desk, member)
    form = MoveForm(row, request.user, request.POST)
    if not form.is_valid():
        return _member_page(request, desk, row, form, status=422)
    target = form.cleaned_data["cohort"]
    try:
        services.move(membership=row, cohort=target)
    except Membership.DoesNotExist as error:
        raise Http404 from error
    messages.success(request, _("%(name)s is in %(cohort)s now.") % {"name": row.user.name, "cohort": target.name})
    return redirect("cohort_members", desk.cohort.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
def cohort_leave(request: HttpRequest, cohort: str) -> HttpResponse:
    """Ask whether to leave the cohort, and leave it."""
    desk = get_desk(request, cohort)
    if request.method == "POST":
        try:
            services.leave(membership=desk.membership)
        except services.LastFacilitatorError:
            messages.error(request, _NOBODY_LEFT)
            return redirect("cohort_members", desk.cohort.public_id)
        messages.success(
            request, _("You have left “%(cohort)s”. Everything you wrote is still yours.") % {"cohort": desk.cohort}
        )
        return redirect(reverse("home"))
    return render(request, "cohorts/leave.html", {"desk": desk, "course": desk.course})
