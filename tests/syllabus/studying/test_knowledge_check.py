"""Knowledge checks and the other blocks of lessons: what they show, and what they refuse."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from wagtail.blocks import StreamBlockValidationError, StructBlockValidationError

from learning_hub.media.models import HubDocument
from syllabus.blocks import AudioBlock, KnowledgeCheckBlock, LessonBodyBlock, VideoBlock
from tests.factories.syllabus import make_lesson, make_module

pytestmark = pytest.mark.django_db

CHECK = {
    "question": "What do you do first?",
    "options": [
        {"text": "Make it safe", "is_correct": True, "feedback": "Safety comes before forms."},
        {"text": "Fill in a form", "is_correct": False, "feedback": "That can wait a minute."},
    ],
}


@pytest.fixture
def lesson():
    return make_lesson(make_module(), "Checks", ("knowledge_check", CHECK))


def check_id(lesson):
    lesson.refresh_from_db()
    return lesson.body[0].id


def read(client, lesson, **asked):
    response = client.get(lesson.url, asked)
    assert response.status_code == 200
    return response.content.decode()


def test_nothing_tells_right_from_wrong_before_an_answer(client, lesson):
    html = read(client, lesson)
    assert "What do you do first?" in html
    for secret in ("Safety comes", "That can wait", "is_correct", "Correct"):
        assert secret not in html


def test_the_chosen_option_gets_its_feedback_and_no_other(client, lesson):
    right = read(client, lesson, check=check_id(lesson), answer="1")
    assert "Correct" in right
    assert "Safety comes before forms." in right
    assert "That can wait" not in right
    wrong = read(client, lesson, check=check_id(lesson), answer="2")
    assert "Not quite" in wrong
    assert "Safety comes" not in wrong


def test_options_stay_in_their_order_and_the_answer_stays_chosen(client, lesson):
    html = read(client, lesson, check=check_id(lesson), answer="2")
    assert html.index("Make it safe") < html.index("Fill in a form")
    assert html.count("checked") == 1


@pytest.mark.parametrize("answer", ["0", "3", "-1", "x", "", "\x00", "1" * 5000, "１"])
def test_an_unknown_answer_is_ignored(client, lesson, answer):
    html = read(client, lesson, check=check_id(lesson), answer=answer)
    assert "syl-feedback" not in html


def test_an_answer_to_another_check_is_ignored(client, lesson):
    assert "syl-feedback" not in read(client, lesson, check="nothing", answer="1")
    assert "syl-feedback" not in read(client, lesson, check="", answer="1")


@pytest.mark.parametrize("flags", [(False, False), (True, True)])
def test_a_check_needs_a_right_answer_and_a_wrong_one(flags):
    block = KnowledgeCheckBlock()
    options = [{"text": "A", "is_correct": flag, "feedback": "Because."} for flag in flags]
    with pytest.raises(StructBlockValidationError):
        block.clean(block.to_python({"question": "Is it so?", "options": options}))
    assert block.clean(block.to_python(CHECK))


def make_file(name):
    return HubDocument.objects.create(title=name, file=ContentFile(b"x", name=name))


@pytest.fixture
def _files_on_disk(settings, tmp_path):
    """Wagtail sends a file from its folder."""
    settings.MEDIA_ROOT = tmp_path
    on_disk = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    settings.STORAGES = {**settings.STORAGES, "default": on_disk}


@pytest.mark.parametrize(
    ("block", "right", "wrong"),
    [(VideoBlock(), "film.mp4", "film.avi"), (AudioBlock(), "talk.m4a", "talk.mp4")],
)
def test_a_file_that_browsers_cannot_play_is_refused(block, right, wrong):
    captions = make_file("captions.vtt")
    assert block.clean(value_of(block, file=make_file(right), captions=captions))
    with pytest.raises(StructBlockValidationError) as refusal:
        block.clean(value_of(block, file=make_file(wrong), captions=captions))
    assert list(refusal.value.block_errors) == ["file"]


def test_captions_are_webvtt():
    block = VideoBlock()
    with pytest.raises(StructBlockValidationError) as refusal:
        block.clean(
            value_of(block, file=make_file("film.webm"), captions=make_file("captions.srt"))
        )
    assert list(refusal.value.block_errors) == ["captions"]


def value_of(block, **files):
    return block.normalize(
        {"title": "A film", "transcript": "<p>Words.</p>", "poster": None, **files}
        if isinstance(block, VideoBlock)
        else {"title": "A talk", "transcript": "<p>Words.</p>", **files}
    )


@pytest.mark.usefixtures("_files_on_disk")
def test_a_film_is_shown_with_captions_and_transcript_and_served_to_be_played(client):
    film, captions = make_file("film.mp4"), make_file("film.vtt")
    lesson = make_lesson(
        make_module(),
        "Film",
        (
            "video",
            {
                "title": "A round",
                "file": film,
                "captions": captions,
                "transcript": "<p>Two nurses talk.</p>",
            },
        ),
    )
    html = read(client, lesson)
    assert f'<track kind="captions" src="{captions.url}"' in html
    assert "Two nurses talk." in html
    for file, kind in ((film, "video/mp4"), (captions, "text/vtt")):
        served = client.get(file.url)
        assert served.status_code == 200
        assert served["Content-Type"].startswith(kind)
        assert served["Content-Disposition"].startswith("inline")


def test_a_vignette_and_a_checklist_are_shown(client):
    body = [
        ("vignette", {"title": "Mrs B", "story": "<p>She fell.</p>", "questions": ["Why now?"]}),
        ("checklist", {"title": "Before you go", "items": ["Bed low", "Call bell near"]}),
        ("details", {"summary": "Reveal", "text": "<p>An answer.</p>"}),
    ]
    html = read(client, make_lesson(make_module(), "Case", *body))
    for words in ("Mrs B", "She fell.", "Why now?", "Before you go", "Call bell near", "Reveal"):
        assert words in html


def test_the_body_refuses_what_a_block_refuses():
    block = LessonBodyBlock()
    options = [{"text": "A", "is_correct": False, "feedback": "x"}] * 2
    value = block.to_python(
        [{"type": "knowledge_check", "value": {"question": "So?", "options": options}}]
    )
    with pytest.raises(StreamBlockValidationError):
        block.clean(value)
