"""The forms with which editors keep the vocabularies."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import slugify
from wagtail.admin.forms.models import WagtailAdminModelForm

from learning_hub.taxonomy.merging import CannotMerge, refuse_unless_mergeable
from learning_hub.taxonomy.models import Term

SLUG_IS_FOR_EVER = "It stands in other people's links, so it never changes."
SLUG_IS_MADE = "The term's word in addresses. Leave empty to have it made from the name."


class TermForm(WagtailAdminModelForm):
    """Adds or changes a term; its slug is set once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        slug = self.fields["slug"]
        slug.disabled = self.instance.pk is not None
        slug.required = False
        slug.help_text = SLUG_IS_FOR_EVER if slug.disabled else SLUG_IS_MADE
        if "parent" in self.fields:
            self._offer_groups()

    def clean(self) -> dict[str, Any]:
        """Make the slug of a new term from its name where none is given."""
        cleaned = super().clean()
        if not cleaned.get("slug") and cleaned.get("name"):
            cleaned["slug"] = slugify(cleaned["name"])
        return cleaned

    def _offer_groups(self) -> None:
        field = self.fields["parent"]
        if isinstance(field, forms.ModelChoiceField):
            groups = type(self.instance)._default_manager.unmerged().filter(parent__isnull=True)
            field.queryset = groups.exclude(pk=self.instance.pk).in_order()
            field.empty_label = "(it is a group)"


class MergeForm(forms.Form):
    """Chooses the term that `source` becomes."""

    target: forms.ModelChoiceField = forms.ModelChoiceField(queryset=None, label="Merge into")

    def __init__(self, source: Term, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.source = source
        field = self.fields["target"]
        if isinstance(field, forms.ModelChoiceField):
            terms = type(source)._default_manager.unmerged().exclude(pk=source.pk)
            field.queryset = terms.in_order()

    def clean_target(self) -> Term:
        """Refuse a term that this one cannot be merged into."""
        target: Term = self.cleaned_data["target"]
        try:
            refuse_unless_mergeable(self.source, target)
        except CannotMerge as refusal:
            raise forms.ValidationError(str(refusal)) from None
        return target
