"""Those who may revoke certificates find them in the admin; nobody else does."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from learning_hub.accounts.roles import ADMINISTRATORS, EDITORS
from syllabus.models import Certificate, ModulePage, Revocation
from tests.factories.accounts import make_person
from tests.factories.syllabus import NOON, complete_module, make_module, make_trainee

LIST = "/admin/certificates/"


@pytest.fixture
def administrator(client: Client, db: None) -> Client:
    client.force_login(
        make_person("admin@example.org", ADMINISTRATORS),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    return client


def test_the_list_is_searched_by_holder_module_and_number(
    administrator: Client, certificate: Certificate
) -> None:
    other = complete_module(make_trainee("bob@example.org", "Bob Brown"), make_module("Access"))
    for wanted in ("alice", "Essentials", str(certificate.pk), certificate.pk.hex.upper()):
        response = administrator.get(LIST, {"q": wanted})
        assert response.status_code == 200
        assert [each.pk for each in response.context["page"]] == [certificate.pk], wanted
    everyone = administrator.get(LIST)
    assert everyone.status_code == 200
    assert {each.pk for each in everyone.context["page"]} == {certificate.pk, other.certificate.pk}


@pytest.mark.parametrize("query", ["q=%00", "q=" + "a" * 5000, "p=x", "p=99", "q=%ff&p=-1"])
def test_the_list_bears_with_anything(administrator: Client, query: str) -> None:
    assert administrator.get(f"{LIST}?{query}").status_code == 200


def test_an_administrator_revokes_with_a_reason(
    administrator: Client, certificate: Certificate
) -> None:
    address = reverse("certificate_revoke", args=[certificate.pk])
    assert address in administrator.get(LIST).content.decode()
    asked = administrator.get(address)
    assert (asked.status_code, "cannot be undone" in asked.content.decode()) == (200, True)
    for wrong in ("", "  ", "a" * 256, "\x00"):
        assert administrator.post(address, {"reason": wrong}).status_code == 200
        assert not Revocation.objects.exists()
    response = administrator.post(address, {"reason": "Issued in error."})
    assert (response.status_code, response["Location"]) == (302, LIST)
    revocation = Revocation.objects.get()
    assert (revocation.certificate, revocation.reason) == (certificate, "Issued in error.")
    assert revocation.revoked_by.email == "admin@example.org"
    again = administrator.post(address, {"reason": "Again."}, follow=True)
    assert again.status_code == 200
    assert "revoked already" in again.content.decode()
    assert Revocation.objects.count() == 1


def test_an_unknown_certificate_cannot_be_revoked(administrator: Client) -> None:
    address = reverse("certificate_revoke", args=[uuid.uuid4()])
    assert administrator.post(address, {"reason": "None such."}).status_code == 404


@pytest.mark.parametrize("role", [EDITORS, None])
def test_nobody_else_sees_or_revokes(client: Client, certificate: Certificate, role: str) -> None:
    if role:
        client.force_login(
            make_person("editor@example.org", role),
            backend="django.contrib.auth.backends.ModelBackend",
        )
        assert LIST not in client.get("/admin/").content.decode()
    for address in (LIST, reverse("certificate_revoke", args=[certificate.pk])):
        assert client.get(address).status_code in (302, 403)
        assert client.post(address, {"reason": "Spite."}).status_code in (302, 403, 405)
    assert not Revocation.objects.exists()


def test_completing_again_after_a_revocation_gives_a_new_certificate(
    certificate: Certificate, administrator: Client
) -> None:
    enrolment = certificate.completion.enrolment
    address = reverse("certificate_revoke", args=[certificate.pk])
    assert administrator.post(address, {"reason": "Issued in error."}).status_code == 302
    module = ModulePage.objects.get(translation_key=enrolment.module_key)
    again = complete_module(enrolment.trainee, module, NOON)
    assert again.certificate.pk != certificate.pk
