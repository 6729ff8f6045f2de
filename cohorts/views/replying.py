"""Facilitators reply to shared answers, and change what they replied."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cohorts import services
from cohorts.forms.sharing import ReplyForm
from cohorts.models import Reply
from cohorts.permissions import Desk, get_facilitators_desk, readable_answers, require_open
from cohorts.questions import get_question, question_url, questions_by_id
from cohorts.sharing import SharedAnswer, answers_to, shown


@require_POST
def reply(request: HttpRequest, cohort: str, topic: str, prompt: str, question: str, member: UUID) -> HttpResponse:
    """Reply to a shared answer. Whatever goes wrong, the reply's text comes back."""
    desk = get_facilitators_desk(request, cohort)
    require_open(desk)
    item = find_answer(desk, topic, prompt, question, member)
    if item is None:
        texts = [("text", request.POST.get("text", ""))]
        reason = _("This answer is not shared with you any more, so your reply was not saved.")
        return render(request, "jmdi/not_saved.html", {"reason": reason, "texts": texts}, status=404)
    form = ReplyForm(request.POST)
    if form.is_valid():
        services.reply_to(membership=desk.membership, answer=item.answer, **form.words())
        return redirect(back_to(request, item))
    return _reply_page(request, desk, form, item, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
def reply_edit(request: HttpRequest, cohort: str, reply: UUID) -> HttpResponse:
    """Change a reply of one's own."""
    desk = get_facilitators_desk(request, cohort)
    row, item = _own_reply(request, desk, reply)
    if request.method != "POST":
        return _reply_page(request, desk, ReplyForm(instance=row), item, row)
    require_open(desk)
    form = ReplyForm(request.POST)
    if form.is_valid():
        services.change_reply(reply=row, **form.words())
        return redirect(back_to(request, item))
    return _reply_page(request, desk, form, item, row, status=422)


@require_POST
def reply_delete(request: HttpRequest, cohort: str, reply: UUID) -> HttpResponse:
    """Delete a reply of one's own."""
    desk = get_facilitators_desk(request, cohort)
    require_open(desk)
    row, item = _own_reply(request, desk, reply)
    row.delete()
    return redirect(back_to(request, item))


def find_answer(desk: Desk, topic: str, prompt: str, question: str, member: UUID) -> SharedAnswer | None:
    """Return the answer of a member to a question, if they share it with whoever sits at *desk*."""
    asked = get_question(desk, topic, prompt, question)
    answers = answers_to(desk, asked).filter(member_id=member)
    return next(iter(shown(answers, desk, {asked.id: asked})), None)


def back_to(request: HttpRequest, item: SharedAnswer) -> str:
    """Return the page that a form about an answer was sent from, at that answer."""
    start = reverse("cohort_answers", args=[item.cohort.public_id])
    sent_from = request.POST.get("back", "")
    page = sent_from if sent_from.startswith(start) else question_url(item.cohort, item.asked)
    return f"{page}#{item.anchor}"


def _own_reply(request: HttpRequest, desk: Desk, public_id: UUID) -> tuple[Reply, SharedAnswer]:
    """Fetch a reply that the person wrote here, to an answer that is still shared; any other is 404."""
    row = get_object_or_404(
        desk.cohort.replies.filter(answer__in=readable_answers(desk)).select_related("answer"),
        public_id=public_id,
        facilitator=request.user,
    )
    asked = questions_by_id(desk.course).get(row.answer.question_id)
    if asked is None:
        raise Http404
    [item] = shown(answers_to(desk, asked).filter(pk=row.answer_id), desk, {asked.id: asked})
    return row, item


def _reply_page(
    request: HttpRequest, desk: Desk, form: ReplyForm, item: SharedAnswer, row: Reply | None = None, status: int = 200
) -> HttpResponse:
    back = question_url(item.cohort, item.asked)
    context = {"desk": desk, "course": desk.course, "form": form, "item": item, "reply": row, "back": back}
    return render(request, "cohorts/reply.html", context, status=status)
