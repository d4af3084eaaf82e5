"""The form of a person's profile: only terms that are offered, or that she has already."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.forms.models import ModelChoiceIterator
from django.utils import timezone

from learning_hub.accounts.models import FULL_TIME, LEAST_TIME, TraineeProfile, User

EARLIEST_START = dt.date(1970, 1, 1)
LATEST_START = dt.timedelta(days=2 * 366)  # an offer of training is made that far ahead at most
_SHARE = f"Enter a whole number from {LEAST_TIME} to {FULL_TIME}."


class NameField(forms.CharField):
    """Part of a name: one line, and only what can be seen when it is printed."""

    def clean(self, value: Any) -> str:
        """The name with single spaces."""
        name = " ".join(super().clean(value).split())
        if not name.isprintable():
            raise ValidationError("Enter the name without special characters that cannot be seen.")
        return name


class GroupedIterator(ModelChoiceIterator):
    """Choices in their groups; rows come sorted, and those without a group stand alone."""

    field: GroupedChoiceField

    def __iter__(self) -> Iterator[Any]:
        """The empty choice, then groups and rows as they come."""
        yield ("", self.field.empty_label)
        for label, rows in groupby(self.queryset.all(), key=self.field.group_of):
            choices = [self.choice(row) for row in rows]
            yield from [(label, choices)] if label else choices


class GroupedChoiceField(forms.ModelChoiceField):
    """A list of terms in groups."""

    iterator = GroupedIterator

    def __init__(self, *args: Any, group_of: Callable[[Any], str], **kwargs: Any) -> None:
        self.group_of = group_of
        super().__init__(*args, **kwargs)


class ProfileForm(forms.ModelForm):
    """Name and place in training. `is_valid` changes nothing; `facts` is what to save."""

    first_name = NameField(
        max_length=150,
        label="First name",
        error_messages={"required": "Enter your first name."},
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    last_name = NameField(
        max_length=150,
        label="Last name",
        error_messages={"required": "Enter your last name."},
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )

    field_order = ["first_name", "last_name"]

    class Meta:
        model = TraineeProfile
        fields = (
            "stage",
            "grade",
            "specialty",
            "region",
            "working_percent",
            "training_started_on",
            "reminders",
        )
        labels = {
            "working_percent": "How much of full time you work, in %",
            "training_started_on": "When your training started",
            "reminders": "Email reminders",
        }
        help_texts = {
            "working_percent": "For example 60. If you work full time, leave it at 100. "
            "Deadlines move with it.",
            "training_started_on": "Deadlines count from this day. "
            "If you leave it empty, they count from when you created your account.",
            "reminders": "About what falls due and what expires. "
            "You can stop them from every message.",
        }
        widgets = {
            "working_percent": forms.NumberInput(
                attrs={"class": "nhsuk-input--width-4", "min": LEAST_TIME, "max": FULL_TIME}
            ),
            "training_started_on": forms.DateInput(
                format="%Y-%m-%d", attrs={"type": "date", "class": "nhsuk-input--width-10"}
            ),
            "reminders": forms.RadioSelect,
        }
        error_messages = {
            "working_percent": dict.fromkeys(
                ("required", "invalid", "min_value", "max_value"), _SHARE
            ),
            "training_started_on": {"invalid": "Enter a real date, such as 5/8/2026."},
            "reminders": {"required": "Choose how often we may write to you."},
        }

    def __init__(self, data: Any, *, instance: TraineeProfile, user: User) -> None:
        names = {"first_name": user.first_name, "last_name": user.last_name}
        super().__init__(data, instance=instance, initial=names)
        for name, choose in (
            ("stage", "Choose a stage"),
            ("region", "Choose a region"),
        ):
            field = cast(forms.ModelChoiceField, self.fields[name])
            field.queryset = self._offered(name).in_order()
            field.empty_label = choose
        self.fields["grade"] = GroupedChoiceField(
            self._grades(),
            group_of=lambda grade: grade.stage.name,
            required=False,
            empty_label="Choose a grade",
            help_text="If you are between two grades, choose the one you have now.",
        )
        self.fields["specialty"] = GroupedChoiceField(
            self._specialties(),
            group_of=lambda term: term.parent.name if term.parent_id else "",
            required=False,
            empty_label="Choose a specialty",
        )
        for name in ("stage", "grade", "specialty", "region"):
            gone = f"Choose a {name} from the list."
            self.fields[name].error_messages["invalid_choice"] = gone

    @property
    def facts(self) -> dict[str, Any]:
        """What the form holds, by the names that `profile.save_profile` takes."""
        return self.cleaned_data

    def clean_training_started_on(self) -> dt.date | None:
        """Refuse days that nobody in training can have begun on."""
        day: dt.date | None = self.cleaned_data["training_started_on"]
        latest = timezone.localdate() + LATEST_START
        if day is not None and not EARLIEST_START <= day <= latest:
            raise ValidationError("Enter a date from 1970 on, and not more than 2 years from now.")
        return day

    def clean(self) -> dict[str, Any]:
        """Refuse a grade of another stage; a grade alone says its stage."""
        facts = super().clean() or self.cleaned_data
        stage, grade = facts.get("stage"), facts.get("grade")
        if grade is not None and stage is None and "stage" not in self.errors:
            facts["stage"] = grade.stage
        elif grade is not None and stage is not None and grade.stage_id != stage.pk:
            self.add_error("grade", f"{grade} is not a grade of the stage “{stage}”.")
        return facts

    def _offered(self, name: str) -> Any:
        """The terms of a field that are offered, and the one that was chosen before."""
        terms: Any = _model_of(name)._default_manager.all()
        return terms.offered() | terms.filter(pk=self._chosen(name))

    def _grades(self) -> QuerySet[Any]:
        """The grades of the stages in the list, in the order of both."""
        grades = _model_of("grade")._default_manager.filter(
            Q(stage__in=self._offered("stage")) | Q(pk=self._chosen("grade"))
        )
        return grades.select_related("stage").order_by("stage__position", "stage__name", "position")

    def _specialties(self) -> Any:
        """The specialties without their groups, which nobody trains in."""
        terms = self._offered("specialty").filter(narrower_terms__isnull=True)
        return terms.select_related("parent").in_order()

    def _chosen(self, name: str) -> int | None:
        chosen: int | None = getattr(self.instance, f"{name}_id")
        return chosen


def _model_of(name: str) -> type[Model]:
    """The vocabulary of a field; accounts know the vocabularies by their relations only."""
    model = TraineeProfile._meta.get_field(name).related_model
    assert isinstance(model, type)  # noqa: S101
    return model
