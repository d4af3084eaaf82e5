"""Reads every setting that comes from outside; a wrong or missing one stops the start clearly."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_network
from typing import Any

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
        raise SystemExit(f"Learning Hub cannot start. {name}: use submission:// or smtp://.")
    return settings


def choice(name: str, *, choices: tuple[str, ...], default: str) -> str:
    """One of `choices`."""
    value = text(name, default=default)
    if value not in choices:
        accepted = ", ".join(choices)
        raise SystemExit(
            f"Learning Hub cannot start. {name}: “{value}” is not known; use one of: {accepted}."
        )
    return value


def database(name: str, *, default: str) -> dict[str, Any]:
    """A database by address, such as sqlite:////srv/hub/hub.sqlite3."""
    return _read(_env.dj_db_url, name, default=default)
