"""Reads a search back as a sentence: the page's title, and what a screen reader announces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from search.contract import Collection, SearchRequest

Labels = Mapping[str, Sequence[str]]


def sentence(collection: Collection, request: SearchRequest, total: int, labels: Labels) -> str:
    """Such as: 12 case studies about “simulation” in the North West or London, for Surgery.

    `labels` are the selected values' labels by facet, in the vocabulary's order.
    """
    noun = collection.noun if total == 1 else collection.noun_plural
    read = f"{total:,} {noun}" if total else f"No {noun}"
    if request.text:
        read += f" about “{request.text}”"
    phrases = [
        facet.phrase.format(_either(labels[facet.key]))
        for facet in collection.facets
        if labels.get(facet.key)
    ]
    return f"{read} {', '.join(phrases)}" if phrases else read


def selection(collection: Collection, key: str, labels: Labels) -> str:
    """Such as: Region: North West or London."""
    facet = collection.facet(key)
    return f"{facet.label if facet else key}: {_either(labels.get(key, ()))}"


def _either(labels: Sequence[str]) -> str:
    if len(labels) < 2:
        return "".join(labels)
    return f"{', '.join(labels[:-1])} or {labels[-1]}"
