"""Says in one line why the site cannot start; the web server runs it before its workers."""

from __future__ import annotations

import os

import django

from learning_hub.upkeep.one_line import one_line


def main() -> None:
    """Load the settings and the site, and ask the search engine. Raises SystemExit."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "learning_hub.settings.production")
    try:
        django.setup()
        from learning_hub.upkeep.preflight import preflight  # noqa: PLC0415 (needs the set-up)

        preflight()
    except Exception as problem:
        raise SystemExit(f"Learning Hub cannot start. {one_line(problem)}") from None


if __name__ == "__main__":
    main()
