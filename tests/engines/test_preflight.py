"""A server that cannot be used as it is set is found before it is relied on; one line says what."""

from __future__ import annotations

import datetime as dt
import ssl
from collections.abc import Iterator
from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.management import CommandError, call_command
from elasticsearch import Elasticsearch

from search.engines import selection
from search.engines.elasticsearch.connection import Address
from search.engines.elasticsearch.engine import ElasticsearchEngine
from search.engines.elasticsearch.preflight import (
    SearchMisconfigured,
    SearchUnreachable,
    preflight,
)
from search.engines.protocol import IndexUnusable
from tests.engines import corpus
from tests.engines.proxy import PRODUCT, Proxy, Reply
from tests.engines.test_contract import asking, document, fill
from tests.engines.test_unreliable_server import black_hole

pytestmark = pytest.mark.slow
NOWHERE = Address(("http://127.0.0.1:1",))
INFO = b'{"version":{"number":"%s"}}'


def problem_of(address: Address, **options: bool) -> SearchMisconfigured:
    with pytest.raises(SearchMisconfigured) as raised:
        preflight(address, corpus.SLOTS, **options)
    assert len(str(raised.value).splitlines()) == 1
    return raised.value


@pytest.fixture
def stub() -> Iterator[Proxy]:
    """A server that is asked nothing further."""
    stub = Proxy()
    yield stub
    stub.close()


def certificate(folder: Path, host: str) -> tuple[Path, ssl.SSLContext]:
    """A certificate that signs itself, as a file and as a server shows it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test")])
    now = dt.datetime.now(dt.UTC)
    names = x509.SubjectAlternativeName(
        [x509.IPAddress(ip_address(host)) if host[0].isdigit() else x509.DNSName(host)]
    )
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file, private = folder / "certificate.pem", folder / "key.pem"
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file, private)
    return file, context


def test_a_server_that_is_right_is_accepted_before_and_after_its_index_is_made(engine, address):
    preflight(address, corpus.SLOTS)
    fill(engine, [])
    preflight(address, corpus.SLOTS)
    preflight(address, {**corpus.SLOTS, "new": 1})  # an older form, which a rebuild replaces


def test_a_host_that_is_not_there_is_a_wrong_address():
    problem = problem_of(Address(("http://search.invalid:9200",)))
    assert "there is no host “search.invalid”" in str(problem)
    assert not isinstance(problem, SearchUnreachable)


def test_a_server_that_is_down_is_told_apart_from_a_wrong_setting(stub, monkeypatch):
    assert isinstance(problem_of(NOWHERE), SearchUnreachable)
    stub.always(Reply(503, b"{}"))
    assert isinstance(problem_of(Address((stub.url,))), SearchUnreachable)
    monkeypatch.setattr("search.engines.elasticsearch.preflight._SECONDS_TO_CONNECT", 0.2)
    with black_hole() as hole:
        silent = Address((f"http://127.0.0.1:{hole.getsockname()[1]}",))
        problem = problem_of(silent)
    assert isinstance(problem, SearchUnreachable)
    assert "in time" in str(problem)


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        (Reply(200, b"<html>", {"Content-Type": "text/html"}), "is not Elasticsearch"),
        (Reply(200, b"{}", {"Content-Type": "application/json"}), "is not Elasticsearch"),
        (Reply(200, b"{}"), "is not Elasticsearch"),
        (Reply(200, b'{"version'), "is not Elasticsearch"),
        (Reply(404, b"<html>", {"Content-Type": "text/html"}), "is not Elasticsearch"),
        (Reply(200, INFO % b"9.1.0"), "is Elasticsearch 9.1.0. Use version 8"),
        (Reply(200, INFO % b"7.17.2"), "is Elasticsearch 7.17.2. Use version 8"),
        (
            Reply(406, b'{"error":"Accept version must be compatible with 7"}'),
            "of another version",
        ),
        (Reply(401, b"{}"), "refuses the name and password (401)"),
        (Reply(403, b"{}"), "does not allow this (403)"),
    ],
)
def test_what_answers_must_be_a_server_that_we_can_use_and_may(stub, reply, says):
    stub.always(reply)
    problem = problem_of(Address((stub.url,), username="hub", password="open-sesame"))
    assert says in str(problem)
    assert "open-sesame" not in str(problem)
    assert not isinstance(problem, SearchUnreachable)


def test_a_name_and_password_or_a_key_let_in(engine, address, proxy):
    fill(engine, [document(1)])
    proxy.require("hub", "open-sesame")
    right = replace(address, urls=(proxy.url,), username="hub", password="open-sesame")
    preflight(right, corpus.SLOTS)
    assert ElasticsearchEngine(right, corpus.SLOTS).search(asking("theatr")).total == 1
    assert "(401)" in str(problem_of(replace(right, password="sesame")))
    proxy.required = "ApiKey a-key"
    preflight(replace(right, username="", password="", api_key="a-key"), corpus.SLOTS)


def test_a_certificate_is_always_checked(engine, address, tmp_path):
    fill(engine, [document(1)])
    file, context = certificate(tmp_path, "127.0.0.1")
    proxy = Proxy(address.urls[0], context)
    trusting = replace(address, urls=(proxy.url,), ca=str(file))
    preflight(trusting, corpus.SLOTS)
    assert ElasticsearchEngine(trusting, corpus.SLOTS).search(asking("theatr")).total == 1
    untrusting = problem_of(replace(trusting, ca=""))
    assert "is not trusted. Set HUB_ELASTICSEARCH_CA" in str(untrusting)
    plain = problem_of(replace(address, urls=(proxy.url.replace("https", "http"),)))
    assert "https://" in str(plain) or "is not Elasticsearch" in str(plain)
    proxy.close()


def test_a_certificate_for_another_host_is_refused(address, tmp_path):
    file, context = certificate(tmp_path, "search.example.org")
    proxy = Proxy(address.urls[0], context)
    problem = problem_of(replace(address, urls=(proxy.url,), ca=str(file)))
    assert "is for another host" in str(problem)
    proxy.close()


def test_a_server_without_tls_and_a_file_without_certificates_are_told(stub, tmp_path):
    secure = stub.url.replace("http", "https")
    assert "does not speak TLS" in str(problem_of(Address((secure,))))
    empty = tmp_path / "empty.pem"
    empty.write_text("no certificate")
    assert "holds no certificates" in str(problem_of(Address((secure,), ca=str(empty))))


def test_an_index_of_others_or_changed_by_others_is_left_alone_and_told(engine, address):
    foreign = replace(address, index=f"{address.index}-theirs")
    with Elasticsearch(list(address.urls)) as client:
        client.indices.create(index=foreign.index)
        assert "this site did not make" in str(problem_of(foreign, is_rebuilding=True))
        fill(engine, [document(1)])
        serving = engine._reopen().held.index
        client.indices.put_mapping(index=serving, properties={"extra": {"type": "keyword"}})
    assert "Run: manage.py rebuild_search" in str(problem_of(address))
    preflight(address, corpus.SLOTS, is_rebuilding=True)
    fill(engine, [document(1)])
    preflight(address, corpus.SLOTS)


def test_a_template_of_others_that_changes_a_new_index_stops_the_rebuild(engine, address):
    fill(engine, [document(1)])
    name = f"{address.index}-other"
    with Elasticsearch(list(address.urls)) as client:
        client.indices.put_index_template(
            name=name,
            index_patterns=[f"{address.index}-*"],
            priority=100_000,
            template={"mappings": {"properties": {"text": {"type": "keyword"}}}},
        )
        try:
            with pytest.raises(IndexUnusable, match="Another index template"):
                fill(engine, [document(2)])
        finally:
            client.indices.delete_index_template(name=name)
    assert engine.search(asking("theatr")).matches[0].id == 1


def test_a_rebuild_looks_at_the_server_before_it_touches_anything(settings, stub):
    settings.HUB_SEARCH_ENGINE = "elasticsearch"
    settings.HUB_ELASTICSEARCH_URL = [stub.url]
    stub.always(Reply(200, INFO % b"7.1.0", PRODUCT))
    with pytest.raises(CommandError, match=r"Use version 8"):
        call_command("rebuild_search")
    assert stub.requests == ["GET /"]


def test_the_embedded_engine_needs_no_server(settings):
    settings.HUB_SEARCH_ENGINE = "embedded"
    settings.HUB_ELASTICSEARCH_URL = []
    selection.preflight()
