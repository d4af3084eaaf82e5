"""Writes the journal from many threads while one reads on, and prints what the reader missed.

`--without-lock` numbers the changes as a sequence would: what the test must be able to see.
"""

from __future__ import annotations

import random
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import django

if __name__ == "__main__":
    django.setup()

from django.db import connection, transaction

from search import journal
from search.models import JournalPosition, SearchChange

WRITERS, CHANGES = 8, 25


def write(writer: int) -> None:
    """Change pages of this writer's own, each in a transaction that takes its time to commit."""
    chance = random.Random(writer)
    for number in range(CHANGES):
        with transaction.atomic():
            journal.record([writer * CHANGES + number + 1])
            time.sleep(chance.random() / 100)
    connection.close()


def read_on(is_over: Callable[[], bool]) -> set[int]:
    """The pages that an index would hear of: it asks for what is after the last it knows."""
    heard: set[int] = set()
    applied = 0
    while True:
        last_look = is_over()
        for change in SearchChange.objects.after(applied):
            heard.add(change.page_id)
            applied = change.sequence
        if last_look:
            connection.close()
            return heard


def by_sequence() -> int:
    """The next number, without waiting for whoever took the one before."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('without_lock')")
        return int(cursor.fetchone()[0])


def main() -> None:
    """Print how many changes were made, and how many the reader missed."""
    if "--without-lock" in sys.argv:
        with connection.cursor() as cursor:
            cursor.execute("CREATE SEQUENCE without_lock")
        JournalPosition.advance = by_sequence
    SearchChange.objects.all().delete()
    over = threading.Event()
    with ThreadPoolExecutor(WRITERS + 1) as threads:
        reader = threads.submit(read_on, over.is_set)
        list(threads.map(write, range(WRITERS)))
        over.set()
        heard = reader.result()
    made = set(SearchChange.objects.values_list("page_id", flat=True))
    print(len(made), len(made - heard))


if __name__ == "__main__":
    main()
