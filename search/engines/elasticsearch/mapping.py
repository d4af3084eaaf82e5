"""What a document looks like inside Elasticsearch, and the template that says so to the server."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from hashlib import blake2b
from itertools import chain
from string import ascii_lowercase
from typing import Any

from learning_hub.pages.visibility import PUBLIC
from search import analysis
from search.contract import SearchDocument
from search.digest import digest_of
from search.engines.protocol import Match
from search.plan import BM25_B, BM25_K1
from search.weighting import BREAK, TIMES_READ, weighted

VERSION = 1
# The text of a body that is kept to be shown; the whole of it is searched.
MAX_STORED_BODY = 20_000
# The document that says how far its index has come. It has no field that is searched, so it
# answers nothing and changes no document frequency.
STATE_ID = "state"
# How deep a page may lie, from either end of what was found.
MAX_WINDOW = 1_000_000
# A deleted document's version is remembered so long: no late writer brings it back.
_TOMBSTONES = "1h"
# The longest term that Lucene takes is 32,766 bytes; a letter has at most four.
_LONGEST_VALUE = 8_191
_OTHER_LETTERS = "other"
_MAX_RANK = 63
_KEYWORD = {"type": "keyword", "ignore_above": _LONGEST_VALUE}


def mapping(facets: Iterable[str]) -> dict[str, Any]:
    """The mapping. Every facet that is announced has a field; others share `more`.

    Only what is shown is kept; the rest is in the index and nowhere else. Words to be offered
    lie in a field for each first letter, so that one letter's are counted without the others.
    """
    words = {"type": "keyword", "index": False}
    tokens = {"type": "text", "analyzer": "whitespace", "similarity": "hub"}
    properties = {
        "id": {"type": "long"},
        "text": tokens,
        "title_words": {**tokens, "norms": False},
        "words": {"properties": dict.fromkeys((*ascii_lowercase, _OTHER_LETTERS), words)},
        "audience": {"type": "keyword"},
        "kind": {"type": "keyword"},
        "facets": {"properties": dict.fromkeys(sorted(facets), _KEYWORD)},
        "more": {"type": "flattened", "ignore_above": _LONGEST_VALUE},
        "published": {"type": "long"},
        "rank": {"type": "long"},
        "title_order": {"type": "keyword", "index": False},
        "expires": {"type": "long"},
        "digest": {"type": "long", "index": False},
        "shown": {"type": "keyword", "index": False, "doc_values": False},
        "state": {"type": "object", "enabled": False},
    }
    return {
        "dynamic": "strict",
        "_source": {"includes": ["shown", "state"]},
        "properties": properties,
    }


def fingerprint(facets: Iterable[str]) -> str:
    """Names everything that a document's form depends on; another one means a rebuild."""
    form = json.dumps([VERSION, analysis.VERSION, TIMES_READ, mapping(facets)], sort_keys=True)
    return blake2b(form.encode(), digest_size=6).hexdigest()


def template(prefix: str, facets: Iterable[str], shards: int, replicas: int) -> dict[str, Any]:
    """The index template: a longer prefix goes first, so that one may begin like another."""
    facets = tuple(facets)
    return {
        "index_patterns": [f"{prefix}-*"],
        "priority": 500 + len(prefix),
        "allow_auto_create": False,
        "template": {
            "settings": {
                "number_of_shards": shards,
                "number_of_replicas": replicas,
                "refresh_interval": "-1",
                "gc_deletes": _TOMBSTONES,
                "max_result_window": MAX_WINDOW,
                "similarity": {"hub": {"type": "BM25", "k1": BM25_K1, "b": BM25_B}},
            },
            "mappings": {**mapping(facets), "_meta": {"fingerprint": fingerprint(facets)}},
        },
    }


def to_index(document: SearchDocument, facets: frozenset[str]) -> dict[str, Any]:
    """The document as the server takes it."""
    parts = {part: analysis.split(getattr(document, part)) for part in TIMES_READ}
    title_words = [folded for word in parts["title"] if (folded := analysis.surface(word))]
    held = {key: [clean(value) for value in values] for key, values in document.facets.items()}
    indexed = {
        "id": document.id,
        # Never empty: the server leaves documents without a word out of its statistics.
        "text": " ".join(weighted(parts)) or BREAK,
        "title_words": " ".join(title_words),
        "audience": sorted(document.audience),
        "kind": document.kind,
        "facets": {key: values for key, values in held.items() if key in facets},
        "more": {key: values for key, values in held.items() if key not in facets},
        "published": max(int(document.published_at.timestamp()), 0),
        "rank": min(max(document.rank, 0), _MAX_RANK),
        "title_order": f"{' '.join(title_words)[:200]} {document.id:019d}",
        "digest": digest_of(document),
        "shown": _shown(document, held),
    }
    if PUBLIC in document.audience:
        indexed["words"] = _by_letter(analysis.surfaces_of(chain(*parts.values())))
    if document.expires_at:
        indexed["expires"] = microseconds(document.expires_at)
    return indexed


def from_index(hit: Mapping[str, Any]) -> Match:
    """The match that a hit of the server is."""
    id, kind, title, summary, body, facets = json.loads(hit["_source"]["shown"])
    values = {key: tuple(held) for key, held in facets.items()}
    return Match(id, kind, hit.get("_score") or 0.0, title, summary, body, values)


def facet_field(key: str, facets: frozenset[str]) -> str:
    """The field that holds the values of a facet."""
    return f"facets.{key}" if key in facets else f"more.{key}"


def word_fields(prefix: str) -> list[str]:
    """The fields that hold the words which begin so."""
    letters = [_letter(prefix)] if prefix else [*ascii_lowercase, _OTHER_LETTERS]
    return [f"words.{letter}" for letter in letters]


@lru_cache(maxsize=10_000)
def clean(value: str) -> str:
    """A facet value as it is indexed and asked for."""
    return analysis.clean(value)


def microseconds(moment: datetime) -> int:
    """Microseconds since 1970."""
    return round(moment.timestamp() * 1_000_000)


def _shown(document: SearchDocument, facets: Mapping[str, list[str]]) -> str:
    """One text, which the server need not look into."""
    texts = (document.title, document.summary, document.body[:MAX_STORED_BODY])
    kept = [document.id, document.kind, *map(analysis.clean, texts), facets]
    return json.dumps(kept, ensure_ascii=False)


def _by_letter(words: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for word in words:
        found.setdefault(_letter(word), []).append(word)
    return found


def _letter(word: str) -> str:
    return word[0] if word[0] in ascii_lowercase else _OTHER_LETTERS


def is_as_wanted(found: Any, wanted: Any) -> bool:
    """Whether a mapping is the wanted one, as the server words it: it leaves out what is usual."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        said = {key: value for key, value in wanted.items() if key in found or value != "object"}
        return found.keys() == said.keys() and all(
            is_as_wanted(found[key], value) for key, value in said.items()
        )
    return str(found).lower() == str(wanted).lower()
