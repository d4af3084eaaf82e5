"""The durability tests' site, with mail that goes to a test's mail server."""

import os

from tests.durability.site_settings import *  # noqa: F403

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST, EMAIL_PORT = "127.0.0.1", int(os.environ["HUB_TEST_MAIL_PORT"])
