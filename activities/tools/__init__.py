"""The tools that people use in the phases of a session. A tool is one module here and one folder of templates."""

from activities.live.state import Step
from activities.tools.balance import Balance
from activities.tools.base import Tool
from activities.tools.cards import Cards
from activities.tools.case_study import CaseStudy
from activities.tools.dot_vote import DotVote
from activities.tools.gallery_walk import GalleryWalk
from activities.tools.intervention_table import InterventionTable
from activities.tools.interview import Interview
from activities.tools.meeting_rounds import MeetingRounds
from activities.tools.pinned_examples import PinnedExamples
from activities.tools.presentations import Presentations
from activities.tools.puzzle import Puzzle
from activities.tools.sticky_notes import StickyNotes

_ALL = (
    Balance(),
    Cards(),
    CaseStudy(),
    DotVote(),
    GalleryWalk(),
    InterventionTable(),
    Interview(),
    MeetingRounds(),
    PinnedExamples(),
    Presentations(),
    Puzzle(),
    StickyNotes(),
)
_TOOLS: dict[str, Tool] = {tool.name: tool for tool in _ALL}


def tool_named(name: str) -> Tool | None:
    """Return the tool called *name*; None if there is none."""
    return _TOOLS.get(name)


def tool_of(step: Step | None) -> Tool | None:
    """Return the tool of a step; None for one without, and for one whose tool there is not."""
    return tool_named(step.plan.tool) if step else None
