"""Groups on the console: made, explained, and changed by hand."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from activities import services
from activities.groupforms import GroupsForm, MoveForm, WishForm
from activities.groups import broken
from activities.live.state import State, state_of
from activities.models import Session
from activities.people import person_of
from activities.permissions import Seating, get_hosted_session, require_open
from activities.services.seating import people_expected, people_here, seats_kept, wishes_for
from cohorts.models import Membership


@require_http_methods(["GET", "HEAD", "POST"])
def groups(request: HttpRequest, session: str) -> HttpResponse:
    """Show the groups, or make them in a way that the form says."""
    place = get_hosted_session(request.user, session)
    if request.method != "POST":
        return _page(request, place)
    form = GroupsForm(
        request.POST, last=services.last_with_groups(place.session), here=bool(people_here(place.session))
    )
    if form.is_valid():
        return _done(request, place, _make, **form.cleaned_data)
    return _page(request, place, form=form)


@require_POST
def groups_wish(request: HttpRequest, session: str) -> HttpResponse:
    """Remember who should sit together or apart, or forget a wish."""
    place = get_hosted_session(request.user, session)
    if "forget" in request.POST:
        wish = request.POST["forget"]
        return _done(request, place, services.remove_wish, wish=int(wish) if wish.isdecimal() and len(wish) < 16 else 0)
    form = WishForm(list(_members(place)), request.POST)
    if not form.is_valid():
        return _page(request, place, wish_form=form)
    members = [form.cleaned_data["one"], form.cleaned_data["other"]]
    return _done(request, place, services.add_wish, members=members, is_apart=form.cleaned_data["kind"] == "apart")


@require_POST
def groups_move(request: HttpRequest, session: str) -> HttpResponse:
    """Move one person to another group, or to none."""
    place = get_hosted_session(request.user, session)
    state = state_of(place.session)
    form = MoveForm(_members(place), state.groups, request.POST)
    if not form.is_valid():
        raise Http404
    person, number = form.cleaned_data["person"], form.cleaned_data["to"] or None
    return _done(request, place, services.move_person, membership=person, number=number)


@require_POST
def groups_free(request: HttpRequest, session: str) -> HttpResponse:
    """Keep no seats any longer for those who have not come."""
    return _done(request, get_hosted_session(request.user, session), services.free_kept_seats)


def _make(*, session: Session, how: str, number: int | None, anew: bool, expected: bool) -> None:
    if how == GroupsForm.SAME:
        services.repeat_groups(session=session, expected=expected)
    elif how == GroupsForm.NUMBER:
        services.form_groups(session=session, number=number, anew=anew, expected=expected)
    else:
        services.form_groups(session=session, most=int(how), anew=anew, expected=expected)


def _done(request: HttpRequest, place: Seating, verb: Callable[..., None], **data: Any) -> HttpResponse:
    require_open(place)
    try:
        verb(session=place.session, **data)
    except services.SessionOverError:
        messages.error(request, _("This session has ended: its results stay as they are."))
    return redirect("session_groups", place.session.public_id)


def _page(
    request: HttpRequest, place: Seating, *, form: GroupsForm | None = None, wish_form: WishForm | None = None
) -> HttpResponse:
    state = state_of(place.session)
    kept = seats_kept(place.session)
    # Groups that are made before anybody has come are made for those who will; who is counted on once stays so.
    form = form or GroupsForm(
        last=services.last_with_groups(place.session),
        here=bool(state.participants),
        initial={"expected": bool(kept) or not state.participants},
    )
    refused = form.is_bound or wish_form is not None
    for group in state.groups:
        group.kept = [row.membership for row in kept if row.group_id == group.pk]
    with_seat = {row.membership_id for row in kept}
    expected = people_expected(place.session)
    return render(
        request,
        "activities/live/groups.html",
        {
            "course": state.course,
            "session": place.session,
            "state": state,
            "form": form,
            "wish_form": wish_form or WishForm(list(_members(place))),
            "wishes": _wishes(state),
            "alone": [row.membership for row in state.participants if not row.group_id],
            "expected": expected,
            "unseated": [row for row in expected if row.pk not in with_seat],
            "kept": kept,
            "new_number": max((group.number for group in state.groups), default=0) + 1,
        },
        status=422 if refused else 200,
    )


def _members(place: Seating) -> QuerySet[Membership]:
    return place.session.cohort.memberships.current().participants().select_related("user")


def _wishes(state: State) -> list[dict[str, Any]]:
    """Return the wishes, each with whether the groups as they are keep it."""
    tables = [[*(row.membership for row in group.members), *group.kept] for group in state.groups]
    given_up = broken([[person_of(member) for member in table] for table in tables], wishes_for(state.session))
    rows = state.session.wishes.select_related("one__user", "other__user")
    return [{"wish": row, "is_broken": frozenset((row.one_id, row.other_id)) in given_up} for row in rows]
