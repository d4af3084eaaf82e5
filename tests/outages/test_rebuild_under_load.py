"""The index of 20,000 studies is made anew under load: nothing fails and nothing is missing."""

from __future__ import annotations

from tests.durability.server import Server
from tests.outages.searching import Stream, ask_all, asker
from tests.outages.served import ServedLibrary

A_SECOND = 20


def test_a_rebuild_under_load_costs_no_request_and_no_hit(
    large_library: ServedLibrary, served_large: Server
) -> None:
    questions = large_library.questions
    before = {each.path: each for each in ask_all(served_large.port, questions, visitors=1)}
    assert {each.engine for each in before.values()} == {"elasticsearch"}
    with Stream(asker(served_large.port, questions), A_SECOND) as stream:
        told = large_library.site.run("django", "rebuild_search")
    heard = [asked.result() for asked in stream.asked]
    differing = [
        each
        for each in heard
        if each.status != 200
        or (each.total, each.ids) != (before[each.path].total, before[each.path].ids)
    ]
    slowest = max(each.seconds for each in heard)
    print(
        f"\n{told.strip().splitlines()[-1]} {len(heard)} searches meanwhile, "
        f"slowest {slowest * 1_000:.0f} ms, {len(differing)} failed or missed something"
    )
    assert not differing, differing[:3]
    assert {each.engine for each in heard} == {"elasticsearch"}
    assert len(heard) > A_SECOND
