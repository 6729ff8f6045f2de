"""The questions that a course asks, each with where it stands."""

from dataclasses import dataclass

from courses.published import Data, PublishedCourse, PublishedSection, PublishedTopic


@dataclass
class Asked:
    """A question as the course asks it now."""

    topic: PublishedTopic
    section: PublishedSection
    prompt: Data
    question: Data

    @property
    def id(self) -> int:
        return self.question["id"]

    @property
    def text(self) -> str:
        return self.question["text"]

    @property
    def url(self) -> str:
        """Where it is asked."""
        return f"{self.section.url}#answer-{self.prompt['key']}-{self.question['key']}"


def questions_by_id(course: PublishedCourse) -> dict[int, Asked]:
    """Return the questions that stand in a section of *course*."""
    return {
        question["id"]: Asked(*course.places[question["id"]], prompt, question)
        for topic in course.topics
        for prompt in topic.prompts.values()
        for question in prompt["questions"]
        if question["id"] in course.places
    }
