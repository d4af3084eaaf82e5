"""Plants the demo's updates: the letter of September 2021, and two that show the service."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from learning_hub.home.demo.information import PageText, read_page
from learning_hub.home.demo.lesson_text import read_body
from learning_hub.home.demo.planting import lead_on, list_page, looked_after
from learning_hub.home.demo.stages import Stage
from learning_hub.updates.models import UpdateIndexPage, UpdatePage

FOLDER = Path(__file__).parent / "content" / "updates"
INTRODUCTION = "Letters to those who train and those who are trained, the newest first."
# Former address → slug of the letter that replaces its page.
REPLACED = {"/recovering-training/": "training-recovery-update"}


def stage() -> Stage:
    """The stage that makes the letters."""
    return Stage("updates", "Updates", _plant_all)


def _plant_all() -> str:
    index = list_page(UpdateIndexPage, title="Updates", slug="updates", introduction=INTRODUCTION)
    taken = set(index.get_children().values_list("slug", flat=True))
    letters = [read_page(file) for file in sorted(FOLDER.glob("*.md"))]
    missing = [letter for letter in letters if letter.fields["slug"] not in taken]
    for letter in missing:
        _plant(index, letter)
    for old_path, slug in REPLACED.items():
        if page := UpdatePage.objects.child_of(index).filter(slug=slug).first():
            lead_on(old_path, page)
    return f"{len(missing)} published"


def _plant(index: UpdateIndexPage, letter: PageText) -> None:
    planted = UpdatePage(
        **looked_after(letter),
        dated_on=dt.date.fromisoformat(letter.fields["dated"]),
        author_name=letter.fields["author"],
        author_role=letter.fields["role"],
        recipients=letter.fields["recipients"],
        is_summary=letter.fields["summary"] == "yes",
        salutation=letter.fields["salutation"],
        body=read_body(letter.text, {}),
    )
    index.add_child(instance=planted)
    planted.save_revision(log_action=True).publish()
