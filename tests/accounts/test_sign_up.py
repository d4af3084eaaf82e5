"""Creating an account, confirming its address, changing what it signs in with."""

from __future__ import annotations

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from learning_hub.accounts.models import User
from learning_hub.accounts.roles import TRAINEES
from tests.factories.accounts import PASSWORD, make_person

pytestmark = pytest.mark.django_db
SIGN_UP = "/accounts/signup/"
NEW_PASSWORD = "a different horse staple"


def link_in(message: mail.EmailMessage) -> str:
    """The path of the one link in a message."""
    found = re.search(r"http://testserver(/\S+)", message.body)
    assert found, message.body
    return found[1]


def sign_up(client: Client, email: str = "new@example.org", password: str = PASSWORD):
    return client.post(SIGN_UP, {"email": email, "password1": password})


def sign_in(client: Client, email: str, password: str = PASSWORD):
    return client.post("/accounts/login/", {"login": email, "password": password})


def test_a_person_who_signs_up_is_a_trainee_and_nothing_more(client: Client) -> None:
    assert sign_up(client).status_code == 302
    person = User.objects.get(email="new@example.org")
    assert [group.name for group in person.groups.all()] == [TRAINEES]
    assert not person.is_staff
    assert not person.is_superuser
    assert person.get_all_permissions() == set()


def test_posted_roles_are_not_taken(client: Client) -> None:
    client.post(
        SIGN_UP,
        {
            "email": "new@example.org",
            "password1": PASSWORD,
            "is_superuser": "on",
            "is_staff": "on",
            "groups": "1",
        },
    )
    person = User.objects.get(email="new@example.org")
    assert [group.name for group in person.groups.all()] == [TRAINEES]
    assert not person.is_superuser


def test_an_address_must_be_confirmed_before_it_signs_in(client: Client) -> None:
    sign_up(client)
    assert "_auth_user_id" not in client.session
    assert sign_in(client, "new@example.org")["Location"] == "/accounts/confirm-email/"
    assert "_auth_user_id" not in client.session

    confirm = link_in(mail.outbox[0])
    page = client.get(confirm)
    assert page.status_code == 200
    assert "new@example.org" in page.content.decode()
    assert not EmailAddress.objects.get(email="new@example.org").verified  # a look is no answer
    assert client.post(confirm).status_code == 302
    assert EmailAddress.objects.get(email="new@example.org").verified
    assert sign_in(client, "new@example.org")["Location"] == "/my/profile/"


def test_the_message_is_from_the_hub_in_plain_words(client: Client) -> None:
    sign_up(client)
    message = mail.outbox[0]
    assert message.subject == "Learning Hub: Confirm your email address"
    assert "not an NHS service" in message.body
    assert "{" not in message.body


def test_signing_up_again_looks_the_same_and_tells_only_the_owner(client: Client) -> None:
    make_person("alice@example.org")
    taken, free = sign_up(client, "Alice@example.org"), sign_up(client, "new@example.org")
    assert taken.status_code == free.status_code == 302
    assert taken["Location"] == free["Location"]
    assert User.objects.filter(email__iexact="alice@example.org").count() == 1
    assert mail.outbox[0].subject == "Learning Hub: You have an account already"


@pytest.mark.parametrize("password", ["short", "1234567890123", "password1234"])
def test_a_weak_password_is_refused_at_its_field(client: Client, password: str) -> None:
    response = sign_up(client, password=password)
    assert response.status_code == 200
    assert list(response.context["form"].errors) == ["password1"]
    assert not User.objects.filter(email="new@example.org").exists()


def test_a_forgotten_password_is_replaced_by_a_link_that_works_once(client: Client) -> None:
    make_person("alice@example.org")
    asked = client.post("/accounts/password/reset/", {"email": "alice@example.org"})
    assert asked["Location"] == "/accounts/password/reset/done/"
    link = link_in(mail.outbox[0])
    form = client.get(link, follow=True)
    assert form.status_code == 200
    address = form.redirect_chain[-1][0]
    saved = client.post(address, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    assert saved["Location"] == "/accounts/password/reset/key/done/"
    assert sign_in(client, "alice@example.org", NEW_PASSWORD)["Location"] == "/"

    used = Client().get(link, follow=True)
    assert used.status_code == 200
    assert "This link has expired" in used.content.decode()


def test_asking_for_an_unknown_address_looks_the_same(client: Client) -> None:
    asked = client.post("/accounts/password/reset/", {"email": "nobody@example.org"})
    assert asked.status_code == 302
    assert asked["Location"] == "/accounts/password/reset/done/"
    assert mail.outbox[0].subject == "Learning Hub: No account with this address"


def change_address(client: Client, email: str):
    """Ask for another address, and give the password when it is asked for."""
    asked = client.post("/accounts/email/", {"email": email, "action_add": ""})
    assert asked.status_code == 302
    assert asked["Location"].startswith("/accounts/reauthenticate/")
    return client.post(asked["Location"], {"password": PASSWORD, "next": "/accounts/email/"})


def test_a_changed_address_signs_in_only_once_it_is_confirmed(client: Client) -> None:
    make_person("alice@example.org")
    sign_in(client, "alice@example.org")
    assert change_address(client, "a2@example.org").status_code == 302
    waiting = client.get("/accounts/email/")
    assert waiting.status_code == 200
    assert "is waiting to be confirmed" in waiting.content.decode()
    assert sign_in(Client(), "alice@example.org")["Location"] == "/"
    assert client.post(link_in(mail.outbox[-1])).status_code == 302
    assert sign_in(Client(), "a2@example.org")["Location"] == "/"
    assert sign_in(Client(), "alice@example.org").status_code == 200


def test_changing_a_password_needs_the_old_one(client: Client) -> None:
    make_person("alice@example.org")
    sign_in(client, "alice@example.org")
    passwords = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    address = "/accounts/password/change/"
    refused = client.post(address, {"oldpassword": "not it", **passwords})
    assert refused.status_code == 200
    assert "oldpassword" in refused.context["form"].errors
    assert client.post(address, {"oldpassword": PASSWORD, **passwords}).status_code == 302
    assert sign_in(Client(), "alice@example.org", NEW_PASSWORD)["Location"] == "/"


def test_an_open_session_alone_does_not_change_the_address(client: Client) -> None:
    make_person("alice@example.org")
    sign_in(client, "alice@example.org")
    client.post("/accounts/email/", {"email": "thief@example.org", "action_add": ""})
    page = client.get("/accounts/reauthenticate/?next=/accounts/email/")
    assert page.status_code == 200
    assert "Confirm that it is you" in page.content.decode()
    refused = client.post("/accounts/reauthenticate/", {"password": "a guess"})
    assert refused.status_code == 200
    assert not EmailAddress.objects.filter(email="thief@example.org").exists()


def test_a_closed_account_cannot_sign_in(client: Client) -> None:
    person = make_person("alice@example.org")
    person.is_active = False
    person.save()
    response = sign_in(client, "alice@example.org")
    assert "_auth_user_id" not in client.session
    assert response.status_code == 302
    assert response["Location"] == "/accounts/inactive/"


PUBLIC_PAGES = [
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/password/reset/key/done/",
    "/accounts/password/reset/key/1-nonsense/",
    "/accounts/confirm-email/",
    "/accounts/confirm-email/nonsense/",
    "/accounts/inactive/",
]
OWN_PAGES = ["/accounts/email/", "/accounts/password/change/", "/accounts/logout/"]


@pytest.mark.parametrize("address", [*PUBLIC_PAGES, *OWN_PAGES])
def test_every_account_page_has_our_frame_one_heading_and_no_placeholder(
    client: Client, address: str
) -> None:
    if address in OWN_PAGES:
        make_person("alice@example.org")
        sign_in(client, "alice@example.org")
    response = client.get(address)
    assert response.status_code == 200
    page = response.content.decode()
    assert "hub-header" in page
    assert page.count("<h1") == 1
    form = page.partition('id="maincontent"')[2]
    assert "placeholder=" not in form
    assert "<title> – Learning Hub</title>" not in page


def test_a_stranger_cannot_sign_up_without_the_forms_token(client: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    response = strict.post(SIGN_UP, {"email": "new@example.org", "password1": PASSWORD})
    assert response.status_code == 403
    assert "This form has expired" in response.content.decode()
