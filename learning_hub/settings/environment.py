"""Reads every setting that comes from outside; a wrong or missing one stops the start clearly."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from ipaddress import ip_network
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

from environs import Env, EnvError

_env = Env()


def _read(reader: Callable[..., Any], name: str, **options: Any) -> Any:
    """Return the setting `name`, or end the process with one line that says what to do."""
    try:
        return reader(name, **options)
    except EnvError as problem:
        raise SystemExit(f"Learning Hub cannot start. {name}: {_one_line(problem)}") from None
    except Exception as problem:  # a parser of its own (dj-database-url) raises its own errors
        raise SystemExit(f"Learning Hub cannot start. {name}: {_one_line(problem)}") from None


def _stop(name: str, says: str) -> NoReturn:
    raise SystemExit(f"Learning Hub cannot start. {name}: {says}")


def _one_line(problem: Exception) -> str:
    return " ".join(str(problem).split())


def text(name: str, **options: Any) -> str:
    """A text; with no `default` it is required."""
    return _read(_env.str, name, **options)


def texts(name: str, **options: Any) -> list[str]:
    """A comma-separated list."""
    return _read(_env.list, name, **options)


def networks(name: str, *, default: list[str]) -> list[str]:
    """A comma-separated list of networks or single addresses, such as 10.0.0.0/8,192.0.2.7."""
    given = texts(name, default=default)
    for each in given:
        try:
            ip_network(each)
        except ValueError as problem:
            raise SystemExit(f"Learning Hub cannot start. {name}: {_one_line(problem)}") from None
    return given


def truth(name: str, **options: Any) -> bool:
    """True or false, in any of the usual spellings."""
    return _read(_env.bool, name, **options)


def number(name: str, **options: Any) -> int:
    """A whole number."""
    return _read(_env.int, name, **options)


def mail(name: str, **options: Any) -> dict[str, Any]:
    """Django's mail settings, by the server's address, such as submission://mail.example.org."""
    settings = _read(_env.dj_email_url, name, **options)
    if "EMAIL_BACKEND" not in settings:  # the parser passes over a scheme that it does not know
        _stop(name, "use submission:// or smtp://.")
    return settings


def choice(name: str, *, choices: tuple[str, ...], default: str) -> str:
    """One of `choices`."""
    value = text(name, default=default)
    if value not in choices:
        _stop(name, f"“{value}” is not known; use one of: {', '.join(choices)}.")
    return value


def database(name: str, *, default: str) -> dict[str, Any]:
    """A database by address, such as sqlite:////srv/hub/hub.sqlite3."""
    return _read(_env.dj_db_url, name, default=default)


def addresses(name: str, *, default: list[str]) -> list[str]:
    """A comma-separated list of http and https addresses, all of the same kind."""
    found = [url.strip().rstrip("/") for url in texts(name, default=default) if url.strip()]
    for url in found:
        _require_address(name, url)
    if len({urlsplit(url).scheme for url in found}) > 1:
        _stop(name, "use http:// for all nodes, or https:// for all.")
    return found


def _require_address(name: str, url: str) -> None:
    try:
        parts = urlsplit(url)
        is_whole = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        _stop(name, "this is no address; use one such as https://search.example.org:9200.")
    if parts.username is not None or parts.password is not None:
        _stop(name, "take the name and password out of the address; they have their own settings.")
    if not is_whole or parts.query or parts.fragment:
        _stop(name, f"“{url}” is no address; use one such as https://search.example.org:9200.")


def file(name: str, *, default: str) -> str:
    """The path of a file that is there and can be read; empty where not set."""
    path = text(name, default=default)
    if path:
        try:
            with Path(path).open("rb"):
                pass
        except OSError as problem:
            _stop(name, f"{path} cannot be read: {problem.strerror}.")
    return path


def index_name(name: str, *, default: str) -> str:
    """A name that a search server takes for an index."""
    value = text(name, default=default)
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,99}", value):
        _stop(name, "use small letters, digits, - and _ only, with a letter or digit first.")
    return value


def require_between(name: str, value: int, lowest: int, highest: int) -> None:
    """Stop the start where a number is out of bounds."""
    if not lowest <= value <= highest:
        _stop(name, f"{value} is out of bounds; use a number from {lowest} to {highest}.")


def require_server_that_lets_in(
    *, is_used: bool, urls: Sequence[str], username: str, password: str, api_key: str, ca: str
) -> None:
    """Stop the start where the settings of the search server do not fit together."""
    prefix = "HUB_ELASTICSEARCH_"
    if is_used and not urls:
        _stop(f"{prefix}URL", "set the server's address, or HUB_SEARCH_ENGINE to embedded.")
    if bool(username) != bool(password):
        missing = "PASSWORD" if username else "USERNAME"
        _stop(f"{prefix}{missing}", "a name and a password are set both or not at all.")
    if username and api_key:
        _stop(f"{prefix}API_KEY", "set either this or a name and a password, not both.")
    if ca and not all(url.startswith("https://") for url in urls):
        _stop(f"{prefix}CA", "certificates are checked with https:// addresses only.")
