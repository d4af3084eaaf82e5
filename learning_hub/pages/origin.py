"""The site's own address, for what is read far from the site: certificates, records, mails."""

from __future__ import annotations

from django.conf import settings


def origin() -> str:
    """The address without a slash at its end: that of the settings, whoever asks."""
    return str(settings.WAGTAILADMIN_BASE_URL).rstrip("/")
