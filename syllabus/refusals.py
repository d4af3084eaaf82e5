"""Why a step was refused, in words for the trainee."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.formats import date_format


class Refused(Exception):
    """A step that the rules do not allow. The text of the exception is for the trainee."""


class NameMissing(Refused):
    """There is no name to write on a certificate."""

    def __init__(self) -> None:
        super().__init__("Tell us your name first: it will stand on your certificate.")


class ModuleNotOpen(Refused):
    """The module has no lessons, or too few questions, or is not published."""

    def __init__(self) -> None:
        super().__init__("This module cannot be taken here at the moment.")


class PrerequisitesMissing(Refused):
    """Other modules come first. `missing` names them."""

    def __init__(self, missing: list[str]) -> None:
        self.missing = missing
        super().__init__(f"Complete these first: {'; '.join(missing)}.")


class AlreadyComplete(Refused):
    """The completion still counts, and it is too early to renew it."""

    def __init__(self, renewable_from: dt.datetime | None) -> None:
        self.renewable_from = renewable_from
        when = f" You can renew it from {_day(renewable_from)}." if renewable_from else ""
        super().__init__(f"You have completed this module.{when}")


class CoolingOff(Refused):
    """Every attempt is used; the module can be started again at `until`."""

    def __init__(self, until: dt.datetime) -> None:
        self.until = until
        super().__init__(
            f"You have used all your attempts. You can start this module again {_moment(until)}."
        )


class NotEnrolled(Refused):
    """The trainee has not started the module."""

    def __init__(self) -> None:
        super().__init__("Start the module first.")


class LessonsUnread(Refused):
    """Lessons are left. `titles` names them."""

    def __init__(self, titles: list[str]) -> None:
        self.titles = titles
        super().__init__(f"Mark these lessons as read first: {'; '.join(titles)}.")


class WrongRule(Refused):
    """The module is not completed this way."""

    def __init__(self) -> None:
        super().__init__("This module is not completed this way.")


class AttemptNotFound(Refused):
    """There is no such attempt, or it is someone else's: both look the same."""

    def __init__(self) -> None:
        super().__init__("There is no such attempt in your record.")


class AttemptClosed(Refused):
    """The attempt was handed in, or its time ran out."""

    def __init__(self) -> None:
        super().__init__("This attempt has ended, so its answers can no longer change.")


class ResponseNotUnderstood(Refused):
    """The answer does not fit the question. The message says what to do."""


def _day(moment: dt.datetime) -> str:
    return date_format(timezone.localtime(moment), "j F Y")


def _moment(moment: dt.datetime) -> str:
    return date_format(timezone.localtime(moment), r"\o\n j F Y \a\t H:i")
