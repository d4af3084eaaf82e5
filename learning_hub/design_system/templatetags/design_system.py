"""Template tags that every template may use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from django import forms, template
from django.forms.boundfield import BoundField, BoundWidget
from django.utils.safestring import SafeString

register = template.Library()

# Subclasses come before what they extend: the first that fits gives the class.
CONTROL_CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxSelectMultiple, "nhsuk-checkboxes__input"),
    (forms.CheckboxInput, "nhsuk-checkboxes__input"),
    (forms.RadioSelect, "nhsuk-radios__input"),
    (forms.Select, "nhsuk-select"),
    (forms.Textarea, "nhsuk-textarea"),
    (forms.Widget, "nhsuk-input"),
)


@dataclass(frozen=True)
class ShareTarget:
    """A place to pass a page's address on to."""

    name: str
    address: str


@dataclass(frozen=True)
class ChoiceGroup:
    """The radios or checkboxes of a field; `kind` is the word in their class names."""

    kind: str
    choices: tuple[BoundWidget, ...]


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """The field's control in the design system's look; Django adds what describes it."""
    return field.as_widget(attrs={"class": _classes(field)})


@register.simple_tag
def choices(field: BoundField) -> ChoiceGroup:
    """The field's radios or checkboxes, one by one."""
    # A list of checkboxes is, to Django, a kind of radio list.
    is_many = isinstance(field.field.widget, forms.CheckboxSelectMultiple)
    kind = "checkboxes" if is_many else "radios"
    for choice in field.subwidgets:
        choice.data["attrs"]["class"] = f"nhsuk-{kind}__input"
    return ChoiceGroup(kind, tuple(field.subwidgets))


@register.filter
def is_single_checkbox(field: BoundField) -> bool:
    """Whether the field is one box to tick."""
    return isinstance(field.field.widget, forms.CheckboxInput)


@register.filter
def first_control(field: BoundField) -> str:
    """The id of the control that a link to this field should lead to."""
    return f"{field.auto_id}_0" if field.use_fieldset else str(field.id_for_label)


@register.simple_tag(takes_context=True)
def share_targets(context: dict[str, Any], title: str = "") -> list[ShareTarget]:
    """Where this page's address can be passed on to, without its search parameters.

    The title is the page's own where none is given.
    """
    request = context["request"]
    title = title or context["page"].title
    here = request.build_absolute_uri(request.path)
    return [
        ShareTarget("E-mail", f"mailto:?{_query(subject=title, body=here)}"),
        ShareTarget(
            "LinkedIn", f"https://www.linkedin.com/sharing/share-offsite/?{_query(url=here)}"
        ),
        ShareTarget("Facebook", f"https://www.facebook.com/sharer/sharer.php?{_query(u=here)}"),
        ShareTarget("X", f"https://x.com/intent/post?{_query(text=title, url=here)}"),
    ]


def _classes(field: BoundField) -> str:
    base = next(name for kind, name in CONTROL_CLASSES if isinstance(field.field.widget, kind))
    own = field.field.widget.attrs.get("class", "")
    error = f"{base}--error" if field.errors else ""
    return " ".join(filter(None, (base, error, own)))


def _query(**values: str) -> str:
    # Mail programs read "+" as a plus sign, so spaces are %20.
    return urlencode(values, quote_via=quote, safe="")
