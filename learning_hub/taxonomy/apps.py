"""Taxonomy: the field's vocabularies, kept by editors."""

from django.apps import AppConfig


class TaxonomyConfig(AppConfig):
    """The floor's app of terms."""

    name = "learning_hub.taxonomy"
    label = "taxonomy"
    verbose_name = "Taxonomy"
