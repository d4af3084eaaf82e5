"""Draws case studies without end, of made-up words that every search reads alike."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, count, islice, product

from case_studies.classification import Terms
from learning_hub.pages.visibility import EVERYTHING, PUBLIC, SIGNED_IN, group_token
from learning_hub.taxonomy import vocabulary
from learning_hub.taxonomy.vocabulary import TermEntry, Vocabularies
from search import analysis
from search.models import Synonym

_BODY_WORDS = 250
_FIRST = dt.datetime(2021, 1, 1, tzinfo=dt.UTC)
_FIRST_YEAR = 2017
_YEARS = 9
# How many terms of each vocabulary a study is filed under, at least and at most.
_TERMS = {
    "specialty": (1, 3),
    "region": (1, 2),
    "intervention": (1, 2),
    "stage": (1, 3),
    "capability": (1, 3),
    "impact": (1, 2),
    "setting": (1, 2),
    "evidence": (1, 1),
    "cost": (1, 1),
}
# Who may find a study, and the share of studies that are for them.
_AUDIENCES = {
    frozenset({PUBLIC, EVERYTHING}): 90,
    frozenset({SIGNED_IN, EVERYTHING}): 5,
    frozenset({group_token(1), EVERYTHING}): 3,
    frozenset({group_token(1), group_token(2), EVERYTHING}): 2,
}


def invented_words() -> Iterator[str]:
    """Words without end that stemming, stop words and synonyms leave as they are."""
    syllables = ["".join(pair) for pair in product("bdfgklmnprtvz", "aeou")]
    synonyms = {
        token
        for synonym in Synonym.objects.all()
        for line in synonym.lines
        for token in analysis.tokens(line)
    }
    for parts in product(syllables, repeat=3):
        word = "".join(parts) + "x"
        if analysis.token(word) == word and word not in synonyms:
            yield word


class Vocabulary:
    """Words of titles by how many titles hold them, and words of texts, which no title holds."""

    def __init__(self) -> None:
        words = invented_words()
        self.heavy = list(islice(words, 4))
        self.medium = list(islice(words, 20))
        self.rare = list(islice(words, 400))
        self.text = list(islice(words, 6_000))

    def title(self, dice: random.Random, number: int) -> str:
        """A title: most of the heavy words, some of the others, and its number."""
        words = [word for word in self.heavy if dice.random() < 0.8]
        words += [word for word in self.medium if dice.random() < 0.1]
        words += dice.sample(self.rare, 2)
        dice.shuffle(words)
        return f"{' '.join(words)} {number}".capitalize()

    def paragraph(self, dice: random.Random) -> str:
        """A text of words as unequally frequent as in a language."""
        ranks = [int(len(self.text) ** dice.random()) - 1 for _ in range(_BODY_WORDS)]
        return " ".join(self.text[rank] for rank in ranks)


@dataclass(frozen=True)
class Draft:
    """A study as it was drawn. `terms` are the narrowest that it is filed under, by facet."""

    number: int
    title: str
    text: str
    terms: Terms
    started_on: dt.date
    published_at: dt.datetime
    audience: frozenset[str]


class _Shares:
    """The terms of one vocabulary that hold no others, some far more usual than others.

    The nth has a share of 1/n, as words, towns and specialties have.
    """

    def __init__(self, entries: Sequence[TermEntry], dice: random.Random) -> None:
        groups = {entry.group for entry in entries}
        self._terms = [entry for entry in entries if entry.slug not in groups]
        dice.shuffle(self._terms)
        self._weights = list(accumulate(1 / place for place in range(1, len(self._terms) + 1)))

    def draw(self, dice: random.Random, bounds: tuple[int, int]) -> tuple[TermEntry, ...]:
        """Different terms, so many; fewer where the usual ones came up again."""
        drawn = dice.choices(self._terms, cum_weights=self._weights, k=dice.randint(*bounds))
        return tuple(dict.fromkeys(drawn))


def drafts(words: Vocabulary, seed: int = 1) -> Iterator[Draft]:
    """Studies without end, the same for the same seed and vocabularies."""
    dice = random.Random(seed)  # noqa: S311 - the same data each time, not a secret
    shares = _shares(vocabulary.current(), dice)
    audiences, weights = list(_AUDIENCES), list(_AUDIENCES.values())
    for number in count(1):
        yield Draft(
            number=number,
            title=words.title(dice, number),
            text=words.paragraph(dice),
            terms={key: shares[key].draw(dice, bounds) for key, bounds in _TERMS.items()},
            started_on=dt.date(_FIRST_YEAR + int(_YEARS * dice.random() ** 0.7), 1, 1),
            published_at=_FIRST + dt.timedelta(minutes=number),
            audience=dice.choices(audiences, weights)[0],
        )


def _shares(vocabularies: Vocabularies, dice: random.Random) -> Mapping[str, _Shares]:
    return {key: _Shares(vocabularies.terms[key], dice) for key in _TERMS}
