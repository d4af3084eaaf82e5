"""The syllabus in the database: what is taught, what was done, and what proves it."""

from syllabus.models.certificates import Certificate, IssuerKey, Revocation
from syllabus.models.pages import (
    CompletionRule,
    LearningOutcome,
    LessonPage,
    Level,
    ModulePage,
    Prerequisite,
    SyllabusPage,
)
from syllabus.models.questions import Option, Question, QuestionKind
from syllabus.models.records import (
    Answer,
    Attempt,
    Completion,
    Enrolment,
    LessonRead,
    ModuleEdition,
    Submission,
)
from syllabus.models.reminders import ReminderSent
from syllabus.models.sharing import Share, ShareWithdrawal

__all__ = [
    "Answer",
    "Attempt",
    "Certificate",
    "Completion",
    "CompletionRule",
    "Enrolment",
    "IssuerKey",
    "LearningOutcome",
    "LessonPage",
    "LessonRead",
    "Level",
    "ModuleEdition",
    "ModulePage",
    "Option",
    "Prerequisite",
    "Question",
    "QuestionKind",
    "ReminderSent",
    "Revocation",
    "Share",
    "ShareWithdrawal",
    "Submission",
    "SyllabusPage",
]
