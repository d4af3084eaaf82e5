"""What stages need to plant pages in a room: its list, the way from an old address, small files."""

from __future__ import annotations

import datetime as dt
from typing import Any, TypeVar

from django.core.files.base import ContentFile
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from learning_hub.home.demo.information import PageText
from learning_hub.home.models import HomePage
from learning_hub.media.models import HubDocument
from learning_hub.pages.models import HubPage, InformationPage

AnyPage = TypeVar("AnyPage", bound=HubPage)


def list_page(model: type[AnyPage], *, title: str, slug: str, introduction: str) -> AnyPage:
    """The list of a room, which a migration plants; made now where there is none.

    An introduction is written only where nobody wrote one.
    """
    page: Any = model._default_manager.first()
    if page is None:
        page = model(title=title, slug=slug, show_in_menus=True)
        HomePage.objects.get().add_child(instance=page)
    if not page.introduction:
        page.introduction = introduction
        page.save_revision(log_action=True).publish()
    found: AnyPage = page
    return found


def looked_after(page: PageText) -> dict[str, Any]:
    """The fields that every page has: who keeps it, and when it was looked at."""
    return {
        "title": page.fields["title"],
        "slug": page.fields["slug"],
        "introduction": page.fields["introduction"],
        "is_illustrative": page.fields["illustrative"] == "yes",
        "source": page.fields["source"],
        "content_owner": page.fields["owner"],
        "last_reviewed_on": dt.date.fromisoformat(page.fields["last_reviewed"]),
        "next_review_on": dt.date.fromisoformat(page.fields["next_review"]),
    }


def lead_on(old_path: str, page: Page) -> None:
    """Lead from the address of a page that this one replaces, for good.

    The old page goes, unless somebody has edited it.
    """
    slug = old_path.strip("/")
    old = InformationPage.objects.child_of(HomePage.objects.get()).filter(slug=slug).first()
    if old is not None and old.revisions.count() <= 1:
        old.delete()
    if not Redirect.objects.filter(old_path=Redirect.normalise_path(old_path)).exists():
        Redirect.add_redirect(old_path, redirect_to=page, is_permanent=True)


def keep_file(title: str, name: str, content: bytes) -> HubDocument:
    """A file in the library, with its size noted."""
    document = HubDocument(title=title, file=ContentFile(content, name))
    document._set_document_file_metadata()
    document.save()
    return document
