"""Administrators keep people's accounts in the admin, though users have no user name."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from learning_hub.accounts.models import User
from learning_hub.accounts.roles import ADMINISTRATORS, TRAINERS
from tests.factories.accounts import PASSWORD, make_person
from tests.factories.syllabus import enrol, make_module, make_trainee

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(
        make_person("admin@example.org", ADMINISTRATORS),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    return client


def details(**changed: str) -> dict[str, str]:
    return {
        "email": "Bob@Example.org",
        "first_name": "Bob",
        "last_name": "Example",
        "password1": PASSWORD,
        "password2": PASSWORD,
        "groups": str(Group.objects.get(name=TRAINERS).pk),
        **changed,
    }


def test_an_administrator_makes_an_account(desk: Client) -> None:
    assert desk.get("/admin/users/new/").status_code == 200
    assert desk.post("/admin/users/new/", details()).status_code == 302
    bob = User.objects.get(email="bob@example.org")
    assert bob.get_full_name() == "Bob Example"
    assert [group.name for group in bob.groups.all()] == [TRAINERS]
    assert bob.check_password(PASSWORD)


def test_an_administrator_changes_an_account(desk: Client) -> None:
    bob = make_person("bob@example.org")
    address = f"/admin/users/edit/{bob.pk}/"
    assert desk.get(address).status_code == 200
    kept = details(email="robert@example.org", password1="", password2="", is_active="on")
    assert desk.post(address, kept).status_code == 302
    bob.refresh_from_db()
    assert bob.email == "robert@example.org"
    assert bob.check_password(PASSWORD)


def test_the_same_address_in_capitals_is_refused_at_its_field(desk: Client) -> None:
    make_person("bob@example.org")
    response = desk.post("/admin/users/new/", details(email="BOB@example.org"))
    assert response.status_code == 200
    assert "email" in response.context["form"].errors


def test_people_are_found_by_address_and_name(desk: Client) -> None:
    make_person("bob@example.org")
    response = desk.get("/admin/users/?q=bob")
    assert response.status_code == 200
    assert "bob@example.org" in response.content.decode()


def test_a_person_is_deleted(desk: Client) -> None:
    bob = make_person("bob@example.org")
    assert desk.post(f"/admin/users/delete/{bob.pk}/").status_code == 302
    assert not User.objects.filter(pk=bob.pk).exists()


def test_the_admins_own_account_page_opens(desk: Client) -> None:
    assert desk.get("/admin/account/").status_code == 200


def test_an_administrator_makes_nobody_a_superuser(desk: Client) -> None:
    bob = make_person("bob@example.org")
    for address in ("/admin/users/new/", f"/admin/users/edit/{bob.pk}/"):
        email = "carol@example.org" if address.endswith("new/") else "bob@example.org"
        answer = desk.post(address, details(email=email, is_superuser="on", is_active="on"))
        assert answer.status_code == 302
        assert not User.objects.get(email=email).is_superuser


def test_a_superuser_makes_a_superuser(client: Client) -> None:
    root = User.objects.create_superuser("root@example.org", PASSWORD)
    client.force_login(root, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post("/admin/users/new/", details(is_superuser="on")).status_code == 302
    assert User.objects.get(email="bob@example.org").is_superuser


@pytest.mark.parametrize(
    "address", ["edit/{}/", "delete/{}/", "/admin/bulk/accounts/user/set_active_state/?id={}"]
)
def test_an_administrator_cannot_touch_a_superuser(desk: Client, address: str) -> None:
    root = User.objects.create_superuser("root@example.org", PASSWORD)
    full = address if address.startswith("/") else f"/admin/users/{address}"
    answer = desk.post(
        full.format(root.pk), details(email="root@example.org", mark_as_active="False")
    )
    assert answer.status_code == 302
    assert answer["Location"] == "/admin/"  # where Wagtail sends those it refuses
    root.refresh_from_db()
    assert (root.first_name, root.is_active) == ("", True)


@pytest.mark.parametrize(
    "address", ["/admin/users/delete/{}/", "/admin/bulk/accounts/user/delete/?id={}"]
)
def test_someone_whose_records_are_kept_is_not_deleted(desk: Client, address: str) -> None:
    alice = make_trainee()
    enrol(alice, make_module())
    answer = desk.post(address.format(alice.pk), follow=True)
    assert answer.status_code == 200
    assert "Make it inactive instead." in answer.content.decode()
    assert User.objects.filter(pk=alice.pk).exists()
