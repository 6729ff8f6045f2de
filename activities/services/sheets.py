"""Writing on a group's sheet, several people at once, so that no text that reached us is lost; and correcting it."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.live.state import State, state_of
from activities.models import Attendance, Correction, Session, SessionPhase, SheetAnswer
from activities.services.acting import GRACE_SECONDS, check_open, slow_down
from activities.services.sessions import arrive, lock_open, tell
from activities.sheets import step_of_sheets, writes_on
from activities.tools.base import RefusedError
from cohorts.models import Membership
from courses.services import Draft, TextRefusedError
from courses.services.writing import clean_text, keep_text, only_adds, write_draft


class SetAsideError(RefusedError):
    """A text that did not become the answer, but is kept beside it."""


CORRECTION_MAX_LENGTH = Correction._meta.get_field("text").max_length


def write_on_sheet(
    *, session: Session, membership: Membership, position: int, group: int, question: str, draft: Draft
) -> SheetAnswer:
    """Store *draft* as the answer of one's own group (0: of all) to a question of the phase at *position*.

    What comes within a few seconds after the phase is taken; what comes later, or while all is frozen, is kept beside
    the answer (SetAsideError). Raises LookupError for a place that is not one's own, RefusedError and TextRefusedError
    with words, and StaleTextError when somebody else has written there meanwhile.
    """
    slow_down(session, membership)
    with transaction.atomic():
        locked = Session.objects.select_for_update(of=("self",)).with_course().get(pk=session.pk)
        attendance = arrive(session=locked, membership=membership)
        state = state_of(locked)
        here = next(row for row in state.attendances if row.pk == attendance.pk)
        step = step_of_sheets(state, position)
        asked = next((row for row in step.plan.questions if row["key"] == question), None)
        if asked is None or not writes_on(state, here, group):
            raise LookupError(question)
        place = {"run": step.run, "group": state.group_of(here), "question_id": asked["id"]}
        answer = SheetAnswer.objects.filter(**place).first() or SheetAnswer(**place)
        answer.writer = attendance
        refusal, version = _refusal(state, step.run, attendance), answer.version
        if refusal:
            refusal = _set_aside(answer, draft) or refusal
        else:
            refusal = write_draft(answer, draft, pen=attendance, pen_at=timezone.now())
        if answer.version != version:
            tell(locked)
    if refusal:
        raise refusal
    return answer


@transaction.atomic
def correct(
    *, session: Session, membership: Membership, position: int, group: int, question: str, text: str
) -> Correction:
    """Put a correction or an addition beside a group's answer. Raises LookupError, and RefusedError with words."""
    lock_open(session)
    locked = Session.objects.with_course().get(pk=session.pk)
    state = state_of(locked)
    step = step_of_sheets(state, position)
    asked = next((row for row in step.plan.questions if row["key"] == question), None)
    found = next((row for row in state.groups if row.number == group), None)
    if asked is None or (found is None and group != 0):
        raise LookupError(question)
    text = text.replace("\r\n", "\n").strip()
    if not 0 < len(text) <= CORRECTION_MAX_LENGTH or "\x00" in text:
        raise RefusedError(_("Write your correction in at most %(most)s letters.") % {"most": CORRECTION_MAX_LENGTH})
    by = arrive(session=locked, membership=membership)
    row = Correction.objects.create(run=step.run, group=found, question_id=asked["id"], text=text, by=by)
    tell(locked)
    return row


@transaction.atomic
def take_back_correction(*, session: Session, correction: int) -> None:
    """Take a correction away."""
    session = lock_open(session)
    Correction.objects.filter(run__session=session, pk=correction, paper=None).delete()
    tell(session)


# --- Within the lock ----------------------------------------------------------------------------------------


def _refusal(state: State, run: SessionPhase, attendance: Attendance) -> SetAsideError | None:
    """Return why nothing is taken now, if so; what was on its way when the phase was left is taken."""
    just_left = run.ended_at and timezone.now() - run.ended_at <= dt.timedelta(seconds=GRACE_SECONDS)
    if just_left and not state.session.is_frozen:
        return None
    try:
        check_open(state, run, attendance.extra_seconds)
    except RefusedError as refused:
        return SetAsideError(str(refused))
    return None


def _set_aside(answer: SheetAnswer, draft: Draft) -> TextRefusedError | None:
    """Keep a text that cannot become the answer now; of one that grows while it is typed, the latest."""
    try:
        text = clean_text(draft.text)
    except TextRefusedError as error:
        return error
    last = answer.pk and answer.earlier_texts.filter(by=answer.writer, is_set_aside=True).first()
    if last and only_adds(last.text, text):
        last.text, last.saved_at = text, timezone.now()
        last.save(update_fields=["text", "saved_at"])
    else:
        keep_text(answer, text, draft.version, is_set_aside=True)
    return None
