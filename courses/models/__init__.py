"""Course content and what people do with it."""

from courses.models.content import (
    CaseStudy,
    Course,
    Figure,
    GlossaryTerm,
    KeyPoint,
    LearningObjective,
    Question,
    Reference,
    ReflectionPrompt,
    RelatedModule,
    Section,
    Topic,
)
from courses.models.learning import Answer, Enrolment, SectionProgress, TopicProgress
from courses.models.search import SearchEntry

__all__ = [
    "Answer",
    "CaseStudy",
    "Course",
    "Enrolment",
    "Figure",
    "GlossaryTerm",
    "KeyPoint",
    "LearningObjective",
    "Question",
    "Reference",
    "ReflectionPrompt",
    "RelatedModule",
    "SearchEntry",
    "Section",
    "SectionProgress",
    "Topic",
    "TopicProgress",
]
