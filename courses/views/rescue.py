"""Sending in a rescue file: by its author, or by somebody who may do so for them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.person import person_token
from courses import services
from courses.permissions import can_hand_in_for, can_hand_in_for_others
from courses.rescuefile import RescueContents, RescueFileForm


@require_http_methods(["GET", "HEAD", "POST"])
def rescue(request: HttpRequest) -> HttpResponse:
    """Take in a rescue file. Who sends in somebody else's learns how many texts arrived, and never what they say."""
    is_posted = request.method == "POST"
    form = RescueFileForm(
        *((request.POST, request.FILES) if is_posted else ()), for_others=can_hand_in_for_others(request.user)
    )
    if form.is_valid() and _hand_in(request, form):
        return redirect("my_answers" if not form.cleaned_data.get("email") else "rescue")
    return render(request, "courses/rescue.html", {"form": form}, status=422 if is_posted else 200)


def _hand_in(request: HttpRequest, form: RescueFileForm) -> bool:
    """Save what the file holds and say so; or say in *form* why not."""
    contents: RescueContents = form.cleaned_data["file"]
    email = form.cleaned_data.get("email")
    author = User.objects.filter(email__iexact=email).first() if email else request.user
    # One and the same answer for an unknown address and for another person's file: it tells nobody who is here.
    if author is None or contents.person != person_token(author) or not can_hand_in_for(request.user, author):
        who = _("this person") if email else _("you")
        form.add_error("file", _("This rescue file was not written by %(who)s.") % {"who": who})
        return False
    try:
        services.hand_in_rescue_file(author=author, sent_by=request.user, code=contents.code, texts=contents.texts)
    except services.UnknownPlaceError:
        form.add_error("file", _("The file holds a text for a place that is not on this site."))
        return False
    count = len(contents.texts)
    arrived = ngettext(
        "Rescue file %(code)s has arrived, with %(count)s text.",
        "Rescue file %(code)s has arrived, with %(count)s texts.",
        count,
    )
    messages.success(request, arrived % {"code": contents.code, "count": count})
    return True
