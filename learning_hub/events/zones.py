"""Time zones: which there are, what people call them, and which moment a clock there means."""

from __future__ import annotations

import datetime as dt
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError

UK = "Europe/London"
# What the list offers; any other name of the time zone database works in an address too.
OFFERED = (
    UK,
    "Europe/Lisbon",
    "Europe/Paris",
    "Europe/Athens",
    "Africa/Lagos",
    "Africa/Cairo",
    "Africa/Nairobi",
    "Africa/Johannesburg",
    "Asia/Dubai",
    "Asia/Karachi",
    "Asia/Kolkata",
    "Asia/Dhaka",
    "Asia/Singapore",
    "Asia/Hong_Kong",
    "Australia/Perth",
    "Australia/Sydney",
    "Pacific/Auckland",
    "America/New_York",
    "America/Chicago",
    "America/Los_Angeles",
    "UTC",
)
_SAME_AS_UK = {UK, "GB", "GB-Eire"}
_SAME_AS_UTC = {
    "UTC",
    "Etc/UTC",
    "Etc/UCT",
    "Etc/Universal",
    "Etc/Zulu",
    "UCT",
    "Universal",
    "Zulu",
}


class NoSuchMoment(ValueError):
    """A clock in that zone never shows this time, or shows it twice; the message says which."""


@cache
def _by_folded_name() -> dict[str, str]:
    return {name.casefold(): name for name in sorted(available_timezones())}


def names() -> list[str]:
    """Every zone of the time zone database, the UK's first."""
    return [UK, *(name for name in _by_folded_name().values() if name != UK)]


def known(name: str) -> str | None:
    """The zone's name as the database spells it, however it is typed; None where it has none."""
    return _by_folded_name().get(name.strip().replace(" ", "_").casefold())


def zone_of(name: str) -> ZoneInfo:
    """The zone of this name; the UK's where there is none."""
    return ZoneInfo(name if name in _by_folded_name().values() else UK)


def refuse_unknown_zone(name: str) -> None:
    """Validate a zone's name. Raises ValidationError."""
    if name not in _by_folded_name().values():
        raise ValidationError("“%(name)s” is not a time zone that we know.", params={"name": name})


def place(name: str) -> str:
    """What people call the zone: “UK time”, “New York time”."""
    if name in _SAME_AS_UK:
        return "UK time"
    if name in _SAME_AS_UTC:
        return "Coordinated Universal Time"
    if name.startswith("Etc/") or "/" not in name:
        return f"{name.removeprefix('Etc/')} time"
    return f"{name.rpartition('/')[2].replace('_', ' ')} time"


def spelled_out(moment: dt.datetime, name: str) -> str:
    """The zone as it is at `moment`: “UK time (BST)”, “Dubai time (UTC+4)”."""
    if name in _SAME_AS_UTC:
        return "Coordinated Universal Time (UTC)"
    short = moment.tzname() or ""
    return f"{place(name)} ({short if short.isalpha() else _offset(moment)})"


def moment_of(wall_clock: dt.datetime, name: str) -> dt.datetime:
    """The moment at which clocks in the zone show `wall_clock`, which is naive.

    Raises NoSuchMoment where the clocks go forward over it, or back, so that it comes twice.
    """
    zone = zone_of(name)
    first, second = (wall_clock.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    before, after = first.utcoffset(), second.utcoffset()
    if before == after:
        return first
    day, clock = f"{wall_clock.day} {wall_clock:%B %Y}", f"{wall_clock:%H:%M}"
    if before is not None and after is not None and before < after:
        raise NoSuchMoment(
            f"There is no {clock} on {day} in {place(name)}: "
            "the clocks go forward over it. Choose another time."
        )
    raise NoSuchMoment(
        f"{clock} comes twice on {day} in {place(name)}: the clocks go back. "
        "Choose another time, or choose the time zone UTC and give both times in it."
    )


def comes_twice(moment: dt.datetime) -> bool:
    """Whether clocks in the moment's zone show its time twice, so that it needs its offset."""
    return moment.replace(fold=0).utcoffset() != moment.replace(fold=1).utcoffset()


def start_of_day(day: dt.date, name: str) -> dt.datetime:
    """The first moment of a day in the zone, also where its clocks skip midnight."""
    midnight = dt.datetime.combine(day, dt.time.min, zone_of(name))
    return midnight.astimezone(dt.UTC).astimezone(midnight.tzinfo)


def _offset(moment: dt.datetime) -> str:
    minutes = round((moment.utcoffset() or dt.timedelta()).total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'−' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")
