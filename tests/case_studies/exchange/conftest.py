"""A library, a complete row, and the commands, for all tests of the exchange."""

from __future__ import annotations

import json
from copy import deepcopy
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from case_studies.exchange.exporting import EXAMPLE
from tests.factories.case_studies import make_library

ROW = json.loads(EXAMPLE.read_text(encoding="utf-8"))[0]


@pytest.fixture
def library(db):
    return make_library()


@pytest.fixture
def row():
    """The example study as JSON; tests change what they are about."""
    return deepcopy(ROW)


class Import:
    """Writes files and imports them; `said` is all that the command printed."""

    def __init__(self, folder):
        self.folder = folder
        self.said = ""

    def file(self, content, name="studies.json"):
        path = self.folder / name
        if isinstance(content, (list, dict)):
            content = json.dumps(content)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def __call__(self, content, name="studies.json", **options):
        path = content if hasattr(content, "suffix") else self.file(content, name)
        out = StringIO()
        try:
            call_command("import_case_studies", str(path), stdout=out, stderr=out, **options)
        finally:
            self.said = out.getvalue()
        return self.said

    def refused(self, content, name="studies.json", **options):
        """Import what must be refused; returns everything that was said."""
        with pytest.raises(CommandError) as refusal:
            self(content, name, **options)
        assert refusal.value.returncode == 1
        return f"{self.said}{refusal.value}"


@pytest.fixture
def importing(library, tmp_path):
    return Import(tmp_path)


@pytest.fixture
def exported(tmp_path):
    """Export to a file of this ending, and give its path."""

    def export(ending, name="out"):
        path = tmp_path / f"{name}.{ending}"
        call_command("export_case_studies", str(path), stdout=StringIO())
        return path

    return export
