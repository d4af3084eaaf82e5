"""The command `demo`: builds the site once, keeps what visitors did, resumes after a failure."""

from __future__ import annotations

import datetime as dt
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.test import Client
from openpyxl import load_workbook
from wagtail.models import PageLogEntry, Revision

from case_studies.models import CaseStudyPage
from learning_hub.accounts.models import User
from learning_hub.home.demo import case_studies, enclosures, people, trainees
from learning_hub.home.demo.stages import Stage, StageFailed, build_missing, built
from learning_hub.home.management.commands import demo
from learning_hub.home.models import HomePage
from learning_hub.media.models import HubDocument, HubImage
from learning_hub.pages.models import InformationPage
from learning_hub.regions.models import RegionPage
from search import sync
from search.engines.selection import current_engine

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

STUDIES = sum(len(json.loads(f.read_text())) for f in case_studies.FOLDER.glob("*.json"))
ROLES = {
    "trainee@example.org": "Trainees",
    "trainer@example.org": "Trainers",
    "editor@example.org": "Editors",
    "moderator@example.org": "Moderators",
    "admin@example.org": "Administrators",
}


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.VAR_DIR = tmp_path
    settings.HUB_SEARCH_INDEX_DIR = tmp_path / "search-index"
    monkeypatch.setattr(trainees, "PEOPLE", 3)  # all of them take ten seconds


def run() -> str:
    """What the command prints."""
    out = StringIO()
    call_command("demo", stdout=out)
    return out.getvalue()


def printed_password(printed: str) -> str:
    """The password at the end of what was printed."""
    return printed.strip().rpartition(" ")[2]


def history() -> tuple[int, int, int, int, int]:
    """Counts that grow with anything that is built or changed."""
    models = (CaseStudyPage, Revision, PageLogEntry, HubDocument, User)
    counted = tuple(model._default_manager.count() for model in models)
    return counted  # type: ignore[return-value]


def test_the_demo_stands_after_one_run(client: Client) -> None:
    printed = run()

    assert f"[{len(demo.stages())}/{len(demo.stages())}]" in printed
    live = CaseStudyPage.objects.live()
    assert live.filter(is_illustrative=True).count() == live.count() == STUDIES
    assert not live.filter(cost_band=None).exists()
    assert live.filter(next_review_on__lt=dt.date(2026, 12, 31)).exists()
    assert_files_are_real()
    assert_pages_are_served(client)
    assert_guidance_stands(client)
    assert_everybody_can_sign_in(printed_password(printed))


def assert_files_are_real() -> None:
    for image in HubImage.objects.all():
        assert image.file_size == default_storage.size(image.file.name)
    pictured = CaseStudyPage.objects.exclude(image=None)
    assert pictured.filter(image_is_decorative=True, image_alt_text="").exists()
    assert pictured.filter(image_is_decorative=False).exclude(image_alt_text="").exists()
    ladder = HubDocument.objects.get(title="Resection ladder")
    assert load_workbook(ladder.file).active["A1"].value == "Rung"
    assert HubDocument.objects.exclude(file_size=None).count() == HubDocument.objects.count() >= 8


def assert_pages_are_served(client: Client) -> None:
    for page in InformationPage.objects.all():
        response = client.get(page.url)
        assert response.status_code == 200
        assert page.introduction in response.content.decode().replace("&#x27;", "'")
    assert_what_was_replaced_leads_on(client)
    facts = client.get("/updates/training-recovery-update/").content.decode()
    assert "about £12 million" in facts
    assert '<a href="/case-studies/?intervention=simulation">simulation</a>' in facts
    assert_regions_are_served(client)
    ladder = CaseStudyPage.objects.get(external_id="demo-sim-01")
    response = client.get(ladder.url)
    assert response.status_code == 200
    assert "Resection ladder" in response.content.decode()


def assert_regions_are_served(client: Client) -> None:
    response = client.get("/local-initiatives/")
    assert (response.status_code, response["Location"]) == (301, "/regions/")
    index = client.get("/regions/").content.decode()
    for fact in ("31,000", "90%", "89%", "6,000 extra doctors", "50,000 additional nurses"):
        assert fact in index
    assert RegionPage.objects.live().count() == 7
    for page in RegionPage.objects.all():
        response = client.get(page.url)
        assert response.status_code == 200
        assert all(row.title in response.content.decode() for row in page.initiatives.all())
    assert "26% growth" in client.get("/regions/north-east-and-yorkshire/").content.decode()


def assert_guidance_stands(client: Client) -> None:
    moved = client.get("/maximising-training/")
    assert (moved.status_code, moved["Location"]) == (301, "/guidance/maximising-training/")
    page = client.get("/guidance/maximising-training/").content.decode()
    assert "#NoTrainingTodayNoSurgeonsTomorrow" in page
    assert "5 case studies show this in use" in page
    assert "Theatre briefing card" in page
    assert client.get("/guidance/less-than-full-time-older-rules/").status_code == 302
    withdrawn = client.get("/guidance/counting-operations-during-the-pause/").content.decode()
    assert '<a href="/guidance/maximising-training/">' in withdrawn
    assert "No longer current" in client.get("/guidance/").content.decode()


def assert_what_was_replaced_leads_on(client: Client) -> None:
    for old, new in (
        ("/recovering-training/", "/updates/training-recovery-update/"),
        ("/working-lives-2022/", "/resources/working-lives-2022/"),
    ):
        response = client.get(old)
        assert (response.status_code, response.headers["Location"]) == (301, new)
        assert client.get(new).status_code == 200


def assert_everybody_can_sign_in(password: str) -> None:
    for address, group in ROLES.items():
        user = User.objects.get(email=address)
        assert user.check_password(password)
        assert [g.name for g in user.groups.all()] == [group]
        assert user.is_superuser == (group == "Administrators")
        assert EmailAddress.objects.filter(user=user, verified=True, primary=True).exists()


def stages_named(*keys: str) -> list[Stage]:
    """Some of the demo's stages: the whole takes longer than most tests need."""
    return [stage for stage in demo.stages() if stage.key in keys]


def test_a_second_run_changes_nothing_and_keeps_edits(monkeypatch: pytest.MonkeyPatch) -> None:
    few = stages_named("people", "pages", "studies/new-consultants")
    monkeypatch.setattr(demo, "stages", lambda: few)
    first = run()
    edited, deleted = CaseStudyPage.objects.order_by("pk")[:2]
    edited.title = "As an editor left it"
    edited.save_revision().publish()
    deleted.delete()
    trainee = User.objects.get(email="trainee@example.org")
    trainee.set_password("a password of her own")
    trainee.save()
    before = history()

    second = run()

    assert history() == before
    assert CaseStudyPage.objects.get(pk=edited.pk).title == "As an editor left it"
    assert not CaseStudyPage.objects.filter(external_id=deleted.external_id).exists()
    assert User.objects.get(pk=trainee.pk).check_password("a password of her own")
    assert "nothing was changed" in second
    assert printed_password(second) == printed_password(first)


def test_a_later_run_brings_the_engine_that_is_set_now_up_to_date(
    monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    monkeypatch.setattr(demo, "stages", list)  # nothing to build
    for folder in ("one engine", "another engine"):
        settings.HUB_SEARCH_INDEX_DIR = tmp_path / folder
        assert "There is no search index" in run()
        assert sync.lag(current_engine()) == 0
        assert "the index fits" in run()


def test_a_search_server_that_is_down_keeps_no_demo_from_starting(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    monkeypatch.setattr(demo, "stages", list)
    settings.HUB_SEARCH_ENGINE = "elasticsearch"
    settings.HUB_ELASTICSEARCH_URL = ["http://127.0.0.1:1"]
    assert "This machine's own index answers meanwhile." in run()
    settings.HUB_ELASTICSEARCH_CA = "no/such.pem"
    with pytest.raises(CommandError, match="HUB_ELASTICSEARCH_CA is set, but"):
        run()


def test_a_stage_that_fails_leaves_nothing_and_the_next_run_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    keys = ("people", "studies/wellbeing", "enclosures")
    stages = stages_named(*keys)
    pictures_before = stored_pictures()

    monkeypatch.setattr(enclosures, "_workbook", lambda source: 1 / 0)

    with pytest.raises(StageFailed, match="Pictures and kit"):
        build_missing(stages, str)

    assert built() == {"people", "studies/wellbeing"}
    assert (HubImage.objects.count(), HubDocument.objects.count()) == (0, 0)
    assert stored_pictures() == pictures_before
    monkeypatch.undo()
    assert build_missing(stages, str) == 1
    assert built() == set(keys)


def stored_pictures() -> list[str]:
    """The names of the original pictures in the storage."""
    folder = "original_images"
    return default_storage.listdir(folder)[1] if default_storage.exists(folder) else []


def test_a_failure_is_told_with_its_reason(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    study = json.loads((case_studies.FOLDER / "simulation.json").read_text())[0]
    (tmp_path / "broken.json").write_text(json.dumps([study | {"regions": ["north-wets"]}]))
    monkeypatch.setattr(case_studies, "FOLDER", tmp_path)
    monkeypatch.setattr(demo, "stages", case_studies.stages)

    with pytest.raises(
        CommandError, match=r"(?s)broken\.json was refused.*row 1, regions: .*north"
    ):
        run()

    assert not CaseStudyPage.objects.exists()


def test_missing_groups_are_named_before_any_account_is_made() -> None:
    Group.objects.filter(name="Trainers").delete()

    with pytest.raises(CommandError, match="No group Trainers: run"):
        run()

    assert not User.objects.filter(email="trainee@example.org").exists()


def test_the_password_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    password = people.password()

    file = tmp_path / "demo-password.txt"
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.read_text().strip() == password
    assert len(password) >= 16


def test_deleting_the_password_file_gives_everybody_a_new_password(tmp_path: Path) -> None:
    build_missing([people.stage()], str)
    old = people.password()
    (tmp_path / "demo-password.txt").unlink()

    new = people.password()

    assert new != old
    assert all(u.check_password(new) for u in User.objects.filter(email__in=people.addresses()))


def test_an_address_that_somebody_has_already_is_left_to_them() -> None:
    User.objects.create_user("Trainer@Example.org", "her own password")

    build_missing([people.stage()], str)

    trainer = User.objects.get(email__iexact="trainer@example.org")
    assert not trainer.check_password(people.password())


def test_the_history_of_the_home_page_tells_what_was_built(admin_client: Client) -> None:
    build_missing([people.stage()], str)

    response = admin_client.get(f"/admin/pages/{HomePage.objects.get().pk}/history/")

    assert response.status_code == 200
    assert "Demo content was built" in response.content.decode()


def test_a_site_that_others_can_reach_is_refused(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["hub.example.org", "localhost"]

    with pytest.raises(CommandError, match=r"also answers to hub\.example\.org"):
        run()

    assert not User.objects.filter(email__in=people.addresses()).exists()
