"""Who may do what with cohorts; the rules in words: docs/permissions.md."""

from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from accounts.models import User
from cohorts.models import Cohort, Membership, Pick, Reply
from courses.models import Answer, Audience
from courses.published import PublishedCourse, read


@dataclass
class Desk:
    """Somebody in a cohort: the cohort, the person's own membership, and the course as readers see it."""

    cohort: Cohort
    membership: Membership
    course: PublishedCourse

    @property
    def is_facilitator(self) -> bool:
        return self.membership.is_facilitator


def can_make_cohorts(user: User) -> bool:
    """Whom an admin has named a facilitator makes cohorts."""
    return user.is_facilitator


def helps_anybody(user: User) -> bool:
    """Facilitators help the people of their cohorts: they send in rescue files for them, and see no text by that."""
    return Cohort.objects.open().facilitated_by(user).exists()


def helps(user: User, author: User) -> bool:
    """Whether *author* learns in a cohort that *user* facilitates, both of them now, and it is not archived."""
    cohorts = Cohort.objects.open().facilitated_by(user)
    return author.memberships.current().participants().filter(cohort__in=cohorts).exists()


def can_see_members(desk: Desk) -> bool:
    """Facilitators see who is here; participants where the cohort says so."""
    return desk.is_facilitator or desk.cohort.members_see != Cohort.Visibility.NOTHING


def get_desk(request: HttpRequest, public_id: str) -> Desk:
    """Fetch a cohort that the person is a member of; anybody else's is 404."""
    membership = (
        Membership.objects.current().with_cohort().filter(cohort__public_id=public_id, user=request.user).first()
    )
    if membership is None:
        raise Http404
    return desk_of(membership)


def desk_of(membership: Membership) -> Desk:
    """Return the desk of a member; *membership* comes with its cohort and course."""
    return Desk(membership.cohort, membership, read(membership.cohort.course))


def get_facilitators_desk(request: HttpRequest, public_id: str) -> Desk:
    """Fetch a cohort that the person facilitates: its participants are refused with 403, everybody else with 404."""
    desk = get_desk(request, public_id)
    if not desk.is_facilitator:
        raise PermissionDenied
    return desk


def require_open(desk: Desk) -> None:
    """Refuse to change anything in an archived cohort."""
    if desk.cohort.archived_at:
        raise PermissionDenied(_("This cohort is archived: nothing in it changes any more."))


def get_member(desk: Desk, public_id: UUID) -> Membership:
    """Fetch somebody who is in the cohort now."""
    members = desk.cohort.memberships.current().select_related("user", "enrolment")
    member = get_object_or_404(members, public_id=public_id)
    member.cohort = desk.cohort
    return member


def get_participant(desk: Desk, public_id: UUID) -> Membership:
    """Fetch somebody who learns in the cohort now; anybody else is 404."""
    member = get_member(desk, public_id)
    if member.is_facilitator:
        raise Http404
    return member


def readable_answers(desk: Desk) -> QuerySet[Answer]:
    """Return the answers that people of the cohort share with whoever sits at *desk*: what is private is never here.

    A facilitator reads what participants share with their facilitators or with the cohort. A participant reads what
    others share with the cohort. Both only of people who are participants of it now, with words in them.
    """
    shared = Q(audience=Audience.COHORT)
    if desk.is_facilitator:
        shared |= Q(audience=Audience.FACILITATORS)
    return given_answers(desk).filter(shared)


def given_answers(desk: Desk) -> QuerySet[Answer]:
    """Return the answers of the cohort's participants, private ones too: to be counted, never to be read."""
    return Answer.objects.filter(
        enrolment__memberships__cohort=desk.cohort,
        enrolment__memberships__left_at=None,
        enrolment__memberships__role=Membership.Role.PARTICIPANT,
        enrolment__course_id=desk.cohort.course_id,
        question__archived_at=None,
        has_words=True,
    )


def replies_to_the_cohort(desk: Desk) -> QuerySet[Reply]:
    """Return what facilitators reply to everybody, to answers of others that are still shared.

    The answers themselves do not come with them: whoever reads this may not be who they are shared with.
    """
    shared = given_answers(desk).exclude(audience=Audience.PRIVATE).exclude(enrolment=desk.membership.enrolment_id)
    return desk.cohort.replies.filter(audience=Reply.Audience.COHORT, answer__in=shared)


def shown_picks(desk: Desk) -> QuerySet[Pick]:
    """Return what the screen shows to the room, at a facilitator's desk."""
    return desk.cohort.picks.on_screen().filter(answer__in=readable_answers(desk))
