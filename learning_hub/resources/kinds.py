"""The kinds of resource, what each is called, and the files that can be played."""

from __future__ import annotations

from django.conf import settings
from django.db import models

CAPTIONS = "vtt"


class ResourceKind(models.TextChoices):
    """What a resource is. Each kind needs something else before it can be published."""

    REPORT = "report", "Report"
    TOOLKIT = "toolkit", "Toolkit"
    RECORDING = "recording", "Recording"
    LINK = "link", "Link"

    @property
    def plural(self) -> str:
        """What many of them are called."""
        return f"{self.label}s"


class DatePrecision(models.TextChoices):
    """How exactly a date is known."""

    DAY = "day", "The day"
    MONTH = "month", "The month and year only"
    YEAR = "year", "The year only"


def playable() -> dict[str, str]:
    """The endings of files that browsers play, each with its media type."""
    return {
        ending: media_type
        for ending, media_type in settings.HUB_MEDIA_TYPES.items()
        if media_type.startswith(("video/", "audio/"))
    }


def is_film(ending: str) -> bool:
    """Whether a file with this ending has pictures."""
    return playable().get(ending.lower(), "").startswith("video/")
