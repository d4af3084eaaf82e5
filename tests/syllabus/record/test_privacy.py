"""Who may open what: every address of the learning record, for everyone who might try."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from learning_hub.accounts.models import User
from learning_hub.accounts.roles import EDITORS
from syllabus.models import Share
from syllabus.record import sharing
from tests.factories.accounts import make_person
from tests.factories.syllabus import make_trainee
from tests.syllabus.record.scenes import HOUR, make_supervisor, share

pytestmark = pytest.mark.django_db
OWN = ["/my/record/", "/my/record.csv", "/my/record.json", "/my/record/statements.json",
       "/my/record.pdf", "/my/record/sharing/", "/my/shared-with-me/"]  # fmt: skip


def withdrawn(kept: Share) -> User:
    sharing.withdraw(trainee=kept.trainee, share_id=kept.pk, at=timezone.now())
    return make_supervisor()


def unconfirmed(kept: Share) -> User:
    return make_person("sam@example.org", confirmed=False)


def without_share(kept: Share) -> User:
    return make_supervisor("sue@example.org")


def other_trainee(kept: Share) -> User:
    return make_trainee("bob@example.org", "Bob Brown")


def editor(kept: Share) -> User:
    return make_person("editor@example.org", EDITORS)


def administrator(kept: Share) -> User:
    return User.objects.create_superuser("admin@example.org", "correct horse battery")


def supervisor(kept: Share) -> User:
    return make_supervisor()


def owner(kept: Share) -> User:
    return kept.trainee


MATRIX: list[tuple[Callable[[Share], User], int, int]] = [
    # who, opens the shared record, stops the share
    (owner, 404, 302),
    (supervisor, 200, 404),
    (unconfirmed, 404, 404),
    (withdrawn, 404, 404),
    (without_share, 404, 404),
    (other_trainee, 404, 404),
    (editor, 404, 404),
    (administrator, 404, 404),
]


@pytest.mark.parametrize(("who", "opens", "stops"), MATRIX)
def test_only_the_supervisor_opens_and_only_the_owner_stops(
    client: Client, who: Callable[[Share], User], opens: int, stops: int
) -> None:
    kept = share(make_trainee(), at=timezone.now())
    client.force_login(who(kept))
    listed = client.get("/my/shared-with-me/")
    assert listed.status_code == 200
    assert (str(kept.pk) in listed.content.decode()) == (opens == 200)
    assert client.get(f"/my/shared-with-me/{kept.pk}/").status_code == opens
    assert client.post(f"/my/record/sharing/{kept.pk}/stop/").status_code == stops


def test_the_supervisor_does_not_see_a_share_that_is_over(client: Client) -> None:
    now = timezone.now()
    kept = share(make_trainee(), at=now - 2 * HOUR, ends_at=now - HOUR)
    client.force_login(make_supervisor())
    assert client.get(f"/my/shared-with-me/{kept.pk}/").status_code == 404
    listed = client.get("/my/shared-with-me/")
    assert listed.status_code == 200
    assert str(kept.pk) not in listed.content.decode()


@pytest.mark.parametrize("address", OWN)
def test_whoever_is_signed_out_is_sent_to_sign_in_and_back(client: Client, address: str) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer.url) == (302, f"/accounts/login/?next={address}")
    assert "no-store" in answer.headers["Cache-Control"]


def test_whoever_is_signed_out_learns_nothing_of_a_share(client: Client) -> None:
    kept = share(make_trainee(), at=timezone.now())
    for share_id in (kept.pk, uuid.uuid4()):
        assert client.get(f"/my/shared-with-me/{share_id}/").status_code == 302
        assert client.post(f"/my/record/sharing/{share_id}/stop/").status_code == 302
    assert Share.objects.in_force(timezone.now()).exists()


@pytest.mark.parametrize("address", OWN[:-1])
@pytest.mark.parametrize("who", [supervisor, other_trainee, editor, administrator])
def test_a_page_of_ones_own_shows_nobody_elses(
    client: Client, who: Callable[[Share], User], address: str
) -> None:
    kept = share(make_trainee(), at=timezone.now())
    client.force_login(who(kept))
    answer = client.get(address)
    assert answer.status_code == 200
    assert b"Alice Adams" not in answer.content
    assert b"no-store" in answer.headers["Cache-Control"].encode()


@pytest.mark.parametrize("address", OWN)
def test_a_page_to_read_takes_no_other_method(client: Client, address: str) -> None:
    client.force_login(make_trainee())
    assert client.put(address).status_code == 405
    assert client.delete(address).status_code == 405


def test_an_unknown_or_broken_share_is_not_found(client: Client) -> None:
    client.force_login(make_trainee())
    assert client.get(f"/my/shared-with-me/{uuid.uuid4()}/").status_code == 404
    assert client.get("/my/shared-with-me/1/").status_code == 404
    assert client.post(f"/my/record/sharing/{uuid.uuid4()}/stop/").status_code == 404
    assert client.get(f"/my/record/sharing/{uuid.uuid4()}/stop/").status_code == 405


def test_a_form_without_its_token_is_refused() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_trainee())
    assert client.post("/my/record/sharing/", {}).status_code == 403
