"""Text becomes the same tokens everywhere, whatever it holds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search import analysis
from search.engines.protocol import Match
from search.highlights import Marker
from search.spelling import slips_between
from search.thesaurus import Thesaurus
from search.weighting import BREAK, TIMES_READ


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Simulations simulated SIMULATING", ["simul", "simul", "simul"]),
        ("Women’s women's womens", ["women", "women", "women"]),
        ("A&E, O&G and R & D", ["ae", "og", "and", "r", "d"]),
        ("café CAFÉ cafe\u0301", ["cafe", "cafe", "cafe"]),
        ("one-to-one e-learning", ["one", "to", "one", "e", "learn"]),
        ("ﬁbre ½ ①", ["fibr", "12", "1"]),
        ("under_score", ["under", "score"]),
        ("a\x00b\ud800c", ["a", "b", "c"]),
        ("", []),
    ],
)
def test_words_are_folded_and_stemmed(text, tokens):
    assert analysis.tokens(text) == tokens


@given(st.text(st.characters(codec=None), max_size=300))
def test_any_text_gives_tokens_that_any_engine_can_hold(text):
    for token in analysis.tokens(text):
        token.encode()
        assert token == token.strip()
        assert " " not in token
        assert BREAK not in token
        assert 0 < len(token) <= analysis.MAX_WORD + 5
    cleaned = analysis.clean(text)
    found = list(analysis.words(cleaned))
    assert [word.token for word in found] == analysis.tokens(text)
    assert all(0 <= word.start < word.end <= len(cleaned) for word in found)


@given(st.text(st.characters(codec=None), max_size=200), st.text(max_size=200))
def test_marking_never_changes_a_text(title, summary):
    title = analysis.clean(title)
    words = analysis.tokens(title)[:3]
    match = Match(1, "x", 0.0, title, summary, "", {})
    marker = Marker(words)
    assert "".join(text for text, _ in marker.title(match)) == title
    assert all(found is True or found is False for _, found in marker.excerpt(match))
    if words:
        assert any(found for _, found in marker.title(match))


@pytest.mark.parametrize(
    ("word", "other", "slips"),
    [
        ("theatre", "theatre", 0),
        ("theater", "theatre", 1),
        ("tehatre", "theatre", 1),
        ("theatr", "theatre", 1),
        ("simulaton", "simulation", 1),
        ("simlaton", "simulation", 2),
        ("abcdef", "ghijkl", 3),
        ("", "ab", 2),
    ],
)
def test_slips_are_counted_up_to_a_limit(word, other, slips):
    assert slips_between(word, other, 2) == slips
    assert slips_between(other, word, 2) == slips


def test_equals_are_found_by_their_longest_run():
    thesaurus = Thesaurus.of([["GP", "general practice"], ["practice", "surgery"], ["", "x"]])
    tokens = analysis.tokens("in general practice")
    assert thesaurus.run_at(tokens, 0) is None
    assert thesaurus.run_at(tokens, 1) == ("general", "practic")
    assert thesaurus.run_at(tokens, 2) == ("practic",)
    assert thesaurus.equals["gp",] == (("general", "practic"),)


def test_a_title_weighs_more_than_a_summary_and_that_more_than_a_body():
    assert TIMES_READ["title"] > TIMES_READ["summary"] > TIMES_READ["body"]
