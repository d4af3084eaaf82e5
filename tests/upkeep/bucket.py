"""Gives a process of a test a bucket of its own, in its memory, where its settings name one."""

from __future__ import annotations

import os

import boto3
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from moto import mock_aws

from learning_hub.upkeep.media_files import names

REGION, BUCKET = "eu-west-2", "hub-media"
SETTINGS = {
    "HUB_MEDIA_STORAGE": f"s3://{BUCKET}/site?region={REGION}",
    "AWS_ACCESS_KEY_ID": "key",
    "AWS_SECRET_ACCESS_KEY": "secret",
}


def open_where_named() -> None:
    """Make the bucket, for as long as the process lives."""
    if os.environ.get("HUB_MEDIA_STORAGE") == SETTINGS["HUB_MEDIA_STORAGE"]:
        mock_aws().start()
        place = {"LocationConstraint": REGION}
        made = boto3.resource("s3", region_name=REGION).Bucket(BUCKET)
        made.create(CreateBucketConfiguration=place)


def stored() -> dict[str, str]:
    """The content of every upload, in hexadecimal digits, by its name."""
    found = {}
    for name in names():
        with default_storage.open(name) as file:
            found[name] = file.read().hex()
    return found


def spoil() -> None:
    """Lose one upload, change another, and add one that no backup knows."""
    picture = next(name for name in names() if name.endswith(".png"))
    notes = next(name for name in names() if name.endswith(".txt"))
    for name in (picture, notes):
        default_storage.delete(name)
    for name in (notes, "documents/later.txt"):
        default_storage.save(name, ContentFile(b"changed"))
