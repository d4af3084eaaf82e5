"""Words out of rich text and page bodies."""

from __future__ import annotations

from time import monotonic

import pytest

from learning_hub.blocks.plain_text import body_text, plain
from learning_hub.pages.models import InformationPage


@pytest.mark.parametrize(
    ("rich", "words"),
    [
        ("", ""),
        ("<p>One</p><p>Two</p>", "One\nTwo"),
        ("<p>bio<b>logy</b></p>", "biology"),
        ("<ul><li>One</li><li>Two</li></ul>", "One\nTwo"),
        ("<p>One<br/>Two</p>", "One\nTwo"),
        ("<p>3 &lt; 5 &amp; more</p>", "3 < 5 & more"),
        ('<p><a linktype="page" id="3">A link</a></p>', "A link"),
        ("<p>a < b</p>", "a < b"),
        ("plain", "plain"),
    ],
)
def test_rich_text_becomes_lines_of_words(rich: str, words: str) -> None:
    assert plain(rich) == words


@pytest.mark.parametrize(
    "hostile", ["<" * 200_000, "<p " * 70_000, "\n \t" * 70_000, "&" * 200_000]
)
def test_hostile_text_takes_no_time(hostile: str) -> None:
    started = monotonic()
    plain(hostile)
    assert monotonic() - started < 1


@pytest.mark.django_db
def test_a_body_gives_the_words_of_every_block_and_fetches_nothing() -> None:
    page = InformationPage(
        body=[
            {"type": "heading", "value": "A heading"},
            {"type": "paragraph", "value": "<p>A <b>paragraph</b></p>"},
            {
                "type": "figure",
                "value": {
                    "image": {"image": 1, "alt_text": "A theatre", "decorative": False},
                    "caption": "A caption",
                },
            },
            {"type": "callout", "value": {"heading": "Mind", "text": "<p>the gap</p>"}},
            {"type": "download", "value": {"document": 7, "description": "A plan"}},
            {"type": "gone", "value": "of a block that is no more"},
        ]
    )
    # Without a database this would fail where a picture or a file was looked up.
    assert body_text(page.body).splitlines() == [
        "A heading",
        "A paragraph",
        "A theatre",
        "A caption",
        "Mind",
        "the gap",
        "A plan",
    ]
