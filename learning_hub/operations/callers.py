"""Decides who may read how the site is running: the monitoring, and nobody else."""

from __future__ import annotations

import ipaddress
import secrets

from django.conf import settings
from django.http import HttpRequest

_BEARER = "Bearer "
_OF_PROXIES = ("Forwarded", "Via", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP")


def may_look_inside(request: HttpRequest) -> bool:
    """Whether the caller has the token, or comes from a network that is allowed."""
    token = settings.HUB_METRICS_TOKEN
    given = request.headers.get("Authorization", "")
    if token and given.startswith(_BEARER):
        return secrets.compare_digest(given.removeprefix(_BEARER).encode(), token.encode())
    address = _address(request)
    if address is None:
        return False
    return any(address in ipaddress.ip_network(each) for each in settings.HUB_METRICS_ALLOWED)


def _address(request: HttpRequest) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The caller's own address, by the rule that throttling has: so many proxies are ours.

    None where it cannot be known: a proxy passed the request on and did not say for whom, or one
    did that is not ours. Whoever asks this process directly sends no header of a proxy.
    """
    proxies = getattr(settings, "ALLAUTH_TRUSTED_PROXY_COUNT", 0)
    forwarded = request.headers.get("X-Forwarded-For", "")
    passed = [part.strip() for part in forwarded.split(",") if part.strip()]
    if passed:
        said = passed[-proxies] if 0 < proxies <= len(passed) else ""
    elif any(name in request.headers for name in _OF_PROXIES):
        said = ""
    else:
        said = request.META.get("REMOTE_ADDR", "")
    try:
        address = ipaddress.ip_address(said)
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    return mapped or address
