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
from courses.models.learning import Enrolment, NextStep, ObjectiveRating, SectionProgress, TopicProgress
from courses.models.search import SearchEntry
from courses.models.writing import Answer, Audience, EarlierText, Note, RescueFile

__all__ = [
    "Answer",
    "Audience",
    "CaseStudy",
    "Course",
    "EarlierText",
    "Enrolment",
    "Figure",
    "GlossaryTerm",
    "KeyPoint",
    "LearningObjective",
    "NextStep",
    "Note",
    "ObjectiveRating",
    "Question",
    "Reference",
    "ReflectionPrompt",
    "RelatedModule",
    "RescueFile",
    "SearchEntry",
    "Section",
    "SectionProgress",
    "Topic",
    "TopicProgress",
]
