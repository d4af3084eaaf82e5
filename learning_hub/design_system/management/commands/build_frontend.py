"""Puts the NHS.UK stylesheet, without its outside font, and our icons where static files are."""

import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from PIL.Image import Image

from learning_hub.design_system.card_art import SITE, TAGLINE, card
from learning_hub.design_system.emblem import as_png, tile
from learning_hub.design_system.icons import ICONS, SITE_CARD

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
    """Take the compiled design system from its package, and draw what is a picture."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the stylesheet, and say where."""
        folder = Path(str(files("wagtailnhsukfrontend").joinpath(PACKAGE_STYLES)))
        sources = sorted(folder.glob("nhsuk-frontend-*.min.css"))
        if len(sources) != 1:
            raise CommandError(f"Expected one NHS.UK stylesheet in the package, got {sources}.")
        _put(TARGET, without_outside_fonts(sources[0].read_text()).encode())
        self.stdout.write(f"Design system ready: {TARGET} from {sources[0].name}")
        for name, picture in _pictures():
            _put(name, as_png(picture))
        self.stdout.write("Icons ready: drawn from the emblem")


def _pictures() -> Iterator[tuple[str, Image]]:
    for icon in ICONS:
        yield icon.path, tile(icon.side, bleeds=icon.bleeds)
    yield SITE_CARD, card(SITE, TAGLINE)


def _put(name: str, content: bytes) -> None:
    target = Path(settings.FRONTEND_BUILD_DIR) / name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
