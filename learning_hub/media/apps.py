"""Media: the images and documents that editors upload."""

from django.apps import AppConfig


class MediaConfig(AppConfig):
    """The floor's app of files."""

    name = "learning_hub.media"
    label = "media"
    verbose_name = "Media"
