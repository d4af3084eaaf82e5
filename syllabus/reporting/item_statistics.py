"""How a question does in assessments, from marks alone."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any
from uuid import UUID

ENOUGH = 10  # fewer papers say more of who took them than of the question


@dataclass
class Tally:
    """What was counted of one question.

    `results` counts papers by whether this question was right, how many were right and how many
    there were; `wrong` counts wrong answers by their canonical JSON, and `seen_in` names the
    latest paper on which each was given.
    """

    unanswered: int = 0
    results: Counter[tuple[bool, int, int]] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    seen_in: dict[str, UUID] = field(default_factory=dict)
    latest: UUID | None = None

    def add(self, mark: Mapping[str, Any], correct: int, total: int, attempt: UUID) -> None:
        """Count one mark of a paper on which `correct` of `total` were right."""
        self.latest = attempt
        self.results[mark["is_correct"], correct, total] += 1
        if mark["response"] is None:
            self.unanswered += 1
        elif not mark["is_correct"]:
            given = json.dumps(mark["response"], sort_keys=True)
            self.wrong[given] += 1
            self.seen_in[given] = attempt

    @property
    def drawn(self) -> int:
        """On how many papers the question was."""
        return self.results.total()

    @property
    def is_enough(self) -> bool:
        """Whether there are papers enough to say more than that."""
        return self.drawn >= ENOUGH

    @property
    def difficulty(self) -> Fraction | None:
        """The share of papers on which it was right; not answered is not right."""
        right = sum(n for (is_right, _, _), n in self.results.items() if is_right)
        return Fraction(right, self.drawn) if self.is_enough else None

    @property
    def unanswered_share(self) -> Fraction | None:
        """The share of papers on which it was not answered."""
        return Fraction(self.unanswered, self.drawn) if self.is_enough else None

    @property
    def discrimination(self) -> float | None:
        """The point-biserial correlation of this question with the rest of the paper, -1 to 1.

        None where there are too few papers, or no spread: all right, all wrong, or everyone as
        good on the rest.
        """
        if not self.is_enough:
            return None
        return correlation(
            (int(is_right), Fraction(correct - is_right, total - 1), n)
            for (is_right, correct, total), n in self.results.items()
            if total > 1
        )

    @property
    def commonest_wrong(self) -> tuple[str, int] | None:
        """The wrong answer that was given most often, as canonical JSON, and how often."""
        if not self.is_enough or not self.wrong:
            return None
        given, times = min(self.wrong.items(), key=lambda each: (-each[1], each[0]))
        return given, times


def correlation(points: Iterable[tuple[int, Fraction, int]]) -> float | None:
    """Pearson's correlation of points `(x, y, how often)`; None where x or y never varies.

    Sums are exact, so that no spread is none and not a rounding error.
    """
    rows = list(points)
    n = sum(w for _, _, w in rows)
    sum_x, sum_y = sum(w * x for x, _, w in rows), sum(w * y for _, y, w in rows)
    spread_x = n * sum(w * x * x for x, _, w in rows) - sum_x**2
    spread_y = n * sum(w * y * y for _, y, w in rows) - sum_y**2
    if not spread_x or not spread_y:
        return None
    together = n * sum(w * x * y for x, y, w in rows) - sum_x * sum_y
    return float(together) / math.sqrt(spread_x * spread_y)
