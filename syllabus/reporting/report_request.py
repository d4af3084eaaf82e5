"""Reads what a report was asked to show, and says what it did not understand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from django import forms

from syllabus.reporting.completion_counts import MODULE
from syllabus.reporting.completion_report import HEADINGS
from syllabus.reporting.periods import TrainingYear


class ReportForm(forms.Form):
    """Which months, counted how, of which module."""

    period = forms.ChoiceField(label="Training year", required=False)
    by = forms.ChoiceField(label="Count by", required=False, choices=list(HEADINGS.items()))
    module = forms.ChoiceField(label="Module", required=False)

    def __init__(
        self, data: Mapping[str, str], years: Sequence[TrainingYear], titles: Mapping[UUID, str]
    ) -> None:
        super().__init__(data)
        modules = [(str(key), title) for key, title in titles.items()]
        self._offer("period", [(year.key, str(year)) for year in years])
        self._offer("module", [("", "All modules"), *modules])

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = cast(forms.ChoiceField, self.fields[name])
        field.choices = choices


@dataclass(frozen=True)
class ReportRequest:
    """What to show; `ignored` says in words what was asked for and does not exist.

    `module` is None for all modules. `form` shows what is shown, and so does `parameters`.
    """

    year: TrainingYear
    dimension: str
    module: UUID | None
    parameters: dict[str, str]
    form: ReportForm
    ignored: tuple[str, ...]


_IGNORED = {
    "period": "There is no such training year here, so this is the latest.",
    "by": "Completions cannot be counted that way, so they are counted by module.",
    "module": "There is no such module, so all are shown.",
}


def read_request(
    data: Mapping[str, str], years: Sequence[TrainingYear], titles: Mapping[UUID, str]
) -> ReportRequest:
    """The request in `data`, an address's parameters; `years` is newest first."""
    asked = ReportForm(data, years, titles)
    good = {name: value for name, value in _cleaned(asked).items() if value}
    year = next((year for year in years if year.key == good.get("period")), years[0])
    dimension, module = good.get("by", MODULE), good.get("module", "")
    shown = {"period": year.key, "by": dimension, "module": module}
    return ReportRequest(
        year=year,
        dimension=dimension,
        module=UUID(module) if module else None,
        parameters=shown,
        form=ReportForm(shown, years, titles),
        ignored=tuple(words for name, words in _IGNORED.items() if name in asked.errors),
    )


def _cleaned(form: ReportForm) -> dict[str, str]:
    form.full_clean()
    return dict(form.cleaned_data)
