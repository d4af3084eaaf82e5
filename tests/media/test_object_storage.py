"""Uploads in a bucket are served by this site, under the same rules as from a folder."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import boto3
import pytest
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.core.files.storage import default_storage, storages
from django.test import Client
from moto import mock_aws
from PIL import Image
from wagtail.models import Collection, CollectionViewRestriction

from learning_hub.media.models import HubDocument, HubImage
from learning_hub.media.object_storage import ObjectStorage
from learning_hub.media.stored_files import StorageUnreachable, part
from learning_hub.settings import environment

pytestmark = pytest.mark.django_db
CONTENT = bytes(range(256)) * 400


@pytest.fixture(autouse=True)
def bucket(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """An empty bucket that the site keeps its uploads in."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("HUB_MEDIA_STORAGE", "s3://hub-media/site?region=eu-west-2")
    with mock_aws():
        place = {"LocationConstraint": "eu-west-2"}
        made = boto3.resource("s3", region_name="eu-west-2").Bucket("hub-media")
        made.create(CreateBucketConfiguration=place)
        wanted = environment.media_storage("HUB_MEDIA_STORAGE")
        settings.STORAGES = {**settings.STORAGES, "default": wanted}
        yield made


@pytest.fixture
def film() -> HubDocument:
    return HubDocument.objects.create(
        title="Film", file=ContentFile(CONTENT, "film.mp4"), file_size=len(CONTENT)
    )


def keys(bucket: Any) -> list[str]:
    return sorted(entry.key for entry in bucket.objects.all())


def test_a_document_goes_into_the_folder_of_the_bucket_and_has_no_address_there(
    bucket: Any, film: HubDocument, client: Client
) -> None:
    assert isinstance(storages["default"], ObjectStorage)
    assert keys(bucket) == ["site/documents/film.mp4"]
    grants = bucket.Object("site/documents/film.mp4").Acl().grants
    assert not [grant for grant in grants if "AllUsers" in grant["Grantee"].get("URI", "")]
    assert film.url.startswith("/documents/")
    assert film.file.url == "/media/documents/film.mp4"
    assert client.get(film.file.url).status_code == 404


def test_a_document_comes_through_the_site(client: Client, film: HubDocument) -> None:
    answer = client.get(film.url)
    assert answer.status_code == 200
    assert answer.getvalue() == CONTENT
    assert answer["Content-Type"] == "video/mp4"


def test_a_private_document_of_the_bucket_stays_private(client: Client, film: HubDocument) -> None:
    film.collection = Collection.get_first_root_node().add_child(name="Private")
    film.save()
    barrier = CollectionViewRestriction.objects.create(
        collection=film.collection, restriction_type="groups"
    )
    barrier.groups.add(Group.objects.create(name="Nobody"))
    for headers in ({}, {"Range": "bytes=0-9"}):
        answer = client.get(film.url, headers=headers)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/accounts/login/")


def test_a_player_gets_parts_and_the_bucket_sends_no_more(
    client: Client, film: HubDocument, monkeypatch: pytest.MonkeyPatch
) -> None:
    def whole(*args: Any, **kwargs: Any) -> Any:
        raise AssertionError("the whole file was asked for")

    monkeypatch.setattr(ObjectStorage, "open", whole)
    answer = client.get(film.url, headers={"Range": "bytes=70000-99999"})
    assert answer.status_code == 206
    assert answer.getvalue() == CONTENT[70000:100000]
    assert answer["Content-Range"] == f"bytes 70000-99999/{len(CONTENT)}"
    assert client.get(film.url, headers={"Range": "bytes=999999-"}).status_code == 416


def test_a_picture_in_any_size_comes_from_this_origin(bucket: Any, client: Client) -> None:
    drawn = BytesIO()
    Image.new("RGB", (640, 480), "navy").save(drawn, "PNG")
    image = HubImage.objects.create(
        title="Picture", file=ImageFile(BytesIO(drawn.getvalue()), "picture.png")
    )
    rendition = image.get_rendition("width-320")
    assert rendition.url.startswith("/media/images/picture")
    answer = client.get(rendition.url)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/png"
    assert Image.open(BytesIO(answer.getvalue())).size == (320, 240)
    again = client.get(rendition.url, headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304
    assert client.get("/media/images/none.png").status_code == 404
    assert client.get(image.file.url).status_code == 404


def test_two_uploads_of_one_name_are_two_files(bucket: Any, film: HubDocument) -> None:
    other = HubDocument.objects.create(title="Other", file=ContentFile(b"other", "film.mp4"))
    assert other.file.name != film.file.name
    assert len(keys(bucket)) == 2
    film.file.delete(save=False)
    other.file.delete(save=False)
    assert keys(bucket) == []


def test_what_the_bucket_refuses_is_an_error_that_a_storage_may_raise(bucket: Any) -> None:
    with pytest.raises(FileNotFoundError):
        default_storage.size("none.txt")
    with pytest.raises(FileNotFoundError):
        list(part(default_storage, "none.txt", 0, 1))
    bucket.delete()
    with pytest.raises(StorageUnreachable):
        default_storage.save("a.txt", ContentFile(b"a"))


def test_a_folder_and_its_files_are_listed(bucket: Any) -> None:
    for name in ("a.txt", "b/c.txt"):
        default_storage.save(name, ContentFile(b"x"))
    assert default_storage.listdir("") == (["b"], ["a.txt"])
    assert default_storage.listdir("b") == ([], ["c.txt"])
