"""What a document looks like inside the embedded index."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from itertools import chain

import tantivy

from search import analysis
from search.contract import SearchDocument
from search.digest import digest_of
from search.engines.protocol import Match
from search.weighting import TIMES_READ, weighted

VERSION = 2
# As many powers of two as a sum of floating numbers holds exactly, in whole bytes.
PLACES_A_BLOCK = 48
# The text of a body that is kept to be shown; the whole of it is searched.
MAX_STORED_BODY = 20_000
_ID_BITS = 29
_RANK_ID_BITS = 23
_SECONDS_BITS = 34
_MAX_RANK = 63


def build() -> tantivy.Schema:
    """The schema. Facets are JSON so that a new facet needs no new field.

    `facets` filters; `slots` counts: the nth value of each facet in a column of its own, which
    every document fills, because counting a full single-valued column takes a tenth of the time
    of a multi-valued one. What has no slot left is counted in `more`.

    `place` is where the document stands in a bitmap, `bit` its bit within its block of places.
    """
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("id", indexed=True, fast=True)
    builder.add_integer_field("place", indexed=True, fast=True)
    builder.add_float_field("bit", fast=True)
    for field in ("text", "title_words"):
        builder.add_text_field(field, tokenizer_name="whitespace")
    for field in ("words", "audience"):
        builder.add_text_field(field, tokenizer_name="whitespace", index_option="basic")
    builder.add_text_field("kind", tokenizer_name="raw", index_option="basic")
    builder.add_json_field("facets", tokenizer_name="raw", index_option="basic")
    for field in ("slots", "more"):
        builder.add_json_field(field, fast=True, tokenizer_name="raw", index_option="basic")
    for field in ("published_order", "rank_order", "expires", "digest"):
        builder.add_integer_field(field, indexed=field == "expires", fast=True)
    builder.add_text_field("title_order", fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_bytes_field("stored", stored=True)
    return builder.build()


def fingerprint(slots: Mapping[str, int]) -> str:
    """Names everything that a document's form depends on; another one means a rebuild."""
    layout = ",".join(f"{key}:{number}" for key, number in sorted(slots.items()))
    return f"schema {VERSION}, analysis {analysis.VERSION}, {layout}"


def to_index(document: SearchDocument, place: int, slots: Mapping[str, int]) -> tantivy.Document:
    """The document as tantivy takes it, to stand at `place`."""
    indexed = tantivy.Document()
    indexed.add_integer("id", document.id)
    indexed.add_integer("place", place)
    indexed.add_float("bit", float(1 << place % PLACES_A_BLOCK))
    parts = {part: analysis.split(getattr(document, part)) for part in TIMES_READ}
    indexed.add_text("text", " ".join(weighted(parts)))
    title_words = [folded for word in parts["title"] if (folded := analysis.surface(word))]
    indexed.add_text("title_words", " ".join(title_words))
    indexed.add_text("words", " ".join(analysis.surfaces_of(chain(*parts.values()))))
    indexed.add_text("audience", " ".join(document.audience))
    indexed.add_text("kind", document.kind)
    _add_facets(indexed, document.facets, slots)
    _add_order(indexed, document, title_words)
    if document.expires_at:
        indexed.add_integer("expires", microseconds(document.expires_at))
    indexed.add_integer("digest", digest_of(document))
    indexed.add_bytes("stored", _stored(document))
    return indexed


def from_index(stored: bytes, score: float) -> Match:
    """The match that a stored document is."""
    id, kind, title, summary, body, facets = json.loads(bytes(stored))
    values = {key: tuple(held) for key, held in facets.items()}
    return Match(id, kind, score, title, summary, body, values)


@lru_cache(maxsize=10_000)
def coded(value: str) -> str:
    """A facet value as it is indexed. Without the mark, JSON takes 2022 or a date for no text."""
    return f"={analysis.clean(value)}"


def microseconds(moment: datetime) -> int:
    """Microseconds since 1970."""
    return round(moment.timestamp() * 1_000_000)


def _stored(document: SearchDocument) -> bytes:
    texts = (document.title, document.summary, document.body[:MAX_STORED_BODY])
    facets = {key: list(values) for key, values in document.facets.items()}
    kept = [document.id, document.kind, *map(analysis.clean, texts), facets]
    return json.dumps(kept).encode()


def _add_facets(
    indexed: tantivy.Document, facets: Mapping[str, tuple[str, ...]], slots: Mapping[str, int]
) -> None:
    distinct = {
        key: [coded(value) for value in dict.fromkeys(held)] for key, held in facets.items()
    }
    filled: dict[str, str] = {}
    more: dict[str, list[str]] = {}
    for key, number in slots.items():
        held = distinct.get(key, [])
        for slot in range(number):
            filled[f"{key}_{slot}"] = held[slot] if slot < len(held) else ""
        if held[number:]:
            more[key] = held[number:]
    more |= {key: held for key, held in distinct.items() if held and key not in slots}
    indexed.add_json("facets", distinct)
    indexed.add_json("slots", filled)
    indexed.add_json("more", more)


def _add_order(indexed: tantivy.Document, document: SearchDocument, title_words: list[str]) -> None:
    """Keys that are unique, so that an engine can sort by one of them alone: ties go by id."""
    seconds = min(max(int(document.published_at.timestamp()), 0), (1 << _SECONDS_BITS) - 1)
    rank = min(max(document.rank, 0), _MAX_RANK)
    indexed.add_integer("published_order", seconds << _ID_BITS | _earlier(document.id, _ID_BITS))
    by_rank = rank << _SECONDS_BITS | seconds
    indexed.add_integer(
        "rank_order", by_rank << _RANK_ID_BITS | _earlier(document.id, _RANK_ID_BITS)
    )
    indexed.add_text("title_order", f"{' '.join(title_words)[:200]} {document.id:019d}")


def _earlier(id: int, bits: int) -> int:
    """A number that is higher for a lower id."""
    return (1 << bits) - 1 - id % (1 << bits)
