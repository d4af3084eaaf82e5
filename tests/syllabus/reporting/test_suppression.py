"""What is published of counts, attacked by someone who knows the rule."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syllabus.reporting.suppression import HIDDEN, NONE, SMALL, Figure, figure, is_safe, published


def ways(total, cells):
    """Every way to spread `total` over so many cells."""
    if cells == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in ways(total - first, cells - 1):
            yield (first, *rest)


def publish(total, parts):
    return published(total, {str(n): dict(enumerate(part)) for n, part in enumerate(parts)})


def frozen(shown):
    """A publication, so that equal ones can be found."""
    parts = tuple(tuple(figures.values()) for figures in shown.by.values())
    return shown.total, parts


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "0"),
        (1, "fewer than 5"),
        (4, "fewer than 5"),
        (5, "5 to 9"),
        (9, "5 to 9"),
        (10, "10 to 14"),
        (1234, "1,230 to 1,234"),
    ],
)
def test_a_count_is_shown_in_steps(count, words):
    assert figure(count).in_words == words


def test_a_breakdown_of_fewer_than_five_is_not_shown():
    shown = publish(4, [(4, 0), (1, 3)])
    assert shown.total == SMALL
    assert {each for part in shown.by.values() for each in part.values()} == {HIDDEN}


def test_nobody_at_all_is_shown_as_such():
    shown = publish(0, [(0, 0), (0,)])
    assert frozen(shown) == (NONE, ((NONE, NONE), (NONE,)))


def test_a_figure_that_another_way_of_counting_gives_away_is_not_shown():
    # Eight specialties of at least one each leave two regions of at most four each no choice.
    shown = publish(8, [(4, 4), (1,) * 8])
    assert shown.total == Figure(5, 9)
    assert set(shown.by["0"].values()) == {HIDDEN} == set(shown.by["1"].values())


def test_an_ordinary_breakdown_is_shown():
    shown = publish(20, [(16, 4, 0), (12, 8)])
    assert [each.in_words for each in shown.by["0"].values()] == ["15 to 19", "fewer than 5", "0"]
    assert [each.in_words for each in shown.by["1"].values()] == ["10 to 14", "5 to 9"]


def everything_like(total_figure, sizes):
    """For each publication, all counts that lead to it; the attacker's own table."""
    low, high = total_figure
    found: dict = {}
    for total in range(low, high + 1):
        for parts in itertools.product(*(list(ways(total, size)) for size in sizes)):
            found.setdefault(frozen(publish(total, parts)), []).append((total, parts))
    return found


@pytest.mark.parametrize("sizes", [(1,), (2,), (1, 2), (2, 2), (1, 1, 3), (3, 3), (2, 2, 2), (4,)])
@pytest.mark.parametrize("band", [(0, 0), (1, 4), (5, 9), (10, 14)])
def test_no_small_count_can_be_worked_out_by_trying_them_all(sizes, band):
    """The attacker runs the rule itself on every table there can be, and keeps what fits."""
    for (whole, _), tables in everything_like(band, sizes).items():
        if whole == SMALL:
            assert {total for total, _ in tables} == {1, 2, 3, 4}
        for cells in zip(*(sum(parts, ()) for _, parts in tables), strict=True):
            if any(1 <= count < 5 for count in cells):
                assert len(set(cells)) > 1


@pytest.mark.slow
def test_knowing_that_a_breakdown_was_withheld_gives_no_count_away():
    """The tables that fail the check differ in every cell, so that it failed says nothing."""
    withheld = []
    for total in range(5, 10):
        for regions in ways(total, 2):
            for specialties in ways(total, 8):
                shown = publish(total, [regions, specialties])
                if HIDDEN in shown.by["0"].values():
                    withheld.append(regions + specialties)
    assert withheld
    assert all(len(set(cells)) > 1 for cells in zip(*withheld, strict=True))


tables = st.lists(
    st.lists(st.integers(0, 12), min_size=1, max_size=12), min_size=1, max_size=3
).map(lambda parts: _levelled(parts))


def _levelled(parts):
    """The parts, each brought to the largest total in its last cell."""
    total = max(sum(part) for part in parts)
    return total, [(*part, total - sum(part)) for part in parts]


@settings(max_examples=300, deadline=None)
@given(tables)
def test_whatever_the_table_two_counts_fit_every_small_figure(table):
    """An independent attacker: sets of totals that can be reached, cell by cell."""
    total, parts = table
    shown = publish(total, parts)
    options = [[_range(each, total) for each in figures.values()] for figures in shown.by.values()]
    totals = set(_range(shown.total, total))
    for cells in options:
        totals &= _sums(cells)
    assert total in totals
    for part, cells in zip(parts, options, strict=True):
        for place, count in enumerate(part):
            if 1 <= count < 5:
                others = _sums(cells[:place] + cells[place + 1 :])
                possible = {n for n in cells[place] if any(t - n in others for t in totals)}
                assert count in possible
                assert len(possible) > 1


def _range(each, total):
    return range(each.at_least, (total if each.at_most is None else each.at_most) + 1)


def _sums(cells):
    reached = {0}
    for cell in cells:
        reached = {a + b for a in reached for b in cell}
    return reached


@given(st.lists(st.integers(0, 40), min_size=1, max_size=8))
def test_one_way_of_counting_alone_is_safe_from_five(part):
    shown = publish(sum(part), [part])
    is_shown = HIDDEN not in shown.by["0"].values()
    assert not is_shown or is_safe(shown)
