"""Ten thousand searches while the search server fails in every way we know: none is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from statistics import median

import pytest

from tests.durability.server import Server
from tests.outages.searching import (
    Heard,
    Visitor,
    ask_all,
    seconds_until_back,
    times,
    while_all_is_well,
)
from tests.outages.served import ServedLibrary, serving
from tests.plugins.elasticsearch import ElasticsearchAddress
from tests.servers.fault_proxy import FaultProxy
from tests.servers.faults import FAULTS, Fault

STUDIES = 300
SEARCHES = 10_000
OF_A_FAULT = SEARCHES // (2 * (len(FAULTS) + 2))  # as many while it is well
FIRST_WITHIN, LATER_SLOWER, BACK_WITHIN = 1.5, 0.010, 30.0  # seconds
Totals = dict[str, tuple[int, tuple[int, ...]]]


def many(questions: Sequence[str]) -> list[str]:
    """As many questions as belong to half a fault."""
    return [questions[at % len(questions)] for at in range(OF_A_FAULT)]


@pytest.fixture(scope="module")
def served_library(
    new_library: Callable[..., ServedLibrary],
    proxy: FaultProxy,
    elasticsearch_server: ElasticsearchAddress,
) -> ServedLibrary:
    """A few hundred studies, behind what can fail."""
    return new_library(elasticsearch_server, proxy.url, STUDIES)


@pytest.fixture(scope="module")
def served(served_library: ServedLibrary) -> Iterator[Server]:
    """Them on a web server."""
    with serving(served_library) as server:
        yield server


@pytest.fixture(scope="module")
def totals(served_library: ServedLibrary, served: Server) -> Totals:
    """What each question finds while all is well."""
    well = while_all_is_well(served.port, served_library.questions)
    assert min(each.total for each in well) > 0
    return {each.path: (each.total, each.ids) for each in well}


def all_is_said(heard: Sequence[Heard], totals: Totals) -> None:
    assert {each.status for each in heard} == {200}
    for each in heard:
        assert (each.total, each.ids) == totals[each.path], each


@pytest.mark.parametrize("fault", [*FAULTS, "no index", "another mapping"], ids=str)
def test_a_fault_costs_one_short_wait_and_no_answer(
    served_library: ServedLibrary,
    served: Server,
    proxy: FaultProxy,
    totals: Totals,
    fault: Fault | str,
) -> None:
    questions = many(served_library.questions)
    well = while_all_is_well(served.port, questions)
    all_is_said(well, totals)
    with served_library.failing(fault, proxy):
        first = Visitor(served.port).ask(questions[0])
        later = ask_all(served.port, questions)
    back = seconds_until_back(served.port, questions[0])
    all_is_said([first, *later], totals)
    print(
        f"\n{fault}: well {times(well)}; first {first.seconds * 1_000:.0f} ms; "
        f"later {times(later)}; back after {back:.1f} s"
    )
    assert first.seconds <= FIRST_WITHIN
    assert {each.engine for each in later} == {"embedded"}
    difference = median(each.seconds for each in later) - median(each.seconds for each in well)
    assert difference <= LATER_SLOWER
    assert back <= BACK_WITHIN
