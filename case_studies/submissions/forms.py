"""The form on which somebody sends in an initiative, and the one on which it is declined."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from case_studies.submissions.models import LONGEST_TEXT
from learning_hub.design_system.visitor_forms import TypedLine, TypedText, VisitorForm
from learning_hub.taxonomy.models import Region, Specialty, Term, TraineeStage
from learning_hub.taxonomy.offering import GroupedTermChoices

MONTH_FORMATS = ["%m/%Y", "%m-%Y", "%m %Y", "%B %Y", "%b %Y", "%Y-%m", "%d/%m/%Y", "%Y-%m-%d", "%Y"]
EARLIEST_YEAR = 1990
SPECIALTY_FIELDS = ("specialty", "second_specialty", "third_specialty")
# Headings of the form, and the fields below each.
SECTIONS = (
    (
        "What you did",
        ("title", "what_was_wrong", "what_was_done", "what_came_of_it", "do_differently", "link"),
    ),
    (
        "For whom, where and when",
        (*SPECIALTY_FIELDS, "stages", "region", "organisation", "started_on"),
    ),
    ("About you", ("sender_name", "sender_role", "sender_email", "may_publish", "may_contact")),
)


class OptionalTermChoices(GroupedTermChoices):
    """The terms in their groups, after the choice of none."""

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        """The empty choice, then groups and terms."""
        yield ("", self.field.empty_label)
        yield from super().__iter__()


class SpecialtyField(forms.ModelChoiceField):
    """One specialty of those that are offered, or a group of them, or none."""

    iterator = OptionalTermChoices

    def __init__(self, **kwargs: Any) -> None:
        error = {"invalid_choice": "Choose a specialty from the list."}
        super().__init__(
            Specialty.objects.none(),
            required=False,
            empty_label="Choose a specialty",
            error_messages=error,
            **kwargs,
        )


def _text(label: str, hint: str, missing: str = "", rows: int = 5) -> TypedText:
    return TypedText(
        label=label,
        help_text=hint,
        max_length=LONGEST_TEXT,
        required=bool(missing),
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": missing},
    )


class InitiativeForm(VisitorForm):
    """What somebody did, for whom, and who tells us. `facts` is what to keep."""

    title = TypedLine(
        label="What do you call it?",
        help_text="A short name, such as “Saturday theatre lists for core trainees”.",
        max_length=200,
        error_messages={"required": "Give your initiative a name."},
    )
    what_was_wrong = _text(
        "What was wrong?",
        "What training was lost or at risk, and for whom. Numbers help, if you have them.",
        "Say what was wrong.",
    )
    what_was_done = _text(
        "What did you do?",
        "Enough for someone else to do the same: who did what, how often, and with what.",
        "Say what you did.",
        rows=8,
    )
    what_came_of_it = _text(
        "What came of it?",
        "Start with the most important result in one line, with a number if you have one. "
        "It is just as useful to know that something did not work.",
        "Say what came of it.",
    )
    do_differently = _text(
        "What would you do differently? (optional)", "What you would tell someone who starts now."
    )
    link = forms.CharField(
        label="A link to more about it (optional)",
        help_text="For example, https://www.example.org/our-report",
        required=False,
        widget=forms.TextInput(
            attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}
        ),
    )
    specialty = SpecialtyField(
        label="Specialty (optional)", help_text="If there are more than three, choose a group."
    )
    second_specialty = SpecialtyField(label="Second specialty (optional)")
    third_specialty = SpecialtyField(label="Third specialty (optional)")
    stages = forms.ModelMultipleChoiceField(
        TraineeStage.objects.none(),
        label="Trainee stages (optional)",
        help_text="Tick all that were part of it.",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": "Choose stages from the list.",
            "invalid_pk_value": "Choose stages from the list.",
        },
    )
    region = forms.ModelChoiceField(
        Region.objects.none(),
        label="Region (optional)",
        required=False,
        empty_label="Choose a region",
        error_messages={"invalid_choice": "Choose a region from the list."},
    )
    organisation = TypedLine(
        label="Organisation",
        help_text="The trust, practice, school or college that ran it.",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
        error_messages={"required": "Enter the organisation that ran it."},
    )
    started_on = forms.DateField(
        label="When did it start? (optional)",
        help_text="Month and year, for example 9/2025.",
        required=False,
        input_formats=MONTH_FORMATS,
        widget=forms.TextInput(attrs={"class": "nhsuk-input--width-10", "autocomplete": "off"}),
        error_messages={"invalid": "Enter a month and a year, like 9/2025."},
    )
    sender_name = TypedLine(
        label="Your name",
        help_text="Only moderators see it.",
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Enter your name."},
    )
    sender_role = TypedLine(
        label="Your role (optional)",
        help_text="For example, training programme director. It may stand on the case study as "
        "the role to ask.",
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    sender_email = forms.EmailField(
        label="Your email address",
        help_text="We write once, to say that your initiative is here. Only moderators see the "
        "address. We delete it, with your name and role, 90 days after the decision.",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={
            "required": "Enter your email address.",
            "invalid": "Enter an email address in the right form, like name@example.org.",
            "max_length": "Enter an email address of at most 254 characters.",
        },
    )
    may_publish = forms.BooleanField(
        label="I may share this, it names no patient, and the hub may publish it after editing",
        error_messages={"required": "Tick the box to say that the hub may publish it."},
    )
    may_contact = forms.BooleanField(
        label="Moderators may write to me about it (optional)", required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in SPECIALTY_FIELDS:
            self._offer(name, Specialty)
        self._offer("stages", TraineeStage)
        self._offer("region", Region)

    @property
    def sections(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The headings, each with its fields."""
        return [(heading, [self[name] for name in names]) for heading, names in SECTIONS]

    @property
    def facts(self) -> dict[str, Any]:
        """What the form holds, by the names that `receiving.receive` takes."""
        facts = {name: value for name, value in self.cleaned_data.items() if name != "leave_empty"}
        chosen = [facts.pop(name) for name in SPECIALTY_FIELDS]
        return {**facts, "specialties": list(dict.fromkeys(filter(None, chosen)))}

    def clean_link(self) -> str:
        """The address, with its scheme. Refuses what is not https."""
        link: str = self.cleaned_data["link"]
        if not link:
            return ""
        wrong = ValidationError("Enter an address that starts with https://, or leave it empty.")
        address = link if "://" in link else f"https://{link}"
        if not address.startswith("https://") or not address.isprintable() or len(address) > 300:
            raise wrong
        try:
            return str(forms.URLField(assume_scheme="https").clean(address))
        except ValidationError as error:
            raise wrong from error

    def clean_started_on(self) -> dt.date | None:
        """Refuse years that nobody means."""
        day: dt.date | None = self.cleaned_data["started_on"]
        if day and not EARLIEST_YEAR <= day.year <= timezone.localdate().year + 1:
            raise ValidationError(f"Enter a month from {EARLIEST_YEAR} to next year.")
        return day

    def _offer(self, name: str, vocabulary: type[Term]) -> None:
        field: Any = self.fields[name]
        field.queryset = vocabulary._default_manager.offered().in_order()


class DeclineForm(forms.Form):
    """Why an initiative is declined, and whether its sender is told."""

    reason = TypedText(
        label="Reason",
        help_text="In words that you would say to the sender.",
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Say why it is declined."},
    )
    tell_sender = forms.BooleanField(label="Send the reason to the sender", required=False)
