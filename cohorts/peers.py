"""What participants read of each other: nothing by which one of them could be told."""

import random

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils.crypto import salted_hmac

from cohorts.constants import ANSWERS_PER_PAGE, PEERS_MIN
from cohorts.permissions import Desk, readable_answers
from courses.models import Answer, Audience


def has_answered(desk: Desk, question_id: int) -> bool:
    """Whether the person at *desk* has words of their own under the question."""
    return Answer.objects.filter(enrolment=desk.membership.enrolment_id, question=question_id, has_words=True).exists()


def page_of_peers(desk: Desk, question_id: int, page: str | None) -> Page | None:
    """Return a page of the texts that others share with the cohort, and nothing but the texts; None for too few.

    They stand in an order of their own for each reader and each set of answers: the same again on the next page, but
    neither of time nor of names, and another one once an answer has come or gone.
    """
    ids = sorted(_of_others(desk, question_id).values_list("pk", flat=True))
    if len(ids) < PEERS_MIN:
        return None
    seed = salted_hmac("cohorts.peers", f"{desk.membership.pk}:{ids}", algorithm="sha256").digest()
    random.Random(seed).shuffle(ids)  # noqa: S311  the seed is a secret, and an order is all that it gives
    found = Paginator(ids, ANSWERS_PER_PAGE).get_page(page)
    texts = dict(Answer.objects.filter(pk__in=found.object_list).values_list("pk", "text"))
    found.object_list = [texts[id_] for id_ in found.object_list if id_ in texts]
    return found


def _of_others(desk: Desk, question_id: int) -> QuerySet[Answer]:
    return (
        readable_answers(desk)
        .filter(question_id=question_id, audience=Audience.COHORT)
        .exclude(enrolment=desk.membership.enrolment_id)
    )
