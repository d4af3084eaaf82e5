"""Anyone can tell a genuine certificate from a changed one, with no network and no database."""

from __future__ import annotations

import base64
import datetime as dt
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from joserfc import jws
from joserfc.jwk import OctKey, OKPKey

from syllabus.certificates import issuer, jose
from syllabus.certificates.revoking import revoke
from syllabus.certificates.verifying import (
    Credential,
    NotGenuine,
    Unreadable,
    enveloped,
    token_of,
    verify,
)
from syllabus.models import Certificate
from tests.factories.syllabus import NOON, complete_module, make_module, make_trainee

EVERY_CHANGE = tuple(range(1, 256))
OFFLINE = """
import sys
def forbid(event, args):
    if event.startswith("socket.") and event not in ("socket.gethostname",):
        raise RuntimeError("the network is forbidden: " + event)
sys.addaudithook(forbid)
from django.core.management import execute_from_command_line
execute_from_command_line(["manage.py", "verify_certificate", *sys.argv[1:]])
"""


def check(content: bytes) -> Credential:
    """The credential in a file's content."""
    return verify(token_of(content), jose.public_keys(issuer.jwks()))


def flips(content: bytes, masks: tuple[int, ...]) -> Iterator[bytes]:
    """`content` with each of its bytes changed by each mask."""
    for place, byte in enumerate(content):
        for mask in masks:
            yield content[:place] + bytes([byte ^ mask]) + content[place + 1 :]


def accepted(variants: Iterator[bytes]) -> list[bytes]:
    """Those of the variants that pass for genuine."""
    keys = jose.public_keys(issuer.jwks())
    passed = []
    for variant in variants:
        try:
            verify(token_of(variant), keys)
        except (NotGenuine, Unreadable):
            continue
        passed.append(variant)
    return passed


def offline(*arguments: object, key_dir: Path) -> subprocess.CompletedProcess[str]:
    """Run the command where neither a network nor a database can be reached."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "learning_hub.settings.dev",
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/x",
        "HUB_ISSUER_KEY_DIR": str(key_dir),
    }
    environment.pop("HUB_TEST_DATABASE", None)
    return subprocess.run(
        [sys.executable, "-c", OFFLINE, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        cwd=settings.PROJECT_DIR,
        env=environment,
        timeout=60,
    )


def command(*arguments: object) -> int:
    """The number that the command ends with, run in this process."""
    with pytest.raises(SystemExit) as ended:
        call_command("verify_certificate", *map(str, arguments))
    return int(str(ended.value.code))


@pytest.fixture
def current(db: None) -> Certificate:
    """Issued just now, for a year."""
    module = make_module(validity_months=12)
    return complete_module(make_trainee(), module, timezone.now()).certificate


@pytest.mark.parametrize("form", [enveloped, str.encode])
def test_no_byte_of_a_certificate_can_be_changed(certificate: Certificate, form: Any) -> None:
    content = form(certificate.credential)
    assert check(content).holder == "Alice Adams"
    assert accepted(flips(content, (1, 128))) == []


@pytest.mark.slow
def test_no_byte_of_a_certificate_can_be_any_other(certificate: Certificate) -> None:
    content = enveloped(certificate.credential)
    assert check(content).holder == "Alice Adams"
    assert accepted(flips(content, EVERY_CHANGE)) == []


@pytest.mark.slow
def test_without_its_envelope_no_byte_can_be_any_other_either(certificate: Certificate) -> None:
    """A bare token is read, if at all, as the same one in an envelope: judged by the test above."""
    token = certificate.credential.encode()
    assert token_of(enveloped(certificate.credential)) == token_of(token) == token.decode()
    for changed in flips(token, EVERY_CHANGE):
        with suppress(Unreadable):
            assert token_of(changed).encode() == changed


def test_a_certificate_cannot_be_lengthened_or_shortened(certificate: Certificate) -> None:
    content = enveloped(certificate.credential)
    changed = [content + b"\n", b" " + content, content[:-1], content[1:], content + content, b""]
    changed += [content.replace(b'","type"', b'", "type"'), content.replace(b"{", b'{"id":"x",')]
    changed += [certificate.credential.encode() + end for end in (b"\n", b"=", b"A", b".")]
    assert accepted(iter(changed)) == []


@pytest.mark.parametrize("algorithm", ["none", "HS256", "ES256", "Ed25519", ""])
def test_the_token_does_not_choose_its_algorithm(certificate: Certificate, algorithm: str) -> None:
    _, body, signature = certificate.credential.split(".")
    header = {"alg": algorithm, "kid": f"x#{certificate.key_id}", "typ": "JWT"}
    head = base64.urlsafe_b64encode(json.dumps(header).encode()).decode().rstrip("=")
    for end in (signature, "", "AAAA"):
        assert accepted(iter([f"{head}.{body}.{end}".encode()])) == []


def test_a_public_key_is_no_shared_secret(certificate: Certificate) -> None:
    public = issuer.jwks()["keys"][0]
    secret = OctKey.import_key(base64.urlsafe_b64decode(public["x"] + "="))
    forged = jws.serialize_compact(
        {"alg": "HS256", "kid": f"x#{certificate.key_id}"}, b"{}", secret, algorithms=["HS256"]
    )
    assert accepted(iter([forged.encode()])) == []


def test_another_key_under_the_same_name_signs_nothing(certificate: Certificate) -> None:
    payload = check(certificate.credential.encode()).payload
    forged = jose.sign(
        payload, key=OKPKey.generate_key("Ed25519"), key_url=f"x#{certificate.key_id}"
    )
    assert accepted(iter([forged.encode()])) == []


def test_a_name_that_stands_twice_is_refused(certificate: Certificate) -> None:
    key = issuer.signing_key(NOON)
    twice = jws.serialize_compact(
        {"alg": "EdDSA", "kid": issuer.key_url(key)},
        b'{"type":[],"type":["OpenBadgeCredential"]}',
        key,
        algorithms=["EdDSA"],
    )
    with pytest.raises(NotGenuine):
        check(twice.encode())


def test_a_revocation_list_is_no_certificate(certificate: Certificate) -> None:
    response = Client().get(f"/certificates/status/{certificate.status_list}")
    assert response.status_code == 200
    with pytest.raises(NotGenuine, match="not a certificate"):
        check(response.content)


def test_the_command_needs_neither_network_nor_database(
    current: Certificate, key_dir: Path, tmp_path: Path
) -> None:
    file = tmp_path / "certificate.json"
    file.write_bytes(Client().get(f"{current.get_absolute_url()[:-1]}.json").content)
    answer = offline(file, key_dir=key_dir)
    assert (answer.returncode, answer.stderr) == (0, "")
    for line in ("GENUINE", "Alice Adams", "Essentials for patient safety", "Level 1", "100%"):
        assert line in answer.stdout
    assert "not checked" in answer.stdout
    assert current.key_id in answer.stdout


def test_the_command_tells_what_a_revocation_list_says(
    current: Certificate, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, listed, keys = (tmp_path / name for name in ("a.jwt", "status", "keys"))
    file.write_text(current.credential)
    keys.write_bytes(Client().get("/.well-known/jwks.json").content)
    arguments = (file, "--keys", keys, "--status", listed)
    listed.write_bytes(Client().get("/certificates/status/1").content)
    assert command(*arguments) == 0
    assert "not revoked" in capsys.readouterr().out
    by = make_trainee("editor@example.org", "Ed Itor")
    revoke(certificate=current, reason="Issued in error.", by=by, at=timezone.now())
    listed.write_bytes(Client().get("/certificates/status/1").content)
    after = offline(*arguments, key_dir=tmp_path / "nowhere")
    assert (after.returncode, "GENUINE, BUT REVOKED" in after.stdout) == (3, True)


def test_the_command_says_that_a_certificate_expired(
    db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    long_ago = dt.datetime(2021, 5, 1, tzinfo=dt.UTC)
    completion = complete_module(make_trainee(), make_module(validity_months=12), long_ago)
    file = tmp_path / "a.json"
    file.write_bytes(enveloped(completion.certificate.credential))
    assert command(file) == 3
    answer = capsys.readouterr().out
    assert "GENUINE, BUT EXPIRED" in answer
    assert "01 May 2022" in answer


def test_the_command_refuses_what_is_not_genuine_or_not_readable(
    certificate: Certificate, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = enveloped(certificate.credential)
    file = tmp_path / "a.json"
    file.write_bytes(content[:900] + bytes([content[900] ^ 1]) + content[901:])
    assert command(file) == 1
    assert capsys.readouterr().out.startswith("NOT GENUINE")
    file.write_bytes(b"%PDF-1.7")
    assert command(file) == 2
    assert ".json file instead" in capsys.readouterr().err
    assert command(tmp_path / "none.json") == 2
    assert "cannot be read" in capsys.readouterr().err
    assert command(file, "--keys", file) == 2
    assert "holds no issuer keys" in capsys.readouterr().err
    assert command(file, "--status", file) == 2
    assert "not a list of revocations" in capsys.readouterr().err
