"""The editor's form for a module: says what stands against publication, field by field."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.forms import ModelForm
from wagtail.admin.forms import WagtailAdminPageForm

from syllabus.editing.publishing import Proposal, faults_of_publication, removed_outcomes
from syllabus.editions import facts_of


class ModuleForm(WagtailAdminPageForm):
    """The form behind the editor. A draft may be incomplete, but takes no questions' outcome."""

    def clean(self) -> dict[str, Any]:
        """Add what stands against the change to the fields that can mend it."""
        cleaned = super().clean()
        if self.errors or not all(self.formsets[name].is_valid() for name in _ROWS):
            return cleaned  # those come first
        proposal = self._proposal(cleaned)
        if self.is_deferred_validation:
            faults = {"": removed_outcomes(proposal)}
        else:
            faults = faults_of_publication(proposal)
        for name, text in faults.items():
            if text:
                self.add_error(name if name in self.fields else None, text)
        return cleaned

    def _proposal(self, cleaned: dict[str, Any]) -> Proposal:
        outcomes = list(_kept(self.formsets["outcomes"]))
        facts = facts_of(self.instance)
        facts |= {name: value for name, value in cleaned.items() if name in facts}
        facts["domains"] = [domain.name for domain in cleaned.get("domains", ())]
        facts["outcomes"] = [row.cleaned_data["text"] for row in outcomes]
        required = [row.cleaned_data for row in _kept(self.formsets["prerequisites"])]
        return Proposal(
            module=self.instance,
            facts=facts,
            outcome_ids=frozenset(row.instance.pk for row in outcomes if row.instance.pk),
            required_ids=frozenset(
                page.pk
                for row in required
                for page in (row.get("module"), row.get("or_instead"))
                if page
            ),
        )


_ROWS = ("outcomes", "prerequisites")


def _kept(formset: Any) -> Iterator[ModelForm]:
    """The filled-in rows that the editor did not take away, in their order."""
    rows = [
        row
        for row in formset.forms
        if row.cleaned_data
        and not row.cleaned_data.get("DELETE")
        and any(value for name, value in row.cleaned_data.items() if name in row.Meta.fields)
    ]
    yield from sorted(rows, key=lambda row: row.cleaned_data.get("ORDER") or 0)
