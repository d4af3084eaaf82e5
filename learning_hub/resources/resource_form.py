"""The editor's form for a resource: says what its kind still needs, field by field."""

from __future__ import annotations

from typing import Any

from learning_hub.pages.filed import FiledPageForm
from learning_hub.resources.publishing import Proposal, faults_of_publication, wrong_files


class ResourceForm(FiledPageForm):
    """The form behind the editor. A draft may be incomplete; files must be of the right kind."""

    def clean(self) -> dict[str, Any]:
        """Add what stands against the change to the fields that can mend it."""
        cleaned = super().clean()
        if self.errors or not self.formsets["files"].is_valid():
            return cleaned  # those come first
        if self.is_deferred_validation:
            faults = wrong_files(cleaned.get("recording"), cleaned.get("captions"))
        else:
            faults = faults_of_publication(self._proposal(cleaned))
        for name, text in faults.items():
            self.add_error(name if name in self.fields else None, text)
        return cleaned

    def _proposal(self, cleaned: dict[str, Any]) -> Proposal:
        rows = [row.cleaned_data for row in self.formsets["files"].forms]
        return Proposal(
            kind=cleaned["kind"],
            address=cleaned.get("address") or "",
            number_of_files=sum(
                bool(row.get("document")) and not row.get("DELETE") for row in rows
            ),
            recording=cleaned.get("recording"),
            captions=cleaned.get("captions"),
            transcript=cleaned.get("transcript") or "",
        )
