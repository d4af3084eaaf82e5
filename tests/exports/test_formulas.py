"""Text in a spreadsheet's cell stays text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning_hub.exports.formulas import as_it_was, without_formula


@pytest.mark.parametrize("text", ["=1+1", "+1 me", "-x", "@SUM(A1)", "\t=1", " =1", "'=1", "＝1"])
def test_what_a_spreadsheet_would_run_is_marked(text: str) -> None:
    assert without_formula(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "plain", "-4.5", "+12", "'quoted'", "a=b"])
def test_everything_else_stays_as_it_is(text: str) -> None:
    assert without_formula(text) == text


@given(st.text(alphabet="'=+-@\t\r\n １a1.＝ ", max_size=8))
def test_a_marked_text_starts_with_nothing_that_runs_and_can_be_read_back(text: str) -> None:
    written = without_formula(text)
    assert written[:1] not in {"=", "@", "\t"}
    if written != text:
        assert as_it_was(written) == text
