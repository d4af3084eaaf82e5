"""A developer's machine, and the demo: no secret, no mail server, local addresses only."""

from learning_hub.settings import environment
from learning_hub.settings.base import *  # noqa: F403

DEBUG = environment.truth("HUB_DEBUG", default=False)
SECRET_KEY = "for-local-use-only-never-for-a-site-that-others-can-reach"  # noqa: S105
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
