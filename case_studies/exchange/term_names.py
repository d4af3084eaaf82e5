"""Finds the term that someone means: by slug, name, code, former name, or a term merged since."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from learning_hub.taxonomy.models import FormerOffice, Region, Term

# A vocabulary of up to so many terms is listed whole when a name is not in it.
SHORT_VOCABULARY = 12


class UnknownTerm(ValueError):
    """No term goes by this name; the message says which ones come close."""


class TermNames:
    """The names of one vocabulary's terms. Two queries, once a file."""

    of_one = "term"

    def __init__(self, model: type[Term]) -> None:
        self.model = model
        self.terms: dict[int, Term] = {term.pk: term for term in model._default_manager.all()}
        self._by_name: dict[str, int] = {}
        self._add(self._merged())
        self._add(self._former_names())
        self._add(self._present())

    def find(self, name: str) -> Term:
        """The term that `name` means today. Raises UnknownTerm."""
        known = self._by_name.get(_folded(name))
        if known is None:
            raise UnknownTerm(f"“{name[:80]}” is not a term of {self._label}. {self._advice(name)}")
        return self.survivor(self.terms[known])

    def is_retired(self, name: str) -> bool:
        """Whether what `name` means is offered no longer. Raises UnknownTerm."""
        return self.find(name).is_retired

    def survivor(self, term: Term) -> Term:
        """The term that `term` became, or itself where it was not merged."""
        while term.merged_into_id:
            term = self.terms[term.merged_into_id]
        return term

    def _add(self, names: Iterable[tuple[str, int]]) -> None:
        """Later names win: what a term is called today over what another was called once."""
        self._by_name.update((_folded(name), pk) for name, pk in names if name)

    def _present(self) -> Iterable[tuple[str, int]]:
        return self._names_of(term for term in self.terms.values() if not term.merged_into_id)

    def _merged(self) -> Iterable[tuple[str, int]]:
        return self._names_of(term for term in self.terms.values() if term.merged_into_id)

    def _names_of(self, terms: Iterable[Term]) -> Iterable[tuple[str, int]]:
        for term in terms:
            yield getattr(term, "code", ""), term.pk
            yield term.name, term.pk
            yield term.slug, term.pk

    def _former_names(self) -> Iterable[tuple[str, int]]:
        if self.model is not Region:
            return
        for name, slug, region in FormerOffice.objects.values_list("name", "slug", "region_id"):
            yield from ((name, region), (slug, region))

    @property
    def _label(self) -> str:
        return str(self.model._meta.verbose_name_plural)

    def _advice(self, name: str) -> str:
        offered = [t for t in self.terms.values() if not (t.merged_into_id or t.is_retired)]
        close = difflib.get_close_matches(_folded(name[:80]), self._by_name, n=3, cutoff=0.6)
        meant = {self.survivor(self.terms[self._by_name[match]]).pk for match in close}
        if suggested := [term for term in offered if term.pk in meant]:
            return "Did you mean " + " or ".join(_shown(term) for term in suggested) + "?"
        if len(offered) <= SHORT_VOCABULARY:
            return "Use one of: " + ", ".join(term.slug for term in offered) + "."
        return f"For example: {', '.join(term.slug for term in offered[:4])}."


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


def _shown(term: Term) -> str:
    return f"{term.slug} ({term.name})"
