"""The site as it really runs, except that styles need no collecting and durability can be off."""

import os

from learning_hub.settings.dev import *  # noqa: F403
from learning_hub.settings.dev import DATABASES, STORAGES

STORAGES["staticfiles"] = {
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"  # type: ignore[dict-item]
}
# What the harness must be able to see: the same site with a database that does not wait.
if _synchronous := os.environ.get("HUB_TEST_SYNCHRONOUS"):
    _options = DATABASES["default"]["OPTIONS"]
    _options["init_command"] = _options["init_command"].replace(
        "synchronous=FULL", f"synchronous={_synchronous}"
    )
