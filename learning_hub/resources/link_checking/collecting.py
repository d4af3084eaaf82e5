"""Collects the outside addresses in all live pages, whatever their kind and fields."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from modelcluster.fields import ParentalKey
from wagtail.blocks import StreamValue
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page, Site, get_page_models

from learning_hub.pages.origin import origin
from learning_hub.resources.link_checking.links import CheckedLink, LinkPlace
from learning_hub.resources.link_checking.reachable import PORTS

SCHEMES = ("http://", "https://")
LONGEST = 2000  # characters
BATCH = 500

# Which pages hold an address, by its text.
Places = dict[str, set[int]]


def collect() -> Places:
    """Every outside address in a live page, with the pages that hold it.

    A fixed number of queries for each kind of page.
    """
    own = _own_hosts()
    places: Places = {}
    for model in get_page_models():
        for page_id, text in _texts_of(model):
            for address in addresses_in(text):
                if _host(address) not in own:
                    places.setdefault(address, set()).add(page_id)
    return places


@transaction.atomic
def remember(places: Places) -> None:
    """Keep what was collected: new links, their places, and no link that nobody uses any more."""
    known = set(CheckedLink.objects.values_list("address", flat=True))
    gone = list(known - places.keys())
    for start in range(0, len(gone), BATCH):
        CheckedLink.objects.filter(address__in=gone[start : start + BATCH]).delete()
    new = (CheckedLink(address=address) for address in sorted(places.keys() - known))
    CheckedLink.objects.bulk_create(new, batch_size=BATCH)
    ids = dict(CheckedLink.objects.values_list("address", "pk"))
    LinkPlace.objects.all().delete()
    rows = (
        LinkPlace(link_id=ids[address], page_id=page_id)
        for address, page_ids in places.items()
        for page_id in sorted(page_ids)
    )
    LinkPlace.objects.bulk_create(rows, batch_size=BATCH)


def addresses_in(value: Any) -> Iterator[str]:
    """The http and https addresses in a stored value: a text, rich text, or a body's blocks."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from addresses_in(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from addresses_in(inner)
    elif isinstance(value, str):
        yield from filter(None, map(_tidy, _in_text(value)))


def _in_text(text: str) -> list[str]:
    if "<a " in text.lower():
        reader = _LinkReader()
        reader.feed(text)
        return reader.found
    return [text]  # a field or block that holds nothing but an address


class _LinkReader(HTMLParser):
    """Notes where the links of running text lead."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.found += [value for name, value in attrs if name == "href" and value]


def _tidy(text: str) -> str:
    """The address as a server is asked for it; empty for what is none."""
    address = text.strip()
    if not address.lower().startswith(SCHEMES) or any(sign.isspace() for sign in address):
        return ""
    address = address.partition("#")[0]
    return address if len(address) <= LONGEST else ""


def _texts_of(model: type[Page]) -> Iterator[tuple[int, Any]]:
    """The page's id with each stored text, of the model's own fields and of its rows' fields."""
    live = Q(live=True) & (Q(expire_at__isnull=True) | Q(expire_at__gt=timezone.now()))
    pages = model._default_manager.filter(live)
    yield from _values(pages, "pk", _readable(model._meta.local_fields))
    for relation in model._meta.related_objects:
        if isinstance(relation.field, ParentalKey) and relation.field.model is not model:
            rows = relation.related_model._default_manager.filter(
                **{f"{relation.field.name}__in": pages}
            )
            fields = _readable(relation.related_model._meta.concrete_fields)
            yield from _values(rows, f"{relation.field.name}_id", fields)


def _readable(fields: Iterable[models.Field]) -> list[models.Field]:
    kinds = (RichTextField, StreamField, models.URLField)
    return [field for field in fields if isinstance(field, kinds)]


def _values(
    rows: models.QuerySet, key: str, fields: list[models.Field]
) -> Iterator[tuple[int, Any]]:
    if not fields:
        return
    for page_id, *values in rows.values_list(key, *(field.name for field in fields)).iterator():
        for value in values:
            yield page_id, list(value.raw_data) if isinstance(value, StreamValue) else value


def _own_hosts() -> set[str]:
    """The hosts of this site, with unusual ports: what leads there is no outside link."""
    return {_host(origin()), *(_host(site.root_url) for site in Site.objects.all())}


def _host(address: str) -> str:
    try:
        parts = urlsplit(address.lower())
        port = "" if parts.port in (None, *PORTS.values()) else f":{parts.port}"
        return f"{parts.hostname or ''}{port}"
    except ValueError:
        return ""
