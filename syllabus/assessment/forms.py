"""Shows a question as a form of plain controls, with what was answered before."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict

from syllabus.assessment.reading import MATCH, PLACE
from syllabus.models import QuestionKind
from syllabus.responses import MAX_DIGITS, Response

HINTS = {
    QuestionKind.SINGLE: "Choose one answer.",
    QuestionKind.MULTIPLE: "Choose all that apply.",
    QuestionKind.TRUE_FALSE: "Choose one answer.",
    QuestionKind.ORDERING: "Give each item its place. The first is 1.",
    QuestionKind.MATCHING: "Choose what belongs to each item.",
    QuestionKind.NUMERIC: "Enter a number, such as 12.5.",
}
NOTHING_CHOSEN = ("", "Choose")


class QuestionForm(forms.Form):
    """The controls of one question, as `drawing.shown` gives it.

    It validates nothing: `responses.checked` does, and its words are put here with `refuse`.
    """

    def __init__(self, question: dict[str, Any], typed: dict[str, Any] | None = None) -> None:
        """`typed` is what the controls hold, by name, as `typed_in` and `typed_for` give it."""
        super().__init__(data=typed)
        self.question = question
        self.hint = HINTS[question["kind"]]
        if question["unit"]:
            self.hint = f"{self.hint} The unit is: {question['unit']}."
        # Several controls share the question as their legend; one alone has it as its label.
        self.is_group = question["kind"] in (QuestionKind.ORDERING, QuestionKind.MATCHING)
        self.fields.update(_fields(question, self.hint))

    def refuse(self, words: str) -> None:
        """Say what is wrong, at the first control."""
        self.add_error(next(iter(self.fields)), words)


class HandInForm(forms.Form):
    """Handing in; whoever left questions unanswered confirms that."""

    confirmed = forms.BooleanField(required=False)

    def __init__(self, unanswered: list[int], data: QueryDict | None = None) -> None:
        super().__init__(data=data)
        if unanswered:
            numbers = ", ".join(map(str, unanswered))
            self.fields["confirmed"] = forms.BooleanField(
                label=f"Hand in without an answer to {_noun(unanswered)} {numbers}",
                help_text="A question without an answer counts as wrong.",
                error_messages={
                    "required": f"Answer {_noun(unanswered)} {numbers}, or confirm that you "
                    "want to hand in without."
                },
            )
        else:
            del self.fields["confirmed"]


def typed_in(posted: QueryDict, question: dict[str, Any]) -> dict[str, Any]:
    """What was sent for the controls of `question`, cut to what one could type."""
    names = _fields(question, "")
    typed: dict[str, Any] = {name: posted.get(name, "")[:255] for name in names}
    if "chosen" in names:
        typed["chosen"] = posted.getlist("chosen")[: len(question["options"])]
    if "number" in names:
        typed["number"] = posted.get("number", "").replace("\0", "")[: MAX_DIGITS * 2]
    return typed


def typed_for(response: Response | None) -> dict[str, Any] | None:
    """What the controls held when `response` was saved."""
    if response is None:
        return None
    if "order" in response:
        return {f"{PLACE}{key}": place for place, key in enumerate(response["order"], start=1)}
    if "pairs" in response:
        return {f"{MATCH}{key}": match for key, match in response["pairs"].items()}
    return response


def _fields(question: dict[str, Any], hint: str) -> dict[str, forms.Field]:
    kind, options = question["kind"], question["options"]
    if kind == QuestionKind.ORDERING:
        places = [NOTHING_CHOSEN, *((n, str(n)) for n in range(1, len(options) + 1))]
        return {f"{PLACE}{o['key']}": _select(o["text"], places) for o in options}
    if kind == QuestionKind.MATCHING:
        matches = [NOTHING_CHOSEN, *((m["key"], m["text"]) for m in question["matches"])]
        return {f"{MATCH}{o['key']}": _select(o["text"], matches) for o in options}
    widget: forms.Widget
    if kind == QuestionKind.NUMERIC:
        name = "number"
        widget = forms.TextInput(
            {
                "inputmode": "decimal",
                "autocomplete": "off",
                "maxlength": MAX_DIGITS,
                "class": "nhsuk-input--width-10",
            }
        )
    else:
        name = "chosen"
        is_many = kind == QuestionKind.MULTIPLE
        control = forms.CheckboxSelectMultiple if is_many else forms.RadioSelect
        widget = control(choices=[(option["key"], option["text"]) for option in options])
    return {name: _field(question["stem"], widget, hint)}


def _select(label: str, choices: list[tuple[Any, str]]) -> forms.Field:
    return _field(label, forms.Select(choices=choices))


def _field(label: str, widget: forms.Widget, hint: str = "") -> forms.Field:
    return forms.Field(label=label, widget=widget, help_text=hint, required=False)


def _noun(numbers: list[int]) -> str:
    return "question" if len(numbers) == 1 else "questions"
