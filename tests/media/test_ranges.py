"""A player asks for parts of a film, and gets them under the same rules as the whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from wagtail.models import Collection, CollectionViewRestriction

from learning_hub.media.models import HubDocument

pytestmark = pytest.mark.django_db
CONTENT = bytes(range(256)) * 4


@pytest.fixture(autouse=True)
def _files_on_disk(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    }


@pytest.fixture
def film() -> HubDocument:
    return HubDocument.objects.create(
        title="Film", file=ContentFile(CONTENT, "film.mp4"), file_size=len(CONTENT)
    )


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-1", 0, 1),
        ("bytes=0-", 0, 1023),
        ("bytes=1000-", 1000, 1023),
        ("bytes=1000-99999", 1000, 1023),
        ("bytes=-24", 1000, 1023),
        ("bytes=-99999", 0, 1023),
    ],
)
def test_a_player_gets_the_part_that_it_asks_for(
    client: Client, film: HubDocument, asked: str, first: int, last: int
) -> None:
    answer = client.get(film.url, headers={"Range": asked, "Accept-Encoding": "gzip"})
    assert answer.status_code == 206
    assert answer.getvalue() == CONTENT[first : last + 1]
    assert answer["Content-Range"] == f"bytes {first}-{last}/1024"
    assert answer["Content-Length"] == str(last - first + 1)
    assert answer["Content-Type"] == "video/mp4"


@pytest.mark.parametrize("asked", ["bytes=1024-", "bytes=9-3", "bytes=-0"])
def test_a_part_that_is_not_there_is_refused(client: Client, film: HubDocument, asked: str) -> None:
    answer = client.get(film.url, headers={"Range": asked})
    assert answer.status_code == 416
    assert answer["Content-Range"] == "bytes */1024"


@pytest.mark.parametrize("asked", ["", "bytes=a-b", "bytes=0-1,4-5", "lines=0-1", "bytes=١-٢"])
def test_anything_else_is_answered_with_the_whole(
    client: Client, film: HubDocument, asked: str
) -> None:
    answer = client.get(film.url, headers={"Range": asked})
    assert answer.status_code == 200
    assert answer.getvalue() == CONTENT


def test_a_part_of_another_version_is_not_mixed_in(client: Client, film: HubDocument) -> None:
    asked = {"Range": "bytes=0-1", "If-Range": '"another"'}
    assert client.get(film.url, headers=asked).status_code == 200


def test_a_private_film_is_private_in_parts_too(client: Client, film: HubDocument) -> None:
    CollectionViewRestriction.objects.create(
        collection=Collection.get_first_root_node(), restriction_type="login"
    )
    assert client.get(film.url, headers={"Range": "bytes=0-1"}).status_code == 302


def test_a_kit_file_is_served_whole(client: Client) -> None:
    text = HubDocument.objects.create(title="Kit", file=ContentFile(b"abcdef", "kit.txt"))
    assert client.get(text.url, headers={"Range": "bytes=0-1"}).status_code == 200


@pytest.mark.parametrize("address", ["/documents/{}/other.mp4", "/documents/99{}/film.mp4"])
def test_a_film_that_is_not_there_is_not_found(
    client: Client, film: HubDocument, address: str
) -> None:
    answer = client.get(address.format(film.pk), headers={"Range": "bytes=0-1"})
    assert answer.status_code == 404
