"""What a cohort shares, read by its facilitators: by question, and what is to be taken up in plenary."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cohorts.constants import ANSWERS_PER_PAGE
from cohorts.forms.sharing import OrderForm, ReplyForm
from cohorts.permissions import get_facilitators_desk, given_answers
from cohorts.questions import counted, get_question, questions_by_id
from cohorts.sharing import answers_for_plenary, answers_to, shown


@require_safe
def answers(request: HttpRequest, cohort: str) -> HttpResponse:
    """List every question with how many have answered it and how many of them share."""
    desk = get_facilitators_desk(request, cohort)
    topics = {}
    for row in counted(desk):
        prompts = topics.setdefault(row.asked.topic.key, {"topic": row.asked.topic, "prompts": {}})["prompts"]
        prompt = row.asked.prompt
        prompts.setdefault(prompt["key"], {"title": prompt["title"], "rows": []})["rows"].append(row)
    return render(
        request,
        "cohorts/answers.html",
        {
            "desk": desk,
            "course": desk.course,
            "people": desk.cohort.memberships.current().participants().count(),
            "topics": [{**item, "prompts": list(item["prompts"].values())} for item in topics.values()],
        },
    )


@require_safe
def question(request: HttpRequest, cohort: str, topic: str, prompt: str, question: str) -> HttpResponse:
    """Show all shared answers to one question side by side, with what facilitators do about them."""
    desk = get_facilitators_desk(request, cohort)
    asked = get_question(desk, topic, prompt, question)
    order = OrderForm(request.GET)
    page = Paginator(answers_to(desk, asked).order_by(*order.columns), ANSWERS_PER_PAGE).get_page(
        request.GET.get("page")
    )
    questions = list(questions_by_id(desk.course).values())
    here = next(place for place, row in enumerate(questions) if row.id == asked.id)
    return render(
        request,
        "cohorts/question.html",
        {
            "desk": desk,
            "course": desk.course,
            "asked": asked,
            "order": order.chosen,
            "orders": order.fields["order"].choices,
            "page": page,
            "items": shown(page.object_list, desk, {asked.id: asked}),
            "answered": given_answers(desk).filter(question_id=asked.id).count(),
            "previous": questions[here - 1] if here else None,
            "next": questions[here + 1] if here + 1 < len(questions) else None,
            "reply_form": ReplyForm(),
        },
    )


@require_safe
def plenary(request: HttpRequest, cohort: str) -> HttpResponse:
    """List the answers that are to be taken up in plenary, in the order of the course; on paper too."""
    desk = get_facilitators_desk(request, cohort)
    by_id = questions_by_id(desk.course)
    items = shown(answers_for_plenary(desk), desk, by_id)
    groups = [{"asked": asked, "items": [item for item in items if item.asked is asked]} for asked in by_id.values()]
    return render(
        request,
        "cohorts/plenary.html",
        {
            "desk": desk,
            "course": desk.course,
            "groups": [group for group in groups if group["items"]],
            "reply_form": ReplyForm(),
        },
    )
