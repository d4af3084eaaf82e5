"""Which engine searches, and where its server is and how to be let in."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

from learning_hub.settings import environment


def _addresses(name: str, *, default: list[str]) -> list[str]:
    """A comma-separated list of http and https addresses, all of the same kind."""
    found = [
        url.strip().rstrip("/") for url in environment.texts(name, default=default) if url.strip()
    ]
    for url in found:
        _require_address(name, url)
    if len({urlsplit(url).scheme for url in found}) > 1:
        environment.refuse(name, "use http:// for all nodes, or https:// for all.")
    return found


def _require_address(name: str, url: str) -> None:
    try:
        parts = urlsplit(url)
        is_whole = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        environment.refuse(
            name, "this is no address; use one such as https://search.example.org:9200."
        )
    if parts.username is not None or parts.password is not None:
        environment.refuse(
            name, "take the name and password out of the address; they have their own settings."
        )
    if not is_whole or parts.query or parts.fragment:
        environment.refuse(
            name, f"“{url}” is no address; use one such as https://search.example.org:9200."
        )


def _file(name: str, *, default: str) -> str:
    """The path of a file that is there and can be read; empty where not set."""
    path = environment.text(name, default=default)
    if path:
        try:
            with Path(path).open("rb"):
                pass
        except OSError as problem:
            environment.refuse(name, f"{path} cannot be read: {problem.strerror}.")
    return path


def _index_name(name: str, *, default: str) -> str:
    """A name that a search server takes for an index."""
    value = environment.text(name, default=default)
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,99}", value):
        environment.refuse(
            name, "use small letters, digits, - and _ only, with a letter or digit first."
        )
    return value


def _require_what_fits_together() -> None:
    prefix = "HUB_ELASTICSEARCH_"
    if HUB_SEARCH_ENGINE == "elasticsearch" and not HUB_ELASTICSEARCH_URL:
        said = "set the server's address, or HUB_SEARCH_ENGINE to embedded."
        environment.refuse(f"{prefix}URL", said)
    if bool(HUB_ELASTICSEARCH_USERNAME) != bool(HUB_ELASTICSEARCH_PASSWORD):
        missing = "PASSWORD" if HUB_ELASTICSEARCH_USERNAME else "USERNAME"
        said = "a name and a password are set both or not at all."
        environment.refuse(f"{prefix}{missing}", said)
    if HUB_ELASTICSEARCH_USERNAME and HUB_ELASTICSEARCH_API_KEY:
        said = "set either this or a name and a password, not both."
        environment.refuse(f"{prefix}API_KEY", said)
    is_encrypted = all(url.startswith("https://") for url in HUB_ELASTICSEARCH_URL)
    if HUB_ELASTICSEARCH_CA and not is_encrypted:
        said = "certificates are checked with https:// addresses only."
        environment.refuse(f"{prefix}CA", said)


HUB_SEARCH_ENGINE = environment.choice(
    "HUB_SEARCH_ENGINE", choices=("embedded", "elasticsearch"), default="embedded"
)
# The nodes of one cluster, and how to be let in: a name and its password, or a key.
HUB_ELASTICSEARCH_URL = _addresses("HUB_ELASTICSEARCH_URL", default=[])
HUB_ELASTICSEARCH_USERNAME = environment.text("HUB_ELASTICSEARCH_USERNAME", default="")
HUB_ELASTICSEARCH_PASSWORD = environment.text("HUB_ELASTICSEARCH_PASSWORD", default="")
HUB_ELASTICSEARCH_API_KEY = environment.text("HUB_ELASTICSEARCH_API_KEY", default="")
# The certificates that the server's own is signed with, where no public authority signed it.
HUB_ELASTICSEARCH_CA = _file("HUB_ELASTICSEARCH_CA", default="")
# The alias that is searched; the names of its indices begin with it.
HUB_ELASTICSEARCH_INDEX = _index_name("HUB_ELASTICSEARCH_INDEX", default="learning-hub")
HUB_ELASTICSEARCH_SHARDS = environment.number("HUB_ELASTICSEARCH_SHARDS", default=1, least=1)
HUB_ELASTICSEARCH_REPLICAS = environment.number("HUB_ELASTICSEARCH_REPLICAS", default=1, least=0)
_require_what_fits_together()
