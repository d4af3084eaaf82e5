"""Turns text into tokens, once and in Python, so that every engine indexes and asks the same."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock

import Stemmer

# Raise it with every change that makes other tokens of the same text: indexes are then rebuilt.
VERSION = 1
MAX_TEXT = 200_000
MAX_WORD = 40

# A&E and O&G are one word; so is women's, and o'clock.
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+|(?<=\b[^\W_])&[^\W_](?![^\W_]))*")
# What no database, file or page can hold: controls (NUL above all) and lone surrogates.
_UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")

# Words that say nothing of what a text is about. They are indexed (phrases hold them) and only
# left out of a question that has other words.
_STOP_WORDS = """
a about above after again against all am an and any are as at be because been before being
below between both but by can cannot could did do does doing done down during each either etc
few for from further get gets give given had has have having he her here hers him his how
however i if in into is it its itself just let make many may me might more most much must my
no nor not of off on once only or other our ours out over own same say see shall she should
since so some such than that the their theirs them then there these they this those through
to too toward towards under until up upon us use used using very was we were what when where
whether which while who whom whose why will with within without would you your yours
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())

_stemmer = Stemmer.Stemmer("english", 0)
# The stemmer holds a buffer of its own and is not safe in two threads at once.
_stemmer_lock = Lock()


@dataclass(frozen=True)
class Word:
    """A word where it stands: `text[start:end]`, folded as `surface`, indexed as `token`."""

    start: int
    end: int
    surface: str
    token: str


def clean(text: str) -> str:
    """The text as Unicode composes it, without what cannot be stored, at most `MAX_TEXT` long."""
    return unicodedata.normalize("NFC", _UNSTORABLE.sub(" ", text[:MAX_TEXT]))


@lru_cache(maxsize=100_000)
def surface(word: str) -> str:
    """One word in lower case, without accents, apostrophes and a possessive s."""
    word = word.replace("’", "'").removesuffix("'s").removesuffix("'S")
    if not word.isascii():
        decomposed = unicodedata.normalize("NFKD", word)
        word = "".join(mark for mark in decomposed if not unicodedata.combining(mark))
    return "".join(filter(str.isalnum, word.casefold()))[:MAX_WORD]


@lru_cache(maxsize=100_000)
def token(word: str) -> str:
    """What one word is indexed as: its folded form, stemmed by the English rules."""
    with _stemmer_lock:
        return _stemmer.stemWord(surface(word))


def words(text: str) -> Iterator[Word]:
    """The words of `clean` text with their places, for marking them."""
    for match in _WORD.finditer(text):
        folded = surface(match.group())
        if folded:
            yield Word(match.start(), match.end(), folded, token(match.group()))


def split(text: str) -> list[str]:
    """The words of a text as they are written."""
    return _WORD.findall(clean(text))


def tokens(text: str) -> list[str]:
    """All tokens of a text in their order, stop words too."""
    return tokens_of(split(text))


def tokens_of(written: Iterable[str]) -> list[str]:
    """The tokens of words as they are written."""
    return [found for word in written if (found := token(word))]


def surfaces_of(written: Iterable[str]) -> set[str]:
    """The different words that can be offered as a spelling: three letters or more."""
    return {word for word in map(surface, set(written)) if len(word) > 2 and word.isalpha()}


def is_stop_word(word: str) -> bool:
    """Whether a word in its folded form says nothing of what a text is about."""
    return word in STOP_WORDS
