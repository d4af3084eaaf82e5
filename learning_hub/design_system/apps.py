"""Design system: the NHS.UK conventions, taken from their package at set-up."""

from django.apps import AppConfig


class DesignSystemConfig(AppConfig):
    """The floor's app of looks."""

    name = "learning_hub.design_system"
    label = "design_system"
    verbose_name = "Design system"
