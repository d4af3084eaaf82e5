"""The certificate that compose.yaml has made for its Elasticsearch."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
from pathlib import Path
from threading import Thread

import pytest

from tests.architecture.sources import ROOT

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")


def _make(folder: Path) -> None:
    command = ["sh", ROOT / "deploy/certificates.sh", folder, "elasticsearch", "localhost"]
    subprocess.run(command, check=True)


def _greet(folder: Path, host: str) -> str:
    """Whom a caller meets that trusts the authority of `folder` and asks for `host`."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / "elasticsearch.crt", folder / "elasticsearch.key")
    client = ssl.create_default_context(cafile=folder / "ca.crt")
    client.verify_flags |= ssl.VERIFY_X509_STRICT  # as later versions of Python do by themselves
    ours, theirs = socket.socketpair()

    def answer() -> None:
        try:
            server.wrap_socket(theirs, server_side=True).close()
        except OSError:  # the caller hangs up on a certificate that it does not trust
            theirs.close()

    thread = Thread(target=answer)
    thread.start()
    try:
        with client.wrap_socket(ours, server_hostname=host) as secure:
            return str(dict(part[0] for part in secure.getpeercert()["subject"])["commonName"])
    finally:
        ours.close()
        thread.join()


@pytest.mark.parametrize("host", ["elasticsearch", "localhost", "127.0.0.1"])
def test_a_strict_caller_takes_it_for_each_of_its_hosts(tmp_path: Path, host: str) -> None:
    _make(tmp_path)
    assert _greet(tmp_path, host) == "elasticsearch"


def test_for_another_host_it_is_refused(tmp_path: Path) -> None:
    _make(tmp_path)
    with pytest.raises(ssl.SSLCertVerificationError):
        _greet(tmp_path, "search.example.org")


def test_it_is_made_once_and_nobody_else_reads_its_key(tmp_path: Path) -> None:
    _make(tmp_path)
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert set(made) == {"ca.crt", "elasticsearch.crt", "elasticsearch.key"}
    assert (tmp_path / "elasticsearch.key").stat().st_mode & 0o077 == 0
    _make(tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == made
