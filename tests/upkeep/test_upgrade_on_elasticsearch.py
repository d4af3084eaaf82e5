"""With a search server, an upgrade cares for its index and for the one that stands in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from elasticsearch import Elasticsearch

from learning_hub.upkeep import upgrading
from search.engines import selection
from search.engines.elasticsearch import installed
from search.engines.elasticsearch.connection import Address
from search.engines.protocol import Engine
from search.models import JournalPosition
from tests.engines import makers
from tests.engines.replies import reply
from tests.servers.fault_proxy import FaultProxy
from tests.servers.faults import UNAUTHORISED, UNAVAILABLE

pytestmark = [pytest.mark.django_db, pytest.mark.embedded_only]


@pytest.fixture
def address(request: pytest.FixtureRequest) -> Iterator[Address]:
    """Names of one test's own on the test server."""
    with makers.apart(request) as address:
        yield address


@pytest.fixture
def use(
    settings: Any, search_index: Engine, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Address], None]:
    """Sets the site to an address."""
    settings.HUB_SEARCH_ENGINE = "elasticsearch"
    monkeypatch.setattr(upgrading, "_collect", lambda tell: None)
    monkeypatch.setattr(upgrading, "_migrate", lambda tell: None)
    JournalPosition.objects.get_or_create(pk=1)
    return lambda address: monkeypatch.setattr(installed, "configured", lambda: address)


@pytest.fixture
def client(address: Address) -> Iterator[Elasticsearch]:
    with Elasticsearch(list(address.urls), request_timeout=30) as client:
        yield client


def serving(client: Elasticsearch, address: Address) -> list[str]:
    return list(client.indices.get_alias(name=address.index))


def upgrade() -> list[str]:
    said: list[str] = []
    upgrading.upgrade(said.append)
    return [line for line in said if "made anew" in line or "the index fits" in line]


def test_both_indices_are_made_and_afterwards_they_fit(
    use: Callable[[Address], None], address: Address, client: Elasticsearch
) -> None:
    use(address)
    assert ["made anew" in line for line in upgrade()] == [True, True]
    [index] = serving(client, address)
    documents = client.count(index=index)["count"]
    assert len(selection.embedded_engine().digests()) == documents > 0
    assert ["the index fits" in line for line in upgrade()] == [True, True]
    assert serving(client, address) == [index]


def test_a_server_of_another_version_or_another_password_stops_it_and_its_index_stays(
    use: Callable[[Address], None], address: Address, client: Elasticsearch
) -> None:
    use(address)
    upgrade()
    before = serving(client, address)
    stand_in = selection.embedded_engine().state()
    proxy = FaultProxy(address.urls[0])
    use(replace(address, urls=(proxy.url,)))
    for fault, says in (
        (reply(200, '{"version":{"number":"9.1.0"}}'), "is Elasticsearch 9.1.0. Use version 8"),
        (UNAUTHORISED, "refuses the name and password (401)"),
        (UNAVAILABLE, "answers 503"),
    ):
        with proxy.failing(fault), pytest.raises(CommandError) as stopped:
            call_command("upgrade")
        assert str(stopped.value).startswith("Look at the search engine: ")
        assert says in str(stopped.value)
        assert "\n" not in str(stopped.value)
    proxy.close()
    assert serving(client, address) == before
    assert selection.embedded_engine().state() == stand_in


def test_a_changed_mapping_is_mended_and_one_that_cannot_be_leaves_the_index(
    use: Callable[[Address], None], address: Address, client: Elasticsearch
) -> None:
    use(address)
    upgrade()
    [index] = serving(client, address)
    client.indices.put_mapping(index=index, properties={"extra": {"type": "keyword"}})
    name = f"{address.index}-other"
    client.indices.put_index_template(
        name=name,
        index_patterns=[f"{address.index}-*"],
        priority=100_000,
        template={"mappings": {"properties": {"text": {"type": "keyword"}}}},
    )
    try:
        with pytest.raises(CommandError, match=r"^Bring search up to date: .*index template"):
            call_command("upgrade")
        assert serving(client, address) == [index]
    finally:
        client.indices.delete_index_template(name=name)
    assert f"The mapping of the index {index} was changed by others. It is made" in upgrade()[0]
    assert serving(client, address) != [index]
    selection.preflight()
