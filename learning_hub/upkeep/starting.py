"""Says in one line why the site cannot start; the web server runs it before its workers."""

from __future__ import annotations

import os
from contextlib import suppress

import django

from learning_hub.upkeep.one_line import one_line


def main() -> None:
    """Load the settings and the site, and look at its servers. Raises SystemExit.

    A search server that may only be down is no reason to stay away: the stand-in answers.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "learning_hub.settings.production")
    try:
        django.setup()
        from learning_hub import database  # noqa: PLC0415 (needs the set-up)
        from search.engines import selection  # noqa: PLC0415

        database.preflight()
        with suppress(selection.SearchUnreachable):
            selection.preflight()
    except Exception as problem:
        raise SystemExit(f"Learning Hub cannot start. {one_line(problem)}") from None


if __name__ == "__main__":
    main()
