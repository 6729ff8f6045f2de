"""Somebody else goes on with a session in the middle of a phase."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from activities import services
from activities.models import Session
from activities.tests.factories import make_session
from cohorts import services as cohort_services
from conftest import make_user

pytestmark = pytest.mark.browser


def test_a_co_facilitator_takes_over_in_the_middle_of_a_phase_and_gives_back(
    visit, small, cohort, ada, ben, bens_membership
):
    eve = make_user("eve@example.org", name="Eve", is_facilitator=True)
    cohort_services.add_facilitator(user=eve, cohort=cohort)
    session = make_session(small, cohort, ada)
    services.arrive(session=session, membership=bens_membership)
    host, mine = reverse("session_host", args=[session.public_id]), session.get_absolute_url()
    first, phone = visit(ada), visit(ben, width=360)
    first.page.goto(first.address + host)
    phone.page.goto(phone.address + mine)
    choice = session.phases.first().choices.first().pk
    phone.page.click(f"#dot-a-{choice}")
    phone.page.wait_for_selector(f"#dot-a-{choice}.is-placed")

    # Ada's laptop dies: the clock runs on, and the phone goes on as before.
    first.context.set_offline(True)
    phone.page.click(f"#dot-b-{choice}")
    phone.page.wait_for_selector(f"#dot-b-{choice}.is-placed")
    second = visit(eve)
    second.page.goto(second.address + host)
    expect(second.page.locator("#step-title")).to_have_text("1. Vote")
    expect(second.page.locator("[data-clock][data-running='1']").first).to_be_visible()
    second.page.click("button:has-text('Pause')")
    phone.page.wait_for_selector("[data-clock][data-running='0']")
    second.page.click("button:has-text('Go on')")
    second.page.click("button:has-text('Next: Talk')")
    phone.page.wait_for_selector("h1:has-text('Talk')")

    # Ada comes back to where the others are, and either may go on.
    first.context.set_offline(False)
    first.page.wait_for_selector("#step-title:has-text('2. Talk')")
    first.page.click("button:has-text('Start the clock')")
    second.page.wait_for_selector("button:has-text('Pause')")
    first.complaints.clear()
    row = Session.objects.select_related("current").get(pk=session.pk)
    assert row.current.position == 2
    assert session.phases.first().dots.count() == 2
