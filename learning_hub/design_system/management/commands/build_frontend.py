"""Puts the NHS.UK stylesheet, without its outside font, where static files are found."""

import re
from importlib.resources import files
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

PACKAGE_STYLES = "static/wagtailnhsukfrontend/css"
TARGET = "vendor/nhsuk-frontend.min.css"
OUTSIDE_FONT = re.compile(r"@font-face\{[^}]*\}")
# The map is not served, and the static file storage refuses an address that leads nowhere.
SOURCE_MAP = re.compile(r"/\*# sourceMappingURL=[^*]*\*/")
OUTSIDE_ADDRESS = re.compile(r"(?:url\(\s*['\"]?|@import\s+['\"])(?:https?:)?//")


def without_outside_fonts(styles: str) -> str:
    """Return the stylesheet with no font face and no address of another origin.

    Raises ValueError where an outside address is left: the package has changed.
    """
    styles = SOURCE_MAP.sub("", OUTSIDE_FONT.sub("", styles)).replace("Frutiger W01,", "")
    if OUTSIDE_ADDRESS.search(styles):
        raise ValueError("The design system's stylesheet still calls another origin.")
    return styles


class Command(BaseCommand):
    """Take the compiled design system from its package; nothing of it is committed."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the stylesheet, and say where."""
        folder = Path(str(files("wagtailnhsukfrontend").joinpath(PACKAGE_STYLES)))
        sources = sorted(folder.glob("nhsuk-frontend-*.min.css"))
        if len(sources) != 1:
            raise CommandError(f"Expected one NHS.UK stylesheet in the package, got {sources}.")
        target = Path(settings.FRONTEND_BUILD_DIR) / TARGET
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(without_outside_fonts(sources[0].read_text()))
        self.stdout.write(f"Design system ready: {target.name} from {sources[0].name}")
