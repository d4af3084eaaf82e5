"""Running the site: what it says of itself to those who watch it."""

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    """The floor's app of health, numbers and logs."""

    name = "learning_hub.operations"
    label = "operations"
    verbose_name = "Operations"

    def ready(self) -> None:
        """Have the checks that every installation needs asked."""
        from learning_hub.operations import checks

        checks.register()
