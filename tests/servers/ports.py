"""Finds ports of this machine that are spare, and stay so while their server is down."""

from __future__ import annotations

import random
import socket

# Below the range that the system takes the ports of outgoing connections from: a server that is
# killed and started again must find its port still spare.
RANGE = range(20_000, 32_000)


def spare_port() -> int:
    """A port of the loopback address that nobody listens on."""
    chance = random.SystemRandom()
    while not is_spare(port := chance.choice(RANGE)):
        pass
    return port


def is_spare(port: int) -> bool:
    """Whether a server could listen on `port` now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
