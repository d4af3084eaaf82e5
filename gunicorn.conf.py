"""How gunicorn runs the site: `gunicorn learning_hub.wsgi` in this folder reads this file.

The site is not loaded before the workers are forked, so that a reload (HUP) runs new code: this
file imports nothing of it, and what must be known before the start is asked in a process apart.
"""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

_HERE = Path(__file__).resolve().parent
_MEMORY = Path("/dev/shm")  # noqa: S108 (heartbeats only; a disk that is busy must not stop them)


def _number(name: str, default: int, least: int) -> int:
    """A whole number of the environment, or the end of the start with one line."""
    given = os.environ.get(name, str(default))
    if not given.isdecimal() or int(given) < least:
        raise SystemExit(
            f"Learning Hub cannot start. {name}: “{given}” is not a whole number from {least} on."
        )
    return int(given)


def _cores() -> int:
    return len(os.sched_getaffinity(0))


# Whichever process is asked for the metrics, it adds up the counts of all.
_COUNTS_IN = "PROMETHEUS_MULTIPROC_DIR"
_COUNTS = Path(
    os.environ.setdefault(
        _COUNTS_IN,
        str(Path(os.environ.get("HUB_VAR_DIR", _HERE / "var")).resolve() / "metrics"),
    )
)
try:
    _COUNTS.mkdir(parents=True, exist_ok=True)
except OSError as problem:
    raise SystemExit(f"Learning Hub cannot start. {_COUNTS_IN}: {problem}") from None

bind = os.environ.get("HUB_BIND", "127.0.0.1:8000")
worker_class = "gthread"
# About 150 MB each. One more than there are cores, so that a core has work while one starts anew.
workers = _number("HUB_WORKERS", min(_cores() + 1, 9), 1)
threads = _number("HUB_THREADS", 4, 1)
# Seconds without a sign of life until a worker is killed; a slow request alone does not count.
timeout = _number("HUB_WORKER_TIMEOUT", 30, 5)
# Seconds that open requests get to finish at a stop or reload.
graceful_timeout = _number("HUB_GRACEFUL_TIMEOUT", 30, 1)
# Longer than nginx keeps a connection to us (60 s), so that it is never we who close it first.
keepalive = _number("HUB_KEEPALIVE", 65, 0)
# Workers are replaced now and then, not all at once, so that no leak can grow for ever.
max_requests = _number("HUB_MAX_REQUESTS", 5000, 0)
max_requests_jitter = max_requests // 5
# Whose word on X-Forwarded-Proto is taken: the addresses of the proxies in front, with commas.
forwarded_allow_ips = os.environ.get("HUB_FORWARDED_ALLOW_IPS", "127.0.0.1,::1")
worker_tmp_dir = str(_MEMORY) if os.access(_MEMORY, os.W_OK) else None
accesslog = None  # the site writes its own
errorlog = "-"
control_socket_disable = True
chdir = str(_HERE)


def on_starting(server: Any) -> None:
    """Stop here, with one line, where a setting is wrong."""
    asked = subprocess.run(
        [sys.executable, "-m", "learning_hub.upkeep.starting"],
        cwd=_HERE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if asked.returncode:
        lines = asked.stderr.strip().splitlines()
        raise SystemExit(lines[-1] if lines else "Learning Hub cannot start.")


def when_ready(server: Any) -> None:
    """Begin with empty counts, once the address is ours: a second start by mistake ends before."""
    for counts in _COUNTS.glob("*.db"):
        if not counts.stem.endswith(f"_{os.getpid()}"):  # a site that was loaded before the fork
            counts.unlink(missing_ok=True)


def child_exit(server: Any, worker: Any) -> None:
    """Take a worker's share out of the counts of what is going on now."""
    from prometheus_client import multiprocess  # noqa: PLC0415 (reads the folder's name)

    multiprocess.mark_process_dead(worker.pid)
