"""Plants the demo's guidance, and tags the studies that show its recommendations in use."""

from __future__ import annotations

import datetime as dt
import json
from html import escape
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from wagtail.contrib.redirects.models import Redirect

from case_studies.exchange import body, running_text
from case_studies.models import CaseStudyPage
from learning_hub.guidance.models import (
    GuidanceAudience,
    GuidanceFile,
    GuidanceIndexPage,
    GuidancePage,
    Recommendation,
)
from learning_hub.home.demo.stages import Stage
from learning_hub.home.models import HomePage
from learning_hub.media.models import HubDocument
from learning_hub.taxonomy.models import Setting, Specialty

CONTENT = Path(__file__).parent / "content" / "guidance"
REVIEWED, REVIEW_NEXT = dt.date(2026, 9, 14), dt.date(2027, 3, 14)
# Where the messages of the surgeons' committee stood before; outside pages may point there.
FORMER_ADDRESS = "/maximising-training/"
_PLAIN = (
    *("title", "slug", "introduction", "issuing_body", "recommendations_note"),
    *("version_label", "issued_on", "source"),
)


def stage() -> Stage:
    """The stage that makes all guidance. It comes after the studies that it tags."""
    return Stage("guidance", "Guidance", _plant_all)


def read_all() -> list[dict[str, Any]]:
    """Every piece of guidance as it is written."""
    written: list[dict[str, Any]] = json.loads((CONTENT / "guidance.json").read_text("utf-8"))
    return written


def _plant_all() -> str:
    index = _index()
    pages: dict[str, GuidancePage] = {}
    written = read_all()
    for entry in written:
        pages[entry["slug"]] = _plant(index, entry, pages)
    tagged = _tag_studies(written, pages)
    _lead_from_former_address(pages["maximising-training"])
    return f"{len(pages)} published, {tagged} case studies tagged"


def _index() -> GuidanceIndexPage:
    """The list of guidance as a migration planted it, or a new one, with the demo's words."""
    index = GuidanceIndexPage.objects.first()
    if index is None:
        index = GuidanceIndexPage(title="Guidance", slug="guidance", show_in_menus=True)
        HomePage.objects.get().add_child(instance=index)
    index.introduction = index.introduction or (
        "What colleges, committees and others advise on training, with case studies that show it "
        "in use."
    )
    index.content_owner = index.content_owner or "Learning Hub editors"
    index.last_reviewed_on = index.last_reviewed_on or REVIEWED
    index.save_revision(log_action=True).publish()
    return index


def _plant(
    index: GuidanceIndexPage, entry: dict[str, Any], pages: dict[str, GuidancePage]
) -> GuidancePage:
    page = GuidancePage(
        **{name: entry[name] for name in _PLAIN},
        is_illustrative=entry.get("is_illustrative", False),
        campaign_name=entry.get("campaign_name", ""),
        content_owner="Learning Hub editors",
        last_reviewed_on=REVIEWED,
        next_review_on=REVIEW_NEXT,
        messages=[_message(*pair) for pair in entry["messages"]],
        versions=[_version(*row) for row in entry.get("versions", [])],
        body=body.read(entry["body"], str),
        **_status(entry, pages),
    )
    page.audiences = [GuidanceAudience(name=name) for name in entry["audiences"]]
    page.recommendations = [_recommendation(row) for row in entry["recommendations"]]
    page.files = [_file(entry)] if "file" in entry else []
    page.specialties = list(Specialty.objects.filter(slug__in=entry["specialties"]))
    index.add_child(instance=page)
    page.save_revision(log_action=True).publish()
    return page


def _message(message: str, explanation: str) -> dict[str, Any]:
    return {"type": "message", "value": {"message": message, "explanation": explanation}}


def _version(version: str, issued_on: str, what_changed: str) -> dict[str, Any]:
    value = {"version": version, "issued_on": issued_on or None, "what_changed": what_changed}
    return {"type": "version", "value": value}


def _recommendation(row: dict[str, str]) -> Recommendation:
    return Recommendation(
        slug=row["slug"],
        text=row["text"],
        audience=row["audience"],
        setting=Setting.objects.get(slug=row["setting"]) if row["setting"] else None,
        setting_detail=row["where"],
        explanation=running_text.as_html(row["explanation"]),
    )


def _status(entry: dict[str, Any], pages: dict[str, GuidancePage]) -> dict[str, Any]:
    if "superseded_by" in entry:
        return {"status": "superseded", "successor": pages[entry["superseded_by"]]}
    if "withdrawn" in entry:
        told = entry["withdrawn"]
        instead = pages[told["instead"]]
        link = f'<a linktype="page" id="{instead.pk}">{escape(instead.title)}</a>'
        return {
            "status": "withdrawn",
            "withdrawn_on": told["on"],
            "withdrawn_reason": told["reason"],
            "withdrawn_instead": f"<p>Use {link}.</p>",
        }
    return {}


def _file(entry: dict[str, Any]) -> GuidanceFile:
    content = ContentFile((CONTENT / entry["file"]).read_bytes(), entry["file"])
    document = HubDocument(title=entry["file_title"], file=content)
    document._set_document_file_metadata()
    document.save()
    return GuidanceFile(document=document, description=entry["file_description"])


def _tag_studies(written: list[dict[str, Any]], pages: dict[str, GuidancePage]) -> int:
    """Tag the studies that are there: an editor may have deleted one meanwhile."""
    wanted: dict[str, list[Recommendation]] = {}
    for entry in written:
        by_slug = {row.slug: row for row in pages[entry["slug"]].recommendations.all()}
        for slug, studies in entry["shown_by"].items():
            for study in studies:
                wanted.setdefault(study, []).append(by_slug[slug])
    found = CaseStudyPage.objects.filter(external_id__in=wanted)
    for study in found:
        study.recommendations = wanted[study.external_id]
        study.save_revision(log_action=True).publish()
    return len(found)


def _lead_from_former_address(page: GuidancePage) -> None:
    old_path = Redirect.normalise_path(FORMER_ADDRESS)
    Redirect.objects.get_or_create(
        old_path=old_path, site=None, defaults={"redirect_page": page, "is_permanent": True}
    )
