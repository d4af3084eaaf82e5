"""What the site says of itself: who may ask, which version answers, how the log is written."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from learning_hub.settings import environment

_PROJECT = Path(__file__).resolve().parents[2] / "pyproject.toml"


def _version() -> str:
    if not _PROJECT.exists():  # an installation may hold the code alone
        return "unknown"
    return str(tomllib.loads(_PROJECT.read_text("utf-8"))["project"]["version"])


# Such as the commit that was released; else the version that the project has.
HUB_VERSION = environment.text("HUB_VERSION", default="") or _version()

# Who may read /metrics and the detail of /readyz: whoever has the token as a bearer, and these
# networks (by default this machine). A proxy's visitors are seen as what HUB_TRUSTED_PROXIES says.
HUB_METRICS_TOKEN = environment.text("HUB_METRICS_TOKEN", default="")
HUB_METRICS_ALLOWED = environment.networks("HUB_METRICS_ALLOWED", default=["127.0.0.0/8", "::1"])

# These write what was asked of a server or of the database, or each step of their work.
_TALKATIVE = (
    *("django.db.backends", "elastic_transport", "elasticsearch", "urllib3"),
    *("weasyprint", "fontTools", "boto3", "botocore", "s3transfer"),
)


def logging() -> dict[str, Any]:
    """Django's LOGGING for a site that others can reach: to standard error, as JSON lines."""
    written_as = environment.choice("HUB_LOG_FORMAT", choices=("json", "plain"), default="json")
    levels = ("DEBUG", "INFO", "WARNING", "ERROR")
    level = environment.choice("HUB_LOG_LEVEL", choices=levels, default="INFO")
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {"()": "learning_hub.operations.logs.JsonLines"},
            "plain": {"()": "learning_hub.operations.logs.PlainLines"},
        },
        "handlers": {"stream": {"class": "logging.StreamHandler", "formatter": written_as}},
        "root": {"handlers": ["stream"], "level": level},
        "loggers": {
            # Django's own handlers would write a second time, and mail what nobody may read.
            "django": {"handlers": [], "level": level, "propagate": True},
            "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
            **{name: {"level": "WARNING"} for name in _TALKATIVE},
            # Says at each probe of a server that is down what the breaker says once.
            "elastic_transport.node_pool": {"level": "ERROR"},
        },
    }
