"""Two windows and a telephone without scripts, replies lost, requests twice and late: no text ever disappears.

`HYPOTHESIS_PROFILE=thorough` tries a thousand interleavings instead of a few.
"""

import os

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from conftest import make_user
from courses import services
from courses.models import Answer, EarlierText
from courses.services import Draft, StaleTextError

_COMMON = {"deadline": None, "suppress_health_check": list(HealthCheck), "database": None}
settings.register_profile("quick", max_examples=15, stateful_step_count=20, **_COMMON)
settings.register_profile("thorough", max_examples=1_000, stateful_step_count=20, **_COMMON)

WINDOWS = st.sampled_from(["a" * 32, "b" * 32, ""])
WORDS = st.sampled_from(["migrants ", "towns ", "work ", "مدينة ", "🏙 "])


class Window:
    """An open page: what is in its box, the version it knows, how often it has saved."""

    def __init__(self, sitting):
        self.sitting, self.text, self.version, self.turn, self.other = sitting, "", 0, 0, None


def is_within(text, kept):
    """Return whether *kept* is *text* with things added."""
    letters = iter(kept)
    return all(letter in letters for letter in text)


def machine(small):
    """Return the state machine of one person who answers one question of *small*."""

    class Writing(RuleBasedStateMachine):
        @initialize()
        def begin(self):
            Writing.people = getattr(Writing, "people", 0) + 1
            self.enrolment = services.enrol(user=make_user(f"w{Writing.people}@example.org"), course=small.course)
            self.windows, self.sent, self.under_way = {}, set(), []

        def window(self, sitting):
            return self.windows.setdefault(sitting, Window(sitting))

        def deliver(self, draft):
            self.sent.add(draft.text)
            try:
                return services.save_answer(
                    enrolment=self.enrolment,
                    topic_id=small.topics[0].pk,
                    section_id=small.sections[0].pk,
                    question_id=small.questions[0].pk,
                    revision=1,
                    draft=draft,
                )
            except StaleTextError as error:
                return error

        def send(self, window, choice=""):
            window.turn += 1
            return Draft(window.text, window.version, window.sitting, window.turn if window.sitting else 0, choice)

        def read(self, window, reply):
            if isinstance(reply, StaleTextError):
                window.other = reply.row.version
            else:
                window.version, window.other = reply.version, None

        @rule(sitting=WINDOWS, word=WORDS, place=st.integers(0, 40))
        def add(self, sitting, word, place):
            window = self.window(sitting)
            window.text = window.text[:place] + word + window.text[place:]

        @rule(sitting=WINDOWS, start=st.integers(0, 20), length=st.integers(1, 20))
        def delete(self, sitting, start, length):
            window = self.window(sitting)
            window.text = window.text[:start] + window.text[start + length :]

        @rule(sitting=WINDOWS)
        def save(self, sitting):
            window = self.window(sitting)
            if window.other is None:
                self.read(window, self.deliver(self.send(window)))

        @rule(sitting=WINDOWS)
        def save_and_lose_the_reply(self, sitting):
            self.deliver(self.send(self.window(sitting)))

        @rule(sitting=WINDOWS)
        def save_twice(self, sitting):
            draft = self.send(self.window(sitting))
            self.deliver(draft)
            self.read(self.window(sitting), self.deliver(draft))

        @rule(sitting=st.sampled_from(["a" * 32, "b" * 32]))
        def set_off_slowly(self, sitting):
            self.under_way.append(self.send(self.window(sitting)))

        @rule()
        def arrive_late(self):
            if self.under_way:
                self.deliver(self.under_way.pop())

        @rule(sitting=WINDOWS, choice=st.sampled_from(["mine", "other", "join"]))
        def choose(self, sitting, choice):
            window = self.window(sitting)
            if window.other is None:
                return
            window.version = window.other
            reply = self.deliver(self.send(window, choice))
            self.read(window, reply)
            if choice != "mine" and not isinstance(reply, StaleTextError):
                window.text = reply.text

        @rule(sitting=WINDOWS)
        def reload(self, sitting):
            stored = Answer.objects.filter(enrolment=self.enrolment).first()
            window = self.windows[sitting] = Window(sitting and f"{int(sitting, 16) + 1:032x}")
            window.text, window.version = (stored.text, stored.version) if stored else ("", 0)

        @invariant()
        def nothing_that_was_sent_is_gone(self):
            answer = Answer.objects.filter(enrolment=self.enrolment).first()
            kept = [answer.text] if answer else [""]
            kept += EarlierText.objects.filter(answer=answer).values_list("text", flat=True) if answer else []
            for text in self.sent:
                assert any(is_within(text, one) for one in kept), text

    return Writing


def test_no_text_ever_disappears(small):
    profile = settings.get_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))

    run_state_machine_as_test(machine(small), settings=profile)
