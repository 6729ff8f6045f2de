"""A person's own pages beside those of allauth."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.forms import ProfileForm
from accounts.person import person_token


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """Show my account at a glance, with the way to each of its parts."""
    user = request.user
    factors = set(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    live = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    return render(
        request,
        "accounts/account.html",
        {
            "until": request.session.get_expiry_date(),
            "email": EmailAddress.objects.get_primary_email(user) or user.email,
            "has_password": user.has_usable_password(),
            "has_app": Authenticator.Type.TOTP in factors,
            "has_key": Authenticator.Type.WEBAUTHN in factors,
            "session_count": UserSession.objects.filter(user=user, session_key__in=live).count(),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Show and save my own profile."""
    form = ProfileForm(request.POST if request.method == "POST" else None, instance=request.user)
    if form.is_valid():
        form.save()
        messages.success(request, _("Your profile is saved."))
        return redirect("account_profile")
    if form.errors:
        # The page's head shows the name in the database, not the one that was refused.
        request.user.refresh_from_db()
    return render(request, "accounts/profile.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
def end_session(request: HttpRequest) -> HttpResponse:
    """End one of my sessions, such as that of a lost phone."""
    number = request.POST.get("session", "")
    is_number = number.isdecimal() and len(number) < 20  # thousands of digits are no number to Python
    session = get_object_or_404(UserSession, user=request.user, pk=number if is_number else 0)
    session.end()
    messages.success(request, _("That device is signed out."))
    return redirect("usersessions_list")


@login_not_required  # a page whose session may have ended asks whether it has
@never_cache
@require_safe
def whoami(request: HttpRequest) -> JsonResponse:
    """Tell a page that is open for long who is signed in now, and the token that its forms need now."""
    person = person_token(request.user) if request.user.is_authenticated else ""
    return JsonResponse({"person": person, "token": get_token(request)})


@require_safe
def back(request: HttpRequest) -> HttpResponse:
    """Send somebody who signed in again in a new tab back to the one where their text waits."""
    return render(request, "accounts/back.html")
