"""The questions that a benchmark asks: four kinds, by how much they leave to count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from case_studies.benchmark.corpus import Vocabulary
from learning_hub.taxonomy import vocabulary

SELECTIVE, MEDIUM, HEAVY, BROWSE = "selective", "medium", "heavy", "browse"


@dataclass(frozen=True)
class Question:
    """Words and selections, as a visitor's address holds them."""

    kind: str
    text: str
    selections: Mapping[str, Sequence[str]]


def questions(words: Vocabulary) -> list[Question]:
    """Three questions of each kind."""
    heavy, medium, rare = words.heavy, words.medium, words.rare
    terms = {
        key: [entry.slug for entry in entries]
        for key, entries in vocabulary.current().terms.items()
    }
    region, stage, setting, group = (
        terms[key] for key in ("region", "stage", "setting", "specialty")
    )
    return [
        Question(SELECTIVE, rare[0], {}),
        Question(SELECTIVE, f"{medium[0]} {rare[1]}", {}),
        Question(SELECTIVE, rare[2], {"region": region[:2]}),
        Question(MEDIUM, medium[0], {}),
        Question(MEDIUM, medium[1], {"region": region[:1]}),
        Question(MEDIUM, f"{heavy[0]} {medium[2]}", {"stage": stage[:1], "year": ["2021"]}),
        Question(HEAVY, heavy[0], {}),
        Question(HEAVY, f"{heavy[1]} {heavy[2]}", {}),
        Question(HEAVY, heavy[3], {"region": region[1:3], "setting": setting[:1]}),
        Question(BROWSE, "", {}),
        Question(BROWSE, "", {"region": region[:1]}),
        Question(BROWSE, "", {"specialty": group[:1], "evidence": terms["evidence"][:2]}),
    ]
