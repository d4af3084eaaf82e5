"""The demo's updates and resources as written: facts unchanged, the rest marked as illustrative."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from django.test import Client
from wagtail.contrib.redirects.models import Redirect

from learning_hub.home.demo import resources, sound_check, updates
from learning_hub.home.demo.information import PageText, read_page
from learning_hub.home.demo.stages import build_missing
from learning_hub.home.models import HomePage
from learning_hub.pages.models import InformationPage
from learning_hub.resources.models import ResourcePage
from learning_hub.updates.models import UpdatePage

SEEDED = {"training-recovery-update", "working-lives-2022"}
PAGES = {
    page.fields["slug"]: page
    for folder in (updates.FOLDER, resources.FOLDER)
    for page in map(read_page, sorted(folder.glob("*.md")))
}
FACTS = {
    "training-recovery-update": [
        *("about £12 million", "3 September 2021", "drop-in", "£26 million", "send in"),
        *("Professor Sheona MacLeod", "Deputy Medical Director", "Dear Colleagues"),
        *("Joint Committee on Surgical Training", "/guidance/"),
    ],
    "working-lives-2022": [
        *("close to 800 | doctors", "£26 | million", "first patient safety syllabus", "2022"),
        *("for any reason", "outside a programme can be recognised", "not ours to hand out"),
    ],
}


def test_the_letter_that_is_retold_in_our_words_says_so() -> None:
    assert PAGES["training-recovery-update"].fields["summary"] == "yes"


def whole(page: PageText) -> str:
    return "\n".join([*page.fields.values(), page.text])


@pytest.mark.parametrize("slug", FACTS)
def test_a_page_of_facts_gives_them_unchanged_with_their_source(slug: str) -> None:
    text = whole(PAGES[slug])
    assert [fact for fact in FACTS[slug] if fact not in text] == []
    assert "the words are ours" in PAGES[slug].fields["source"]


@pytest.mark.parametrize("slug", sorted(set(PAGES) - SEEDED))
def test_everything_else_says_that_it_is_not_real_or_is_a_plain_link(slug: str) -> None:
    page = PAGES[slug]
    if page.fields["illustrative"] == "yes":
        assert "Written to show the service." in page.fields["source"]
    else:
        assert re.search("does not speak for|Made by the Learning Hub", page.fields["source"])


def test_no_page_leads_to_an_address_that_is_gone() -> None:
    folder = Path(resources.FOLDER).parent
    for file in folder.rglob("*.md"):
        found = re.findall(r"\]\((/(?:recovering-training|working-lives-2022)/)", file.read_text())
        assert found == [], file


def test_every_kind_of_resource_is_shown() -> None:
    kinds = {page.fields["kind"] for page in PAGES.values() if "kind" in page.fields}
    assert kinds == {"report", "toolkit", "recording", "link"}


def test_every_file_of_the_resources_is_used_and_its_rows_are_equally_long() -> None:
    text = "".join(map(whole, PAGES.values()))
    for file in (resources.FOLDER / "files").iterdir():
        assert file.name in text
        if file.suffix == ".csv":
            assert len({len(row) for row in csv.reader(file.read_text().splitlines())}) == 1


def test_the_sound_is_whole_frames_of_mpeg_audio() -> None:
    sound = sound_check.sound()
    frames = [sound[start : start + 104] for start in range(0, len(sound), 104)]
    assert all(len(frame) == 104 and frame[:2] == b"\xff\xfb" for frame in frames)
    assert len(frames) == 230
    assert sound_check.captions().startswith(b"WEBVTT\n\n")


@pytest.mark.django_db
@pytest.mark.slow
def test_the_stages_build_pages_that_are_served_and_lead_from_the_old_ones(client: Client) -> None:
    for slug in ("recovering-training", "working-lives-2022"):
        old = InformationPage(title="Old", slug=slug)
        HomePage.objects.get().add_child(instance=old)
    InformationPage.objects.get(slug="working-lives-2022").save_revision()
    edited = InformationPage.objects.get(slug="working-lives-2022")
    edited.save_revision()

    assert build_missing([updates.stage(), resources.stage()], str) == 2

    assert set(InformationPage.objects.values_list("slug", flat=True)) == {"working-lives-2022"}
    assert Redirect.objects.count() == 2
    response = client.get("/recovering-training/")
    assert response.status_code == 301
    assert response.headers["Location"] == "/updates/training-recovery-update/"
    assert (UpdatePage.objects.live().count(), ResourcePage.objects.live().count()) == (3, 5)
    for page in (*UpdatePage.objects.all(), *ResourcePage.objects.all()):
        response = client.get(page.url)
        assert response.status_code == 200
        assert ("Illustrative" in response.content.decode()) == page.is_illustrative
