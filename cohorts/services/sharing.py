"""What facilitators do with shared answers, and what the answers' authors say to it."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from cohorts.models import Cohort, Membership, Pick, Reply
from courses.models import Answer, Audience


class AnswerChangedError(Exception):
    """The author has changed the text since the page was opened: it must be read again first."""


class AuthorRefusedError(Exception):
    """The author does not want the answer to be shown."""


# --- Replies ------------------------------------------------------------------------------------------------


@transaction.atomic
def reply_to(*, membership: Membership, answer: Answer, text: str, audience: str) -> Reply:
    """Reply to an answer as the facilitator of *membership*. The same words once more are one reply."""
    # One facilitator's posts take turns, so that a double click finds the first one's row.
    Membership.objects.select_for_update().get(pk=membership.pk)
    words = {
        "cohort_id": membership.cohort_id,
        "answer": answer,
        "facilitator_id": membership.user_id,
        "text": text,
        "audience": audience,
    }
    return Reply.objects.filter(**words).first() or Reply.objects.create(**words)


def change_reply(*, reply: Reply, text: str, audience: str) -> None:
    """Change a reply. Other words are new to whom they are for."""
    if text != reply.text:
        reply.seen_at = None
    reply.text, reply.audience = text, audience
    reply.save(update_fields=["text", "audience", "seen_at"])


def mark_replies_seen(*, membership: Membership, replies: Iterable[UUID]) -> None:
    """Remember that the author of the answers has read these replies to them."""
    Reply.objects.to(membership.enrolment_id).unseen().filter(
        cohort=membership.cohort_id, public_id__in=replies
    ).update(seen_at=timezone.now())


# --- Plenary and screen -------------------------------------------------------------------------------------


def mark_for_plenary(*, cohort: Cohort, answer: Answer, is_marked: bool) -> None:
    """Put an answer on the list of what to take up in plenary, or take it off."""
    Pick.objects.update_or_create(cohort=cohort, answer=answer, defaults={"for_plenary": is_marked})


@transaction.atomic
def put_on_screen(*, membership: Membership, answer: Answer, version: int, asks_for_name: bool = False) -> Pick:
    """Choose the text that a facilitator has read, *version* of it, to be shown to the room.

    Its author is asked first where the answer is shared with facilitators only, and where their name is to be shown.
    What they said about another text does not hold for this one, but a no does. Raises AnswerChangedError and
    AuthorRefusedError.
    """
    pick = _locked(membership.cohort, answer)
    if pick.is_refused:
        raise AuthorRefusedError
    if version != answer.version:
        raise AnswerChangedError
    if pick.shown_version != version:
        pick.consent = Pick.Consent.NOT_ASKED
    must_ask = asks_for_name or answer.audience == Audience.FACILITATORS
    if must_ask and pick.consent == Pick.Consent.NOT_ASKED:
        pick.consent, pick.asked_by_id = Pick.Consent.ASKED, membership.user_id
    pick.on_screen, pick.shown_version = True, version
    pick.save(update_fields=["on_screen", "shown_version", "consent", "asked_by"])
    return pick


@transaction.atomic
def take_off_screen(*, cohort: Cohort, answer: Answer) -> None:
    """Show an answer no more; a question to its author that is still open is withdrawn."""
    pick = _locked(cohort, answer)
    if pick.is_asked:
        pick.consent = Pick.Consent.NOT_ASKED
    pick.on_screen = False
    pick.save(update_fields=["on_screen", "consent"])


@transaction.atomic
def decide_on_showing(*, pick: Pick, consent: str, version: int) -> None:
    """Record what the author says to showing *version* of the answer: with their name, without it, or not at all.

    Refusing is always possible. Raises AnswerChangedError where somebody would agree to another text than the chosen.
    """
    pick = Pick.objects.select_for_update(of=["self"]).select_related("answer").get(pk=pick.pk)
    if consent == Pick.Consent.REFUSED:
        pick.on_screen = False
    elif not version == pick.shown_version == pick.answer.version:
        raise AnswerChangedError
    pick.consent = consent
    pick.save(update_fields=["consent", "on_screen"])


def _locked(cohort: Cohort, answer: Answer) -> Pick:
    pick, _created = Pick.objects.get_or_create(cohort=cohort, answer=answer)
    return Pick.objects.select_for_update().get(pk=pick.pk)
