"""Every request has an id and a line in the log, and no line says who somebody is."""

from __future__ import annotations

import io
import json
import logging
import logging.config
from collections.abc import Iterator
from typing import Any

import elasticsearch
import pytest
from django.db import IntegrityError
from django.test import Client
from elasticsearch import Elasticsearch

from learning_hub.operations import visit
from learning_hub.operations.logs import JsonLines, PlainLines
from learning_hub.operations.private_words import without_personal_data
from learning_hub.settings import observability

EMAIL = "jane.doe@nhs.example"
SECRET = "zebra-crossing"
ADDRESS = "198.51.100.77"


class Log:
    """What was written, as text and as facts."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.splitlines()]

    def of(self, logger: str) -> list[dict[str, Any]]:
        return [line for line in self.lines if line["logger"] == logger]


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[Log]:
    """The log as production writes it, at its most talkative."""
    written = Log()
    monkeypatch.setenv("HUB_LOG_LEVEL", "DEBUG")
    settings = observability.logging()
    settings["handlers"]["stream"]["stream"] = written.stream
    kept = {
        name: (list(logger.handlers), logger.level, logger.propagate)
        for name in ("", *settings["loggers"])
        if (logger := logging.getLogger(name))
    }
    # dictConfig would take pytest's own handlers off the root.
    ours = settings.pop("root")
    logging.config.dictConfig({**settings, "incremental": False, "root": ours})
    yield written
    for name, (handlers, level, propagate) in kept.items():
        logger = logging.getLogger(name)
        logger.handlers, logger.level, logger.propagate = handlers, level, propagate


@pytest.fixture
def broken(client: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
    """A site whose search fails with an error that quotes what was typed."""

    def fail(*args: Any, **kwargs: Any) -> None:
        try:
            raise IntegrityError(f"Key (email)=({EMAIL}) exists; asked for {SECRET}")
        except IntegrityError as problem:
            raise ValueError(f"{SECRET} of {EMAIL}") from problem

    monkeypatch.setattr("search.query.run", fail)
    client.raise_request_exception = False
    return client


def test_a_request_has_one_line_with_its_facts(client, db, search_index, log) -> None:
    response = client.get(f"/search/?q={SECRET}")
    (line,) = log.of("hub.access")
    assert line["request_id"] == response.headers["X-Request-ID"]
    assert line["milliseconds"] > 0
    told = {name: line[name] for name in ("method", "path", "view", "status", "engine")}
    assert told == {
        "method": "GET",
        "path": "/search/",
        "view": "site_search",
        "status": 200,
        "engine": search_index.name,
    }


@pytest.mark.parametrize(
    ("given", "is_kept"),
    [
        ("3f2a-B7", True),
        ("x" * 64, True),
        ("x" * 65, False),
        ("a b", False),
        ("a\nb", False),
        ("é", False),
        ("", False),
    ],
)
def test_an_id_is_taken_over_only_in_a_form_that_is_safe(client, given, is_kept) -> None:
    response = client.get("/favicon.ico", HTTP_X_REQUEST_ID=given)
    assert (response.headers["X-Request-ID"] == given) is is_kept
    assert visit.current_id() == ""


def test_a_probe_of_a_server_that_is_down_does_not_fill_the_log(log) -> None:
    client = Elasticsearch("http://127.0.0.1:1", max_retries=0)
    for _ in range(3):
        with pytest.raises(elasticsearch.ConnectionError):
            client.info()
    assert log.lines == []


def test_what_is_logged_on_the_way_has_the_request_s_id(broken, db, log) -> None:
    response = broken.get("/search/", HTTP_X_REQUEST_ID="abc-1")
    assert response.status_code == 500
    assert {line["request_id"] for line in log.lines} == {"abc-1"}
    (error,) = log.of("django.request")
    assert error["message"] == "Internal Server Error: /search/"
    assert error["exception"][0] == "builtins.ValueError"
    assert "django.db.utils.IntegrityError" in error["exception"]
    assert any("test_logs.py" in frame for frame in error["exception"])


@pytest.mark.usefixtures("db", "search_index")
def test_no_line_says_who_somebody_is_or_what_she_asked(broken, log) -> None:
    broken.cookies["sessionid"] = f"{SECRET}-cookie"
    broken.cookies["hint"] = EMAIL
    inside = {"REMOTE_ADDR": ADDRESS, "HTTP_USER_AGENT": SECRET}
    for address in (
        f"/search/?q={SECRET}+{EMAIL}",
        f"/search/suggestions/?q={SECRET}",
        f"/api/v1/case-studies/?q={EMAIL}",
        f"/nowhere/{EMAIL}/",
        f"/{EMAIL}",
        f"/collections/{SECRET}/",
        f"/alerts/confirm/{SECRET}/?email={EMAIL}",
        f"/accounts/password/reset/key/1-{SECRET}/",
        f"/accounts/confirm-email/{SECRET}/",
        f"/accounts/login/?next=/{SECRET}",
        f"/{SECRET}%00/",
    ):
        broken.get(address, **inside)
    form = {"login": EMAIL, "password": SECRET, "email": EMAIL, "q": SECRET}
    for address in ("/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"):
        broken.post(address, form, **inside)
    broken.get("/search/", HTTP_HOST=f"{SECRET}.example", **inside)
    broken.get("/search/", HTTP_REFERER=f"https://x.example/?q={SECRET}", **inside)
    checking = Client(enforce_csrf_checks=True, raise_request_exception=False)
    checking.post(f"/accounts/login/?next={EMAIL}", form, **inside)
    assert len(log.of("hub.access")) > 15
    assert len(log.of("django.request")) > 3
    assert len(log.of("django.security.DisallowedHost")) == 1
    for private in (EMAIL, "jane.doe", SECRET, ADDRESS):
        assert private not in log.text, [line for line in log.lines if private in str(line)]


def test_a_message_loses_addresses_queries_and_credentials() -> None:
    assert without_personal_data(f"Mail to {EMAIL}.") == "Mail to …"
    assert without_personal_data("GET /a?q=b&c=d failed") == "GET /a?… failed"
    assert without_personal_data("http://u:p@host:9200/x") == "http://host:9200/x"
    assert without_personal_data("Is it so? Yes = no.") == "Is it so? Yes = no."


def test_the_text_of_an_error_that_is_not_ours_is_not_written() -> None:
    record = logging.LogRecord(
        "x", logging.INFO, "f", 1, "It failed: %s", (ValueError(SECRET),), None
    )
    assert json.loads(JsonLines().format(record))["message"] == "It failed: ValueError"
    assert PlainLines().format(record).endswith("INFO x It failed: ValueError")


def test_a_line_is_one_line_whatever_it_says() -> None:
    record = logging.LogRecord("x", logging.INFO, "f", 1, "one\ntwo {%s", ("é",), None)
    assert len(JsonLines().format(record).splitlines()) == 1
    assert len(PlainLines().format(record).splitlines()) == 1
