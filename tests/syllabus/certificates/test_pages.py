"""The pages and files of a certificate, and the page that checks one."""

from __future__ import annotations

import datetime as dt
import io
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from learning_hub.exports import pdf
from syllabus.certificates.revoking import revoke
from syllabus.certificates.verifying import enveloped
from syllabus.models import Certificate
from tests.factories.syllabus import NOON, complete_module, make_module, make_trainee


def shown(client: Client, certificate: Certificate) -> str:
    response = client.get(certificate.get_absolute_url())
    assert response.status_code == 200
    assert response["X-Robots-Tag"] == "noindex"
    assert "no-store" in response["Cache-Control"]
    return response.content.decode()


def test_anyone_with_the_address_sees_a_certificate(
    client: Client, certificate: Certificate
) -> None:
    page = shown(client, certificate)
    for fact in ("Alice Adams", "Essentials for patient safety", "Genuine and current", "100%"):
        assert fact in page
    assert "alice@example.org" not in page


def test_a_certificate_says_that_it_expired(client: Client, db: None) -> None:
    long_ago = dt.datetime(2021, 5, 1, 12, tzinfo=dt.UTC)
    completion = complete_module(make_trainee(), make_module(validity_months=12), long_ago)
    assert "It expired on 1 May 2022." in shown(client, completion.certificate)


def test_a_certificate_says_that_it_was_revoked_and_why(
    client: Client, certificate: Certificate
) -> None:
    by = make_trainee("editor@example.org", "Ed Itor")
    revoke(certificate=certificate, reason="Issued <b>twice</b>.", by=by, at=NOON)
    page = shown(client, certificate)
    assert "Revoked" in page
    assert "Reason: Issued &lt;b&gt;twice&lt;/b&gt;." in page
    assert "Ed Itor" not in page


def test_a_certificate_says_that_it_was_renewed_and_keeps_the_new_address_to_itself(
    client: Client, db: None
) -> None:
    trainee, module = make_trainee(), make_module(validity_months=12)
    old = complete_module(trainee, module, NOON - dt.timedelta(days=400)).certificate
    new = complete_module(trainee, module, NOON).certificate
    page = shown(client, old)
    assert "A newer certificate was issued on 2 March 2026." in page
    assert str(new.pk) not in page
    assert "newer certificate" not in shown(client, new)


def test_a_certificate_page_takes_few_queries(
    client: Client, certificate: Certificate, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        shown(client, certificate)


def test_the_pdf_is_tagged_and_carries_the_credential(
    client: Client, certificate: Certificate
) -> None:
    response = client.get(f"/certificates/{certificate.pk}.pdf")
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    reader = PdfReader(io.BytesIO(response.content))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]["/K"]
    assert root["/Lang"] == "en-GB"
    assert reader.metadata is not None
    assert reader.metadata.title == "Certificate: Essentials for patient safety, Alice Adams"
    assert len(reader.pages) == 1
    text = reader.pages[0].extract_text()
    for fact in ("Alice Adams", "Essentials for patient safety", "Recognise 0"):
        assert fact in text
    assert f"/certificates/{certificate.pk}/" in text.replace("\n", "")
    name = f"certificate-{certificate.pk}.json"
    assert reader.attachments[name] == [enveloped(certificate.credential)]


def test_a_machine_without_pango_says_so(
    client: Client, certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "UNAVAILABLE", OSError("no pango"))
    response = client.get(f"/certificates/{certificate.pk}.pdf")
    assert response.status_code == 503
    assert "the Pango library is missing" in response.content.decode()


def test_a_pdf_fetches_nothing_from_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    fetcher = pdf._OwnFilesOnly(allowed_protocols={"data"})
    for address in (
        "http://example.org/a.png",
        "file:///etc/passwd",
        "http://localhost/media/a.png",
        "http://localhost/static/../secret",
        "http://localhost/static/%2e%2e/%2e%2e/etc/passwd",
    ):
        with pytest.raises((ValueError, OSError, Exception), match=r"Not a file|No such|located"):
            fetcher.fetch(address)
    style = fetcher.fetch("https://anywhere.example/static/css/certificate.css")
    assert b".hub-certificate" in style.read()


def test_the_json_has_one_form_and_is_a_download(client: Client, certificate: Certificate) -> None:
    response = client.get(f"/certificates/{certificate.pk}.json")
    assert (response.status_code, response["Content-Type"]) == (200, "application/json")
    assert response["Content-Disposition"].startswith("attachment; ")
    assert response.content == enveloped(certificate.credential)
    assert response.json()["type"] == "EnvelopedVerifiableCredential"


@pytest.mark.parametrize("ending", ["/", ".pdf", ".json"])
def test_an_unknown_number_leads_nowhere(client: Client, db: None, ending: str) -> None:
    assert client.get(f"/certificates/{uuid.uuid4()}{ending}").status_code == 404


@pytest.mark.parametrize("number", ["0", "2", "99999999999999999999999"])
def test_an_unknown_revocation_list_leads_nowhere(
    client: Client, certificate: Certificate, number: str
) -> None:
    assert client.get(f"/certificates/status/{number}").status_code == 404


def test_the_check_page_finds_a_certificate_by_number_or_address(
    client: Client, certificate: Certificate
) -> None:
    number, address = str(certificate.pk), certificate.get_absolute_url()
    for given in (number, f"  {number.upper()}\n", f"https://hub.example.org{address}"):
        response = client.post("/certificates/check/", {"certificate": given})
        assert response.status_code == 302, given
        assert response["Location"] == address


def test_the_check_page_verifies_text_and_file(client: Client, certificate: Certificate) -> None:
    content = enveloped(certificate.credential)
    given = (
        {"certificate": content.decode()},
        {"certificate": f"\r\n{certificate.credential}\r\n"},
        {"file": SimpleUploadedFile("c.json", content)},
    )
    for data in given:
        response = client.post("/certificates/check/", data)
        assert response.status_code == 200
        assert "This credential is genuine" in response.content.decode()
        assert "Genuine and current" in response.content.decode()


def test_the_check_page_knows_of_a_revocation(client: Client, certificate: Certificate) -> None:
    by = make_trainee("editor@example.org", "Ed Itor")
    revoke(certificate=certificate, reason="Issued in error.", by=by, at=timezone.now())
    response = client.post("/certificates/check/", {"certificate": certificate.credential})
    assert response.status_code == 200
    assert "Reason: Issued in error." in response.content.decode()


def test_the_check_page_refuses_a_changed_credential(
    client: Client, certificate: Certificate
) -> None:
    changed = certificate.credential[:-2] + "AA"
    response = client.post("/certificates/check/", {"certificate": changed})
    assert response.status_code == 200
    assert "This credential is not genuine" in response.content.decode()


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"certificate": "  "},
        {"certificate": "nothing of ours"},
        {"certificate": "\x00"},
        {"certificate": "{" * 60_000},
        {"certificate": "a" * 70_000},
        {"certificate": "é.é.é"},
        {"certificate": str(uuid.uuid4())},
        {"certificate": "00000000-0000-0000-0000-000000000000/"},
        {"certificate": '{"id": 1}'},
    ],
)
def test_the_check_page_says_what_is_wrong(client: Client, db: None, data: object) -> None:
    response = client.post("/certificates/check/", data)  # type: ignore[arg-type]
    assert response.status_code == 400
    assert "There is a problem" in response.content.decode()


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"\x00\xff" * 40, b"x" * 70_000, b"{" * 99])
def test_the_check_page_refuses_other_files(client: Client, db: None, content: bytes) -> None:
    file = SimpleUploadedFile("c.json", content)
    response = client.post("/certificates/check/", {"file": file})
    assert response.status_code == 400
    assert "There is a problem" in response.content.decode()


def test_the_check_page_takes_one_thing_at_a_time(client: Client, certificate: Certificate) -> None:
    file = SimpleUploadedFile("c.json", enveloped(certificate.credential))
    data = {"certificate": str(certificate.pk), "file": file}
    response = client.post("/certificates/check/", data)
    assert response.status_code == 400
    assert "not both" in response.content.decode()
