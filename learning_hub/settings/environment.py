"""Reads every setting that comes from outside; a wrong or missing one stops the start clearly."""

from __future__ import annotations

import re
from collections.abc import Callable
from email.utils import parseaddr
from importlib.util import find_spec
from ipaddress import ip_network
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import parse_qsl, urlsplit

from environs import Env, EnvError

ENV = Env()
# A host name, with a leading dot for all names below it; an address of the Internet Protocol.
_HOST = re.compile(r"\.?[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\]", re.IGNORECASE)


def read(reader: Callable[..., Any], name: str, **options: Any) -> Any:
    """Return the setting `name`, or end the process with one line that says what to do."""
    try:
        return reader(name, **options)
    except EnvError as problem:
        raise SystemExit(f"Learning Hub cannot start. {name}: {_one_line(problem)}") from None
    except Exception as problem:  # a parser of its own (dj-database-url) raises its own errors
        raise SystemExit(f"Learning Hub cannot start. {name}: {_one_line(problem)}") from None


def refuse(name: str, problem: str) -> NoReturn:
    """End the process with one line that says what to do about the setting `name`."""
    raise SystemExit(f"Learning Hub cannot start. {name}: {problem}")


def _one_line(problem: Exception) -> str:
    return " ".join(str(problem).split())


def text(name: str, **options: Any) -> str:
    """A text; with no `default` it is required."""
    return read(ENV.str, name, **options)


def texts(name: str, **options: Any) -> list[str]:
    """A comma-separated list."""
    return read(ENV.list, name, **options)


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
    return read(ENV.bool, name, **options)


def number(name: str, *, least: int | None = None, most: int | None = None, **options: Any) -> int:
    """A whole number, from `least` to `most`."""
    value: int = read(ENV.int, name, **options)
    if least is not None and value < least:
        refuse(name, f"{value} is too small; use {least} or more.")
    if most is not None and value > most:
        refuse(name, f"{value} is too large; use {most} or less.")
    return value


def secret(name: str) -> str:
    """A text that nobody can guess. Required."""
    value = text(name)
    if len(value) < 50 or len(set(value)) < 5:
        refuse(name, 'make one: python -c "import secrets; print(secrets.token_urlsafe(50))".')
    return value


def hosts(name: str) -> list[str]:
    """Host names, at least one, none of them standing for every host. Required."""
    values = [value.strip() for value in texts(name)]
    for value in values:
        if not _HOST.fullmatch(value):
            refuse(name, f"“{value}” is no host name; write it without https:// and port.")
    if not values:
        refuse(name, "name at least one host, such as hub.example.org.")
    return values


def origin(name: str, *, default: str, schemes: tuple[str, ...] = ("https", "http")) -> str:
    """A site's own address: scheme and host, perhaps a port, nothing after it."""
    value = text(name, default=default).rstrip("/")
    address = urlsplit(value)
    if address.scheme not in schemes or not address.hostname or address.path or address.query:
        refuse(name, f"use an address such as {schemes[0]}://hub.example.org, not “{value}”.")
    return value


def mail_address(name: str, *, default: str) -> str:
    """Who mails come from: an address, perhaps with a name before it."""
    value = text(name, default=default)
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", parseaddr(value)[1]):
        refuse(name, f"“{value}” has no mail address; use Learning Hub <hub@example.org>.")
    return value


def folder(name: str, *, default: Path) -> Path:
    """A folder, made where it is missing."""
    path = Path(text(name, default=str(default)))
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        refuse(name, f"{path} cannot be made: {problem.strerror}.")
    return path


def mail(name: str, **options: Any) -> dict[str, Any]:
    """Django's mail settings, by the server's address, such as submission://mail.example.org."""
    settings = read(ENV.dj_email_url, name, **options)
    if "EMAIL_BACKEND" not in settings:  # the parser passes over a scheme that it does not know
        refuse(name, "use submission:// or smtp://.")
    return settings


def choice(name: str, *, choices: tuple[str, ...], default: str) -> str:
    """One of `choices`."""
    value = text(name, default=default)
    if value not in choices:
        accepted = ", ".join(choices)
        refuse(name, f"“{value}” is not known; use one of: {accepted}.")
    return value


def media_storage(name: str) -> dict[str, Any]:
    """Django's storage of uploads: a folder by default, or s3://bucket/folder?region=&endpoint=."""
    address = text(name, default="")
    if not address:
        return {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    bucket = urlsplit(address)
    options = dict(parse_qsl(bucket.query, keep_blank_values=True))
    unknown = sorted(set(options) - {"region", "endpoint"})
    if bucket.scheme != "s3" or not bucket.netloc or bucket.netloc != bucket.hostname:
        refuse(name, "use s3://bucket or s3://bucket/folder?region=...&endpoint=https://...")
    if unknown:
        refuse(name, f"“{unknown[0]}” is not known; use region and endpoint.")
    if not options.get("endpoint", "https://").startswith(("https://", "http://")):
        refuse(name, "the endpoint begins with https:// or http://.")
    if any(find_spec(package) is None for package in ("storages", "boto3")):
        refuse(name, "run pip install --require-hashes -r requirements/object-storage.lock.")
    return {
        "BACKEND": "learning_hub.media.object_storage.ObjectStorage",
        "OPTIONS": {
            "bucket_name": bucket.netloc,
            "location": bucket.path.strip("/"),
            "region_name": options.get("region"),
            "endpoint_url": options.get("endpoint"),
        },
    }
