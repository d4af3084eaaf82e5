"""The questions that a benchmark asks: four kinds with a limit, and the baseline's best case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from case_studies.benchmark.corpus import Vocabulary
from learning_hub.taxonomy import vocabulary

SELECTIVE, MEDIUM, HEAVY, BROWSE = "selective", "medium", "heavy", "browse"
# One word that hardly any study holds leaves the baseline next to nothing to do: shown beside the
# four kinds, so that nobody takes their ratios for all there is, but without a limit.
RARE = "rare word"


@dataclass(frozen=True)
class Question:
    """Words and selections, as a visitor's address holds them."""

    kind: str
    text: str
    selections: Mapping[str, Sequence[str]]


def questions(words: Vocabulary) -> list[Question]:
    """Three questions of each kind; selective ones are narrowed by words and facets at once."""
    heavy, medium, rare = words.heavy, words.medium, words.rare
    terms = {
        key: [entry.slug for entry in entries]
        for key, entries in vocabulary.current().terms.items()
    }
    region, stage, setting, group = (
        terms[key] for key in ("region", "stage", "setting", "specialty")
    )
    return [
        Question(SELECTIVE, medium[0], {"region": region[:1], "stage": stage[:1]}),
        Question(SELECTIVE, medium[1], {"specialty": group[:1], "setting": setting[:2]}),
        Question(SELECTIVE, f"{heavy[0]} {medium[2]}", {"stage": stage[:1], "year": ["2021"]}),
        Question(MEDIUM, medium[0], {}),
        Question(MEDIUM, medium[1], {"region": region[:1]}),
        Question(MEDIUM, f"{heavy[0]} {medium[2]}", {}),
        Question(HEAVY, heavy[0], {}),
        Question(HEAVY, f"{heavy[1]} {heavy[2]}", {}),
        Question(HEAVY, heavy[3], {"region": region[1:3], "setting": setting[:1]}),
        Question(BROWSE, "", {}),
        Question(BROWSE, "", {"region": region[:1]}),
        Question(BROWSE, "", {"specialty": group[:1], "evidence": terms["evidence"][:2]}),
        Question(RARE, rare[0], {}),
        Question(RARE, f"{medium[0]} {rare[1]}", {}),
        Question(RARE, rare[2], {"region": region[:2]}),
    ]


def many_questions(words: Vocabulary, first: int = 0, number: int = 10) -> list[Question]:
    """So many questions of each kind, each with words that no other one has.

    `first` leaves out the words of as many questions before. Heavy words are those of texts,
    which stand in most documents, more and less often.
    """
    terms = {
        key: [entry.slug for entry in entries]
        for key, entries in vocabulary.current().terms.items()
    }
    region, stage, setting, evidence = (
        terms[key] for key in ("region", "stage", "setting", "evidence")
    )
    asked = [
        question
        for at in range(first, first + number)
        for question in (
            Question(SELECTIVE, words.medium[at], {"region": _one(region, at), "stage": stage[:2]}),
            Question(MEDIUM, words.medium[-1 - at], {}),
            Question(HEAVY, f"{words.text[2 * at]} {words.text[2 * at + 1]}", {}),
            Question(BROWSE, "", {"setting": _one(setting, at), "evidence": _one(evidence, at)}),
            Question(RARE, words.rare[at], {"region": region[:3]} if at % 2 else {}),
        )
    ]
    order = (SELECTIVE, MEDIUM, HEAVY, BROWSE, RARE)
    return sorted(asked, key=lambda question: order.index(question.kind))


def _one(values: Sequence[str], at: int) -> Sequence[str]:
    return [values[at % len(values)]]
