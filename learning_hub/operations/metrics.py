"""What the site counts, in the text that Prometheus reads; right for several processes too."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

from prometheus_client import REGISTRY, CollectorRegistry, Histogram, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

# The processes of one server add their numbers up in the folder that this names, if it is set
# before the library is imported; `gunicorn.conf.py` does.
FOLDER = "PROMETHEUS_MULTIPROC_DIR"
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}

REQUESTS = Histogram(
    "hub_request_seconds",
    "How long a request took, by view, method and class of status.",
    ["view", "method", "status"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0),
)

# What is looked up when somebody asks: each gives families of numbers as they are now.
Reading = Callable[[], Iterator[GaugeMetricFamily]]
_readings: list[Reading] = []


def register_reading(reading: Reading) -> None:
    """Have `reading` looked up, in one process, each time that the metrics are asked for."""
    if reading not in _readings:
        _readings.append(reading)


def observe(*, view: str, method: str, status: int, seconds: float) -> None:
    """Count one request. Unknown methods share a label, so that nobody can make new ones."""
    known = method if method in _METHODS else "other"
    REQUESTS.labels(view, known, f"{status // 100}xx").observe(seconds)


def exposition() -> bytes:
    """Everything that is counted, of all processes where they share a folder."""
    counted = REGISTRY
    if os.environ.get(FOLDER):
        counted = CollectorRegistry()
        multiprocess.MultiProcessCollector(counted)
    now = CollectorRegistry()
    now.register(_Readings())
    return generate_latest(counted) + generate_latest(now)


class _Readings(Collector):
    """Asks every reading; one that fails is left out and the others are told."""

    def describe(self) -> list[GaugeMetricFamily]:
        """Nothing beforehand: to describe would be to look everything up."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The numbers as they are now."""
        failed = 0
        for reading in _readings:
            try:
                yield from list(reading())
            except Exception:
                failed += 1
        yield GaugeMetricFamily(
            "hub_readings_failed", "Readings that could not be taken just now.", value=failed
        )
