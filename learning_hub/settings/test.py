"""The test suite: fast password hashing, mail in memory, an index folder for each test process."""

import os

from learning_hub.settings.base import *  # noqa: F403
from learning_hub.settings.base import DATABASES, VAR_DIR

DEBUG = False
SECRET_KEY = "for-tests-only"  # noqa: S105
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
_worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
HUB_SEARCH_INDEX_DIR = VAR_DIR / "test" / _worker / "search-index"
HUB_ISSUER_KEY_DIR = VAR_DIR / "test" / _worker / "issuer-keys"
# On PostgreSQL, no connection may stay behind when its database is to be dropped.
DATABASES["default"]["CONN_MAX_AGE"] = 0
DATABASES["default"]["OPTIONS"].pop("pool", None)
# A file to keep SQLite's migrated database in between runs (`--reuse-db`).
DATABASES["default"]["TEST"] = {"NAME": os.environ.get("HUB_TEST_DATABASE")}
