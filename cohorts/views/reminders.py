"""Reminders: choose people, see exactly who gets what, send, see what became of it; and being left in peace."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohorts import services
from cohorts.forms.reminders import ReminderForm
from cohorts.mails.reminders import make_reminder_mail, membership_of
from cohorts.models import Reminder, ReminderMail
from cohorts.permissions import Desk, get_desk, get_facilitators_desk, require_open
from cohorts.reminding import Selection, select

# Mails that wait for longer than this do so because no worker runs.
_LATE_AFTER = timedelta(minutes=5)


@require_http_methods(["GET", "HEAD", "POST"])
def reminders(request: HttpRequest, cohort: str) -> HttpResponse:
    """Write a reminder: choose and write, see who gets it, send it."""
    desk = get_facilitators_desk(request, cohort)
    if request.method != "POST":
        return _write(request, desk, ReminderForm(desk, asked=request.GET))
    require_open(desk)
    if request.POST.get("step") == "choose":  # in a post: behind a proxy, hundreds of ids are too long for an address
        return _write(request, desk, ReminderForm(desk, asked=request.POST))
    form = ReminderForm(desk, request.POST)
    if not form.is_valid():
        return _write(request, desk, form, status=422)
    if request.POST.get("step") == "write":
        return _write(request, desk, form)
    selection = select(desk, form.cleaned_data["who"], form.cleaned_data["members"])
    if request.POST.get("step") == "send":
        return _send(request, desk, form, selection)
    return _preview(request, desk, form, selection)


def _write(request: HttpRequest, desk: Desk, form: ReminderForm, *, status: int = 200) -> HttpResponse:
    earlier = desk.cohort.reminders.select_related("facilitator").annotate(
        sent=Count("mails", filter=Q(mails__state=ReminderMail.State.SENT)), total=Count("mails")
    )
    context = {"desk": desk, "course": desk.course, "form": form, "reminders": list(earlier)}
    return render(request, "cohorts/reminders.html", context, status=status)


def _preview(request: HttpRequest, desk: Desk, form: ReminderForm, selection: Selection) -> HttpResponse:
    mail = None
    if selection.recipients:
        mail = make_reminder_mail(
            membership=selection.recipients[0],
            cohort=desk.cohort,
            course=desk.course,
            text=form.cleaned_data["text"],
            sender=request.user.name,
            site=request.build_absolute_uri("/"),
            shows_mute_link=False,
        )
    context = {
        "desk": desk,
        "course": desk.course,
        "form": form,
        "selection": selection,
        "seen": form.fields["seen"].prepare_value([row.public_id for row in selection.recipients]),
        "mail": mail,
    }
    return render(request, "cohorts/reminder_preview.html", context)


def _send(request: HttpRequest, desk: Desk, form: ReminderForm, selection: Selection) -> HttpResponse:
    seen = set(form.cleaned_data["seen"])
    try:
        reminder = services.send_reminder(
            cohort=desk.cohort,
            facilitator=request.user,
            text=form.cleaned_data["text"],
            chosen_by=form.chosen_by,
            recipients=[row for row in selection.recipients if row.public_id in seen],
            site=request.build_absolute_uri("/"),
        )
    except services.NobodyLeftError:
        messages.warning(request, _("Nothing was sent: nobody of them is left who could get a reminder today."))
        return redirect("cohort_reminders", desk.cohort.public_id)
    return redirect("cohort_reminder", desk.cohort.public_id, reminder.public_id)


@require_safe
def reminder(request: HttpRequest, cohort: str, reminder: UUID) -> HttpResponse:
    """Show what became of each mail; the list keeps itself up to date while mails wait."""
    desk = get_facilitators_desk(request, cohort)
    shown = _get_reminder(desk, reminder)
    mails = list(shown.mails.select_related("membership__user").order_by("membership__user__name", "pk"))
    counts = {state: sum(mail.state == state for mail in mails) for state in ReminderMail.State.values}
    context = {
        "desk": desk,
        "course": desk.course,
        "reminder": shown,
        "mails": mails,
        "counts": counts,
        "is_late": counts["waiting"] and shown.created_at < timezone.now() - _LATE_AFTER,
    }
    return render(request, f"cohorts/{'_reminder_mails' if request.htmx else 'reminder'}.html", context)


@require_POST
def again(request: HttpRequest, cohort: str, reminder: UUID) -> HttpResponse:
    """Try those mails again that could not be sent."""
    desk = get_facilitators_desk(request, cohort)
    shown = _get_reminder(desk, reminder)
    require_open(desk)
    services.send_reminder_again(reminder=shown, site=request.build_absolute_uri("/"))
    return redirect("cohort_reminder", desk.cohort.public_id, shown.public_id)


def _get_reminder(desk: Desk, public_id: UUID) -> Reminder:
    reminder = get_object_or_404(desk.cohort.reminders.select_related("facilitator"), public_id=public_id)
    reminder.cohort = desk.cohort
    return reminder


@require_POST
def mute(request: HttpRequest, cohort: str) -> HttpResponse:
    """Switch reminders off or on for oneself."""
    desk = get_desk(request, cohort)
    require_open(desk)
    mutes = request.POST.get("mutes") == "1"
    services.mute_reminders(membership=desk.membership, mutes=mutes)
    messages.success(request, _("You get no more reminders.") if mutes else _("You get reminders again."))
    return redirect(desk.cohort)


@csrf_exempt  # the token in the address is the proof; mail programs post without a page of ours (RFC 8058)
@login_not_required  # whoever gets a mail can end it, signed in or not
@require_http_methods(["GET", "HEAD", "POST"])
def mute_by_mail(request: HttpRequest, token: str) -> HttpResponse:
    """Switch reminders off, or on again, for whom the mail went to."""
    membership = membership_of(token)
    if membership is None:
        raise Http404
    if request.method != "POST":
        return render(request, "cohorts/muted.html", {"membership": membership, "token": token})
    services.mute_reminders(membership=membership, mutes=request.POST.get("mutes") != "0")
    if "List-Unsubscribe" in request.POST:
        return HttpResponse(status=204)  # a mail program, which follows no redirect
    return redirect("reminders_mute", token)
