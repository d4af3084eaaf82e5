"""Resources: reports, toolkits, recordings and links."""

from django.apps import AppConfig


class ResourcesConfig(AppConfig):
    """The room of resources."""

    name = "learning_hub.resources"
    label = "resources"
    verbose_name = "Resources"

    def ready(self) -> None:
        """Announce the resources to search."""
        from learning_hub.resources.documents import ResourceSource
        from search import registry

        registry.register_source(ResourceSource())
