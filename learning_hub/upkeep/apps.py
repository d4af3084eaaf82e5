"""Upkeep: what whoever runs the site does with it, from the command line."""

from django.apps import AppConfig


class UpkeepConfig(AppConfig):
    """The room of upgrades, backups and restores."""

    name = "learning_hub.upkeep"
    label = "upkeep"
    verbose_name = "Upkeep"
