"""The form by which a trainee shares her record, in plain words."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast
from uuid import UUID

from django import forms
from django.db.models import Q
from django.utils import timezone

from learning_hub.accounts.models import User
from syllabus.models import Enrolment, ModulePage
from syllabus.record.sharing import EndsWrongly, NoModules

ALL, CHOSEN = "all", "chosen"
DAY_FORMATS = ["%d/%m/%Y", "%d %m %Y", "%d.%m.%Y", "%d-%m-%Y", "%d %B %Y", "%Y-%m-%d"]


class ShareForm(forms.Form):
    """With whom, what and for how long; and her consent."""

    supervisor_name = forms.CharField(
        label="Your supervisor’s name",
        max_length=150,
        error_messages={"required": "Enter your supervisor’s name."},
    )
    supervisor_email = forms.EmailField(
        label="Your supervisor’s email address",
        max_length=254,
        help_text="They sign in with this address to see what you share.",
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": "Enter your supervisor’s email address.",
            "invalid": "Enter an email address in the right form, like name@example.org.",
        },
    )
    scope = forms.ChoiceField(
        label="What do you want to share?",
        choices=[
            (ALL, "All modules, also those I complete later"),
            (CHOSEN, "Only the modules I choose below"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether you share all modules or some."},
    )
    modules = forms.TypedMultipleChoiceField(
        label="Modules",
        help_text="Only for “Only the modules I choose below”.",
        required=False,
        coerce=UUID,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choose modules from this list."},
    )
    last_day = forms.DateField(
        label="Last day (optional)",
        help_text="For example, 31/3/2027. Leave this empty to share until you stop.",
        required=False,
        input_formats=DAY_FORMATS,
        widget=forms.TextInput(attrs={"class": "nhsuk-input--width-10", "autocomplete": "off"}),
        error_messages={"invalid": "Enter a day in the right form, like 31/3/2027."},
    )
    consent = forms.BooleanField(
        label="I agree that this person may see my completed modules, with dates, marks and "
        "certificates. I can stop this at any time.",
        error_messages={"required": "Tick the box to say that you agree."},
    )

    def __init__(self, trainee: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(page.key, page.title) for page in _modules_to_share(trainee)]
        cast(forms.TypedMultipleChoiceField, self.fields["modules"]).choices = choices

    def clean_last_day(self) -> dt.date | None:
        """Refuse a day that is not in the years to come, before anything is counted with it."""
        day = self.cleaned_data["last_day"]
        today = timezone.localdate()
        if day and not today.year <= day.year <= today.year + 10:
            raise forms.ValidationError(str(EndsWrongly()))
        return day

    def clean(self) -> dict[str, Any]:
        """Refuse a choice of modules with no module in it."""
        given = super().clean() or self.cleaned_data
        if given.get("scope") == CHOSEN and "modules" in given and not given["modules"]:
            self.add_error("modules", str(NoModules()))
        return given

    @property
    def module_keys(self) -> list[UUID] | None:
        """The modules that were chosen, or None for all."""
        return self.cleaned_data["modules"] if self.cleaned_data["scope"] == CHOSEN else None

    @property
    def ends_at(self) -> dt.datetime | None:
        """The end of the last day, on the clocks of this country."""
        day = self.cleaned_data["last_day"]
        if day is None:
            return None
        midnight = dt.datetime.combine(day + dt.timedelta(days=1), dt.time.min)
        return timezone.make_aware(midnight)


def _modules_to_share(trainee: User) -> list[ModulePage]:
    """What anyone can take, and what she has begun, in the syllabus's order."""
    begun = Enrolment.objects.filter(trainee=trainee).values("module_key")
    open_to_all = ModulePage.objects.live().public().values("pk")
    either = Q(pk__in=open_to_all) | Q(translation_key__in=begun)
    return list(ModulePage.objects.filter(either).only("title", "translation_key").order_by("path"))
