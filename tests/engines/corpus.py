"""Generated documents and plans for the engines' contract, the same for the same seed."""

from __future__ import annotations

import datetime as dt
import random

from search import analysis
from search.contract import SearchDocument
from search.plan import Alternative, Clause, Plan, minimum_of

_WORDS = (
    "simulation theatre surgery trainee clinic educator recovery course fellowship wellbeing "
    "airway ultrasound laparoscopy backfill locum mentoring study leave region audit safety "
    "outcome confidence logbook case list night shift rota portfolio review feedback virtual"
)
WORDS = _WORDS.split()
FACETS = {
    "specialty": ["surgery", "urology", "ent", "cardiology", "medicine", "anaesthetics", "icm"],
    "region": ["north-west", "london", "midlands"],
    "stage": ["foundation", "core", "higher"],
    "odd": ['with "quotes"', "with space", "back\\slash", "a:b", "ünï"],
    "year": ["2020", "2021", "2022"],
}
# Fewer than some documents hold, so that values beyond the slots are counted too.
SLOTS = {"specialty": 2, "region": 1, "stage": 4, "year": 1}
AUDIENCES = (
    {"public", "everything"},
    {"signed-in", "everything"},
    {"group-1", "everything"},
    {"group-1", "group-2", "everything"},
)
KINDS = ("case-study", "guidance")
VISITORS = (
    ("public",),
    ("public", "signed-in"),
    ("group-1", "public", "signed-in"),
    ("group-2", "public", "signed-in"),
    ("everything", "public", "signed-in"),
)
_START = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


def documents(seed: int, number: int = 150) -> list[SearchDocument]:
    """So many documents. Some share every text, a date or a title, so that there are ties."""
    dice = random.Random(seed)
    made = [_document(id, dice) for id in range(1, number + 1)]
    dice.shuffle(made)
    return made


def _document(id: int, dice: random.Random) -> SearchDocument:
    if dice.random() < 0.15:  # twins: equal scores must go by id
        title, summary, body = "Simulation list", "", "theatre " * 3
    else:
        title = _text(dice, 1, 5).title()
        summary = _text(dice, 0, 12)
        body = _text(dice, 0, 120)
    facets = {
        key: tuple(dice.sample(values, dice.randint(0, len(values))))
        for key, values in FACETS.items()
    }
    return SearchDocument(
        id=id,
        kind=dice.choices(KINDS, (4, 1))[0],
        title=title,
        summary=summary,
        body=body,
        facets={key: values for key, values in facets.items() if values},
        audience=frozenset(dice.choices(AUDIENCES, (6, 1, 1, 1))[0]),
        published_at=_START + dt.timedelta(days=dice.randint(0, 60)),
        rank=dice.randint(0, 5),
    )


def _text(dice: random.Random, fewest: int, most: int) -> str:
    weights = [1 / (place + 2) for place in range(len(WORDS))]
    return " ".join(dice.choices(WORDS, weights, k=dice.randint(fewest, most)))


def plan(seed: int) -> Plan:
    """One plan: any mix of words, phrases, synonyms, filters, visitor, order and window."""
    dice = random.Random(seed)
    clauses = tuple(dict.fromkeys(_clause(dice) for _ in range(dice.choice((0, 1, 1, 2, 3, 5, 8)))))
    filters = {
        key: tuple(dice.sample(FACETS[key], dice.randint(1, 2)))
        for key in dice.sample(sorted(FACETS), dice.choice((0, 0, 1, 2, 3)))
    }
    return Plan(
        audience=dice.choice(VISITORS),
        clauses=clauses,
        minimum=minimum_of(sum(not clause.is_required for clause in clauses))
        if dice.random() < 0.9
        else 0,
        filters=filters,
        kinds=dice.choice(((), ("case-study",), KINDS)),
        excluded_ids=dice.choice(((), (), (1, 2, 3))),
        counted=tuple(FACETS),
        order=dice.choice(("score", "score", "published", "title", "rank")),
        start=dice.choice((0, 0, 5, 40)),
        size=dice.choice((1, 5, 20)),
    )


def _clause(dice: random.Random) -> Clause:
    def tokens(number: int) -> tuple[str, ...]:
        return tuple(analysis.token(word) for word in dice.choices(WORDS, k=number))

    shape = dice.random()
    if shape < 0.1:
        return Clause((Alternative(tokens(2), is_phrase=True),), is_required=True)
    if shape < 0.2:
        others = (Alternative(tokens(2), 0.9, is_phrase=True), Alternative(tokens(1), 0.5))
        return Clause((Alternative(tokens(1)), *others))
    if shape < 0.3:
        return Clause((Alternative(tokens(2)), Alternative(tokens(1), 0.9)), weight=2.0)
    return Clause((Alternative(tokens(1)),))
