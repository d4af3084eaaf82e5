"""Which terms an editor's form offers: those of today, and those that the page has already."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Q
from django.forms import ModelChoiceField
from django.forms.models import ModelChoiceIterator

from learning_hub.taxonomy.models import GroupedTerm


class GroupedTermChoices(ModelChoiceIterator):
    """The terms of a vocabulary in two levels: each group as a heading over its terms."""

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        """Terms that stand alone, then for each group (name, choices), in the vocabulary's order.

        Those alone come first: after a group they would seem to belong to it.
        """
        terms = list(self.queryset.select_related("parent"))
        within: dict[Any, list[Any]] = {}
        for term in terms:
            if term.parent:
                within.setdefault(term.parent, []).append(term)
        yield from (self.choice(t) for t in terms if not t.parent and t not in within)
        for group in sorted(within, key=lambda group: (group.position, group.name)):
            yield self._group(group, within[group], offer_whole=group in terms)

    def _group(self, group: Any, terms: list[Any], *, offer_whole: bool) -> tuple[str, Any]:
        choices = [self.choice(term) for term in terms]
        if offer_whole:
            choices.insert(0, (self.choice(group)[0], "All of this group"))
        return (group.name, choices)


def offer(field: ModelChoiceField, chosen: Iterable[int | None]) -> None:
    """Offer the terms of today, and those of yesterday that the page already has."""
    assert field.queryset is not None  # noqa: S101 - a field of a model form has one
    model = field.queryset.model
    if issubclass(model, GroupedTerm):
        field.iterator = GroupedTermChoices
    today = Q(is_retired=False, merged_into__isnull=True)
    field.queryset = model._default_manager.filter(today | Q(pk__in=[pk for pk in chosen if pk]))
