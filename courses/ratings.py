"""What somebody could do before a topic, and can do now, by their own judgement."""

from dataclasses import dataclass
from typing import Any

from courses.models import Enrolment, ObjectiveRating
from courses.published import PublishedCourse, PublishedTopic

Level, Moment = ObjectiveRating.Level, ObjectiveRating.Moment


@dataclass
class Rated:
    """A learning objective with what was said of it, before the topic and after."""

    text: str
    before: Level | None
    after: Level | None


class Ratings:
    """One person's ratings in one course, from one query: of all topics, or of one."""

    def __init__(
        self, course: PublishedCourse, enrolment: Enrolment | None, topic: PublishedTopic | None = None
    ) -> None:
        topics = [topic] if topic else course.topics
        ids = [objective["id"] for one in topics for objective in one.objectives]
        rows = enrolment.objective_ratings.filter(objective_id__in=ids) if enrolment and ids else []
        self._levels = {(row.objective_id, row.moment): Level(row.level) for row in rows}

    def of(self, topic: PublishedTopic) -> dict[str, Any]:
        """Return the objectives of *topic* with what was said of them, and at which moments anything was."""
        rows = [
            Rated(
                text=objective["text"],
                before=self._levels.get((objective["id"], Moment.BEFORE)),
                after=self._levels.get((objective["id"], Moment.AFTER)),
            )
            for objective in topic.objectives
        ]
        return {
            "rows": rows,
            "has_then": any(row.before for row in rows),
            "has_now": any(row.after for row in rows),
        }

    def levels(self, moment: str) -> dict[int, Level]:
        """Return what was said at one *moment*, by objective id."""
        return {id_: level for (id_, when), level in self._levels.items() if when == moment}
