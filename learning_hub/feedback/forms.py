"""The form on which a visitor reports a problem, and the one on which an editor settles it."""

from __future__ import annotations

from typing import Any

from django import forms
from wagtail.admin.forms import WagtailAdminModelForm

from learning_hub.design_system.visitor_forms import TypedText, VisitorForm
from learning_hub.feedback.models import LONGEST_TEXT, Category


class ProblemForm(VisitorForm):
    """What is wrong, what happened, and where to answer."""

    category = forms.ChoiceField(
        label="What is wrong?",
        choices=Category.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose what is wrong.",
            "invalid_choice": "Choose what is wrong from the list.",
        },
    )
    text = TypedText(
        label="What happened?",
        help_text=f"Say what you looked for and what you found. At most {LONGEST_TEXT:,} "
        "characters. Please write nothing about patients or about other people.",
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Say what happened."},
    )
    email = forms.EmailField(
        label="Your email address (optional)",
        help_text="Only if you want an answer. We delete it 90 days after we have dealt with "
        "your report.",
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={
            "invalid": "Enter an email address in the right form, like name@example.org.",
            "max_length": "Enter an email address of at most 254 characters.",
        },
    )


class SettleForm(WagtailAdminModelForm):
    """What became of a report. A dismissal says why."""

    def clean(self) -> dict[str, Any]:
        """Refuse a dismissal without a reason."""
        given: dict[str, Any] = super().clean()
        given["note"] = given.get("note", "").strip()
        if given.get("state") == "dismissed" and not given["note"]:
            self.add_error("note", "Say why it is dismissed.")
        return given
