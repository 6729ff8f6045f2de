"""Inviting people to a cohort: codes for a room, invitations by e-mail. Of facilitators."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from cohorts import services
from cohorts.constants import CODES_OPEN_MAX, INVITATIONS_A_DAY
from cohorts.forms.joining import CodeForm, InviteForm
from cohorts.models import Invitation, JoinCode
from cohorts.permissions import Desk, get_facilitators_desk, require_open
from cohorts.qr import draw


@require_safe
def invite(request: HttpRequest, cohort: str) -> HttpResponse:
    """Show the ways in that are open, who was invited, and the forms to make more."""
    return _page(request, get_facilitators_desk(request, cohort))


@require_safe
def screen(request: HttpRequest, cohort: str) -> HttpResponse:
    """Show a code so large that the back of the room reads it: the newest, or the one that is asked for."""
    desk = get_facilitators_desk(request, cohort)
    codes = list(desk.cohort.join_codes.open())
    wanted = request.GET.get("code")
    code = next((code for code in codes if code.code == wanted), codes[0] if codes else None)
    return render(
        request,
        "cohorts/invite_screen.html",
        {
            "desk": desk,
            "cohort": desk.cohort,
            "code": code,
            "qr": draw(request.build_absolute_uri(code.get_absolute_url())) if code else None,
        },
    )


@require_POST
def make_code(request: HttpRequest, cohort: str) -> HttpResponse:
    """Make a code for some days and so many people."""
    desk = get_facilitators_desk(request, cohort)
    require_open(desk)
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _page(request, desk, code_form=form)
    try:
        services.make_code(cohort=desk.cohort, by=request.user, **form.cleaned_data)
    except services.TooManyCodesError:
        messages.error(request, _("There are enough open codes: revoke one first."))
    return redirect("cohort_invite", cohort)


@require_POST
def revoke_code(request: HttpRequest, cohort: str, code: str) -> HttpResponse:
    """Let nobody in by a code any more; whoever is in stays in."""
    desk = get_facilitators_desk(request, cohort)
    require_open(desk)
    services.revoke_code(code=get_object_or_404(JoinCode, cohort=desk.cohort, code=code))
    messages.success(request, _("Nobody joins by that code any more. Whoever is in stays in."))
    return redirect("cohort_invite", cohort)


@require_POST
def invite_people(request: HttpRequest, cohort: str) -> HttpResponse:
    """Invite people by e-mail: the good lines of a list are taken, the bad ones given back."""
    desk = get_facilitators_desk(request, cohort)
    require_open(desk)
    form = InviteForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, desk, invite_form=form)
    people = form.people
    site = request.build_absolute_uri("/")
    try:
        invited = services.invite(cohort=desk.cohort, by=request.user, people=people.people, site=site)
    except services.TooManyInvitationsError:
        words = _(
            "Nobody was invited: at most %(count)s people a day. Give the room a code, or invite the rest tomorrow."
        )
        form.add_error(None, words % {"count": INVITATIONS_A_DAY})
        return _page(request, desk, invite_form=form)
    if not (people.bad or people.twice or invited.members or invited.before):
        messages.success(request, _invited_words(len(invited.new)))
        return redirect("cohort_invite", cohort)
    again = InviteForm(initial={"text": "\n".join(line.text for line in people.bad)})
    words = _invited_words(len(invited.new))
    return _page(request, desk, invite_form=again, report={"people": people, "invited": invited, "words": words})


@require_POST
def send_invitation(request: HttpRequest, cohort: str) -> HttpResponse:
    """Send an invitation once more, also one that was withdrawn."""
    desk = get_facilitators_desk(request, cohort)
    require_open(desk)
    invitation = _invitation(request, desk)
    if services.send_again(invitation=invitation, site=request.build_absolute_uri("/")):
        messages.success(request, _("The invitation to %(email)s is on its way.") % {"email": invitation.email})
    else:
        messages.error(request, _("That invitation cannot be sent again now."))
    return redirect("cohort_invite", cohort)


@require_POST
def withdraw_invitation(request: HttpRequest, cohort: str) -> HttpResponse:
    """Let nobody in by an invitation any more."""
    desk = get_facilitators_desk(request, cohort)
    require_open(desk)
    invitation = _invitation(request, desk)
    if services.withdraw(invitation=invitation):
        messages.success(request, _("The invitation to %(email)s is withdrawn.") % {"email": invitation.email})
    else:
        messages.error(request, _("That invitation has been accepted or withdrawn already."))
    return redirect("cohort_invite", cohort)


def _invitation(request: HttpRequest, desk: Desk) -> Invitation:
    return get_object_or_404(Invitation, cohort=desk.cohort, email=request.POST.get("email", "").replace("\0", ""))


def _invited_words(count: int) -> str:
    if not count:
        return _("Nobody new was invited.")
    return ngettext("%(count)s invitation is on its way.", "%(count)s invitations are on their way.", count) % {
        "count": count
    }


def _page(
    request: HttpRequest,
    desk: Desk,
    *,
    code_form: CodeForm | None = None,
    invite_form: InviteForm | None = None,
    report: dict[str, Any] | None = None,
) -> HttpResponse:
    codes = list(desk.cohort.join_codes.open())
    invitations = desk.cohort.invitations.select_related("membership__user").order_by("email")
    refused = any(form is not None and form.errors for form in (code_form, invite_form))
    return render(
        request,
        "cohorts/invite.html",
        {
            "desk": desk,
            "cohort": desk.cohort,
            "course": desk.course,
            "codes": [_shown(request, code) for code in codes],
            "code_form": (code_form or CodeForm()) if len(codes) < CODES_OPEN_MAX else None,
            "invite_form": invite_form or InviteForm(),
            "report": report,
            "invitations": list(invitations),
        },
        status=422 if refused or (report and report["people"].bad) else 200,
    )


def _shown(request: HttpRequest, code: JoinCode) -> dict[str, Any]:
    link = request.build_absolute_uri(code.get_absolute_url())
    return {"code": code, "link": link, "qr": draw(link)}
