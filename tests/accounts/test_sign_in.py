"""Signing in and out, and what stops those who guess."""

from __future__ import annotations

import pytest
from django.core.cache import caches
from django.core.cache.backends.db import DatabaseCache
from django.db import connection
from django.test import Client
from django.urls import reverse

from learning_hub.accounts.models import User
from learning_hub.accounts.roles import EDITORS, TRAINEES
from tests.factories.accounts import PASSWORD, make_person

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


def sign_in(client: Client, email: str, password: str = PASSWORD, **data: str):
    return client.post(LOGIN, {"login": email, "password": password, **data})


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


@pytest.fixture
def alice() -> User:
    alice = make_person("alice@example.org", TRAINEES)
    alice.first_name = "Alice"  # a trainee without a name is led to her profile
    alice.save()
    return alice


def test_a_person_signs_in_with_an_address_in_any_case(client: Client, alice: User) -> None:
    response = sign_in(client, "Alice@Example.ORG")
    assert response.status_code == 302
    assert response["Location"] == "/"
    assert is_signed_in(client)


def test_a_wrong_password_is_refused_without_saying_which_part_was_wrong(
    client: Client, alice: User
) -> None:
    wrong_password = sign_in(client, "alice@example.org", "not it")
    no_such_person = sign_in(client, "nobody@example.org", "not it")
    assert wrong_password.status_code == no_such_person.status_code == 200
    errors = wrong_password.context["form"].errors
    assert errors == no_such_person.context["form"].errors
    assert errors["__all__"]
    assert not is_signed_in(client)


def test_a_wrong_password_is_told_in_a_summary_and_in_the_title(
    client: Client, alice: User
) -> None:
    page = sign_in(client, "alice@example.org", "not it").content.decode()
    assert "<title>Error: Sign in – Learning Hub</title>" in page
    assert "There is a problem" in page


def test_signing_in_leads_back_to_the_page_asked_for(client: Client, alice: User) -> None:
    response = sign_in(client, "alice@example.org", next="/case-studies/?region=london")
    assert response.status_code == 302
    assert response["Location"] == "/case-studies/?region=london"


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example/",
        "/\\evil.example/",
        "\\\\evil.example",
        "javascript:alert(1)",
        "https:evil.example",
        " https://evil.example/",
    ],
)
@pytest.mark.parametrize("page", ["login", "logout"])
def test_nobody_is_sent_to_another_site(
    client: Client, alice: User, page: str, address: str
) -> None:
    if page == "login":
        response = sign_in(client, "alice@example.org", next=address)
    else:
        client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
        response = client.post("/accounts/logout/", {"next": address})
    assert response.status_code == 302
    assert response["Location"] == "/"


def test_the_admin_has_no_second_way_in(client: Client) -> None:
    response = client.get("/admin/login/?next=/admin/pages/")
    assert response.status_code == 302
    assert response["Location"] == f"{LOGIN}?next=/admin/pages/"
    assert client.get("/admin/password_reset/").status_code == 404


def test_someone_without_the_permission_is_told_and_not_sent_in_circles(
    client: Client, alice: User
) -> None:
    client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    response = client.get("/admin/", follow=True)
    assert response.status_code == 200
    assert [address for address, _ in response.redirect_chain] == [f"{LOGIN}?next=/admin/"]
    assert "You are signed in as alice@example.org" in response.content.decode()


def test_an_editor_reaches_the_admin(client: Client) -> None:
    make_person("eve@example.org", EDITORS)
    assert sign_in(client, "eve@example.org", next="/admin/")["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_signing_out_takes_a_post(client: Client, alice: User) -> None:
    client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/accounts/logout/").status_code == 200
    assert is_signed_in(client)
    assert client.post("/accounts/logout/").status_code == 302
    assert not is_signed_in(client)


def test_a_session_ends_with_the_browser_unless_asked_to_stay(client: Client, alice: User) -> None:
    sign_in(client, "alice@example.org")
    assert client.session.get_expire_at_browser_close()
    client.logout()
    sign_in(client, "alice@example.org", remember="on")
    assert not client.session.get_expire_at_browser_close()


def test_the_sixth_wrong_password_for_an_account_is_stopped_with_a_clear_page(
    client: Client, alice: User
) -> None:
    statuses = [sign_in(client, "alice@example.org", f"guess {n}").status_code for n in range(6)]
    assert statuses == [200] * 5 + [429]
    stopped = sign_in(client, "alice@example.org", PASSWORD)
    assert stopped.status_code == 429
    assert "Too many attempts" in stopped.content.decode()
    assert not is_signed_in(client)


def test_stopping_one_account_leaves_others_open(client: Client, alice: User) -> None:
    make_person("bob@example.org")
    for n in range(6):
        sign_in(client, "alice@example.org", f"guess {n}")
    assert sign_in(client, "bob@example.org").status_code == 302


def test_right_passwords_are_not_counted(client: Client, alice: User) -> None:
    for _ in range(8):
        assert sign_in(client, "alice@example.org").status_code == 302
        client.logout()


def test_an_unknown_account_is_stopped_alike(client: Client) -> None:
    statuses = [sign_in(client, "nobody@example.org", "guess").status_code for _ in range(6)]
    assert statuses == [200] * 5 + [429]


def test_attempts_are_counted_where_every_process_sees_them(client: Client, alice: User) -> None:
    sign_in(client, "alice@example.org", "guess")
    # A process that starts now has nothing but what is shared.
    elsewhere = caches.create_connection("default")
    assert isinstance(elsewhere, DatabaseCache)
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM shared_cache")
        keys = [key.split(":", 2)[2] for (key,) in cursor.fetchall()]
    attempts = [key for key in keys if "login_failed" in key]
    assert len(attempts) == 2  # by address of the computer, and by account
    assert all(len(elsewhere.get(key)) == 1 for key in attempts)


def test_the_pages_of_accounts_are_not_open_to_strangers(client: Client) -> None:
    for name in ("account_email", "account_change_password", "account_reauthenticate"):
        address = reverse(name)
        response = client.get(address)
        assert response.status_code == 302, name
        assert response["Location"].startswith(LOGIN), name
