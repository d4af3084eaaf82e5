"""Home: the front page, the one place that may look into every room."""

from django.apps import AppConfig


class HomeConfig(AppConfig):
    """The hall."""

    name = "learning_hub.home"
    label = "home"
    verbose_name = "Home"
