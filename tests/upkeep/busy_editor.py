"""Uploads and deletes documents until it is killed, always with a row in each of two tables."""

from __future__ import annotations

import itertools

import django
from django.core.files.base import ContentFile
from django.db import connection, transaction

if __name__ == "__main__":
    django.setup()

from learning_hub.media.models import HubDocument

KEPT = 40


def work() -> None:
    """Keep at most so many, so that what is deleted has been there for a while."""
    print("ready", flush=True)
    for number in itertools.count():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO left_side (n) VALUES (%s)", [number])
            HubDocument.objects.create(title=str(number), file=ContentFile(b"x", f"{number}.txt"))
            cursor.execute("INSERT INTO right_side (n) VALUES (%s)", [number])
        if number >= KEPT:
            HubDocument.objects.order_by("pk").first().delete()


if __name__ == "__main__":
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE left_side (n integer)")
        cursor.execute("CREATE TABLE right_side (n integer)")
    work()
