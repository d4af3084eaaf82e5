"""Blocks: the small set of pieces that page bodies are built from."""

from django.apps import AppConfig


class BlocksConfig(AppConfig):
    """The floor's app of body pieces."""

    name = "learning_hub.blocks"
    label = "blocks"
    verbose_name = "Blocks"
