"""Lets a test's database be emptied, which the guards of append-only tables would refuse."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.core.management.commands import flush

from syllabus.append_only import guard_tables, unguard_tables


@pytest.fixture(autouse=True, scope="session")
def _flush_takes_the_guards_off() -> Iterator[None]:
    """Empty a database without its guards, and put them back."""
    plain = flush.Command.handle

    def handle(self: flush.Command, **options: Any) -> None:
        unguard_tables(options["database"])
        try:
            plain(self, **options)
        finally:
            guard_tables(apps.get_app_config("syllabus"), options["database"])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flush.Command, "handle", handle)
        yield
