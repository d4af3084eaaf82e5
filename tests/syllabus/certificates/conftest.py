"""A folder of issuer keys for each test, and a certificate to look at."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from syllabus.models import Certificate
from tests.factories.syllabus import complete_module, make_module, make_trainee


@pytest.fixture(autouse=True)
def key_dir(settings: Any, tmp_path: Path) -> Path:
    """Empty: the first key is made at first need."""
    settings.WAGTAILADMIN_BASE_URL = "https://hub.example.org"
    settings.HUB_ISSUER_KEY_DIR = tmp_path / "issuer-keys"
    return settings.HUB_ISSUER_KEY_DIR


@pytest.fixture
def certificate(db: None) -> Certificate:
    """Alice's, of a module that passing completes."""
    return complete_module(make_trainee(), make_module()).certificate
