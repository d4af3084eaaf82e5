"""The demo's syllabus: complete, completable, true to its sources, and found."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import escape
from wagtail.models import Page

from learning_hub.accounts.models import User
from learning_hub.home.demo import people, syllabus, trainees
from learning_hub.home.demo.information import read_page
from learning_hub.home.demo.lesson_text import UnreadableText, read_body
from learning_hub.home.demo.responding import answer
from learning_hub.home.demo.stages import build_missing
from search import sync
from syllabus import drawing
from syllabus.editing.question_bank import question_faults
from syllabus.models import (
    Certificate,
    Completion,
    Enrolment,
    LessonPage,
    ModulePage,
    Question,
    QuestionKind,
    Submission,
    SyllabusPage,
)
from syllabus.refusals import ModuleNotOpen
from syllabus.responses import checked, is_correct
from syllabus.standing import Status, standing
from tests.factories.syllabus import complete_module, enrol, make_trainee

FACTS = syllabus.facts()
FOLDERS = syllabus.module_folders()
TAUGHT = [folder for folder in FOLDERS if syllabus.lesson_files(folder)]
LESSONS = [file for folder in TAUGHT for file in syllabus.lesson_files(folder)]
QUESTIONS = [
    question
    for folder in TAUGHT
    for outcome in syllabus.bank(folder)
    for question in outcome["questions"]
]
LEVEL_1 = ("essentials", "essentials-for-boards")
LEVEL_2 = ("systems-thinking", "human-factors")

each_lesson = pytest.mark.parametrize("file", LESSONS, ids=[file.stem for file in LESSONS])
each_module = pytest.mark.parametrize("folder", FOLDERS, ids=[folder.name for folder in FOLDERS])
each_question = pytest.mark.parametrize(
    "question", QUESTIONS, ids=[question["stem"][:40] for question in QUESTIONS]
)


def pieces(file: Path) -> list[tuple[str, Any]]:
    """The body of a lesson as it is written."""
    return read_body(read_page(file).text, FACTS["sources"])


# As it is written


def test_the_facts_are_those_that_the_sources_state() -> None:
    by_level = Counter(each["level"] for each in FACTS["modules"])
    assert by_level == {"1": 2, "2": 2, "3-4": 5}
    assert [each["minutes"] for each in FACTS["modules"]] == [30, 30, *[None] * 7]
    assert FACTS["level_3_4_total_hours"] == 125
    assert FACTS["assessment_convention"] == {
        "questions_per_outcome": 2,
        "pass_percent": 80,
        "attempts": 3,
    }
    assert all(address.startswith("https://") for address in FACTS["sources"].values())


def test_every_module_of_the_facts_is_written_once_in_their_order() -> None:
    titles = [read_page(folder / "module.md").fields["title"] for folder in FOLDERS]
    assert titles == [each["name"] for each in FACTS["modules"]]


@each_module
def test_each_module_names_domains_of_the_syllabus_and_its_source(folder: Path) -> None:
    page = read_page(folder / "module.md")
    domains = page.fields["domains"].split(syllabus.SEPARATOR)
    assert set(domains) <= set(FACTS["domains"])
    assert "](source:level" in page.text


def test_the_assessment_is_said_to_be_the_hub_s_own_addition() -> None:
    for folder in TAUGHT:
        page = read_page(folder / "module.md")
        if page.fields["slug"] in LEVEL_1:
            assert "is not assessed" in page.text
            assert "We added an assessment" in page.text
        else:
            assert "We do not know whether the national sessions are assessed." in page.text
    essentials = read_page(FOLDERS[0] / "module.md").text
    assert "36 months: that period is this hub's own choice" in essentials


def test_what_the_outlines_state_is_what_the_facts_state() -> None:
    outlines = [each for each in FACTS["modules"] if each["level"] == "3-4"]
    assert all(each["assessed"] and each["certificate"] for each in outlines)
    for folder in set(FOLDERS) - set(TAUGHT):
        text = read_page(folder / "module.md").text
        assert f"{FACTS['level_3_4_total_hours']} hours in all" in text
        assert "Each course is assessed and gives a certificate." in text
        assert outlines[0]["audience"] in text


def test_there_are_at_least_ten_lessons_and_forty_questions_of_every_kind() -> None:
    assert len(LESSONS) >= 10
    assert len(QUESTIONS) >= 40
    assert {question["kind"] for question in QUESTIONS} == set(QuestionKind.values)
    stems = Counter(question["stem"] for question in QUESTIONS)
    assert max(stems.values()) == 1


@each_lesson
def test_each_lesson_teaches_with_a_case_a_check_and_a_list_to_take_away(file: Path) -> None:
    body = pieces(file)
    assert {"vignette", "knowledge_check", "checklist"} <= {name for name, _ in body}
    assert 400 <= len(read_page(file).text.split()) <= 950


@each_lesson
def test_an_editor_could_save_each_lesson_as_it_is(file: Path) -> None:
    block = LessonPage._meta.get_field("body").stream_block
    cleaned = block.clean(block.normalize(pieces(file)))
    assert len(cleaned) == len(pieces(file))


@each_lesson
def test_each_knowledge_check_has_one_right_answer_and_says_why(file: Path) -> None:
    for name, value in pieces(file):
        if name == "knowledge_check":
            assert sum(option["is_correct"] for option in value["options"]) == 1
            assert len({option["feedback"] for option in value["options"]}) >= 3


@each_question
def test_each_question_is_one_that_an_editor_could_save(question: dict[str, Any]) -> None:
    options = [
        {"text": "", "match": "", "feedback": "", "is_correct": False} | option
        for option in question.get("options", [])
    ]
    assert list(question_faults(question["kind"], options, question.get("number"))) == []
    assert question["feedback"]
    assert len({option["text"] for option in options}) == len(options)


def test_every_outcome_has_more_questions_than_a_draw_takes() -> None:
    for folder in TAUGHT:
        outcomes = syllabus.bank(folder)
        assert len(outcomes) >= 3
        drawn = FACTS["assessment_convention"]["questions_per_outcome"]
        assert all(len(outcome["questions"]) > drawn for outcome in outcomes)


def test_a_right_option_is_not_given_away_by_its_place() -> None:
    places = Counter(
        [option.get("is_correct", False) for option in question["options"]].index(True)
        for question in QUESTIONS
        if question["kind"] == QuestionKind.SINGLE
    )
    assert len(places) >= 2


def test_a_piece_that_no_page_can_hold_is_refused_with_its_name() -> None:
    with pytest.raises(UnreadableText, match="no piece called “film”"):
        read_body("::: film A walk\nwords\n:::", {})
    with pytest.raises(UnreadableText, match="“Is it so” has an option"):
        read_body("::: knowledge_check Is it so\n(x) Yes\n:::", {})


def test_links_are_made_of_named_sources_and_of_addresses_in_this_site() -> None:
    text = "See [them](source:a) and [these](/syllabus/), not <script>x</script>."
    [(name, html)] = read_body(text, {"a": "https://example.org/?x=1&y=2"})
    assert name == "paragraph"
    assert '<a href="https://example.org/?x=1&amp;y=2">them</a>' in html
    assert '<a href="/syllabus/">these</a>' in html
    assert "<script>" not in html


# As it is planted


@pytest.fixture
def planted(db: None) -> SyllabusPage:
    """The syllabus of the demo."""
    build_missing([syllabus.stage()], str)
    return SyllabusPage.objects.get()


def test_the_syllabus_is_planted_as_it_is_written_and_shown(
    planted: SyllabusPage, client: Client
) -> None:
    modules = ModulePage.objects.child_of(planted).live().order_by("path")
    for page, fact in zip(modules, FACTS["modules"], strict=True):
        assert (page.title, page.level, page.minutes) == (
            fact["name"],
            fact["level"],
            fact["minutes"],
        )
        assert page.audience.lower() == fact["audience"].lower()
        assert page.domains.exists()
        assert_asks_for_what_comes_before(page)
        assert_shown_without_unknown_facts(client, page)
    assert_shown_without_unknown_facts(client, planted)
    sync.rebuild()
    assert_found(client, "graded assertion", "Words that carry")
    assert_found(client, "restorative", "A culture that learns")
    assert_found(client, "Unpacking the systems issues", "Unpacking the systems issues")
    assert LessonPage.objects.live().count() == len(LESSONS)
    assert Question.objects.in_use().count() == len(QUESTIONS)
    assert list(modules.exclude(validity_months=None).values_list("slug", "validity_months")) == [
        ("essentials", 36)
    ]
    assert list(modules.exclude(due_within_weeks=None).values_list("slug", "due_within_weeks")) == [
        ("systems-thinking", 26)
    ]


def assert_asks_for_what_comes_before(page: ModulePage) -> None:
    """Level 2 asks for either version of level 1, the courses above for that and all of level 2."""
    expected: dict[str, list[tuple[str, ...]]] = {
        "1": [],
        "2": [LEVEL_1],
        "3-4": [LEVEL_1, *((slug,) for slug in LEVEL_2)],
    }
    rows = page.prerequisites.order_by("sort_order")
    assert [tuple(each.slug for each in row.accepted) for row in rows] == expected[page.level]


def assert_shown_without_unknown_facts(client: Client, page: Page) -> None:
    response = client.get(page.url)
    assert response.status_code == 200
    shown = response.content.decode()
    assert "None" not in shown
    assert escape(page.introduction) in shown


def assert_found(client: Client, words: str, title: str) -> None:
    """The search of the whole site lists the page."""
    response = client.get("/search/", {"q": words})
    assert response.status_code == 200
    assert title in [each.page.title for each in response.context["found"]]


def test_a_trainee_completes_levels_1_and_2_whatever_is_drawn(planted: SyllabusPage) -> None:
    trainee = make_trainee()
    for slug in (*LEVEL_1, *LEVEL_2):
        page = ModulePage.objects.get(slug=slug)
        assert complete_module(trainee, page).edition.title == page.title
    assert Certificate.objects.filter(completion__enrolment__trainee=trainee).count() == 4
    expiring = Completion.objects.exclude(expires_at=None).get()
    assert expiring.edition.title == "Essentials for patient safety"
    assert_every_question_is_drawn_and_marked()
    outline = ModulePage.objects.get(slug="designing-solutions")
    with pytest.raises(ModuleNotOpen):
        enrol(trainee, outline)


def assert_every_question_is_drawn_and_marked() -> None:
    """Its right answer is marked right, and the likely wrong one wrong."""
    seen: set[str] = set()
    for slug in (*LEVEL_1, *LEVEL_2):
        page = ModulePage.objects.get(slug=slug)
        for seed in range(20):
            chance = random.Random(seed)
            for question in drawing.draw(page, chance):
                seen.add(question["question"])
                assert is_correct(question, answer(question, skill=1, chance=chance))
                wrong = checked(question, answer(question, skill=0, chance=chance))
                assert not is_correct(question, wrong)
    assert seen == {str(key) for key in Question.objects.values_list("key", flat=True)}


@pytest.mark.django_db
def test_what_an_editor_wrote_on_the_page_of_the_syllabus_is_left(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(syllabus, "MODULES", tmp_path)
    page = SyllabusPage.objects.get()
    page.body = [("paragraph", "<p>As an editor wrote it.</p>")]
    page.save_revision().publish()

    build_missing([syllabus.stage()], str)

    assert "As an editor wrote it." in str(SyllabusPage.objects.get().body)


# With trainees


@pytest.fixture
def peopled(planted: SyllabusPage, settings: Any, tmp_path: Path) -> User:
    """The trainee of the demo; only some of the others, since all of them take ten seconds."""
    settings.VAR_DIR = tmp_path
    build_missing([people.stage()], str)
    return User.objects.get(email="trainee@example.org")


def test_the_trainee_has_one_module_done_and_one_begun(
    peopled: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trainees, "PEOPLE", 3)
    build_missing([trainees.stage()], str)

    modules = {each.slug: each for each in ModulePage.objects.all()}
    at = timezone.now()
    assert standing(peopled.pk, modules["essentials"], at).status == Status.DONE
    assert Certificate.objects.filter(completion__enrolment__trainee=peopled).count() == 1
    where = standing(peopled.pk, modules["systems-thinking"], at)
    assert where.status == Status.IN_PROGRESS
    assert (len(where.read), len(where.unread)) == (1, 2)
    assert peopled.profile.region
    others = User.objects.filter(email__startswith="demo-trainee-")
    assert others.count() == 3
    assert all(person.get_full_name().startswith("Demo trainee ") for person in others)
    assert not any(person.has_usable_password() for person in others)


@pytest.mark.slow
def test_the_others_fill_the_reports(peopled: User) -> None:
    build_missing([trainees.stage()], str)

    others = User.objects.filter(email__startswith="demo-trainee-")
    assert others.count() == trainees.PEOPLE
    completions = Completion.objects.filter(enrolment__trainee__in=others)
    assert completions.count() >= 50
    assert completions.values("enrolment__trainee__profile__region").distinct().count() == 7
    assert completions.dates("completed_at", "month").count() >= 8
    assert not completions.filter(completed_at__gt=timezone.now()).exists()
    assert Enrolment.objects.filter(trainee__in=others, completion=None).exists()
    assert Submission.objects.filter(attempt__enrolment__trainee__in=others, passed=False).exists()


def test_an_account_that_somebody_else_has_made_gets_no_record(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trainees, "PEOPLE", 1)
    for address in ("trainee@example.org", "demo-trainee-1@example.org"):
        make_trainee(address)

    build_missing([trainees.stage()], str)

    assert not Enrolment.objects.exists()
