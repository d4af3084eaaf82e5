"""Reads what a visitor typed: words, quoted phrases, synonyms; then forgives its spelling."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from search import analysis
from search.engines.protocol import Engine
from search.plan import MAX_CLAUSES, Alternative, Clause, minimum_of
from search.spelling import corrections
from search.thesaurus import Thesaurus

_QUOTED = re.compile(r"[\"“„”]([^\"“„”]*)[\"“”]")
_LONGEST_QUESTION = 16
_WEIGHT_OF_SYNONYM = 0.9
_WEIGHT_OF_CORRECTION = 0.5


@dataclass(frozen=True)
class Interpretation:
    """What a text asks for, and how else it could be spelt where words of it are not known."""

    clauses: tuple[Clause, ...] = ()
    suggestion: str | None = None

    @property
    def minimum(self) -> int:
        """How many of the clauses that are not required must be held."""
        return minimum_of(sum(not clause.is_required for clause in self.clauses))


def interpret(text: str, thesaurus: Thesaurus, engine: Engine) -> Interpretation:
    """What `text` asks for. Asks the engine which words are known to everyone."""
    text = analysis.clean(text)
    words = list(analysis.words(text))
    if len(words) > _LONGEST_QUESTION:
        # A passage: its quotation marks quote, they do not ask for a phrase.
        asked: Iterable[Clause] = _words(words, thesaurus)
    else:
        outside = list(analysis.words(_QUOTED.sub(" ", text)))
        asked = [*_phrases(text), *_words(outside, thesaurus)]
    clauses = _counted(asked)[:MAX_CLAUSES]
    plain = {clause.alternatives[0].tokens[0] for clause in clauses if _is_plain(clause)}
    unknown = plain - engine.known(plain)
    if not unknown:
        return Interpretation(tuple(clauses))
    spelt = {
        word.token: found
        for word in words
        if word.token in unknown and (found := corrections(word.surface, engine))
    }
    forgiven = tuple(_forgiven(clause, spelt) for clause in clauses)
    return Interpretation(forgiven, _respelt(text, spelt) if spelt else None)


def _counted(clauses: Iterable[Clause]) -> list[Clause]:
    """Each clause once, weighted by how often it was asked for."""
    return [replace(clause, weight=float(times)) for clause, times in Counter(clauses).items()]


def _phrases(text: str) -> Iterator[Clause]:
    for match in _QUOTED.finditer(text):
        if tokens := tuple(analysis.tokens(match.group(1))):
            yield Clause((Alternative(tokens, is_phrase=len(tokens) > 1),), is_required=True)


def _words(words: Sequence[analysis.Word], thesaurus: Thesaurus) -> Iterator[Clause]:
    tokens = [word.token for word in words]
    only_stop_words = all(analysis.is_stop_word(word.surface) for word in words)
    at = 0
    while at < len(words):
        run = thesaurus.run_at(tokens, at)
        if run:
            others = (
                Alternative(other, _WEIGHT_OF_SYNONYM, is_phrase=len(other) > 1)
                for other in thesaurus.equals[run]
            )
            yield Clause((Alternative(run), *others))
        elif only_stop_words or not analysis.is_stop_word(words[at].surface):
            yield Clause((Alternative((tokens[at],)),))
        at += len(run) if run else 1


def _is_plain(clause: Clause) -> bool:
    """Whether it is one word as typed, that has no other way to be said."""
    return len(clause.alternatives) == 1 and len(clause.alternatives[0].tokens) == 1


def _forgiven(clause: Clause, spelt: dict[str, list[str]]) -> Clause:
    found = spelt.get(clause.alternatives[0].tokens[0]) if _is_plain(clause) else None
    if not found:
        return clause
    others = dict.fromkeys(analysis.token(word) for word in found)
    corrected = tuple(Alternative((other,), _WEIGHT_OF_CORRECTION) for other in others)
    return replace(clause, alternatives=(*clause.alternatives, *corrected))


def _respelt(text: str, spelt: dict[str, list[str]]) -> str:
    """The text with the best correction of each word that is not known."""
    pieces, end = [], 0
    for word in analysis.words(text):
        if word.token in spelt:
            pieces += [text[end : word.start], spelt[word.token][0]]
            end = word.end
    return " ".join("".join([*pieces, text[end:]]).split())
