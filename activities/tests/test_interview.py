"""An interview: drawn fairly and once, asked of somebody who may pass, closed, undone; and nobody gets a mark."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from activities import services
from activities.live.state import State, state_of
from activities.models import (
    ActivityQuestion,
    Asked,
    Asking,
    Attendance,
    InterviewQuestion,
    LastStep,
    Outcome,
    PaperEntry,
    Session,
)
from activities.results import rows_of
from activities.tests.holding import bring, do, go_on, hold, mine, seen, somebody
from activities.tools.base import Keyed, RefusedError
from activities.tools.interview import Interview
from conftest import signed_in
from courses.models import LearningObjective

QUESTIONS = {"nexus": "What is the Nexus?", "cycle": "Which phases?", "gender": "Sex or gender?", "law": "Which laws?"}
TOOL = Interview()


@pytest.fixture
def interview(small, cohort, ada, ben) -> Session:
    """Ada's session with an interview of four questions, two of them for objectives; Ben and Chipo are in it."""
    session = hold(
        small, cohort, ada, [{"title": "Interview", "tool": "interview", "work": "plenary"}, {"tool": ""}], QUESTIONS
    )
    for number, (key, topic) in enumerate((("nexus", 0), ("gender", 1)), start=1):
        objective = small.topics[topic].objectives.get()
        ActivityQuestion.objects.filter(key=key).update(objective=objective, heading=f"Topic {number}")
        InterviewQuestion.objects.filter(question__key=key).update(objective=objective, heading=f"Topic {number}")
    bring(session, ben)
    somebody(session, "Chipo")
    return session


def press(client: Client, session: Session, action: str, **data: str):
    """Press a button of the present turn."""
    run = session.phases.get(position=1)
    return do(client, session, action, target=run.turn, **data)


def holder(session: Session) -> Attendance | None:
    return Asking.objects.get(run__session=session).holder


def phone_of(attendance: Attendance) -> Client:
    return signed_in(attendance.membership.user)


def other_than(session: Session, attendance: Attendance) -> Attendance:
    return next(row for row in session.attendances.exclude(membership__role="facilitator") if row != attendance)


def now(session: Session) -> State:
    return state_of(Session.objects.with_course().get(pk=session.pk))


def open_text(session: Session) -> str:
    return Asking.objects.get(run__session=session).question.text


def file_of(session: Session) -> str:
    return "\n".join(",".join(map(str, row)) for row in rows_of(now(session)))


def figures(session: Session) -> list:
    state = now(session)
    return TOOL.figures(state, state.steps[0])


# --- Drawing and asking -------------------------------------------------------------------------------------


def test_a_draw_shows_the_question_big_and_who_has_the_microphone_and_their_phone_says_so(interview, as_ada, as_ben):
    assert "The next question is drawn" in seen(as_ada, interview, "screen")

    press(as_ada, interview, "draw")

    name = holder(interview).membership.user.name
    for face in ("screen", "participant", "host"):
        page = seen(as_ada, interview, face)
        assert f'id="interview-question" dir="auto">{escape(open_text(interview))}' in page
        assert f"<bdi>{name}</bdi> has the microphone" in page
        assert 'data-total="60"' in page
    assert "You have the microphone" in mine(phone_of(holder(interview)), interview)
    assert "You have the microphone" not in mine(phone_of(other_than(interview, holder(interview))), interview)


def test_two_facilitators_at_once_draw_once(interview, as_ada):
    run = interview.phases.get(position=1)

    for _button in (1, 2):
        assert do(as_ada, interview, "draw", target=run.turn).status_code == 302

    assert Asking.objects.count() == 1
    assert sum(Asked.objects.values_list("times", flat=True)) == 1
    press(as_ada, interview, "close-complete")
    do(as_ada, interview, "draw", target=run.turn)
    do(as_ada, interview, "close-complete", target=run.turn)
    assert Outcome.objects.count() == 1
    assert not Asking.objects.exists()


def test_a_new_page_knows_when_to_ask_for_what_is_ones_own(interview, as_ada, as_ben):
    stamp = re.compile(r'data-stamps="(0:\d+)"')
    before = stamp.search(seen(as_ben, interview, "participant"))[1]
    press(as_ada, interview, "draw")
    assert stamp.search(seen(as_ben, interview, "participant"))[1] != before


def test_nothing_is_drawn_before_the_clock_runs(small, cohort, ada, as_ada, interview):
    interview.phases.filter(position=1).update(started_at=None)

    assert press(as_ada, interview, "draw").status_code == 422
    assert "Draw a question" not in seen(as_ada, interview, "host")


def test_all_are_discussed_once_and_everybody_is_asked_as_often(interview, as_ada):
    questions, people = [], []
    while InterviewQuestion.objects.filter(outcome=None).exists():
        press(as_ada, interview, "draw")
        questions.append(open_text(interview))
        people.append(holder(interview).pk)
        press(as_ada, interview, "close-complete")

    assert sorted(questions) == sorted(QUESTIONS.values())
    assert len({people[0], people[1]}) == len({people[2], people[3]}) == 2
    for face in ("host", "screen", "participant"):
        assert "All questions have been discussed" in seen(as_ada, interview, face)
    assert press(as_ada, interview, "draw").status_code == 422


def test_objectives_nobody_has_been_asked_about_come_first_and_are_shown(interview, as_ada, small):
    InterviewQuestion.objects.filter(objective=None).update(objective=small.topics[0].objectives.get())
    assert "2 learning objectives that nobody has been asked about" in seen(as_ada, interview, "host")

    drawn = set()
    for _question in (1, 2):
        press(as_ada, interview, "draw")
        drawn.add(Asking.objects.get().question.objective_id)
        press(as_ada, interview, "close-complete")

    assert len(drawn) == 2
    assert "that nobody has been asked about" not in seen(as_ada, interview, "host")


def test_who_is_away_is_not_asked_and_who_is_on_paper_is(interview, as_ada, ben):
    long_ago = timezone.now() - timedelta(minutes=5)
    interview.attendances.exclude(membership__role="facilitator").update(seen_at=long_ago)
    interview.attendances.filter(membership__user__name="Chipo").update(is_on_paper=True)

    for _question in range(3):
        press(as_ada, interview, "draw")
        assert holder(interview).membership.user.name == "Chipo"
        press(as_ada, interview, "close-complete")

    interview.attendances.update(is_on_paper=False)
    press(as_ada, interview, "draw")
    assert holder(interview) is None
    assert "Who would like to answer?" in seen(as_ada, interview, "screen")


def test_nobody_facilitating_is_ever_asked(interview, as_ada, ada):
    for _question in range(4):
        press(as_ada, interview, "draw")
        assert holder(interview).membership.user != ada
        press(as_ada, interview, "close-complete")


# --- Passing ------------------------------------------------------------------------------------------------


def test_whoever_passes_leaves_no_trace_but_that_somebody_else_is_asked(interview, as_ada):
    press(as_ada, interview, "draw")
    passer, text = holder(interview), open_text(interview)

    assert press(phone_of(passer), interview, "pass").status_code == 302

    assert open_text(interview) == text
    assert holder(interview) == other_than(interview, passer)
    name = passer.membership.user.name
    for face in ("screen", "participant"):
        page = seen(as_ada, interview, face)
        assert name not in page
        assert "passed" not in page
    press(as_ada, interview, "close-complete")
    assert not Asked.objects.exclude(passed=None).exists()


def test_once_all_have_passed_the_question_goes_to_the_room(interview, as_ada):
    press(as_ada, interview, "draw")
    for _person in (1, 2):
        press(as_ada, interview, "pass-on")

    assert holder(interview) is None
    assert "Who would like to answer?" in seen(as_ada, interview, "screen")
    press(as_ada, interview, "close-complete")
    press(as_ada, interview, "draw")
    assert holder(interview) is not None


def test_nobody_passes_for_somebody_else_and_a_second_press_passes_once(interview, as_ada):
    press(as_ada, interview, "draw")
    first = holder(interview)
    other = other_than(interview, first)

    refused = press(phone_of(other), interview, "pass")
    assert refused.status_code == 422
    assert "with somebody else" in refused.text
    assert holder(interview) == first
    turn = interview.phases.get(position=1).turn
    for _twice in (1, 2):
        do(phone_of(first), interview, "pass", target=turn)
    assert holder(interview) == other


@pytest.mark.parametrize("action", ["draw", "pass-on", "close-complete", "undo-step", "add-question", "leave-out"])
def test_participants_do_not_lead_the_interview(interview, as_ben, action):
    assert press(as_ben, interview, action).status_code == 404


def test_somebody_from_another_cohort_finds_nothing(interview, cleo):
    assert press(signed_in(cleo), interview, "pass").status_code == 404


def test_when_the_time_is_over_nobody_passes_but_the_facilitator_goes_on(interview, as_ada):
    press(as_ada, interview, "draw")
    interview.phases.filter(position=1).update(started_at=timezone.now() - timedelta(minutes=11))

    assert press(phone_of(holder(interview)), interview, "pass").status_code == 422
    assert press(as_ada, interview, "pass-on").status_code == 302
    assert press(as_ada, interview, "close-corrected").status_code == 302


# --- Outcomes -----------------------------------------------------------------------------------------------


def test_whoever_completes_an_answer_is_asked_later_than_others(interview, as_ada):
    dina = somebody(interview, "Dina")
    press(as_ada, interview, "draw")
    first = holder(interview)
    helper = other_than(interview, first)

    press(as_ada, interview, "close-completed", helper=helper.public_id)

    press(as_ada, interview, "draw")
    assert holder(interview) not in {first, helper}
    assert dina is not None
    assert Outcome.objects.get().kind == "completed"


@pytest.mark.parametrize("helper", ["", "nonsense"])
def test_who_completed_it_need_not_be_said(interview, as_ada, helper):
    press(as_ada, interview, "draw")
    press(as_ada, interview, "close-completed", helper=helper)

    assert sum(Asked.objects.values_list("times", flat=True)) == 1
    assert Outcome.objects.get().kind == "completed"


def test_what_was_unclear_is_kept_with_where_to_read_it_again(interview, as_ada, as_ben, small):
    InterviewQuestion.objects.exclude(question__key="gender").update(is_left_out=True)
    press(as_ada, interview, "draw")
    press(as_ada, interview, "close-unclear", **{"text-note": "Two words\r\nfor one thing"})
    services.end_session(session=interview)

    page = as_ben.get(reverse("session_results", args=[interview.public_id])).text

    topic = small.topics[1]
    assert "Two words for one thing" in page
    assert f'href="{reverse("topic", args=[small.course.key, topic.key])}"' in page
    assert "Two words for one thing" in file_of(interview)
    objective = LearningObjective.objects.get(topic=topic).text
    assert figures(interview)[1:] == [[objective, 1, 0, 0, 1, "Two words for one thing"]]


def test_a_note_that_is_too_long_comes_back(interview, as_ada):
    press(as_ada, interview, "draw")
    run = interview.phases.get(position=1)
    url = reverse("session_act", args=[interview.public_id, "close-unclear"]) + "?face=host"

    refused = as_ada.post(url, {"target": run.turn, "text-note": "x" * 501})

    assert refused.status_code == 422
    assert "x" * 501 in refused.text
    assert Asking.objects.exists()


def test_figures_count_by_objective_and_name_nobody(interview, as_ada, small):
    InterviewQuestion.objects.update(objective=small.topics[0].objectives.get())
    for kind in ("complete", "completed", "corrected", "unclear"):
        press(as_ada, interview, "draw")
        press(as_ada, interview, f"close-{kind}")

    assert figures(interview)[1:] == [["explain challenges", 4, 1, 1, 1, ""]]


def test_nothing_says_how_one_person_answered(interview, as_ada, as_ben):
    press(as_ada, interview, "draw")
    press(as_ada, interview, "close-corrected")
    press(as_ada, interview, "draw")
    press(as_ada, interview, "close-unclear", **{"text-note": "The words"})
    services.end_session(session=interview)
    left = as_ben.get(reverse("session_results", args=[interview.public_id])).text.split("</header>")[-1]
    pages = [seen(as_ada, interview, face).split("Who is here")[0] for face in ("host", "screen", "participant")]

    for page in (*pages, left, mine(as_ben, interview), file_of(interview), str(figures(interview))):
        assert "Chipo" not in page
        assert "Ben" not in page
    for page in (left, file_of(interview)):
        assert "orrected" not in page
    # What is stored says nothing of it either: only what the last step needs to be undone, and how often.
    links = {field.name for field in Outcome._meta.get_fields()}
    assert links == {"id", "question", "kind", "note", "paper"}
    assert not Asking.objects.exists()
    assert LastStep.objects.count() == 1


# --- Undoing ------------------------------------------------------------------------------------------------


def test_the_last_step_is_undone_and_only_that(interview, as_ada):
    press(as_ada, interview, "draw")
    first, text = holder(interview), open_text(interview)
    press(as_ada, interview, "pass-on")
    second = holder(interview)
    press(as_ada, interview, "close-completed", helper=first.public_id)
    assert Asked.objects.get(attendance=first).times == 2

    press(as_ada, interview, "undo-step")
    assert (holder(interview), open_text(interview)) == (second, text)
    assert Asked.objects.get(attendance=first).times == 1
    assert not Outcome.objects.exists()
    assert "undo-step" not in seen(as_ada, interview, "host")
    assert press(as_ada, interview, "undo-step").status_code == 302
    assert holder(interview) == second


def test_a_pass_and_a_draw_are_undone(interview, as_ada):
    press(as_ada, interview, "draw")
    first = holder(interview)
    press(as_ada, interview, "pass-on")
    turn = interview.phases.get(position=1).turn
    for _twice in (1, 2):
        do(as_ada, interview, "undo-step", target=turn)
    assert holder(interview) == first
    assert dict(Asked.objects.values_list("attendance", "times"))[first.pk] == 1
    assert sum(Asked.objects.values_list("times", flat=True)) == 1
    press(as_ada, interview, "close-complete")

    press(as_ada, interview, "draw")
    press(as_ada, interview, "undo-step")
    assert not Asking.objects.exists()
    assert sum(Asked.objects.values_list("times", flat=True)) == 1
    assert "Draw a question" in seen(as_ada, interview, "host")


# --- The bank -----------------------------------------------------------------------------------------------


def test_questions_are_left_out_marked_and_added(interview, as_ada, small):
    rows = {row.text: row for row in InterviewQuestion.objects.all()}
    for text in ("Which phases?", "Which laws?"):
        do(as_ada, interview, "leave-out", target=rows[text].public_id)
    do(as_ada, interview, "take-in", target=rows["Which laws?"].public_id)
    do(as_ada, interview, "important", target=rows["Which laws?"].public_id)
    do(as_ada, interview, "important", target=rows["Sex or gender?"].public_id)
    do(as_ada, interview, "ordinary", target=rows["Sex or gender?"].public_id)
    objective = small.topics[0].objectives.get()
    for _twice in (1, 2):
        do(as_ada, interview, "add-question", objective=objective.pk, **{"text-question": "And in Sfax?"})

    assert "0 of 4 questions discussed" in seen(as_ada, interview, "screen")
    press(as_ada, interview, "draw")
    assert open_text(interview) == "Which laws?"
    drawn = [open_text(interview)]
    for _question in range(3):
        press(as_ada, interview, "close-complete")
        press(as_ada, interview, "draw")
        drawn.append(open_text(interview))
    assert sorted(drawn) == ["And in Sfax?", "Sex or gender?", "What is the Nexus?", "Which laws?"]
    assert InterviewQuestion.objects.get(question=None).objective == objective


@pytest.mark.parametrize(("text", "why"), [(" ", "Write something first."), ("x" * 301, "1 character too long")])
def test_what_is_no_question_comes_back(interview, as_ada, text, why):
    refused = do(as_ada, interview, "add-question", **{"text-question": text})

    assert refused.status_code == 422
    assert why in refused.text
    assert InterviewQuestion.objects.count() == 4


def test_an_objective_of_no_topic_of_this_course_is_none(interview, as_ada):
    do(as_ada, interview, "add-question", objective="999999", **{"text-question": "Why?"})

    assert InterviewQuestion.objects.get(text="Why?").objective is None


def test_what_is_drawn_is_not_left_out_any_more(interview, as_ada):
    press(as_ada, interview, "draw")
    target = Asking.objects.get().question.public_id

    assert do(as_ada, interview, "leave-out", target=target).status_code == 422
    assert do(as_ada, interview, "important", target="nonsense").status_code == 422


def test_coming_back_to_the_phase_changes_no_question(interview, as_ada):
    press(as_ada, interview, "draw")
    press(as_ada, interview, "close-complete")
    go_on(interview)
    services.go_to(session=interview, position=1, from_position=2)

    assert InterviewQuestion.objects.count() == 4
    assert "1 of 4 questions discussed" in seen(as_ada, interview, "screen")


def test_added_questions_are_never_markup(interview, as_ada, as_ben):
    InterviewQuestion.objects.update(is_left_out=True)
    do(as_ada, interview, "add-question", **{"text-question": "<script>1</script><b>لماذا</b>"})
    press(as_ada, interview, "draw")

    for page in (seen(as_ada, interview, "host"), seen(as_ada, interview, "screen"), mine(as_ben, interview)):
        assert "<script" not in page
        assert "<b>" not in page


# --- Without names ------------------------------------------------------------------------------------------


def test_without_names_only_ones_own_phone_says_who_is_asked(interview, as_ada):
    interview.phases.update(has_names=False)
    interview.attendances.filter(membership__user__name="Chipo").update(is_on_paper=True)
    for _question in (1, 2):
        press(as_ada, interview, "draw")
        for face in ("host", "screen", "participant"):
            assert "Ben" not in seen(as_ada, interview, face).split("Who is here")[0]
        # Nobody could tell somebody on paper that it is them.
        assert holder(interview).membership.user.name == "Ben"
        assert "You have the microphone" in mine(phone_of(holder(interview)), interview)
        press(as_ada, interview, "close-complete")


# --- From paper ---------------------------------------------------------------------------------------------


def key_in(session: Session, data: dict) -> PaperEntry:
    state = now(session)
    with transaction.atomic():
        entry = PaperEntry.objects.create(run=state.steps[0].run)
        entry.summary = TOOL.key_in(Keyed(state, state.steps[0], entry, data))
        entry.save()
    return entry


def test_outcomes_from_paper_count_and_are_taken_back(interview, as_ada):
    ids = {row.text: row.public_id for row in InterviewQuestion.objects.all()}

    entry = key_in(
        interview,
        {
            f"outcome-{ids['Which laws?']}": "complete",
            f"outcome-{ids['Which phases?']}": "unclear",
            f"text-note-{ids['Which phases?']}": "The return",
            f"outcome-{ids['What is the Nexus?']}": "",
        },
    )

    assert entry.summary == "2 questions discussed"
    assert "2 of 4 questions discussed. 2 on paper in the room." in " ".join(seen(as_ada, interview, "screen").split())
    assert "The return" in file_of(interview)
    assert "in the room" in file_of(interview)
    entry.delete()
    assert "0 of 4 questions discussed" in seen(as_ada, interview, "screen")
    assert InterviewQuestion.objects.count() == 4


def test_what_cannot_be_keyed_in_stores_nothing(interview, as_ada):
    press(as_ada, interview, "draw")
    drawn = Asking.objects.get().question
    other = InterviewQuestion.objects.exclude(pk=drawn.pk).first()

    for data in (
        {},
        {f"outcome-{drawn.public_id}": "complete", f"outcome-{other.public_id}": "complete"},
        {f"outcome-{other.public_id}": "complete", f"text-note-{other.public_id}": "But"},
        {f"outcome-{other.public_id}": "unclear", f"text-note-{other.public_id}": "x" * 501},
    ):
        with pytest.raises(RefusedError):
            key_in(interview, data)
    assert not Outcome.objects.exists()
    assert not PaperEntry.objects.exists()


def test_the_kit_has_a_card_for_each_question_that_is_left(interview, as_ada):
    press(as_ada, interview, "draw")
    text = open_text(interview)
    press(as_ada, interview, "close-complete")
    state = now(interview)

    kit = render_to_string("activities/tools/interview/_kit.html", {"kit": TOOL.kit(state, state.steps[0])})
    form = render_to_string("activities/tools/interview/_paper.html", {"paper": TOOL.paper(state, state.steps[0])})

    assert kit.count('interview-card"') == form.count("<select") == 3
    assert text not in kit + form


# --- What cannot be -----------------------------------------------------------------------------------------


def test_the_database_holds_one_open_question_and_one_outcome_each(interview, as_ada):
    run = interview.phases.get(position=1)
    one, two = InterviewQuestion.objects.all()[:2]
    Asking.objects.create(run=run, question=one)
    Outcome.objects.create(question=two, kind="complete")

    for make in (
        lambda: Asking.objects.create(run=run, question=two),
        lambda: Outcome.objects.create(question=two, kind="complete"),
        lambda: Outcome.objects.create(question=one, kind="wrong"),
        lambda: Outcome.objects.create(question=one, kind="complete", note="But"),
        lambda: InterviewQuestion.objects.create(run=run, question=one.question, text="Again", position=9),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            make()


def test_options_are_refused():
    assert list(TOOL.faults(["One"], 1))
    assert not list(TOOL.faults([], 22))


def test_the_board_costs_the_same_for_one_person_and_for_ten(interview, as_ada, as_ben, django_assert_num_queries):
    press(as_ada, interview, "draw")
    url = reverse("session_shared", args=[interview.public_id, "host"])
    own = reverse("session_mine", args=[interview.public_id])
    as_ada.get(url)
    with django_assert_num_queries(10):
        as_ada.get(url)
    with django_assert_num_queries(10):
        as_ben.get(own)
    for number in range(10):
        somebody(interview, f"P{number}")
        do(as_ada, interview, "add-question", **{"text-question": f"Question {number}?"})
    with django_assert_num_queries(10):
        as_ada.get(url)
    with django_assert_num_queries(10):
        as_ben.get(own)
