"""The index of 20,000 studies is made anew under load: nothing fails and nothing is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from tests.outages.searching import Stream, asker, times, while_all_is_well
from tests.outages.served import ServedLibrary, serving
from tests.plugins.elasticsearch import ElasticsearchAddress

STUDIES = 20_000
A_SECOND = 20


def test_a_rebuild_under_load_costs_no_request_and_no_hit(
    new_library: Callable[..., ServedLibrary], elasticsearch_server: ElasticsearchAddress
) -> None:
    library = new_library(elasticsearch_server, elasticsearch_server.url, STUDIES)
    with serving(library) as server:
        whole = while_all_is_well(server.port, library.questions)
        with Stream(asker(server.port, library.questions), A_SECOND) as stream:
            told = library.site.run("django", "rebuild_search")
        heard = [asked.result() for asked in stream.asked]
    before = {each.path: each for each in whole}
    differing = [
        each
        for each in heard
        if each.status != 200
        or (each.total, each.ids) != (before[each.path].total, before[each.path].ids)
    ]
    by = Counter(each.engine for each in heard)
    print(
        f"\n{told.strip().splitlines()[-1]} {len(heard)} searches meanwhile, by {dict(by)}, "
        f"{times(heard)}, {len(differing)} failed or missed something"
    )
    assert not differing, differing[:3]
    assert by["elasticsearch"] > len(heard) / 2
    assert len(heard) > A_SECOND
