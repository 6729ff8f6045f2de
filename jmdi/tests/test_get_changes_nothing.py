"""Opening a page changes nothing, nor does opening it twice: every URL that answers GET, for somebody with work."""

from django.apps import apps
from django.contrib.sessions.models import Session
from django.urls import reverse

from activities.tests.factories import add_activity, make_session
from conftest import signed_in
from courses.models import ObjectiveRating
from jmdi.tests.test_access import ANSWER, ROWS
from jmdi.tests.test_access_to_cohorts import COHORT_ROWS
from jmdi.tests.test_access_to_sessions import SESSION_ROWS

# When somebody was last here, and what allauth counts to limit tries, is not what people wrote.
LEFT_OUT = {"usersessions.UserSession"}


def everything():
    """Return all rows of all tables."""
    models = [model for model in apps.get_models() if model._meta.label not in LEFT_OUT and model is not Session]
    return {model._meta.label: sorted(map(str, model.objects.values_list())) for model in models}


def test_every_page_opened_twice_leaves_the_database_as_it_was(
    small, enrolment, cohort, bens_membership, ada, ben, dag
):
    as_ada, as_ben, as_dag = signed_in(ada), signed_in(ben), signed_in(dag)
    add_activity(small)
    for text, version in (("first", 0), ("second", 1)):
        as_ben.post(reverse("answer_save", args=ANSWER), {"text": text, "version": version})
    objective = small.topics[0].objectives.get()
    ObjectiveRating.objects.create(enrolment=enrolment, objective=objective, moment="before", level=2)
    cohort_pages = [
        (reverse(name, args=[cohort.public_id, *(keys(cohort) if callable(keys) else keys)]), data)
        for name, (keys, method, data, _statuses) in COHORT_ROWS.items()
        if method == "get"
    ]
    session = make_session(small, cohort, ada)
    cohort_pages += [
        (reverse(name, args=[session.public_id, *keys]), data)
        for name, (keys, method, data, _statuses) in SESSION_ROWS.items()
        if method == "get"
    ]
    before = everything()

    for _time in range(2):
        for name, (arguments, method, data, _statuses) in ROWS.items():
            if method == "get":
                for client in (as_ben, as_dag):
                    client.get(reverse(name, args=arguments), data)
        for url, data in cohort_pages:
            for client in (as_ada, as_ben):
                client.get(url, data)
        for page in ("index", "courses_section_changelist", "courses_course_changelist", "accounts_user_changelist"):
            as_dag.get(reverse(f"admin:{page}"))

    assert everything() == before
