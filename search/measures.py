"""What search counts of itself for those who watch the site."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

_SECONDS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 1.5, 3.0)

SECONDS = Histogram(
    "hub_search_seconds",
    "How long a question to search took, by the engine that answered and by what was asked.",
    ["engine", "kind"],
    buckets=_SECONDS,
)
FAILURES = Counter(
    "hub_search_failures",
    "Faults of an engine that a visitor's question met, by cause.",
    ["engine", "cause"],
)
STAND_IN_ANSWERS = Counter(
    "hub_search_stand_in_answers", "Questions that the stand-in answered.", ["kind"]
)
UNANSWERED = Counter("hub_search_unanswered", "Questions that no engine could answer.", ["kind"])
BREAKER_OPEN = Gauge(
    "hub_search_breaker_open",
    "1 where a process keeps its visitors from the search server.",
    multiprocess_mode="livemax",
)
