"""Whether those who hold an open stream may still look: as members, and as who they signed in as."""

from dataclasses import dataclass
from typing import NamedTuple

from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.models import Session as SignIn
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User
from activities.live.faces import is_for_facilitators
from cohorts.models import Membership


@dataclass(frozen=True)
class Looker:
    """Somebody at one browser. `auth_hash` changes with the password, and ends what was begun before."""

    user_id: int
    sign_in: str
    auth_hash: str

    @classmethod
    def of(cls, request: HttpRequest) -> "Looker":
        """Return who asks."""
        return cls(request.user.pk, request.session.session_key, request.session.get(HASH_SESSION_KEY, ""))


class Look(NamedTuple):
    """What somebody looks at: a face of a session."""

    session: str
    face: str
    looker: Looker


def may_look(looks: list[Look]) -> list[bool]:
    """Return for each session, face and looker whether they may look now, in three queries for all of them."""
    lookers = {looker for _session, _face, looker in looks}
    keys = [looker.sign_in for looker in lookers]
    signed_in = set(
        SignIn.objects.filter(session_key__in=keys, expire_date__gt=timezone.now()).values_list("pk", flat=True)
    )
    users = User.objects.filter(is_active=True).in_bulk({looker.user_id for looker in lookers})
    current = {
        looker
        for looker in lookers
        if looker.sign_in in signed_in
        and looker.user_id in users
        and users[looker.user_id].get_session_auth_hash() == looker.auth_hash
    }
    sessions = {session for session, _face, _looker in looks}
    members = Membership.objects.current().filter(cohort__sessions__public_id__in=sessions)
    roles = {
        (session, user_id): role
        for session, user_id, role in members.values_list("cohort__sessions__public_id", "user_id", "role")
    }
    return [
        looker in current
        and (role := roles.get((session, looker.user_id))) is not None
        and (role == Membership.Role.FACILITATOR or not is_for_facilitators(face))
        for session, face, looker in looks
    ]
