"""nginx in front of a server: whom it lets in, and what its certificate is worth."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from elastic_transport import TlsError
from elasticsearch import AuthenticationException, Elasticsearch

from tests.plugins.elasticsearch import ServerProblem, cannot
from tests.plugins.nginx import NginxProxy
from tests.servers.certificates import Authority
from tests.servers.elasticsearch import program
from tests.servers.speaker import SAID


@pytest.fixture
def proxy(speaker: str, tmp_path: Path) -> Iterator[NginxProxy]:
    proxy = NginxProxy(tmp_path / "nginx", [speaker])
    try:
        proxy.start()
    except ServerProblem as problem:
        cannot(problem)
    yield proxy
    proxy.stop()


def _info(proxy: NginxProxy, **options: object) -> object:
    options.setdefault("ca_certs", str(proxy.ca))
    with Elasticsearch(proxy.url, max_retries=0, **options) as client:
        return client.info().body


def _refused(proxy: NginxProxy, **options: object) -> str:
    """Why a caller will not talk to it; the error, printed, would not tell."""
    with pytest.raises(TlsError) as raised:
        _info(proxy, api_key=proxy.api_key, **options)
    return str(raised.value.message)


def test_whoever_has_the_password_or_the_key_is_let_in(proxy: NginxProxy) -> None:
    assert _info(proxy, basic_auth=(proxy.username, proxy.password)) == SAID
    assert _info(proxy, api_key=proxy.api_key) == SAID


@pytest.mark.parametrize("login", [{}, {"basic_auth": ("hub", "wrong")}, {"api_key": "d3Jvbmc="}])
def test_others_are_refused_in_the_words_of_elasticsearch(
    proxy: NginxProxy, login: dict[str, object]
) -> None:
    with pytest.raises(AuthenticationException) as raised:
        _info(proxy, **login)
    assert raised.value.body["error"]["type"] == "security_exception"


def test_a_caller_who_trusts_another_authority_or_none_hangs_up(
    proxy: NginxProxy, tmp_path: Path
) -> None:
    other = Authority(tmp_path / "other")
    for trusted in (str(other.file), None):
        assert "CERTIFICATE_VERIFY_FAILED" in _refused(proxy, ca_certs=trusted)


def test_a_certificate_that_has_expired_or_names_another_host_is_refused(
    proxy: NginxProxy,
) -> None:
    proxy.stop()
    proxy.start(expired=True)
    assert "expired" in _refused(proxy)
    proxy.stop()
    proxy.start(hosts=("search.example.org",))
    assert "'search.example.org'" in _refused(proxy)


def test_a_real_server_answers_behind_it(nginx_proxy: NginxProxy) -> None:
    answer = _info(nginx_proxy, basic_auth=(nginx_proxy.username, nginx_proxy.password))
    assert answer["version"]["number"] == program.version()
