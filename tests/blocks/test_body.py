"""The blocks of a page body: what they refuse and what they show."""

from __future__ import annotations

import pytest
from django.template import Context, Template
from wagtail import blocks
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter
from wagtail.images.tests.utils import get_test_image_file

from learning_hub.blocks.body import (
    RUNNING_TEXT_FEATURES,
    BodyBlock,
    TableRowsBlock,
    table_rows,
)
from learning_hub.blocks.outside_html import storable_running_text
from learning_hub.blocks.templatetags.running_text import running_text
from learning_hub.media.models import HubDocument, HubImage


def render(kind, value):
    block = BodyBlock()
    return block.render(block.to_python([{"type": kind, "value": value}]))


def test_a_heading_comes_below_the_sections_of_its_page():
    assert "<h3>How</h3>" in render("heading", "How")


def test_a_paragraph_keeps_its_emphasis_and_links():
    html = render("paragraph", '<p>A <b>bold</b> <a href="https://www.gov.uk/">word</a></p>')
    assert "<b>bold</b>" in html
    assert '<a href="https://www.gov.uk/">word</a>' in html


def test_a_quotation_names_a_role_and_shows_markup_as_text():
    html = render("quote", {"quote": "One <b>\nTwo", "role": "core trainee"})
    assert "One &lt;b&gt;<br>Two" in html
    assert "core trainee" in html


def test_a_callout_and_details_show_their_texts():
    assert "<strong>Book</strong>" in render("callout", {"heading": "Book", "text": "<p>Now</p>"})
    html = render("details", {"summary": "More", "text": "<p>Now</p>"})
    assert "More" in html
    assert "<p>Now</p>" in html


def test_a_table_has_headings_from_its_first_line():
    html = render("table", {"caption": "Places", "rows": "Week | Places\n\n1 | 6\n2 | 8"})
    assert html.count('<th scope="col">') == 2
    assert html.count("<td>") == 4
    assert "Places</caption>" in html


def test_a_table_without_lines_does_not_break_its_page():
    assert "<caption" in render("table", {"caption": "Places", "rows": "  \n "})


def test_cells_are_what_stands_between_bars():
    assert table_rows("Week | Places\n\n 1 |  \n") == [["Week", "Places"], ["1", ""]]


def test_a_ragged_table_is_refused():
    with pytest.raises(blocks.StructBlockValidationError) as refusal:
        TableRowsBlock().clean({"caption": "Places", "rows": "a | b\n1"})
    assert "as many cells" in str(refusal.value.block_errors["rows"])


def test_an_even_table_is_accepted():
    cleaned = TableRowsBlock().clean({"caption": "Places", "rows": "a | b\n1 | 2"})
    assert cleaned["rows"] == "a | b\n1 | 2"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("alternative", "decorative", "shown"),
    [("Two at a simulator", False, 'alt="Two at a simulator"'), ("", True, 'alt=""')],
)
def test_a_picture_has_an_alternative_or_is_decorative(alternative, decorative, shown):
    image = HubImage.objects.create(title="Simulator", file=get_test_image_file())
    value = {
        "image": {"image": image.pk, "alt_text": alternative, "decorative": decorative},
        "caption": "The kit",
    }
    html = render("figure", value)
    assert shown in html
    assert "<figcaption>The kit</figcaption>" in html


@pytest.mark.django_db
def test_a_picture_with_neither_is_refused():
    image = HubImage.objects.create(title="Simulator", file=get_test_image_file())
    figure = BodyBlock().child_blocks["figure"]
    value = figure.to_python({"image": {"image": image.pk, "alt_text": "", "decorative": False}})
    with pytest.raises(blocks.StructBlockValidationError):
        figure.clean(value)


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "inner"), [("figure", "image"), ("download", "document")])
def test_a_picture_or_file_that_was_deleted_does_not_break_its_page(kind, inner):
    value = {"image": {"image": 999, "alt_text": "x", "decorative": False}}
    html = render(kind, value if inner == "image" else {"document": 999, "description": "x"})
    assert "href" not in html
    assert "<img" not in html


@pytest.mark.django_db
def test_a_document_shows_without_its_file():
    document = HubDocument.objects.create(title="Lost", file="documents/lost.pdf")
    assert "Lost" in render("download", {"document": document.pk, "description": ""})


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("<p>Text<script>alert(1)</script></p>", "<p>Text</p>"),
        ('<p onclick="x()">Text</p>', "<p>Text</p>"),
        ('<a href="javascript:x()">Text</a>', "<a>Text</a>"),
        ('<a href="/about/">Text</a>', '<a href="/about/">Text</a>'),
        ("<p>5 &lt; 6</p>", "<p>5 &lt; 6</p>"),
        ("<h2>Big</h2>", "Big"),
        ("a\x00b", "ab"),
        (None, ""),
        ("", ""),
    ],
)
def test_running_text_is_cleaned_when_it_is_shown(stored, shown):
    assert running_text(stored) == shown


STORED = [
    '<p data-block-key="abc">One<br/>Two</p>',
    '<p><a linktype="page" id="3">page</a> <a linktype="document" id="4">file</a></p>',
    '<p><a href="https://www.gov.uk/" rel="nofollow ugc noopener">out</a></p>',
    '<ul><li data-block-key="x">A &amp; B &lt; C</li></ul>',
    "<p><b>b</b> <i>i</i> <strong>s</strong> <em>e</em></p>",
    "",
]


@pytest.mark.parametrize("html", STORED)
def test_text_that_may_be_stored_stays_as_it_is(html):
    assert storable_running_text(html) == html


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("<p>One<br>Two</p>", "<p>One<br/>Two</p>"),
        ("<p>One", "<p>One</p>"),
        ('<p>One<img src="x" onerror="y()"></p>', "<p>One</p>"),
        ('<a linktype="page" id="3" onclick="y()">x</a>', '<a linktype="page" id="3">x</a>'),
    ],
)
def test_text_is_stored_so_that_the_editor_can_open_it(written, stored):
    assert storable_running_text(written) == stored
    ContentstateConverter(features=RUNNING_TEXT_FEATURES).from_database_format(stored)


def test_a_paragraph_block_holds_only_what_may_be_stored():
    block = BodyBlock()
    written = "<p>One<br>Two<script>x()</script></p>"
    for value in (
        block.to_python([{"type": "paragraph", "value": written}]),
        block.normalize([("paragraph", written)]),
    ):
        assert value[0].value.source == "<p>One<br/>Two</p>"


def test_running_text_stays_html_in_a_template():
    template = Template("{% load running_text %}{{ text|running_text }}")
    assert template.render(Context({"text": "<p>Text</p>"})) == "<p>Text</p>"


def test_hostile_running_text_is_cleaned_in_good_time():
    assert len(running_text("<" * 100_000)) >= 0
    assert "<script" not in running_text("<script>" * 20_000)
