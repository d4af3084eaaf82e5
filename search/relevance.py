"""Measures how well search ranks, on a collection that people have judged (BEIR layout)."""

from __future__ import annotations

import csv
import datetime as dt
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from django.http import QueryDict

from learning_hub.pages.visibility import PUBLIC
from search.contract import MAX_PAGE_SIZE, Collection, SearchDocument, Sort
from search.engines.protocol import Engine
from search.query import answered
from search.request import parse
from search.thesaurus import Thesaurus

_KIND = "judged"
_COLLECTION = Collection(
    key=_KIND,
    noun="document",
    noun_plural="documents",
    facets=(),
    sorts=(Sort("relevance", "Best match", "score"),),
    kinds=(_KIND,),
)
_DATE = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)

# A query's judgements: how relevant each document is, more is better, none is 0.
Judgements = Mapping[str, int]


class NotJudged(Exception):
    """A folder does not hold a collection in BEIR's layout. Says what is wrong with it."""


@dataclass(frozen=True)
class Judged:
    """A collection: documents by id, queries by id, and each query's judgements."""

    documents: Mapping[str, tuple[str, str]]
    queries: Mapping[str, str]
    judgements: Mapping[str, Judgements]


def read(folder: Path) -> Judged:
    """Read corpus.jsonl, queries.jsonl and qrels/test.tsv. Raises NotJudged."""
    try:
        documents = {
            row["_id"]: (row.get("title", ""), row["text"]) for row in _rows(folder, "corpus")
        }
        judgements: dict[str, dict[str, int]] = {}
        with (folder / "qrels" / "test.tsv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t"):
                judgements.setdefault(row["query-id"], {})[row["corpus-id"]] = int(row["score"])
        queries = {
            row["_id"]: row["text"] for row in _rows(folder, "queries") if row["_id"] in judgements
        }
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise NotJudged(f"{folder} is not a collection in BEIR's layout: {problem!r}") from None
    return Judged(documents, queries, judgements)


def measure(judged: Judged, engine: Engine, words: Thesaurus) -> dict[str, float]:
    """The mean of each measure over all queries; fills the engine with the collection."""
    numbers = {id: number for number, id in enumerate(judged.documents, start=1)}
    names = {number: id for id, number in numbers.items()}
    _fill(engine, judged, numbers)
    rankings = {
        query: [names[id] for id in _ranking(text, engine, words)]
        for query, text in judged.queries.items()
    }
    pairs = [(ranking, judged.judgements[query]) for query, ranking in rankings.items()]
    return {
        "nDCG@10": fmean(ndcg(ranking, judgements, 10) for ranking, judgements in pairs),
        "MRR@10": fmean(reciprocal_rank(ranking, judgements, 10) for ranking, judgements in pairs),
        "recall@100": fmean(recall(ranking, judgements, 100) for ranking, judgements in pairs),
    }


def ndcg(ranking: Sequence[str], judgements: Judgements, depth: int) -> float:
    """Normalised discounted cumulative gain: 1 where the best possible order came first."""
    best = sorted(judgements.values(), reverse=True)
    ideal = _discounted(best[:depth])
    found = _discounted([judgements.get(id, 0) for id in ranking[:depth]])
    return found / ideal if ideal else 0.0


def reciprocal_rank(ranking: Sequence[str], judgements: Judgements, depth: int) -> float:
    """One over the place of the first relevant document; 0 where there is none."""
    places = (at for at, id in enumerate(ranking[:depth], start=1) if judgements.get(id, 0) > 0)
    return 1 / next(places, math.inf)


def recall(ranking: Sequence[str], judgements: Judgements, depth: int) -> float:
    """The share of relevant documents that are among the first `depth`."""
    relevant = {id for id, gain in judgements.items() if gain > 0}
    return len(relevant & set(ranking[:depth])) / len(relevant) if relevant else 0.0


def _discounted(gains: Sequence[int]) -> float:
    return sum(gain / math.log2(place + 1) for place, gain in enumerate(gains, start=1))


def _rows(folder: Path, name: str) -> Iterator[dict[str, str]]:
    with (folder / f"{name}.jsonl").open(encoding="utf-8") as file:
        for line in file:
            if line.strip():
                yield json.loads(line)


def _fill(engine: Engine, judged: Judged, numbers: Mapping[str, int]) -> None:
    with engine.rebuilding() as builder:
        builder.replace(
            [],
            (
                SearchDocument(
                    id=numbers[id],
                    kind=_KIND,
                    title=title,
                    summary="",
                    body=text,
                    facets={},
                    audience=frozenset({PUBLIC}),
                    published_at=_DATE,
                )
                for id, (title, text) in judged.documents.items()
            ),
        )
        builder.commit(0, _KIND)
        with builder.switching():
            pass


def _ranking(text: str, engine: Engine, words: Thesaurus) -> list[int]:
    """What a visitor who types `text` is shown, from her address to her results."""
    address = QueryDict(mutable=True)
    address.update({"q": text, "page_size": str(MAX_PAGE_SIZE)})
    request, _ = parse(_COLLECTION, address)
    return [hit.id for hit in answered(_COLLECTION, request, engine, words).hits]
