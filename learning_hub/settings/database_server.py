"""Where the database is, how connections to it are held, and how long to wait for it."""

from __future__ import annotations

from typing import Any

from learning_hub.settings import environment

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


def database(name: str, *, default: str) -> dict[str, Any]:
    """A database by address: sqlite:////srv/hub/hub.sqlite3, postgres://hub:secret@host/hub."""
    scheme = environment.text(name, default=default).partition(":")[0]
    if scheme not in DATABASE_SCHEMES:
        environment.refuse(
            name, "use postgres://name:password@host:port/database, or sqlite:////path/to/a/file."
        )
    settings: dict[str, Any] = environment.read(environment.ENV.dj_db_url, name, default=default)
    settings.setdefault("OPTIONS", {})
    if scheme == "sqlite":
        settings["OPTIONS"] = SQLITE_OPTIONS | settings["OPTIONS"]
    elif not settings["NAME"]:
        environment.refuse(
            name, "name a database after the host, as in postgres://host:5432/learning_hub."
        )
    else:
        _connect_with_care(settings)
    return settings


def _connect_with_care(settings: dict[str, Any]) -> None:
    """How to hold connections to PostgreSQL, and how long to wait; see decision 14."""
    size = environment.number("HUB_DATABASE_POOL", least=0, most=100, default=0)
    patience = environment.number("HUB_DATABASE_STATEMENT_TIMEOUT", least=0, most=3600, default=30)
    options = {**POSTGRES_OPTIONS, **settings["OPTIONS"]}
    if environment.truth("HUB_DATABASE_POOLER", default=False):
        # It gives out sessions by transaction: nothing may be set for, or outlast, one of ours.
        settings["DISABLE_SERVER_SIDE_CURSORS"] = True
    else:
        # Our queries are short: compiling one would take longer than many of them.
        given = ["-c jit=off", options.get("options", ""), "-c timezone=UTC"]
        given += [f"-c statement_timeout={patience}s"] if patience else []
        options["options"] = " ".join(filter(None, given))
    if size:
        options["pool"] = {**POOL_OPTIONS, "max_size": size}
    settings["OPTIONS"] = options
    settings["CONN_MAX_AGE"] = 0 if size else 600
    settings["CONN_HEALTH_CHECKS"] = True
