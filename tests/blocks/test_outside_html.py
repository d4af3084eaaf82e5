"""HTML from outside: nothing in it runs, and nothing in it takes long."""

from __future__ import annotations

import contextlib
import time
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning_hub.blocks.outside_html import (
    ATTRIBUTES,
    LINK_RELATION,
    MAX_AMPERSANDS,
    MAX_CHARACTERS,
    MAX_DEPTH,
    MAX_TAGS,
    TAGS,
    UncleanableHtml,
    clean_outside_html,
    safe_running_text,
)


class Reader(HTMLParser):
    """Lists the tags and attributes that a browser would find."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def assert_harmless(html: str, schemes: tuple[str, ...] = ("https:", "mailto:")) -> None:
    for tag, attributes in Reader(html).found:
        assert tag in TAGS, html
        assert set(attributes) <= ATTRIBUTES.get(tag, set()) | {"rel"}, html
        address = attributes.get("href")
        assert address is None or address.startswith(schemes), html


HOSTILE = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=https://evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<p onclick='alert(1)'>text</p>",
    "<p/onmouseover=alert(1)>text",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='JaVaScRiPt:alert(1)'>x</a>",
    "<a href=' javascript:alert(1)'>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href='java&#10;script:alert(1)'>x</a>",
    "<a href='&#106;avascript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='vbscript:msgbox(1)'>x</a>",
    "<a href='//evil.example/'>x</a>",
    "<a href='/accounts/logout/'>x</a>",
    "<a href='http://plain.example/'>x</a>",
    "<svg onload=alert(1)><a xlink:href='javascript:alert(1)'>x</a></svg>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 "
    "onerror=alert(1)&gt;'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data='javascript:alert(1)'></object>",
    "<style>body{display:none}</style>",
    "<p style='position:fixed;inset:0'>x</p>",
    "<form action=https://evil.example><input name=q></form>",
    "<base href=https://evil.example/>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<template><img src=x onerror=alert(1)></template>",
    "<textarea><img src=x onerror=alert(1)></textarea>",
    "<!--[if IE]><script>alert(1)</script><![endif]-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<a href='https://a.example' target=_blank onfocus=alert(1) autofocus>x</a>",
    "<b><i><p>never closed <a href=https://a.example",
    "</p></p></p><li>loose</b></i>",
    "\x00<scr\x00ipt>alert(1)</scr\x00ipt>",
    'https://a.example/"onmouseover=alert(1)',
    "https://a.example/<script>alert(1)</script>",
]


@pytest.mark.parametrize("html", HOSTILE)
def test_nothing_that_runs_or_dresses_up_is_left(html: str) -> None:
    assert_harmless(clean_outside_html(html))
    assert_harmless(safe_running_text(html), ("https:", "http:", "mailto:", "tel:", "/", "//"))


def test_the_words_of_a_script_or_style_go_with_it() -> None:
    assert (
        clean_outside_html("<p>Before<script>alert(1)</script> after</p>") == "<p>Before after</p>"
    )
    assert clean_outside_html("<style>p{}</style><p>Text</p>") == "<p>Text</p>"


def test_running_text_keeps_its_form() -> None:
    html = "<p>A <strong>bold</strong>, <em>plain</em> &amp; short text</p><ul><li>One</li></ul>"
    assert clean_outside_html(html) == html


def test_cleaning_twice_changes_nothing_more() -> None:
    for html in [*HOSTILE, "see https://a.example/?a=1&b=2 <p>and a@example.org"]:
        once = clean_outside_html(html)
        assert clean_outside_html(once) == once


@pytest.mark.parametrize(
    ("html", "cleaned"),
    [
        (
            "see https://a.example.org/x?a=1&amp;b=2.",
            f'see <a href="https://a.example.org/x?a=1&amp;b=2" rel="{LINK_RELATION}">https://a.example.org/x?a=1&amp;b=2</a>.',
        ),
        (
            '<a href="https://a.example" rel="follow">x</a>',
            f'<a href="https://a.example" rel="{LINK_RELATION}">x</a>',
        ),
        (
            '<a href="mailto:role@example.org">write</a>',
            f'<a href="mailto:role@example.org" rel="{LINK_RELATION}">write</a>',
        ),
        ("see http://a.example/", "see http://a.example/"),
        ("see www.example.org", "see www.example.org"),
        ('<a href="javascript:x">the words stay</a>', "the words stay"),
    ],
)
def test_links_are_marked_as_someone_elses_and_only_safe_ones_stay(html: str, cleaned: str) -> None:
    assert clean_outside_html(html) == cleaned


@pytest.mark.parametrize(
    ("html", "says"),
    [
        ("x" * (MAX_CHARACTERS + 1), "longer than 100,000 characters"),
        ("<b>x</b>" * (MAX_TAGS + 1), "more than 1,000 tags"),
        ("<" * 2_001, "more than 1,000 tags"),
        ("&" * 5_001, "more than 5,000 “&” signs"),
        ("<p>" * (MAX_DEPTH + 1), "more than 30 deep"),
        ("<b>" * MAX_TAGS, "more than 30 deep"),
    ],
)
def test_excess_is_refused_with_a_message_before_any_work(html: str, says: str) -> None:
    with pytest.raises(UncleanableHtml, match=says):
        clean_outside_html(html)


def test_breaks_do_not_count_as_depth() -> None:
    assert clean_outside_html("<br>" * 100).count("<br>") == 100


def test_paragraphs_whose_ends_are_left_out_are_refused_rather_than_guessed() -> None:
    assert clean_outside_html("<p>x" * MAX_DEPTH)


SLOW = {
    "open brackets": "<" * MAX_CHARACTERS,
    "open brackets with spaces": "< " * (MAX_CHARACTERS // 2),
    "open brackets with letters": "<a" * MAX_TAGS,
    "unclosed attributes": "<a href='" * MAX_TAGS,
    "ampersands": "&" * MAX_CHARACTERS,
    "entities": "&amp;lt;" * (MAX_CHARACTERS // 8),
    "comments": "<!--" * MAX_TAGS,
    "one word": "a" * MAX_CHARACTERS,
    "dots": "a." * (MAX_CHARACTERS // 2),
    "dashes": "a-" * (MAX_CHARACTERS // 2),
    "dashes and dots": "a-." * (MAX_CHARACTERS // 3),
    "ampersands up to the cap": "& " * MAX_AMPERSANDS,
    "addresses": "https://a.example.org " * (MAX_CHARACTERS // 18),
    "one long address": "https://a.example/" + "a" * (MAX_CHARACTERS - 20),
    "half an address again and again": "https://" * (MAX_CHARACTERS // 8),
    "brackets in an address": "https://a.example.org/" + "(" * 90_000,
    "at signs": "a@" * (MAX_CHARACTERS // 2),
    "closing tags": "</p>" * MAX_TAGS,
    "as many links as are allowed": "<a href='https://a.example'>x</a>" * (MAX_TAGS - 1),
    "NUL bytes": "\x00" * MAX_CHARACTERS,
    "lone surrogates": "\ud800" * 10_000,
    "right to left": "\u202e" * MAX_CHARACTERS,
}


@pytest.mark.parametrize("kind", SLOW)
def test_hostile_text_is_cleaned_or_refused_within_a_second(kind: str) -> None:
    started = time.process_time()
    with contextlib.suppress(UncleanableHtml):
        assert_harmless(clean_outside_html(SLOW[kind]))
    safe_running_text(SLOW[kind])
    assert time.process_time() - started < 1


PIECES = ["<", ">", "</", "a", "p", "b", " href=", "'", '"', "javascript:", "&", "#", " ", "\n"]
PIECES += ["https://a.example.org", "<script>", "</script>", "<!--", "-->", "<svg>", "<style>"]
PIECES += [" onclick=", "x", "\x00", "&lt;", "&amp;"]


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_no_mixture_of_pieces_gets_through(html: str) -> None:
    with contextlib.suppress(UncleanableHtml):
        assert_harmless(clean_outside_html(html))
