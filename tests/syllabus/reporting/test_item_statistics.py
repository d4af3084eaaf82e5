"""Item statistics, against hand-computed examples and the textbook's formula."""

from __future__ import annotations

import math
import statistics
import uuid
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syllabus.reporting.item_statistics import ENOUGH, Tally

PAPER = uuid.uuid4()
RIGHT = {"is_correct": True, "response": {"chosen": ["a"]}}
WRONG = {"is_correct": False, "response": {"chosen": ["b"]}}
LEFT_OUT = {"is_correct": False, "response": None}


def tally(*papers, total=5):
    """A tally of (mark, how many of `total` were right) for each paper."""
    found = Tally()
    for mark, correct in papers:
        found.add(mark, correct, total, PAPER)
    return found


def test_difficulty_is_the_share_right():
    found = tally(*[(RIGHT, 5)] * 7, *[(WRONG, 2)] * 2, (LEFT_OUT, 1))
    assert (found.drawn, found.difficulty) == (10, Fraction(7, 10))
    assert found.unanswered_share == Fraction(1, 10)


def test_discrimination_by_hand():
    # Rest of the paper, of 4: the five right ones 4, 4, 3, 3, 1; the five wrong ones 3, 2, 1, 1, 0.
    # Means 3 and 1.4, of all 2.2; squares of the ten add up to 66, so variance 6.6 - 4.84 = 1.76.
    # Point-biserial: (3 - 1.4) / √1.76 × √(0.5 × 0.5) = 0.60302…
    found = tally(
        *[(RIGHT, rest + 1) for rest in (4, 4, 3, 3, 1)], *[(WRONG, n) for n in (3, 2, 1, 1, 0)]
    )
    assert found.discrimination == pytest.approx(0.8 / math.sqrt(1.76))
    assert found.discrimination == pytest.approx(0.60302, abs=1e-5)


def test_a_misleading_question_discriminates_below_zero():
    found = tally(*[(RIGHT, 1)] * 5, *[(WRONG, 4)] * 5)
    assert found.discrimination == pytest.approx(-1)


def test_the_question_itself_is_no_part_of_the_rest():
    # Everyone has one other right: the whole marks differ only by this question.
    found = tally(*[(RIGHT, 2)] * 5, *[(WRONG, 1)] * 5)
    assert found.discrimination is None


@pytest.mark.parametrize("mark", [RIGHT, WRONG])
def test_without_spread_there_is_no_discrimination(mark):
    assert tally(*[(mark, n % 4 + 1) for n in range(20)]).discrimination is None


def test_a_paper_of_one_question_has_no_rest():
    assert tally(*[(RIGHT, 1)] * 10, *[(WRONG, 0)] * 10, total=1).discrimination is None


def test_fewer_papers_than_enough_say_only_how_many():
    found = tally(*[(WRONG, 0)] * (ENOUGH - 1))
    assert found.drawn == ENOUGH - 1
    assert found.difficulty is found.discrimination is found.unanswered_share is None
    assert found.commonest_wrong is None


def test_the_commonest_wrong_answer_counts_neither_right_nor_left_out():
    other = {"is_correct": False, "response": {"chosen": ["c"]}}
    found = tally(*[(RIGHT, 5)] * 9, *[(LEFT_OUT, 0)] * 9, (other, 0), *[(WRONG, 0)] * 2)
    assert found.commonest_wrong == ('{"chosen": ["b"]}', 2)


papers = st.lists(st.tuples(st.booleans(), st.integers(0, 7)), min_size=ENOUGH, max_size=60)


@given(papers)
def test_discrimination_is_the_textbook_s_point_biserial(rows):
    """(mean of right - mean of wrong) / s × √(pq), s over all papers."""
    found = tally(*((RIGHT if r else WRONG, rest + r) for r, rest in rows), total=8)
    right, wrong = [n / 7 for r, n in rows if r], [n / 7 for r, n in rows if not r]
    if not right or not wrong or len({n for _, n in rows}) == 1:
        assert found.discrimination is None
        return
    p = len(right) / len(rows)
    spread = statistics.pstdev(right + wrong)
    expected = (statistics.fmean(right) - statistics.fmean(wrong)) / spread * math.sqrt(p * (1 - p))
    assert found.discrimination == pytest.approx(expected, abs=1e-9)
    assert -1 - 1e-9 <= found.discrimination <= 1 + 1e-9
