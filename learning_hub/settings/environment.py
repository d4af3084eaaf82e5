"""Reads every setting that comes from outside; a wrong or missing one stops the start clearly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from environs import Env, EnvError

_env = Env()

DATABASE_SCHEMES = ("sqlite", "postgres", "postgresql")
# Durable and concurrent: readers never wait for the writer, an acknowledged write survives
# a power cut, and a transaction takes its write lock at the start rather than failing late.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
        "PRAGMA cache_size=-20000; PRAGMA temp_store=MEMORY;"
    ),
}
# A server that is gone, or a network that swallows packets, is noticed in seconds.
POSTGRES_OPTIONS = {
    "connect_timeout": 5,
    "application_name": "learning-hub",
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}
# Seconds. A request that gets no connection in time is an error, not a visitor who waits.
POOL_OPTIONS = {"min_size": 1, "timeout": 10, "max_idle": 300, "reconnect_timeout": 10}


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


def whole_number(name: str, *, least: int, most: int, default: int) -> int:
    """A whole number from `least` to `most`."""
    value = number(name, default=default)
    if not least <= value <= most:
        raise SystemExit(
            f"Learning Hub cannot start. {name}: {value} is out of range; "
            f"use a number from {least} to {most}."
        )
    return value


def database(name: str, *, default: str) -> dict[str, Any]:
    """A database by address: sqlite:////srv/hub/hub.sqlite3, postgres://hub:secret@host/hub."""
    scheme = text(name, default=default).partition(":")[0]
    if scheme not in DATABASE_SCHEMES:
        raise SystemExit(
            f"Learning Hub cannot start. {name}: use postgres://name:password@host:port/database, "
            "or sqlite:////path/to/a/file."
        )
    settings = _read(_env.dj_db_url, name, default=default)
    settings.setdefault("OPTIONS", {})
    if scheme == "sqlite":
        settings["OPTIONS"] = SQLITE_OPTIONS | settings["OPTIONS"]
    elif not settings["NAME"]:
        raise SystemExit(
            f"Learning Hub cannot start. {name}: name a database after the host, "
            "as in postgres://host:5432/learning_hub."
        )
    else:
        _connect_with_care(settings)
    return settings


def _connect_with_care(settings: dict[str, Any]) -> None:
    """How to hold connections to PostgreSQL, and how long to wait; see decision 14."""
    size = whole_number("HUB_DATABASE_POOL", least=0, most=100, default=0)
    patience = whole_number("HUB_DATABASE_STATEMENT_TIMEOUT", least=0, most=3600, default=30)
    options = {**POSTGRES_OPTIONS, **settings["OPTIONS"]}
    if truth("HUB_DATABASE_POOLER", default=False):
        # It gives out sessions by transaction: nothing may be set for, or outlast, one of ours.
        settings["DISABLE_SERVER_SIDE_CURSORS"] = True
    else:
        given = [options.get("options", ""), "-c timezone=UTC"]
        given += [f"-c statement_timeout={patience}s"] if patience else []
        options["options"] = " ".join(filter(None, given))
    if size:
        options["pool"] = {**POOL_OPTIONS, "max_size": size}
    settings["OPTIONS"] = options
    settings["CONN_MAX_AGE"] = 0 if size else 600
    settings["CONN_HEALTH_CHECKS"] = True
