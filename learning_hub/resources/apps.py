"""Resources: reports, toolkits, recordings and links."""

from django.apps import AppConfig


class ResourcesConfig(AppConfig):
    """The room of resources."""

    name = "learning_hub.resources"
    label = "resources"
    verbose_name = "Resources"
