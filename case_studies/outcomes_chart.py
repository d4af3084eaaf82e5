"""Outcomes as a reader sees them: figures, the change in words, and bars to scale."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from case_studies.rows import Outcome

NOT_MEASURED = "not measured"
_HUNDRED = Decimal(100)
MINUS = "−"


@dataclass(frozen=True)
class Bar:
    """One value: its figure, and where its bar runs, in per cent of the width.

    `start` and `width` are None where the value was not measured.
    """

    moment: str
    figure: str
    start: str | None = None
    width: str | None = None


@dataclass(frozen=True)
class OutcomeView:
    """One measure, ready to show in the table and the chart."""

    measure: str
    unit: str
    baseline: str
    follow_up: str
    change: str
    verdict: str
    number_measured: int | None
    design: str
    zero: str
    bars: tuple[Bar, ...]

    @property
    def has_bars(self) -> bool:
        """Whether anything was measured that a bar can show."""
        return any(bar.width is not None for bar in self.bars)

    @property
    def in_words(self) -> str:
        """The text equivalent of the bars."""
        change = f"; {self.change}" if self.change else ""
        verdict = f", which is {self.verdict}" if self.verdict else ""
        return (
            f"{self.measure}: {self.baseline} before, {self.follow_up} afterwards{change}{verdict}."
        )


def outcome_views(outcomes: Iterable[Outcome]) -> list[OutcomeView]:
    """The outcomes in their order."""
    return [_view(outcome) for outcome in outcomes]


def _view(outcome: Outcome) -> OutcomeView:
    low, high = _span(outcome)
    baseline, follow_up = (
        with_unit(value, outcome.unit) for value in (outcome.baseline, outcome.follow_up)
    )
    return OutcomeView(
        measure=outcome.measure,
        unit=outcome.unit,
        baseline=baseline,
        follow_up=follow_up,
        change=_change(outcome),
        verdict=_verdict(outcome),
        number_measured=outcome.number_measured,
        design=outcome.get_design_display(),
        zero=_percent(-low, high - low),
        bars=(
            _bar("Before", baseline, outcome.baseline, low, high),
            _bar("After", follow_up, outcome.follow_up, low, high),
        ),
    )


def _span(outcome: Outcome) -> tuple[Decimal, Decimal]:
    """The lowest and highest value that the bars must hold; zero is always within."""
    values = [Decimal(v) for v in (outcome.baseline, outcome.follow_up) if v is not None]
    low, high = min([Decimal(0), *values]), max([Decimal(0), *values])
    # A share of a whole is honest only beside the whole.
    return low, max(high, _HUNDRED) if outcome.unit.strip() == "%" else high


def _bar(moment: str, figure: str, value: Decimal | None, low: Decimal, high: Decimal) -> Bar:
    if value is None:
        return Bar(moment, figure)
    value = Decimal(value)
    whole = high - low
    return Bar(
        moment, figure, _percent(min(value, Decimal(0)) - low, whole), _percent(abs(value), whole)
    )


def _percent(part: Decimal, whole: Decimal) -> str:
    return f"{part / whole * _HUNDRED if whole else Decimal(0):.2f}%"


def with_unit(value: Decimal | None, unit: str) -> str:
    """A value for reading: "62%", "£1,200", "−3 days", "not measured"."""
    if value is None:
        return NOT_MEASURED
    sign, number, unit = (MINUS if value < 0 else ""), plain_number(abs(value)), unit.strip()
    if unit == "%":
        return f"{sign}{number}%"
    if unit == "£":
        return f"{sign}£{number}"
    return f"{sign}{number} {unit}".rstrip()


def plain_number(value: Decimal) -> str:
    """A number with thousands separators and no idle zeros: 1,234.5."""
    number = f"{Decimal(value):,f}"
    return number.rstrip("0").rstrip(".") if "." in number else number


def _change(outcome: Outcome) -> str:
    change = outcome.change
    if change is None:
        return ""
    if change == 0:
        return "no change"
    unit = "percentage points" if outcome.unit.strip() == "%" else outcome.unit
    return f"{'up' if change > 0 else 'down'} {with_unit(abs(change), unit)}"


def _verdict(outcome: Outcome) -> str:
    change = outcome.change
    if not change:
        return ""
    return "better" if (change > 0) == outcome.higher_is_better else "worse"
