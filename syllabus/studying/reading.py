"""Gathers what the pages of the syllabus show to whoever asks, in a fixed number of queries."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import reverse

from learning_hub.pages.visibility import barriers_of, visitor_of
from syllabus.models import (
    CompletionRule,
    Enrolment,
    LearningOutcome,
    LessonPage,
    LessonRead,
    Level,
    ModulePage,
    Prerequisite,
    SyllabusPage,
)
from syllabus.standing import Standing, standings
from syllabus.studying.next_step import (
    NOT_HERE,
    NextStep,
    certificate_address,
    next_step,
    step_of_visitor,
)
from syllabus.studying.standing_lines import StandingLine, lessons_read, standing_line


@dataclass(frozen=True)
class ModuleCard:
    """One module in the list. `line` is for the signed in; an outline has no lessons."""

    module: ModulePage
    lessons: int
    line: StandingLine | None = None

    @property
    def domains(self) -> list[str]:
        """The names of its domains."""
        return [domain.name for domain in self.module.domains.all()]


@dataclass(frozen=True)
class LevelGroup:
    """The modules of one level."""

    label: str
    cards: tuple[ModuleCard, ...]


@dataclass(frozen=True)
class LessonRow:
    """A lesson in its module's list."""

    lesson: LessonPage
    is_read: bool


@dataclass(frozen=True)
class PrerequisiteRow:
    """What to complete first; `is_met` is unknown (None) of someone signed out."""

    modules: tuple[ModulePage, ...]
    is_met: bool | None


@dataclass(frozen=True)
class ModuleView:
    """A module as one visitor sees it.

    `bookmark` is the id of hers, 0 without one, None where nobody has looked.
    """

    step: NextStep
    lessons: tuple[LessonRow, ...]
    prerequisites: tuple[PrerequisiteRow, ...]
    outcomes: tuple[LearningOutcome, ...]
    domains: tuple[str, ...]
    rules: tuple[str, ...]
    line: StandingLine | None = None
    lessons_read: int | None = None
    certificate: str = ""
    bookmark: int | None = None
    key: uuid.UUID = field(default_factory=uuid.uuid4)


@dataclass(frozen=True)
class LessonView:
    """A lesson as one visitor sees it. `number` is 0 where it is not published.

    `bookmark` is the id of hers, 0 without one, None where nobody has looked.
    """

    module: ModulePage
    number: int
    total: int
    previous: LessonPage | None
    next: LessonPage | None
    is_read: bool = False
    can_mark: bool = False
    start: NextStep | None = None
    bookmark: int | None = None
    key: uuid.UUID = field(default_factory=uuid.uuid4)


def read_syllabus(page: SyllabusPage, request: HttpRequest, at: dt.datetime) -> list[LevelGroup]:
    """The modules that this visitor may see, by level, in the editors' order."""
    visible = ModulePage.objects.child_of(page).visible_to(
        visitor_of(request), barriers_of(request)
    )
    modules = list(
        visible.defer("body").order_by("path").prefetch_related("domains", *_PREREQUISITES)
    )
    lessons = LessonPage.objects.descendant_of(page).live().values_list("path", flat=True)
    counts = Counter(path[: -LessonPage.steplen] for path in lessons)
    user = request.user
    found = standings(user.pk, modules, at) if user.is_authenticated else {}
    cards = [
        ModuleCard(module, counts[module.path], _line(found.get(module.translation_key)))
        for module in modules
    ]
    groups = [
        LevelGroup(str(level.label), tuple(card for card in cards if card.module.level == level))
        for level in Level
    ]
    return [group for group in groups if group.cards]


_PREREQUISITES = ("prerequisites__module", "prerequisites__or_instead")


def read_module(page: ModulePage, request: HttpRequest, at: dt.datetime) -> ModuleView:
    """The module with its lessons, what comes first, its rules, and what to do next."""
    wanted = list(page.prerequisites.select_related("module", "or_instead"))
    if not request.user.is_authenticated:
        lessons = tuple(page.lessons.defer("body"))
        return ModuleView(
            step=step_of_visitor(page.get_url(request)) if lessons else NOT_HERE,
            lessons=tuple(LessonRow(lesson, False) for lesson in lessons),
            prerequisites=_prerequisite_rows(wanted, None),
            **_of_anyone(page),
        )
    is_preview = getattr(request, "is_preview", False)  # of domains that are not saved yet
    modules = {module.pk: module for row in wanted for module in row.accepted} | {page.pk: page}
    found = standings(request.user.pk, modules.values(), at)
    where = found[page.translation_key]
    unmet = [
        row for row in wanted if not any(found[m.translation_key].counts for m in row.accepted)
    ]
    return ModuleView(
        step=next_step(where, unmet),
        lessons=tuple(
            LessonRow(each, each.translation_key in where.read) for each in where.lessons
        ),
        prerequisites=_prerequisite_rows(wanted, {row.pk for row in unmet}),
        **(_of_anyone(page) if is_preview else _of_reader(page, request.user.pk)),
        line=_line(where) if where.lessons else None,
        lessons_read=lessons_read(where) if where.is_open else None,
        certificate=certificate_address(where),
    )


def read_lesson_page(page: LessonPage, request: HttpRequest, at: dt.datetime) -> LessonView:
    """The lesson, where it stands among the others, and how to go on. One query."""
    module = module_of(page)
    lessons = list(_lessons_as_read_by(request.user.pk, module))
    index = lessons.index(page) if page in lessons else -1
    before, after = (lessons[:index], lessons[index + 1 :]) if index >= 0 else ([], [])
    here = lessons[index] if index >= 0 else None
    is_open = here is not None and here.enrolled is not None and here.completed is None
    return LessonView(
        module=module,
        number=index + 1,
        total=len(lessons),
        previous=before[-1] if before else None,
        next=after[0] if after else None,
        is_read=here is not None and here.is_read,
        can_mark=is_open and here is not None and not here.is_read,
        start=_start_prompt(page, module, request) if here and here.enrolled is None else None,
        bookmark=None if here is None else here.own_bookmark or 0,
    )


def _lessons_as_read_by(trainee_id: int | None, module: ModulePage) -> QuerySet[Any]:
    """The lessons with what the trainee's latest enrolment knows of each.

    `enrolled` and `completed` are the keys of that enrolment and its completion, or None.
    `own_bookmark` is the key of hers: read here, it costs no query of its own.
    """
    own = Enrolment.objects.filter(trainee=trainee_id, module_key=module.translation_key)
    latest = own.order_by("-number")
    read = LessonRead.objects.filter(
        enrolment=Subquery(latest.values("pk")[:1]), lesson_key=OuterRef("translation_key")
    )
    return module.lessons.defer("body").annotate(
        enrolled=Subquery(latest.values("pk")[:1]),
        completed=Subquery(latest.values("completion__pk")[:1]),
        is_read=Exists(read),
        own=FilteredRelation("bookmarks", condition=Q(bookmarks__user=trainee_id)),
        own_bookmark=F("own__pk"),
    )


def module_of(lesson: LessonPage) -> ModulePage:
    """The module of a lesson; no query for one that was found by its address."""
    parent = lesson.get_parent()
    return parent if isinstance(parent, ModulePage) else ModulePage.objects.get(pk=parent.pk)


def assessment_rules(module: ModulePage) -> tuple[str, ...]:
    """How the assessment works, one sentence each; nothing where there is none."""
    if module.completion_rule != CompletionRule.PASSED:
        return ()
    limit = module.time_limit_minutes
    return (
        f"{_many(module.questions_per_outcome, 'question')} for each learning outcome",
        f"The pass mark is {module.pass_percent}%",
        f"You have {_many(module.attempts_allowed, 'attempt')}",
        f"If you use them all, you can start the module again {_wait(module.cooling_off_hours)}",
        f"Each attempt has a time limit of {_many(limit, 'minute')}"
        if limit
        else "There is no time limit, and you can stop and come back",
    )


def _of_anyone(page: ModulePage) -> dict[str, Any]:
    """What the page shows to everyone alike. Two queries."""
    return {
        "outcomes": tuple(page.outcomes.all()),
        "domains": tuple(domain.name for domain in page.domains.all()),
        "rules": assessment_rules(page),
    }


def _of_reader(page: ModulePage, trainee_id: int) -> dict[str, Any]:
    """The same of a saved page, and her bookmark of it: read with the domains, in two queries."""
    own = FilteredRelation("bookmarks", condition=Q(bookmarks__user=trainee_id))
    found = ModulePage.objects.filter(pk=page.pk).annotate(own=own)
    rows = list(
        found.order_by("domains__position", "domains__name").values_list("domains__name", "own__pk")
    )
    return {
        "outcomes": tuple(page.outcomes.all()),
        "domains": tuple(name for name, _ in rows if name),
        "rules": assessment_rules(page),
        "bookmark": next((bookmark for _, bookmark in rows), None) or 0,
    }


def _wait(hours: int) -> str:
    return f"after {_many(hours, 'hour')}" if hours else "at once"


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _line(where: Standing | None) -> StandingLine | None:
    return standing_line(where) if where else None


def _prerequisite_rows(
    wanted: Iterable[Prerequisite], unmet: set[Any] | None
) -> tuple[PrerequisiteRow, ...]:
    return tuple(
        PrerequisiteRow(tuple(row.accepted), None if unmet is None else row.pk not in unmet)
        for row in wanted
    )


def _start_prompt(page: LessonPage, module: ModulePage, request: HttpRequest) -> NextStep:
    """What to offer someone who reads without being enrolled."""
    if not request.user.is_authenticated:
        return step_of_visitor(page.get_url(request))
    address = reverse("module_start", args=[module.translation_key])
    text = "Start the module to keep a record of the lessons that you read."
    return NextStep(text, "Start this module", address, is_change=True)
