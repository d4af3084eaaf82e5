"""What people give to have a certificate checked, and why one is revoked."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from django import forms

from syllabus.certificates.verifying import MAX_BYTES, Unreadable, token_of

_NUMBER = re.compile(
    r"(?:\S*/certificates/)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:\.json|\.pdf)?/?", re.I
)


class CheckForm(forms.Form):
    """A certificate by its number or address, or its credential as text or file.

    Once valid, `cleaned_data` has either `number` or `token`.
    """

    certificate = forms.CharField(
        label="Certificate number or address, or the text of its .json file",
        help_text="You find the number under the name on the certificate.",
        required=False,
        max_length=MAX_BYTES,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
    )
    file = forms.FileField(
        label="Or upload the certificate’s .json file", required=False, max_length=255
    )

    def clean(self) -> dict[str, Any]:
        """Find out what was given."""
        given = super().clean() or {}
        text, file = (given.get("certificate") or "").strip(), given.get("file")
        if self.errors:
            return given
        if bool(text) == bool(file):
            self.add_error(
                "certificate",
                "Enter a certificate number or upload a file, not both."
                if text
                else "Enter a certificate number, or upload a file.",
            )
        elif number := _NUMBER.fullmatch(text):
            given["number"] = UUID(number[1])
        else:
            given["token"] = self._token(text, file)
        return given

    def _token(self, text: str, file: Any) -> str | None:
        """The token in the text or the file, or nothing and an error."""
        try:
            return token_of(file.read(MAX_BYTES + 1) if file else text.encode())
        except Unreadable as problem:
            message = str(problem)
            if not file and not text.startswith("{"):
                message = "This is neither a certificate number nor the text of a certificate."
            self.add_error("file" if file else "certificate", message)
            return None


class RevokeForm(forms.Form):
    """Why a certificate no longer counts."""

    reason = forms.CharField(
        max_length=255,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Shown to anyone who checks the certificate. Name nobody in it.",
    )
