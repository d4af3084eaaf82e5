"""The page of settings names each one that is read, and none that is not."""

from __future__ import annotations

import re

from tests.architecture.sources import ROOT

READERS = [*(ROOT / "learning_hub/settings").glob("*.py"), ROOT / "gunicorn.conf.py"]
NAME = r"HUB_[A-Z_]+[A-Z]|DATABASE_URL|PROMETHEUS_MULTIPROC_DIR"
# Of tests alone, and the beginning of other names.
NOT_SETTINGS = {"HUB_TEST_DATABASE", "HUB_ELASTICSEARCH"}


def test_the_page_of_settings_names_every_setting_and_no_other() -> None:
    read = {
        name for path in READERS for name in re.findall(rf'"({NAME})_?"', path.read_text("utf-8"))
    }
    told = set(re.findall(rf"`({NAME})`", (ROOT / "docs/settings.md").read_text("utf-8")))
    assert told == read - NOT_SETTINGS
