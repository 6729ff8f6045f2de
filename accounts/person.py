"""A name for a person that a page may carry and a browser may keep: it says who, to nobody but us."""

from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from accounts.models import User


def person_token(user: User) -> str:
    """Return the same 20 letters for *user* every time; nobody else's, and not to be guessed or turned back."""
    return salted_hmac("accounts.person", str(user.pk)).hexdigest()[:20]


def is_somebody_elses(request: HttpRequest) -> bool:
    """Return whether a form was opened by another person than the one who is signed in now.

    The page that it stands on gave it a field `author`; a form without that field belongs to nobody.
    """
    author = request.POST.get("author", "")
    return author != "" and author != person_token(request.user)
