"""A completion is certified by a credential that others can verify without this code."""

from __future__ import annotations

import json
import secrets
from typing import Any

import pytest
from django.test import Client
from openbadgeslib.ob3 import OB3VerificationError, OB3Verifier

from syllabus.certificates import issuer
from syllabus.certificates.revoking import AlreadyRevoked, revoke
from syllabus.models import Certificate, CompletionRule, IssuerKey, ModulePage
from tests.factories.syllabus import (
    NOON,
    complete_module,
    enrol,
    make_module,
    make_trainee,
    read_all,
)

DID = "did:web:hub.example.org"


def fetch(url: str) -> bytes:
    """What the site gives for an absolute address of its own."""
    response = Client().get(url.removeprefix("https://hub.example.org"))
    assert response.status_code == 200
    return response.content


def outside_verifier() -> OB3Verifier:
    return OB3Verifier.for_issuer_did(DID, download=fetch)


def test_an_independent_library_verifies_a_certificate(certificate: Certificate) -> None:
    badge = outside_verifier().verify(certificate.credential, check_status=True, download=fetch)
    assert badge.id == f"https://hub.example.org/certificates/{certificate.pk}/"
    assert badge.issuer.name == "Learning Hub"
    assert [each.identity_hash for each in badge.identifiers] == ["Alice Adams"]
    assert badge.achievement.name == "Essentials for patient safety"
    assert "Recognise 0" in badge.achievement.criteria_narrative
    assert [result.value for result in badge.results] == ["100"]


def test_an_independent_library_sees_a_revocation(certificate: Certificate) -> None:
    by = make_trainee("editor@example.org", "Ed Itor")
    revoke(certificate=certificate, reason="Issued in error.", by=by, at=NOON)
    with pytest.raises(OB3VerificationError, match="revocation"):
        outside_verifier().verify(certificate.credential, check_status=True, download=fetch)


def test_an_independent_library_sees_that_a_certificate_expired(db: None) -> None:
    module = make_module(validity_months=1)
    completion = complete_module(make_trainee(), module)
    with pytest.raises(OB3VerificationError, match="expired"):
        outside_verifier().verify(completion.certificate.credential)


def test_a_certificate_attests_the_edition_that_was_completed(certificate: Certificate) -> None:
    edition = certificate.completion.edition
    badge = outside_verifier().verify(certificate.credential)
    assert badge.raw is not None
    achievement = badge.raw["credentialSubject"]["achievement"]
    assert achievement["version"] == str(edition.version)
    assert achievement["humanCode"] == "Level 1"


def test_no_score_is_attested_where_nothing_was_assessed(db: None) -> None:
    trainee, module = make_trainee(), make_module(completion_rule=CompletionRule.VIEWED)
    enrol(trainee, module)
    read_all(trainee, module)
    badge = outside_verifier().verify(Certificate.objects.get().credential)
    assert badge.results == []
    assert badge.achievement.result_descriptions == []


def test_a_certificate_carries_no_mail_address(certificate: Certificate) -> None:
    badge = outside_verifier().verify(certificate.credential)
    assert "@example" not in json.dumps(badge.raw)


def test_a_rotated_key_signs_and_the_old_one_stays_published(certificate: Certificate) -> None:
    issuer.rotate(at=NOON)
    newer = complete_module(make_trainee("bob@example.org", "Bob Brown"), make_module("Access"))
    assert newer.certificate.key_id != certificate.key_id
    for each in (certificate, newer.certificate):
        outside_verifier().verify(each.credential, check_status=True, download=fetch)


def test_a_lost_key_holds_up_no_completion(certificate: Certificate, key_dir: Any) -> None:
    for file in key_dir.glob("issuer-*"):
        file.unlink()
    newer = complete_module(make_trainee("bob@example.org", "Bob Brown"), make_module("Access"))
    assert newer.certificate.key_id != certificate.key_id
    outside_verifier().verify(certificate.credential)
    outside_verifier().verify(newer.certificate.credential)


def test_private_keys_are_for_their_owner_only(certificate: Certificate, key_dir: Any) -> None:
    assert key_dir.stat().st_mode & 0o777 == 0o700
    files = list(key_dir.iterdir())
    assert len(files) == 2
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


def test_no_private_key_is_published(certificate: Certificate, key_dir: Any) -> None:
    private = json.loads((key_dir / "issuer-0001.jwk").read_text())["d"]
    assert private not in (key_dir / "public-keys.json").read_text()
    for address in ("/.well-known/jwks.json", "/.well-known/did.json"):
        assert private not in fetch(address).decode()


def test_whoever_places_the_key_first_makes_it_for_all(key_dir: Any, db: None) -> None:
    first = issuer.key_files.make_key(1)
    assert issuer.key_files.make_key(1).thumbprint() == first.thumbprint()
    assert issuer.signing_key(NOON).thumbprint() == first.thumbprint()
    assert IssuerKey.objects.count() == 1


def test_a_bit_that_is_taken_is_drawn_again(
    certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    draws = iter([certificate.status_index, certificate.status_index, 77, 78])
    if certificate.status_index in (77, 78):
        pytest.skip("the first draw was one of ours")
    monkeypatch.setattr(secrets, "randbelow", lambda limit: next(draws))
    newer = complete_module(make_trainee("bob@example.org", "Bob Brown"), make_module("Access"))
    assert newer.certificate.status_index == 77


def test_a_list_that_is_half_full_gives_way_to_the_next(
    certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("syllabus.certificates.issuing.FULL", 1)
    newer = complete_module(make_trainee("bob@example.org", "Bob Brown"), make_module("Access"))
    assert (certificate.status_list, newer.certificate.status_list) == (1, 2)
    outside_verifier().verify(newer.certificate.credential, check_status=True, download=fetch)


def test_a_certificate_cannot_be_revoked_twice(certificate: Certificate) -> None:
    by = make_trainee("editor@example.org", "Ed Itor")
    revoke(certificate=certificate, reason="Issued in error.", by=by, at=NOON)
    with pytest.raises(AlreadyRevoked):
        revoke(certificate=certificate, reason="Again.", by=by, at=NOON)


def test_a_module_can_be_started_again_after_a_revocation(certificate: Certificate) -> None:
    trainee = certificate.completion.enrolment.trainee
    by = make_trainee("editor@example.org", "Ed Itor")
    revoke(certificate=certificate, reason="Issued in error.", by=by, at=NOON)
    module = ModulePage.objects.get()
    assert enrol(trainee, module).number == 2
