"""The question bank in the admin: its list, its form, and what each kind of question needs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django import forms
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django_filters import ModelChoiceFilter  # type: ignore[import-untyped]
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, InlinePanel, ObjectList
from wagtail.admin.ui.tables import BaseColumn, Column
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet

from syllabus.models import LearningOutcome, ModulePage, Question, QuestionKind

TRUE_AND_FALSE = ["True", "False"]
MOST_OPTIONS = 8
EXPLAINS_EACH_OPTION = (QuestionKind.SINGLE, QuestionKind.MULTIPLE, QuestionKind.TRUE_FALSE)
ADVICE = """
<p>What to enter for each kind:</p>
<ul>
<li><b>One of several</b>: 2 to 8 options, tick exactly one as correct.</li>
<li><b>All that apply</b>: 2 to 8 options, at least one correct and one not.</li>
<li><b>True or false</b>: the two options “True” and “False”, in this order; tick one.</li>
<li><b>Put in order</b>: 3 to 8 items, in their right order. The assessment shuffles them.</li>
<li><b>Match pairs</b>: 2 to 8 items, each with its match.</li>
<li><b>A number</b>: the right number, how far off still counts, the unit; no options.</li>
</ul>
<p>The first three kinds need feedback for every option. A change here reaches attempts that
begin after it; those that have begun, or are marked, keep the question as it was.</p>
"""


def question_faults(kind: str, options: list[dict[str, Any]], number: Any = None) -> Iterator[str]:
    """What is wrong with a question, in words for its editor.

    `options` are dicts with text, is_correct, match and feedback, in order.
    """
    texts = [str(option.get("text", "")).strip() for option in options]
    right = sum(bool(option.get("is_correct")) for option in options)
    if kind == QuestionKind.NUMERIC:
        if number is None:
            yield "Enter the right number."
        if options:
            yield "A number has no options. Delete them."
        return
    least = 3 if kind == QuestionKind.ORDERING else 2
    if not least <= len(options) <= MOST_OPTIONS:
        yield f"Give {least} to {MOST_OPTIONS} options."
    if len({text.casefold() for text in texts}) < len(texts):
        yield "Two options have the same text."
    if kind == QuestionKind.TRUE_FALSE and texts != TRUE_AND_FALSE:
        yield "The options must be “True” and “False”, in this order."
    if kind in (QuestionKind.SINGLE, QuestionKind.TRUE_FALSE) and right != 1:
        yield "Tick exactly one option as correct."
    if kind == QuestionKind.MULTIPLE and not 0 < right < len(options):
        yield "Tick at least one option as correct, and leave at least one unticked."
    if kind == QuestionKind.MATCHING and not all(_said(option, "match") for option in options):
        yield "Give every item its match."
    if kind in EXPLAINS_EACH_OPTION and not all(_said(option, "feedback") for option in options):
        yield "Give feedback for every option."


def _said(option: dict[str, Any], name: str) -> str:
    return str(option.get(name) or "").strip()


class QuestionEditorForm(WagtailAdminModelForm):
    """Checks a question as a whole, its options included."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if (outcome := self.fields.get("outcome")) is not None:
            outcome.queryset = LearningOutcome.objects.select_related("page").order_by(
                "page__path", "sort_order"
            )
            outcome.label_from_instance = lambda each: f"{each.page.title}: {each.text}"
            outcome.required = True
        for name in ("stem", "feedback"):
            if name in self.fields:
                self.fields[name].widget.attrs.setdefault("rows", 3)

    def clean(self) -> dict[str, Any]:
        """Say everything that is wrong at once, in words."""
        cleaned: dict[str, Any] = super().clean()
        formset = self.formsets.get("options")
        if formset is None or "kind" not in cleaned or not formset.is_valid():
            return cleaned
        number_is_wrong = "number" in self.errors
        for fault in question_faults(
            cleaned["kind"], _rows(formset), 0 if number_is_wrong else cleaned.get("number")
        ):
            self.add_error("number" if "right number" in fault else None, fault)
        return cleaned


def _rows(formset: Any) -> list[dict[str, Any]]:
    """What the options hold, in the order that the editor gave them."""
    kept = [each for each in formset.forms if each not in formset.deleted_forms]
    rows = [each.cleaned_data for each in kept if each.cleaned_data.get("text")]
    return sorted(rows, key=lambda row: row.get("ORDER") or 0)


class QuestionFilters(WagtailFilterSet):
    """The ways to narrow the list."""

    module = ModelChoiceFilter(
        field_name="outcome__page", queryset=ModulePage.objects.order_by("path"), label="Module"
    )

    class Meta:
        model = Question
        fields = ["module", "outcome", "kind", "is_retired"]


class QuestionIndexView(IndexView):
    """The questions, and whether each one's outcome has enough of them."""

    @property
    def columns(self) -> list[BaseColumn]:
        """The stem, what it belongs to, and how full the bank is there."""
        return [
            *super().columns,
            Column("module", label="Module", accessor=_module_title),
            Column("outcome", label="Outcome", accessor=lambda each: each.outcome or "None"),
            Column("kind", label="Kind", accessor="get_kind_display"),
            Column("state", label="Status", accessor=_state),
            Column("bank", label="In use for the outcome", accessor=self._bank),
        ]

    @property
    def list_display(self) -> list[str]:
        """The stem leads; the other columns are not fields."""
        return ["__str__"]

    def _bank(self, question: Question) -> str:
        if question.outcome is None:
            return ""
        if not hasattr(self, "_in_use"):
            counted = Question.objects.in_use().values("outcome").annotate(number=Count("pk"))
            self._in_use = Counter({row["outcome"]: row["number"] for row in counted})
        number = self._in_use[question.outcome.pk]
        wanted = question.outcome.page.questions_per_outcome
        short = ": too few" if number < wanted else ""
        return f"{number}, an assessment draws {wanted}{short}"


def _module_title(question: Question) -> str:
    return question.outcome.page.title if question.outcome else ""


def _state(question: Question) -> str:
    if question.outcome is None:
        return "Without an outcome"
    return "Retired" if question.is_retired else "In use"


class QuestionViewSet(SnippetViewSet):
    """The admin of the question bank."""

    model = Question
    icon = "help"
    menu_label = "Questions"
    menu_order = 310
    add_to_admin_menu = True
    index_view_class = QuestionIndexView
    filterset_class = QuestionFilters
    search_fields = ["stem"]
    list_per_page = 50
    copy_view_enabled = False
    edit_handler = ObjectList(
        [
            HelpPanel(content=ADVICE),
            FieldPanel("outcome"),
            FieldPanel("kind"),
            FieldPanel("stem"),
            FieldPanel("feedback"),
            FieldRowPanel([FieldPanel("number"), FieldPanel("tolerance"), FieldPanel("unit")]),
            InlinePanel(
                "options",
                heading="Options",
                label="Option",
                panels=[
                    FieldPanel("text"),
                    FieldPanel("is_correct"),
                    FieldPanel("match"),
                    FieldPanel("feedback", widget=forms.Textarea(attrs={"rows": 2})),
                ],
            ),
            FieldPanel("is_retired"),
        ],
        base_form_class=QuestionEditorForm,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Question]:
        """With what the list says of each question; those of the last modules come last."""
        return Question.objects.select_related("outcome__page").order_by(
            "outcome__page__path", "outcome__sort_order", "pk"
        )
