"""Running text: what people type, what a page keeps, and that nothing in it can run."""

from __future__ import annotations

import pytest

from case_studies.exchange.running_text import as_html, as_typed, settled_html
from learning_hub.blocks.outside_html import clean_outside_html

TYPED = {
    "One line": "<p>One line</p>",
    "One\nTwo\n\nThree": "<p>One<br>Two</p><p>Three</p>",
    "One\n- a\n* b\n• c\nTwo": "<p>One</p><ul><li>a</li><li>b</li><li>c</li></ul><p>Two</p>",
    "p <0.05 & n > 3": "<p>p &lt;0.05 &amp; n &gt; 3</p>",
    "": "",
    " \n ": "",
    "<p></p>": "",
    "<p>Kept <b>bold</b></p>": "<p>Kept <b>bold</b></p>",
    "https://example.org/": (
        '<p><a href="https://example.org/" rel="nofollow ugc noopener">https://example.org/</a></p>'
    ),
}


@pytest.mark.parametrize(("typed", "html"), TYPED.items())
def test_typed_text_becomes_clean_html(typed, html):
    assert as_html(typed) == html


@pytest.mark.parametrize("html", [html for html in TYPED.values() if html])
def test_html_is_written_as_it_would_be_typed_and_reads_back(html):
    assert as_html(as_typed(html)) == html
    assert settled_html(html) == html


@pytest.mark.parametrize(
    "typed", [*TYPED, "e.g. 3.5 of £2", "10:30", "a\xa0b", "1. one", "a &amp; b"]
)
def test_what_skips_the_cleaner_is_what_the_cleaner_would_give(typed):
    html = as_html(typed)
    assert clean_outside_html(html) == html


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<p onclick=alert(1)>x</p>",
        '<a href="javascript:alert(1)">x</a>',
        "<img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)>",
        "<p>x</p><img src=x onerror=alert(1)>",
        '<p style="background:url(javascript:alert(1))">x</p>',
        "<<script>script>alert(1)<</script>/script>",
        "<iframe srcdoc='<script>1</script>'></iframe>",
    ],
)
def test_nothing_that_runs_is_left(hostile):
    html = as_html(hostile).lower()
    tags = html.replace("&lt;", "")
    assert "<script" not in tags
    assert "<img" not in tags
    assert "<svg" not in tags
    assert "<iframe" not in tags
    assert "onclick" not in tags
    assert 'href="javascript' not in tags
    assert "style" not in tags
