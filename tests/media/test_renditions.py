"""Pictures come from this origin, may be kept for a day, and nothing else comes with them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.utils.http import http_date

from learning_hub.media.stored_files import StorageUnreachable

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256))


@pytest.fixture(autouse=True)
def _files_on_disk(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    }
    for name in ("images/one.png", "original_images/one.png", "documents/one.pdf"):
        default_storage.save(name, ContentFile(PICTURE))


def test_a_picture_comes_whole_and_may_be_kept(client: Client) -> None:
    answer = client.get("/media/images/one.png", headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200
    assert answer.getvalue() == PICTURE
    assert answer["Content-Type"] == "image/png"
    assert answer["Content-Length"] == str(len(PICTURE))
    assert answer["Cache-Control"] == "public, max-age=86400"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer["Content-Security-Policy"]


def test_a_picture_that_the_browser_has_is_not_sent_again(client: Client) -> None:
    first = client.get("/media/images/one.png")
    same = {"If-None-Match": first["ETag"]}
    unchanged = {"If-Modified-Since": first["Last-Modified"]}
    other = {"If-None-Match": '"other"'}
    older = {"If-Modified-Since": http_date(0)}
    answers = [client.get("/media/images/one.png", headers=h) for h in (same, unchanged)]
    assert [answer.status_code for answer in answers] == [304, 304]
    assert answers[0]["ETag"] == first["ETag"]
    answers = [client.get("/media/images/one.png", headers=h) for h in (other, older)]
    assert [answer.status_code for answer in answers] == [200, 200]


def test_the_head_of_a_picture_is_sent_alone(client: Client) -> None:
    answer = client.head("/media/images/one.png")
    assert answer.status_code == 200
    assert answer["Content-Length"] == str(len(PICTURE))
    assert answer.getvalue() == b""
    assert client.post("/media/images/one.png").status_code == 405


@pytest.mark.parametrize(
    "path",
    [
        "images/none.png",
        "images/",
        "images/one.png/",
        "images/../original_images/one.png",
        "images/%2e%2e/original_images/one.png",
        "images/..%2foriginal_images/one.png",
        "images/%2fetc/passwd.png",
        "images//one.png",
        "images/a%00.png",
        "images/..%5cone.png",
        "images/%ED%A0%80.png",
        f"images/{'a' * 300}.png",
        f"images/{'a' * 240}/{'b' * 10}.png",
        "images/one.png.gz",
        "images/one.html",
        "original_images/one.png",
        "documents/one.pdf",
    ],
)
def test_nothing_but_a_picture_of_a_page_is_served(client: Client, path: str, db: None) -> None:
    (Path(default_storage.path("images")) / "one.html").write_text("<script>")
    assert client.get(f"/media/{path}").status_code == 404


def test_a_store_that_does_not_answer_is_told_so(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any, **kwargs: Any) -> Any:
        raise StorageUnreachable("The bucket does not answer.")

    monkeypatch.setattr("django.core.files.storage.FileSystemStorage.open", fail)
    answer = client.get("/media/images/one.png")
    assert answer.status_code == 503
    assert answer["Retry-After"] == "30"
