"""Looks at the server before it is relied on, and says in one line what has to be done."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from elastic_transport import ConnectionError as NotConnected
from elastic_transport import ConnectionTimeout, SerializationError, TlsError, TransportError
from elasticsearch import ApiError, Elasticsearch, UnsupportedProductError

from search.engines.elasticsearch import mapping
from search.engines.elasticsearch.connection import Address, client_of, summary
from search.engines.elasticsearch.generations import is_ours
from search.engines.protocol import SearchMisconfigured, SearchUnreachable

MAJOR = 8
_SECONDS_TO_CONNECT = 5.0
# How the libraries below say that a certificate is for another host.
_OTHER_HOST = ("mismatch", "doesn't match", "not valid for", "subjectaltname")


def preflight(address: Address, slots: Mapping[str, int], *, is_rebuilding: bool = False) -> None:
    """Raise SearchMisconfigured, with one line, where the server cannot be used as it is set.

    Before a rebuild, an index of ours whose mapping was changed will do: it is made anew.
    """
    _require_names(address)
    _require_certificates(address)
    client = client_of(address).options(request_timeout=_SECONDS_TO_CONNECT)
    with client:
        try:
            _require_version(client)
            _require_serving_index(client, address, slots, is_rebuilding)
        except SearchMisconfigured:
            raise
        except Exception as problem:
            raise _explained(problem, address) from None


def _require_names(address: Address) -> None:
    """Every node has a name that is known; a wrong one is found before anything is sent."""
    for url in address.urls:
        parts = urlsplit(url)
        try:
            socket.getaddrinfo(parts.hostname, parts.port or 443, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            raise SearchMisconfigured(
                f"HUB_ELASTICSEARCH_URL: there is no host “{parts.hostname}”. Correct the address."
            ) from None


def _require_certificates(address: Address) -> None:
    if not address.ca:
        return
    for url in address.urls:
        if urlsplit(url).scheme != "https":
            raise SearchMisconfigured(
                f"HUB_ELASTICSEARCH_CA is set, but {url} does not use TLS. Use https:// in "
                "HUB_ELASTICSEARCH_URL, or leave out HUB_ELASTICSEARCH_CA."
            )
    try:
        ssl.create_default_context(cafile=address.ca)
    except OSError as problem:  # an SSLError is one
        raise SearchMisconfigured(
            f"HUB_ELASTICSEARCH_CA: {address.ca} holds no certificates: {summary(problem)}. "
            "Give a PEM file."
        ) from None


def _require_version(client: Elasticsearch) -> None:
    number = str(client.info()["version"]["number"])
    if number.split(".")[0] != str(MAJOR):
        raise SearchMisconfigured(
            f"The search server is Elasticsearch {number}. Use version {MAJOR}; 8.19 is tested."
        )


def _require_serving_index(
    client: Elasticsearch, address: Address, slots: Iterable[str], is_rebuilding: bool
) -> None:
    """What goes by our alias is an index of ours, as we made it."""
    alias = address.index
    found = client.options(ignore_status=404).indices.get(index=alias)
    if found.meta.status == 404:
        return
    for index, made in found.items():
        if not is_ours(index, alias):
            raise SearchMisconfigured(
                f"“{alias}” on the search server is the index {index}, which this site did not "
                "make. Set HUB_ELASTICSEARCH_INDEX to another name, or remove that index."
            )
        if not is_rebuilding and _is_changed(made["mappings"], slots):
            raise SearchMisconfigured(
                f"The mapping of the index {index} was changed by others. "
                "Run: manage.py rebuild_search"
            )


def _is_changed(found: Mapping[str, Any], slots: Iterable[str]) -> bool:
    """Whether an index that claims to have our form has not. An older form is as it should be."""
    wanted = mapping.template("", slots, 1, 0)["template"]["mappings"]
    ours = wanted["_meta"]["fingerprint"]
    if found.get("_meta", {}).get("fingerprint") != ours:
        return False
    return not mapping.is_as_wanted(found, wanted)


def _explained(problem: Exception, address: Address) -> SearchMisconfigured:
    where = ", ".join(address.urls)
    if isinstance(problem, TlsError):
        return SearchMisconfigured(_of_certificate(problem, where))
    if isinstance(problem, (ConnectionTimeout, NotConnected)):
        return _of_connection(problem, where)
    if isinstance(problem, ApiError):
        return _of_status(problem, where)
    if isinstance(problem, (UnsupportedProductError, SerializationError, TransportError)):
        return _of_no_elasticsearch(where)
    if isinstance(problem, (LookupError, TypeError, ValueError, AttributeError)):
        return _of_no_elasticsearch(where)
    raise problem


def _of_no_elasticsearch(where: str) -> SearchMisconfigured:
    return SearchMisconfigured(
        f"HUB_ELASTICSEARCH_URL: what answers at {where} is not Elasticsearch {MAJOR}. "
        "Correct the address."
    )


def _of_certificate(problem: Exception, where: str) -> str:
    said = summary(problem).lower()
    if any(sign in said for sign in _OTHER_HOST):
        return (
            f"The certificate of {where} is for another host. Use the name in the "
            "certificate in HUB_ELASTICSEARCH_URL."
        )
    if "expired" in said or "not yet valid" in said:
        return (
            f"The certificate of {where} is not valid at this time. Renew it, or correct the clock "
            "of this machine."
        )
    if "certificate" in said:
        return (
            f"The certificate of {where} is not trusted. Set HUB_ELASTICSEARCH_CA to the file of "
            "the authority that signed it."
        )
    return f"{where} does not speak TLS as it should. Use http://, or mend the server's TLS."


def _of_connection(problem: Exception, where: str) -> SearchMisconfigured:
    said = summary(problem).lower()
    if isinstance(problem, ConnectionTimeout) or "refused" in said or "unreachable" in said:
        how = "in time" if isinstance(problem, ConnectionTimeout) else "(connection refused)"
        return SearchUnreachable(
            f"HUB_ELASTICSEARCH_URL: {where} does not answer {how}. Start the server, or correct "
            "the address."
        )
    if "badstatusline" in said or "protocol" in said:
        return _of_no_elasticsearch(where)
    return SearchUnreachable(
        f"HUB_ELASTICSEARCH_URL: {where} breaks the connection off. Start the server, or correct "
        "the address (https:// where it uses TLS)."
    )


def _of_status(problem: ApiError, where: str) -> SearchMisconfigured:
    status = problem.status_code
    if status in (401, 403):
        what = "refuses the name and password" if status == 401 else "does not allow this"
        return SearchMisconfigured(
            f"The search server at {where} {what} ({status}). Correct HUB_ELASTICSEARCH_USERNAME "
            "and _PASSWORD, or _API_KEY, or give that user its rights."
        )
    if status == 429 or status >= 500:
        return SearchUnreachable(
            f"The search server at {where} answers {status}. Wait until it is well again."
        )
    if status in (400, 406) and "compatible" in str(problem.body):
        return SearchMisconfigured(
            f"The search server at {where} is of another version. Use Elasticsearch {MAJOR}."
        )
    return _of_no_elasticsearch(where)
