"""The pieces that templates are built from."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest
from django import forms
from django.template.loader import render_to_string
from django.test import RequestFactory

from learning_hub.media.models import HubDocument


class ExampleForm(forms.Form):
    """One field of every kind."""

    name = forms.CharField(label="Name", help_text="As on your badge")
    note = forms.CharField(label="Note", widget=forms.Textarea, required=False)
    region = forms.ChoiceField(label="Region", choices=[("a", "A"), ("b", "B")])
    stage = forms.ChoiceField(
        label="Stage", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect
    )
    needs = forms.MultipleChoiceField(
        label="Needs", choices=[("a", "A")], widget=forms.CheckboxSelectMultiple, required=False
    )
    agree = forms.BooleanField(label="I agree")
    secret = forms.CharField(widget=forms.HiddenInput, required=False)


def field(form: forms.Form, name: str) -> str:
    html = render_to_string("components/form_field.html", {"field": form[name]})
    return " ".join(html.split())


def test_a_field_ties_its_label_hint_and_error_to_its_control() -> None:
    html = field(ExampleForm({}), "name")
    assert '<label class="nhsuk-label nhsuk-label--s" for="id_name">Name</label>' in html
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'class="nhsuk-input nhsuk-input--error"' in html
    assert '<span class="nhsuk-u-visually-hidden">Error: </span>This field is required.' in html


@pytest.mark.parametrize(
    ("name", "css"),
    [
        ("note", 'class="nhsuk-textarea"'),
        ("region", 'class="nhsuk-select"'),
        ("stage", 'class="nhsuk-radios__input"'),
        ("needs", 'class="nhsuk-checkboxes__input"'),
        ("agree", 'class="nhsuk-checkboxes__input"'),
    ],
)
def test_every_kind_of_control_has_the_look(name: str, css: str) -> None:
    assert css in field(ExampleForm(), name)


def test_a_group_of_choices_has_a_legend_and_a_label_each() -> None:
    html = field(ExampleForm(), "stage")
    assert "<fieldset" in html
    assert html.count("<label") == 2
    assert 'for="id_stage_0"' in html


def test_a_hidden_field_is_only_its_control() -> None:
    assert "<label" not in field(ExampleForm(), "secret")


def test_the_summary_links_each_error_to_a_control_that_exists() -> None:
    form = ExampleForm({})
    html = render_to_string("components/error_summary.html", {"form": form})
    page = "".join(field(form, name) for name in form.fields)
    for name in ("id_name", "id_region", "id_stage_0", "id_agree"):
        assert f'href="#{name}"' in html
        assert f'id="{name}"' in page


def test_a_form_without_errors_has_no_summary() -> None:
    assert "nhsuk-error-summary" not in render_to_string(
        "components/error_summary.html", {"form": ExampleForm()}
    )


def test_share_links_are_plain_and_carry_the_address_without_the_search() -> None:
    request = RequestFactory().get("/case-studies/a-study/?utm_source=x")
    html = render_to_string(
        "components/share_links.html", {"title": "Tea & sympathy: 50% more"}, request=request
    )
    assert html.count("<a ") == 4
    assert "<script" not in html
    assert "utm_source" not in html
    here = "http%3A%2F%2Ftestserver%2Fcase-studies%2Fa-study%2F"
    assert html.count(here) == 4
    assert "mailto:?subject=Tea%20%26%20sympathy%3A%2050%25%20more&amp;body=" in html


def test_a_page_that_is_overdue_says_so() -> None:
    page = SimpleNamespace(
        last_reviewed_on=dt.date(2024, 3, 1),
        next_review_on=dt.date(2025, 3, 1),
        content_owner="Postgraduate team",
        is_review_due=True,
    )
    html = render_to_string("components/last_reviewed.html", {"page": page})
    assert '<time datetime="2024-03-01">1 March 2024</time>' in html
    assert "(overdue)" in html
    assert "Kept by: Postgraduate team" in html


@pytest.mark.django_db
def test_a_download_says_its_type_and_size_and_outlives_its_file() -> None:
    document = HubDocument(title="Session plan", file="documents/plan.pdf", file_size=20_480, pk=1)
    html = render_to_string("components/file_download.html", {"document": document})
    assert "Session plan" in html
    assert "(PDF, 20.0\xa0KB)" in html
    document.file_size = None  # never measured, and the file is gone
    assert "(PDF)" in render_to_string("components/file_download.html", {"document": document})
