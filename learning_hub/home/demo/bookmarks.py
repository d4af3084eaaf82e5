"""Gives the demo's trainee and trainer something that they kept, and a collection to share."""

from __future__ import annotations

import datetime as dt
import uuid

from django.utils import timezone
from wagtail.models import Page

from case_studies.models import CaseStudyPage
from learning_hub.accounts.models import User
from learning_hub.bookmarks import collecting, keeping
from learning_hub.bookmarks.models import Bookmark
from learning_hub.home.demo import people
from learning_hub.home.demo.stages import Stage
from syllabus.models import ModulePage

STUDIES, MODULES = 4, 2
NOTES = ("Start here: it is close to how we work.", "Compare how many trainees took part.")
A_DAY = dt.timedelta(days=1)


def stage() -> Stage:
    """The stage that keeps pages; after the case studies, the syllabus and the accounts."""
    return Stage("bookmarks", "Bookmarks and collections", _keep_all)


def _keep_all() -> str:
    readers = User.objects.filter(last_name=people.SURNAME)
    made = [_shelve(reader) for reader in readers.filter(first_name__in=("Trainee", "Trainer"))]
    return f"{sum(made)} pages kept"


def _shelve(reader: User) -> int:
    """Keep some pages, a day apart, and put the studies in a collection with notes."""
    now = timezone.now()
    pages: list[Page] = [
        *CaseStudyPage.objects.live().order_by("path")[:STUDIES],
        *ModulePage.objects.live().order_by("path")[:MODULES],
    ]
    kept = [
        keeping.keep(user=reader, page=page, at=now - days * A_DAY)
        for days, page in enumerate(reversed(pages))
    ]
    studies = [bookmark for bookmark in kept[MODULES:] if bookmark.page_id]
    if studies:
        _collect(reader, studies, now)
    return len(kept)


def _collect(reader: User, studies: list[Bookmark], at: dt.datetime) -> None:
    made = collecting.start_collection(
        user=reader,
        name="Ideas for our recovery plan",
        description="For our next meeting. Read the notes first.",
        key=uuid.uuid4(),
        at=at,
    )
    ids = [bookmark.pk for bookmark in studies]
    collecting.add(user=reader, collection_id=made.pk, bookmark_ids=ids)
    for place, (entry, note) in enumerate(zip(made.entries.all(), NOTES, strict=False), start=1):
        collecting.place_and_note(
            user=reader, collection_id=made.pk, entry_id=entry.pk, place=place, note=note
        )
