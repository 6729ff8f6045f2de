"""Group activities: the plans, and live sessions of them."""

from activities.models.balance import (
    Factor,
    FactorVoice,
    Intervention,
)
from activities.models.cards import (
    CardField,
    CardTurn,
)
from activities.models.content import (
    Activity,
    ActivityObjective,
    ActivityQuestion,
    Handout,
    Phase,
)
from activities.models.drafts import (
    Draft,
)
from activities.models.examples import (
    Example,
    ExampleBoard,
    ExampleQuestion,
)
from activities.models.gallery import (
    WalkNote,
    WalkReply,
)
from activities.models.interview import (
    Asked,
    Asking,
    InterviewQuestion,
    LastStep,
    Outcome,
)
from activities.models.live import (
    Attendance,
    Group,
    KeptSeat,
    Seat,
    Session,
    SessionPhase,
)
from activities.models.notes import (
    Cluster,
    Note,
    NoteBoard,
)
from activities.models.paper import (
    PaperEntry,
)
from activities.models.puzzle import (
    Missing,
    Placing,
    PuzzlePart,
)
from activities.models.rounds import (
    Acquaintance,
    MeetingSeat,
    RoundsOnPaper,
)
from activities.models.sheets import (
    Correction,
    EarlierSheetText,
    GroupWish,
    SheetAnswer,
)
from activities.models.votes import (
    Choice,
    Dot,
    PaperDots,
)

__all__ = [
    "Acquaintance",
    "Activity",
    "ActivityObjective",
    "ActivityQuestion",
    "Asked",
    "Asking",
    "Attendance",
    "CardField",
    "CardTurn",
    "Choice",
    "Cluster",
    "Correction",
    "Dot",
    "Draft",
    "EarlierSheetText",
    "Example",
    "ExampleBoard",
    "ExampleQuestion",
    "Factor",
    "FactorVoice",
    "Group",
    "GroupWish",
    "Handout",
    "Intervention",
    "InterviewQuestion",
    "KeptSeat",
    "LastStep",
    "MeetingSeat",
    "Missing",
    "Note",
    "NoteBoard",
    "Outcome",
    "PaperDots",
    "PaperEntry",
    "Phase",
    "Placing",
    "PuzzlePart",
    "RoundsOnPaper",
    "Seat",
    "Session",
    "SessionPhase",
    "SheetAnswer",
    "WalkNote",
    "WalkReply",
]
