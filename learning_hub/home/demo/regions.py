"""Plants the demo's pages of the regions: what the programme's own account says of each."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from wagtail.contrib.redirects.models import Redirect

from learning_hub.home.demo.information import paragraphs
from learning_hub.home.demo.stages import Stage
from learning_hub.home.models import HomePage
from learning_hub.regions.models import (
    Initiative,
    NationalFigure,
    RegionFigure,
    RegionIndexPage,
    RegionPage,
)
from learning_hub.taxonomy.models import Region

FILE = Path(__file__).parent / "content" / "regions" / "regions.json"
# Where all of this stood on one page before.
OLD_ADDRESS = "/local-initiatives/"


def stage() -> Stage:
    """The stage that makes the pages of the regions."""
    return Stage("regions", "Regions", _plant_all)


def written() -> dict[str, Any]:
    """The pages as they are written: one source for all, `index`, and `pages` by region."""
    read: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return read


def _plant_all() -> str:
    known = written()
    index = _index(known)
    taken = set(RegionPage.objects.values_list("region__slug", flat=True))
    missing = [page for page in known["pages"] if page["region"] not in taken]
    for page in missing:
        _plant(index, page, known)
    Redirect.objects.get_or_create(
        old_path=Redirect.normalise_path(OLD_ADDRESS),
        site=None,
        defaults={"redirect_page": index.page_ptr, "is_permanent": True},
    )
    return f"{len(missing)} published"


def _index(known: dict[str, Any]) -> RegionIndexPage:
    """The page that a migration planted, or a new one; filled unless somebody has written in it."""
    text = known["index"]
    index: RegionIndexPage | None = RegionIndexPage.objects.first()
    if index is None:
        index = RegionIndexPage(title=text["title"], slug="regions", show_in_menus=True)
        HomePage.objects.get().add_child(instance=index)
    if not index.body:
        index.introduction = text["introduction"]
        index.body = paragraphs(text["text"])
        index.figures = _figures(NationalFigure, text, known)
        _publish(index, known)
    return index


def _plant(index: RegionIndexPage, text: dict[str, Any], known: dict[str, Any]) -> None:
    region = Region.objects.get(slug=text["region"])
    page = RegionPage(
        title=region.name,
        region=region,
        introduction=text["introduction"],
        body=paragraphs(text.get("text", "")),
    )
    page.figures = _figures(RegionFigure, text, known)
    page.initiatives = [
        Initiative(sort_order=place, **each)
        for place, each in enumerate(text.get("initiatives", []))
    ]
    index.add_child(instance=page)
    _publish(page, known)


def _figures(
    model: type[NationalFigure] | type[RegionFigure], text: dict[str, Any], known: dict[str, Any]
) -> list[Any]:
    return [
        model(
            value=Decimal(each["value"]),
            unit=each.get("unit", ""),
            counts=each["counts"],
            source=known["source"],
            period=known["period"],
            sort_order=place,
        )
        for place, each in enumerate(text.get("figures", []))
    ]


def _publish(page: RegionIndexPage | RegionPage, known: dict[str, Any]) -> None:
    page.content_owner = known["owner"]
    page.last_reviewed_on = dt.date.fromisoformat(known["last_reviewed"])
    page.next_review_on = dt.date.fromisoformat(known["next_review"])
    page.save_revision(log_action=True).publish()
