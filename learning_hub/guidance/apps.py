"""Guidance: what a committee or college advises, as recommendations that can be pointed to."""

from django.apps import AppConfig


class GuidanceConfig(AppConfig):
    """The room of guidance."""

    name = "learning_hub.guidance"
    label = "guidance"
    verbose_name = "Guidance"
