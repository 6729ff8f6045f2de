"""Taking part and getting on: who is in a course, where they are, what they have done."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from courses.models import Course, Enrolment, SectionProgress
from courses.progress import recount


@transaction.atomic
def enrol(*, user: User, course: Course) -> Enrolment:
    """Let *user* take part in *course*, from now on or as already before."""
    enrolment, _created = Enrolment.objects.get_or_create(user=user, course=course)
    return enrolment


@transaction.atomic
def visit_section(*, enrolment: Enrolment, section_id: int) -> None:
    """Remember that the person is reading this section: `continue` leads here, on any device."""
    SectionProgress.objects.get_or_create(enrolment=enrolment, section_id=section_id)
    enrolment.last_section_id = section_id
    enrolment.last_active_at = timezone.now()
    enrolment.save(update_fields=["last_section", "last_active_at"])


@transaction.atomic
def mark_section(*, enrolment: Enrolment, topic_id: int, section_id: int, done: bool) -> None:
    """Mark a section as done, or take the mark back; keep the counters in step."""
    enrolment = Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    progress, _created = SectionProgress.objects.get_or_create(enrolment=enrolment, section_id=section_id)
    if done != bool(progress.done_at):
        progress.done_at = timezone.now() if done else None
        progress.save(update_fields=["done_at"])
    enrolment.last_section_id = section_id
    recount(enrolment, topic_id)
