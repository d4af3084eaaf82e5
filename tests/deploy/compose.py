"""Reads compose.yaml as Docker would, with what a file .env would say."""

from __future__ import annotations

import re
from typing import Any

import yaml

from tests.architecture.sources import ROOT

# Everything without which `docker compose up` says what is missing.
LOCAL = {
    "HUB_SECRET_KEY": "a-key-that-nobody-can-guess-0123456789-abcdefghijklmnopqrstuvwxyz",
    "HUB_HOST": "hub.example.org",
    "HUB_EMAIL_URL": "submission://name:password@mail.example.org",
    "POSTGRES_PASSWORD": "correcthorse",
    "ELASTIC_PASSWORD": "battery staple",
}
_VARIABLE = re.compile(r"\$\$|\$\{(?P<name>\w+)(?P<how>:[?-])?(?P<rest>[^}]*)\}")


class LacksVariable(Exception):
    """compose.yaml requires a variable that is not there; the text is what it says."""


def compose(local: dict[str, str] | None = None) -> Any:
    """The whole file, with its variables replaced."""
    text = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    return _filled_in(yaml.safe_load(text), LOCAL if local is None else local)


def services() -> dict[str, dict[str, Any]]:
    """The services by name."""
    found: dict[str, dict[str, Any]] = compose()["services"]
    return found


def _filled_in(value: Any, local: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _filled_in(part, local) for key, part in value.items()}
    if isinstance(value, list):
        return [_filled_in(part, local) for part in value]
    if not isinstance(value, str):
        return value

    def replaced(match: re.Match[str]) -> str:
        if match["name"] is None:
            return "$"
        if local.get(match["name"]):
            return local[match["name"]]
        if match["how"] == ":?":
            raise LacksVariable(f"{match['name']}: {match['rest']}")
        return match["rest"]

    return _VARIABLE.sub(replaced, value)
