"""Regions: what each region of England achieved, and what it started."""

from django.apps import AppConfig


class RegionsConfig(AppConfig):
    """The room of the regions."""

    name = "learning_hub.regions"
    label = "regions"
    verbose_name = "Regions"
