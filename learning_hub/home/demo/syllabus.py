"""Plants the demo's patient safety syllabus: its modules, their lessons and their questions."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

from wagtail.models import Page

from learning_hub.home.demo.information import PageText, read_page
from learning_hub.home.demo.lesson_text import Piece, read_body
from learning_hub.home.demo.stages import Stage
from learning_hub.taxonomy.models import SafetyDomain
from syllabus.models import (
    LearningOutcome,
    LessonPage,
    ModulePage,
    Option,
    Prerequisite,
    Question,
    SyllabusPage,
)

FOLDER = Path(__file__).parent / "content" / "syllabus"
MODULES = FOLDER / "modules"
SEPARATOR = "; "


def stage() -> Stage:
    """The stage that makes the syllabus."""
    return Stage("syllabus", "Patient safety syllabus", _plant_all)


def facts() -> dict[str, Any]:
    """What the sources say of the syllabus, and where; null where they say nothing."""
    read: dict[str, Any] = json.loads((FOLDER / "facts.json").read_text(encoding="utf-8"))
    return read


def module_folders() -> list[Path]:
    """The folders of the modules, in the order of the syllabus."""
    return sorted(file.parent for file in MODULES.glob("*/module.md"))


def lesson_files(folder: Path) -> list[Path]:
    """The lessons of a module, in order; an outline has none."""
    return sorted((folder / "lessons").glob("*.md"))


def bank(folder: Path) -> list[dict[str, Any]]:
    """The outcomes of a module with their questions; an outline has none."""
    file = folder / "questions.json"
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else []


def _plant_all() -> str:
    known = facts()
    syllabus = SyllabusPage.objects.get()
    _introduce(syllabus, known)
    taken = set(syllabus.get_children().values_list("slug", flat=True))
    planter = _Planter(syllabus, known)
    for folder in module_folders():
        if read_page(folder / "module.md").fields["slug"] not in taken:
            planter.plant(folder)
    return f"{planter.modules} modules, {planter.lessons} lessons, {planter.questions} questions"


def _introduce(syllabus: SyllabusPage, known: dict[str, Any]) -> None:
    """Write the page's text, unless somebody has written one already."""
    if syllabus.body:
        return
    page = read_page(FOLDER / "syllabus.md")
    syllabus.introduction = page.fields["introduction"]
    for name, value in _looked_after(page).items():
        setattr(syllabus, name, value)
    syllabus.body = read_body(page.text, known["sources"])
    syllabus.save_revision(log_action=True).publish()


class _Planter:
    """One run: plants modules in their order, since later ones ask for earlier ones."""

    def __init__(self, syllabus: SyllabusPage, known: dict[str, Any]) -> None:
        self.syllabus = syllabus
        self.sources: dict[str, str] = known["sources"]
        self.convention: dict[str, Any] = known["assessment_convention"]
        self.facts = {each["name"]: each for each in known["modules"]}
        self.modules = self.lessons = self.questions = 0

    def plant(self, folder: Path) -> None:
        page = read_page(folder / "module.md")
        outcomes = bank(folder)
        module = self.module(page)
        module.outcomes = [
            LearningOutcome(text=each["outcome"], sort_order=place)
            for place, each in enumerate(outcomes)
        ]
        module.prerequisites = list(self.prerequisites(page))
        self.publish(self.syllabus, module)
        self.modules += 1
        for file in lesson_files(folder):
            self.publish(module, self.lesson(read_page(file), page))
            self.lessons += 1
        for outcome, written in zip(module.outcomes.order_by("sort_order"), outcomes, strict=True):
            for question in written["questions"]:
                plant_question(outcome, question)
                self.questions += 1

    def module(self, page: PageText) -> ModulePage:
        """The module as the facts have it; an unknown one stays empty, never guessed."""
        fact = self.facts[page.fields["title"]]
        audience = fact["audience"]
        module = ModulePage(
            title=fact["name"],
            slug=page.fields["slug"],
            introduction=page.fields["introduction"],
            level=fact["level"],
            audience=audience[0].upper() + audience[1:],
            minutes=fact["minutes"],
            validity_months=_number(page, "validity_months"),
            due_within_weeks=_number(page, "due_within_weeks"),
            questions_per_outcome=self.convention["questions_per_outcome"],
            pass_percent=self.convention["pass_percent"],
            attempts_allowed=self.convention["attempts"],
            body=read_body(page.text, self.sources),
            **_looked_after(page),
        )
        names = page.fields["domains"].split(SEPARATOR)
        module.domains = SafetyDomain.objects.filter(name__in=names)
        return module

    def prerequisites(self, page: PageText) -> list[Prerequisite]:
        """`requires` names slugs: “one or another; a third”."""
        written = page.fields.get("requires", "")
        modules = {each.slug: each for each in ModulePage.objects.child_of(self.syllabus)}
        chosen = [each.split(" or ") for each in written.split(SEPARATOR) if each]
        return [
            Prerequisite(
                module=modules[first],
                or_instead=modules[other[0]] if other else None,
                sort_order=place,
            )
            for place, (first, *other) in enumerate(chosen)
        ]

    def lesson(self, page: PageText, module: PageText) -> LessonPage:
        body: list[Piece] = read_body(page.text, self.sources)
        return LessonPage(
            title=page.fields["title"],
            slug=page.fields["slug"],
            introduction=page.fields["introduction"],
            body=body,
            **_looked_after(module),
        )

    @staticmethod
    def publish(parent: Page, page: Page) -> None:
        parent.add_child(instance=page)
        page.save_revision(log_action=True).publish()


def plant_question(outcome: LearningOutcome, written: dict[str, Any]) -> Question:
    """Add a question to the bank: its fields by their names, and its options in their order."""
    fields = {name: value for name, value in written.items() if name != "options"}
    question = Question(outcome=outcome, **fields)
    question.options = [
        Option(sort_order=place, **option)
        for place, option in enumerate(written.get("options", []))
    ]
    question.save()
    return question


def _number(page: PageText, name: str) -> int | None:
    """A number that the text may give."""
    return int(page.fields[name]) if name in page.fields else None


def _looked_after(page: PageText) -> dict[str, Any]:
    """Who keeps a page right, and when it was last read."""
    return {
        "content_owner": page.fields["owner"],
        "last_reviewed_on": dt.date.fromisoformat(page.fields["last_reviewed"]),
        "next_review_on": dt.date.fromisoformat(page.fields["next_review"]),
    }
