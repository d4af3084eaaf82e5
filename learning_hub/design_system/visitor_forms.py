"""What every form that anyone may send has in common: plain text, and a trap for machines."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

# Controls (NUL above all) but tabs and line ends, lone surrogates, and marks that turn the
# direction of the text that follows, by which one text is made to look like another.
_NEVER_TYPED = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]"
)
_BLANK_LINES = re.compile(r"\n(?:[ \t]*\n){2,}")
TRAP = "leave_empty"


def typed(text: str) -> str:
    """Text as a person means it: composed, with `\\n` at line ends, without what nobody types."""
    lines = unicodedata.normalize("NFC", _NEVER_TYPED.sub("", text))
    lines = lines.replace("\r\n", "\n").replace("\r", "\n")
    return _BLANK_LINES.sub("\n\n", lines).strip()


class TypedText(forms.CharField):
    """Plain text of several lines, at most `max_length` characters, counted as people do.

    The length is checked before the text is worked on, so that a huge one costs nothing.
    """

    widget: type[forms.Widget] = forms.Textarea

    def to_python(self, value: Any) -> str:
        """The text, cleaned. Raises ValidationError where it is too long to look at."""
        text = value if isinstance(value, str) else ""
        # Line ends come as two characters, and blanks around the text are not counted.
        if self.max_length is not None and len(text) > 3 * self.max_length:
            raise ValidationError(self.too_long(len(text)), code="max_length")
        return typed(text)

    def run_validators(self, value: Any) -> None:
        """Say how much too long the text is."""
        if self.max_length is not None and len(value) > self.max_length:
            raise ValidationError(self.too_long(len(value)), code="max_length")

    def too_long(self, length: int) -> str:
        """What to do about a text of `length` characters."""
        return (
            f"{self.label}: shorten the text to {self.max_length:,} characters. "
            f"It has {length:,} now."
        )

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """No limit in the browser, which would cut a pasted text without a word."""
        return {}


class TypedLine(TypedText):
    """Plain text of one line."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> str:
        """The line, with single spaces."""
        return " ".join(super().to_python(value).split())


class VisitorForm(forms.Form):
    """A form that anyone may send. Machines fill in the field that people do not see."""

    leave_empty = forms.CharField(
        label="Leave this empty",
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def clean_leave_empty(self) -> str:
        """Refuse, with words for a person whose browser filled it in."""
        if self.cleaned_data[TRAP]:
            raise ValidationError("Empty the field “Leave this empty” and send the form again.")
        return ""

    @property
    def shown_fields(self) -> list[forms.BoundField]:
        """The fields that people fill in."""
        return [field for field in self if field.name != TRAP]
