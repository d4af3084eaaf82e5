"""Plants the pages that hold the programme's own facts, and those that every site owes visitors."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from html import escape
from pathlib import Path

from case_studies.exchange import body
from learning_hub.home.demo.stages import Stage
from learning_hub.home.models import HomePage
from learning_hub.pages.models import InformationPage

FOLDER = Path(__file__).parent / "content" / "pages"
# [words](/address/), within this site only.
LINK = re.compile(r"\[([^\]]+)\]\((/[^)\s]*)\)")


@dataclass(frozen=True)
class PageText:
    """A page as it is written: `fields` from the lines above the first empty one, then `text`."""

    fields: dict[str, str]
    text: str


def stage() -> Stage:
    """The stage that makes all information pages."""
    return Stage("pages", "Pages of information", _plant_all)


def read_page(file: Path) -> PageText:
    """Read one page. Raises ValueError where a line above the text is not “name: value”."""
    head, _, text = file.read_text(encoding="utf-8").partition("\n\n")
    pairs = [line.split(": ", 1) for line in head.splitlines()]
    return PageText(dict(pairs), text)


def _plant_all() -> str:
    home = HomePage.objects.get()
    taken = set(home.get_children().values_list("slug", flat=True))
    pages = [read_page(file) for file in sorted(FOLDER.glob("*.md"))]
    missing = [page for page in pages if page.fields["slug"] not in taken]
    for page in missing:
        _plant(home, page)
    return f"{len(missing)} published"


def _plant(home: HomePage, page: PageText) -> None:
    fields = page.fields
    planted = InformationPage(
        title=fields["title"],
        slug=fields["slug"],
        show_in_menus=fields["in_menus"] == "yes",
        introduction=fields["introduction"],
        content_owner=fields["owner"],
        last_reviewed_on=dt.date.fromisoformat(fields["last_reviewed"]),
        next_review_on=dt.date.fromisoformat(fields["next_review"]),
        body=paragraphs(page.text),
    )
    home.add_child(instance=planted)
    planted.save_revision(log_action=True).publish()


def paragraphs(text: str) -> list[body.Block]:
    """The body of a page as it is written, with links within the site: [words](/address/)."""
    return [_with_links(block) for block in body.read(text.strip(), str)]


def _with_links(block: body.Block) -> body.Block:
    """The links, made after the text was cleaned: the cleaner keeps outside addresses only."""
    return {**block, "value": LINK.sub(_link, block["value"])}


def _link(match: re.Match[str]) -> str:
    # The words are clean HTML already; the address is as it was written.
    return f'<a href="{escape(match[2])}">{match[1]}</a>'
