#!/usr/bin/env python
"""Django's command line for the Learning Hub."""

import os
import sys

from django.core.management import execute_from_command_line
from django.db import OperationalError


def main() -> None:
    """Run a command; where the database does not let us in, say so in one line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "learning_hub.settings.dev")
    # No visitor waits for a command, and a long migration is no fault.
    os.environ.setdefault("HUB_DATABASE_STATEMENT_TIMEOUT", "0")
    try:
        execute_from_command_line(sys.argv)
    except OperationalError:
        from learning_hub.database import DatabaseUnusable, reach  # noqa: PLC0415

        try:
            reach()
        except DatabaseUnusable as problem:
            raise SystemExit(f"Learning Hub cannot start. {problem}") from None
        raise


if __name__ == "__main__":
    main()
