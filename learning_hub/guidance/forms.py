"""Reads what visitors of the list of guidance ask for."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.http import QueryDict

EVERYONE = ("", "Everyone")


class AudienceForm(forms.Form):
    """For whom the guidance is to be. Send it the choices of the day."""

    audience = forms.ChoiceField(label="Who is it for?", required=False)

    def __init__(self, data: QueryDict, *, audiences: Iterable[tuple[str, str]]) -> None:
        super().__init__(data, auto_id="list_%s")
        self.fields["audience"].choices = [EVERYONE, *audiences]  # type: ignore[attr-defined]
        self.fields["audience"].widget.attrs["class"] = "nhsuk-select"

    @property
    def slug(self) -> str:
        """The audience that was asked for; empty where none was, or one that nobody knows."""
        return str(self.cleaned_data.get("audience", "")) if self.is_valid() else ""

    @property
    def notice(self) -> str:
        """What was ignored, in words."""
        if self.is_valid():
            return ""
        return "There is no guidance for the audience asked for, so all guidance is shown."
