"""Keeps uploaded files in a bucket that speaks S3, private, and read through this site only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage

from learning_hub.media.stored_files import CHUNK, StorageUnreachable

P = ParamSpec("P")
R = TypeVar("R")
_TIMES = Config(
    connect_timeout=3,  # seconds
    read_timeout=20,
    retries={"max_attempts": 3, "mode": "standard"},
)
_ABSENT = {"404", "NoSuchKey", "NotFound"}


def _answered(ask: Callable[P, R]) -> Callable[P, R]:
    """Turn what the bucket's client raises into errors that any storage may raise."""

    @wraps(ask)
    def asked(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return ask(*args, **kwargs)
        except ClientError as problem:
            if problem.response.get("Error", {}).get("Code") in _ABSENT:
                raise FileNotFoundError("There is no such file in the bucket.") from None
            raise StorageUnreachable(f"The bucket refuses: {problem}") from problem
        except BotoCoreError as problem:
            raise StorageUnreachable(f"The bucket does not answer: {problem}") from problem

    return asked


class ObjectStorage(S3Storage):
    """A bucket. Every method may raise StorageUnreachable, the reading ones FileNotFoundError."""

    def get_default_settings(self) -> dict[str, Any]:
        """Private files, none of them ever overwritten, and time-outs that a visitor can bear."""
        return {
            **super().get_default_settings(),
            "default_acl": None,
            "querystring_auth": False,
            "file_overwrite": False,
            "client_config": _TIMES,
        }

    def url(self, name: str, *args: Any, **kwargs: Any) -> str:
        """An address of this site: no request of a visitor's browser leaves its origin."""
        return f"{settings.MEDIA_URL}{filepath_to_uri(name)}"

    @_answered
    def part(self, name: str, start: int, length: int) -> Iterator[bytes]:
        """The `length` bytes from `start` on, of which alone the bucket sends."""
        if not length:
            return iter(())
        stored = self.bucket.Object(self._normalize_name(name))
        sent = stored.get(Range=f"bytes={start}-{start + length - 1}")
        return sent["Body"].iter_chunks(CHUNK)

    @_answered
    def open(self, *args: Any, **kwargs: Any) -> Any:
        """See Storage."""
        return super().open(*args, **kwargs)

    @_answered
    def save(self, *args: Any, **kwargs: Any) -> str:
        """See Storage."""
        return super().save(*args, **kwargs)

    @_answered
    def delete(self, name: str) -> None:
        """See Storage."""
        super().delete(name)

    @_answered
    def exists(self, name: str) -> bool:
        """See Storage."""
        return super().exists(name)

    @_answered
    def size(self, name: str) -> int:
        """See Storage."""
        return super().size(name)

    @_answered
    def get_modified_time(self, name: str) -> Any:
        """See Storage."""
        return super().get_modified_time(name)

    @_answered
    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """See Storage."""
        return super().listdir(path)
