"""The engine as a trust has it: behind TLS, for those who prove who they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from elasticsearch import Elasticsearch

from search.engines.elasticsearch.connection import Address
from search.engines.elasticsearch.engine import ElasticsearchEngine
from search.engines.elasticsearch.preflight import preflight
from search.engines.protocol import EngineUnavailable, SearchMisconfigured
from search.plan import Plan
from tests.engines import corpus
from tests.engines.replies import reply
from tests.engines.test_contract import asking, document, fill
from tests.plugins.nginx import NginxProxy
from tests.servers.certificates import Authority

pytestmark = pytest.mark.slow
EVERYTHING = Plan(audience=("everything",), size=100)


@pytest.fixture
def trusted(address: Address, nginx_proxy: NginxProxy) -> Address:
    """Through nginx, by its name and password."""
    return replace(
        address,
        urls=(nginx_proxy.url,),
        ca=str(nginx_proxy.ca),
        username=nginx_proxy.username,
        password=nginx_proxy.password,
    )


def by_key(address: Address, key: str) -> Address:
    return replace(address, username="", password="", api_key=key)


def problem_of(address: Address) -> str:
    """The one line that preflight says, without anything secret."""
    with pytest.raises(SearchMisconfigured) as raised:
        preflight(address, corpus.SLOTS)
    said = str(raised.value)
    assert len(said.splitlines()) == 1
    for secret in (address.password, address.api_key):
        assert not secret or secret not in said
    return said


@pytest.mark.parametrize("who", ["password", "key"])
def test_it_rebuilds_indexes_and_searches_for_who_is_known(trusted, nginx_proxy, who):
    address = trusted if who == "password" else by_key(trusted, nginx_proxy.api_key)
    engine = ElasticsearchEngine(address, corpus.SLOTS)
    preflight(address, corpus.SLOTS)
    fill(engine, [document(1, facets={"region": ("london",)})])
    with engine.writing(1) as writer:
        writer.replace([], [document(2)])
        writer.commit(2, "history")
    fill(engine, [*corpus.documents(1, 20), document(21, "Zinc")])
    preflight(address, corpus.SLOTS)
    assert engine.search(EVERYTHING).total == 21
    assert engine.words("zin") == {"zinc": 1}
    assert nginx_proxy.url in engine.whereabouts()["address"]


def test_who_is_not_known_is_told_so(trusted, nginx_proxy):
    for address in (
        replace(trusted, password="sesame"),
        by_key(trusted, "c2Vj:cmV0"),
        by_key(trusted, ""),
    ):
        said = problem_of(address)
        assert "refuses the name and password (401)" in said
        assert "HUB_ELASTICSEARCH_USERNAME and _PASSWORD, or _API_KEY" in said
        with pytest.raises(EngineUnavailable, match="401"):
            ElasticsearchEngine(address, corpus.SLOTS).state()


def test_a_certificate_of_nobody_we_trust_is_refused(trusted, tmp_path):
    other = Authority(tmp_path / "other")
    for ca in ("", str(other.file)):
        address = replace(trusted, ca=ca)
        assert "is not trusted. Set HUB_ELASTICSEARCH_CA" in problem_of(address)
        with pytest.raises(EngineUnavailable):
            ElasticsearchEngine(address, corpus.SLOTS).state()


def test_a_certificate_that_has_expired_is_refused(trusted, nginx_proxy):
    nginx_proxy.stop()
    nginx_proxy.start(expired=True)
    assert "is not valid at this time. Renew it" in problem_of(trusted)


def test_a_certificate_for_another_host_is_refused(trusted, nginx_proxy):
    nginx_proxy.stop()
    nginx_proxy.start(hosts=("search.example.org",))
    assert "is for another host. Use the name" in problem_of(trusted)
    with pytest.raises(EngineUnavailable):
        ElasticsearchEngine(trusted, corpus.SLOTS).state()


def test_an_address_without_tls_is_told(trusted):
    plain = replace(trusted, urls=(trusted.urls[0].replace("https", "http"),))
    assert "does not use TLS. Use https://" in problem_of(plain)
    said = problem_of(replace(plain, ca=""))
    assert "https://" in said or "is not Elasticsearch" in said


WRONG: Mapping[str, Mapping[str, Any]] = {
    "password": {"HUB_ELASTICSEARCH_PASSWORD": "sesame"},
    "key": {
        "HUB_ELASTICSEARCH_USERNAME": "",
        "HUB_ELASTICSEARCH_PASSWORD": "",
        "HUB_ELASTICSEARCH_API_KEY": "c2VjcmV0",
    },
    "authority": {"HUB_ELASTICSEARCH_CA": ""},
    "file": {"HUB_ELASTICSEARCH_CA": __file__},
    "host": {"HUB_ELASTICSEARCH_URL": ["https://search.invalid"]},
    "port": {"HUB_ELASTICSEARCH_URL": ["https://127.0.0.1:1"]},
    "scheme": {"HUB_ELASTICSEARCH_URL": ["http"]},
    "version": {"HUB_ELASTICSEARCH_URL": ["version"]},
    "expired": {},
    "another host": {},
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_setting_stops_a_rebuild_and_leaves_the_serving_index_alone(
    settings, engine, address, trusted, nginx_proxy, fault_proxy, wrong
):
    fill(engine, corpus.documents(1, 5))
    before, found = _serving(address), engine.search(asking("theatr"))
    settings.HUB_SEARCH_ENGINE = "elasticsearch"
    _set(settings, trusted)
    for name, value in WRONG[wrong].items():
        setattr(settings, name, value)
    if wrong == "version":
        fault_proxy.fault = reply(200, '{"version": {"number": "9.1.0"}}')
        settings.HUB_ELASTICSEARCH_URL, settings.HUB_ELASTICSEARCH_CA = [fault_proxy.url], ""
    if wrong == "scheme":
        settings.HUB_ELASTICSEARCH_URL = [nginx_proxy.url.replace("https", "http")]
    if wrong in ("expired", "another host"):
        nginx_proxy.stop()
        hosts = ("search.example.org",) if wrong == "another host" else ("127.0.0.1",)
        nginx_proxy.start(hosts=hosts, expired=wrong == "expired")
    with pytest.raises(CommandError) as raised:
        call_command("rebuild_search")
    assert len(str(raised.value).splitlines()) == 1
    assert _serving(address) == before
    assert engine.search(asking("theatr")) == found


def _serving(address: Address) -> Any:
    with Elasticsearch(list(address.urls)) as client:
        return client.indices.get_alias(index=f"{address.index}-*").body


def _set(settings: Any, address: Address) -> None:
    settings.HUB_ELASTICSEARCH_URL = list(address.urls)
    settings.HUB_ELASTICSEARCH_INDEX = address.index
    settings.HUB_ELASTICSEARCH_USERNAME = address.username
    settings.HUB_ELASTICSEARCH_PASSWORD = address.password
    settings.HUB_ELASTICSEARCH_CA = address.ca
