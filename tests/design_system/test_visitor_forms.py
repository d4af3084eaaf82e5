"""Text as visitors type it: what is taken out of it, and what stays."""

from __future__ import annotations

import pytest

from learning_hub.design_system.visitor_forms import typed


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a\ud800b\udfffc", "abc"),
        ("a\x00b\x07c\x9fd\uffffe", "abcde"),
        ("\u202eabc\u2066", "abc"),
        ("e\u0301", "é"),
        ("  a\r\nb\rc\n\n\n\n\nd\t ", "a\nb\nc\n\nd"),
        ("👩\u200d⚕️ p < 0.05 & <b>=1+1", "👩\u200d⚕️ p < 0.05 & <b>=1+1"),
    ],
)
def test_text_is_kept_as_a_person_means_it(text: str, kept: str) -> None:
    assert typed(text) == kept
    typed(text).encode()
