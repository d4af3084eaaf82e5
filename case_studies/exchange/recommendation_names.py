"""Finds the recommendation that a file names: by the slug of its guidance and its own."""

from __future__ import annotations

import difflib
from typing import Any

from django.db import models

from case_studies.exchange.term_names import UnknownTerm


def name_in_files(one: Any) -> str:
    """What a file calls a term or a recommendation."""
    name: str = getattr(one, "reference", None) or one.slug
    return name


class RecommendationNames:
    """The recommendations of all guidance, drafts too. Two queries, once a file."""

    of_one = "recommendation"

    def __init__(self, model: type[models.Model]) -> None:
        manager: Any = model._default_manager
        self._by_name: dict[str, Any] = {row.reference: row for row in manager.original()}
        self._offered: set[str] = {row.reference for row in manager.offered()}

    def find(self, name: str) -> Any:
        """The recommendation of this name. Raises UnknownTerm."""
        found = self._by_name.get(name.strip().casefold())
        if found is None:
            raise UnknownTerm(f"“{name[:160]}” is not a recommendation. {self._advice(name)}")
        return found

    def is_retired(self, name: str) -> bool:
        """Whether its guidance is not published or no longer holds. Raises UnknownTerm."""
        return self.find(name).reference not in self._offered

    def _advice(self, name: str) -> str:
        close = difflib.get_close_matches(name[:160], self._offered, n=2, cutoff=0.6)
        if close:
            return f"Did you mean {' or '.join(close)}?"
        return "Name it by the last parts of its address: guidance-slug#recommendation-slug."
