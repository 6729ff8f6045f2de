"""Some work of the demo's people, so that a newcomer sees a course in use: sections read, questions answered,
objectives rated, a promise made.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from courses import services
from courses.models import Course, Enrolment
from courses.published import PublishedCourse, read
from jmdi.demo import DEMO_DOMAIN

_AMINA = {
    "structural-context/impact-where-you-work": (
        "In Sfax I see it first in the labour market. Building firms and olive farms count on seasonal workers, many "
        "of them from south of the Sahara, while our own young graduates leave for France and Italy.\n\n"
        "Schools feel it too: in two districts classes have doubled since 2019, and nobody had planned for it. "
        "At the same time money from relatives abroad has paid for a good part of the new houses there."
    ),
    "defining-diasporas/describe": (
        "Mostly people from Sfax in Marseille and Milan. They meet in two associations and around one football club. "
        "I think most feel tied to the city more than to the country."
    ),
}
_KOFI = {
    "structural-context/impact-where-you-work": (
        "Young people come to Kumasi from the north of Ghana, more than go abroad. "
        "Markets grow, and so does the queue for rooms."
    ),
}

# What they say of the objectives of the first topic, in order, before and after it.
RATINGS = {
    "amina.haddad": {"before": [2, 3, 2, 1]},
    "kofi.mensah": {"before": [1, 2, 1, 1], "after": [3, 3, 3, 2]},
}
_STEP = (
    "Ask the schools office for the numbers by district since 2019, and bring them to the next meeting of the "
    "planning group."
)

# Who has read how many sections, and what they answered, by prompt and question.
WORK = {
    "amina.haddad": (1, _AMINA),
    "kofi.mensah": (3, _KOFI),
    "rosa.quispe": (1, {}),
}


@transaction.atomic
def make_work() -> None:
    """Give the demo's people their work, where the course is the one it was written for and they have not begun."""
    course = Course.objects.filter(key="core-module").first()
    if course is None:
        return
    for name, (sections, answers) in WORK.items():
        user = User.objects.filter(email=f"{name}@{DEMO_DOMAIN}").first()
        if user and not user.enrolments.filter(course=course).exists():
            _work(user, course, sections, answers, RATINGS.get(name, {}))
            if name == "amina.haddad":
                services.add_next_step(
                    enrolment=user.enrolments.get(course=course),
                    text=_STEP,
                    due_on=timezone.localdate() + timedelta(days=30),
                )


def _work(user: User, row: Course, sections: int, answers: dict[str, str], ratings: dict[str, list[int]]) -> None:
    course = read(row)
    enrolment = services.enrol(user=user, course=row)
    for name, text in answers.items():
        _answer(enrolment, course, *name.split("/"), text)
    for section in course.sections[:sections]:
        services.mark_section(
            enrolment=enrolment,
            topic_id=course.topic(section.topic_key).id,
            section_id=section.id,
            done=True,
        )
    for moment, levels in ratings.items():
        topic = course.topics[0]
        services.rate_objectives(
            enrolment=enrolment,
            topic_id=topic.id,
            moment=moment,
            levels={objective["id"]: level for objective, level in zip(topic.objectives, levels, strict=False)},
        )
    services.visit_section(enrolment=enrolment, section_id=course.sections[min(sections, len(course.sections) - 1)].id)


def _answer(enrolment: Enrolment, course: PublishedCourse, prompt_key: str, question_key: str, text: str) -> None:
    """Answer a question if the course (which an editor may have changed) still asks it."""
    for topic in course.topics:
        for question in topic.prompts.get(prompt_key, {}).get("questions", []):
            if question["key"] == question_key and question["id"] in course.places:
                _topic, section = course.places[question["id"]]
                services.save_answer(
                    enrolment=enrolment,
                    topic_id=topic.id,
                    section_id=section.id,
                    question_id=question["id"],
                    revision=question["revision"],
                    draft=services.Draft(text=text, version=0),
                )
