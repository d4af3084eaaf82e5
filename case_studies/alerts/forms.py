"""The forms of alerts: where to, and how often."""

from __future__ import annotations

from django import forms

from case_studies.alerts.models import Frequency


class FrequencyForm(forms.Form):
    """How often."""

    frequency = forms.ChoiceField(
        label="How often should we write?",
        choices=Frequency.choices,
        initial=Frequency.WEEKLY,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose how often we should write.",
            "invalid_choice": "Choose one of the two: once a day or once a week.",
        },
    )


class AlertForm(FrequencyForm):
    """Where to, and how often. `homepage` is shown to nobody, so only a program fills it."""

    email = forms.EmailField(
        label="Email address",
        max_length=254,
        help_text="We use it for this alert and for nothing else. You can stop at any time.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": "Enter your email address.",
            "invalid": "Enter an email address like name@example.org.",
        },
    )
    homepage = forms.CharField(required=False, label="Leave this empty")

    field_order = ["email", "frequency"]

    def clean_email(self) -> str:
        """The address in the one way it is kept."""
        return str(self.cleaned_data["email"]).strip().lower()

    @property
    def is_filled_by_a_program(self) -> bool:
        """Whether something was written where no person sees a field."""
        return bool(self.cleaned_data.get("homepage"))
