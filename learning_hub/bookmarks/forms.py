"""The forms of bookmarks and collections, in plain words."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django import forms
from django.http import QueryDict

from learning_hub.bookmarks.models import (
    DESCRIPTION_LENGTH,
    NAME_LENGTH,
    NOTE_LENGTH,
    BookmarkCollection,
)
from learning_hub.bookmarks.refusals import MOST_ENTRIES, NothingChosen

_DIGITS = 18  # what any database takes for a number
_TOO_LONG = "Use %(limit_value)d characters or fewer. You have used %(show_value)d."


def numbers_in(posted: QueryDict, name: str) -> list[int]:
    """The ids that were sent under `name`; what is none is left out."""
    return [
        int(text)
        for text in posted.getlist(name)
        if text.isascii() and text.isdigit() and len(text) <= _DIGITS
    ]


def _name(label: str, *, required: bool) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=NAME_LENGTH,
        required=required,
        error_messages={"required": "Enter a name for the collection.", "max_length": _TOO_LONG},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class CollectionForm(forms.Form):
    """What a collection is called, and what it is for."""

    name = _name("Name of the collection", required=True)
    description = forms.CharField(
        label="Description (optional)",
        help_text="People you share the collection with can read this.",
        max_length=DESCRIPTION_LENGTH,
        required=False,
        error_messages={"max_length": _TOO_LONG},
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CollectForm(forms.Form):
    """Where the ticked pages go: a collection that there is, or a new one."""

    collection = forms.TypedChoiceField(
        label="Add to a collection",
        required=False,
        coerce=UUID,
        empty_value=None,
        error_messages={"invalid_choice": "Choose a collection from the list."},
    )
    new_name = _name("Or name a new collection", required=False)

    def __init__(
        self, collections: list[BookmarkCollection], chosen: list[int] | None, *args: Any
    ) -> None:
        super().__init__(*args)
        self.chosen = chosen
        field = cast(forms.TypedChoiceField, self.fields["collection"])
        field.choices = [("", "Choose one"), *((str(each.pk), each.name) for each in collections)]
        if not collections:
            del self.fields["collection"]
            self.fields["new_name"].label = "Name a new collection"

    def clean(self) -> dict[str, Any]:
        """Refuse a form that says nothing, or two things."""
        given = super().clean() or self.cleaned_data
        if not self.chosen:
            self.add_error(None, str(NothingChosen()))
        if not self.errors and bool(given.get("collection")) == bool(given.get("new_name")):
            both = bool(given.get("new_name"))
            text = (
                "Choose a collection or name a new one, not both."
                if both
                else "Choose a collection, or name a new one."
            )
            self.add_error("collection" if "collection" in self.fields else "new_name", text)
        return given


class EntryForm(forms.Form):
    """Where a page stands in a collection, and why."""

    place = forms.IntegerField(
        label="Place in the collection",
        min_value=1,
        max_value=MOST_ENTRIES,
        error_messages={
            "required": "Enter the number of a place in the collection.",
            "invalid": "Enter the place as a number, like 1.",
            "min_value": "Enter a place of 1 or more.",
            "max_value": f"Enter a place of {MOST_ENTRIES} or less.",
        },
        widget=forms.TextInput(attrs={"class": "nhsuk-input--width-3", "inputmode": "numeric"}),
    )
    note = forms.CharField(
        label="Note (optional)",
        help_text="People you share the collection with can read this.",
        max_length=NOTE_LENGTH,
        required=False,
        error_messages={"max_length": _TOO_LONG},
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ShareForm(forms.Form):
    """Whether the link says whose collection it is."""

    shows_name = forms.BooleanField(
        label="Show my first name",
        required=False,
        help_text="Without this, nobody learns from the link who made the collection.",
    )
