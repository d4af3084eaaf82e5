"""Certificates for one test run, by an authority that nobody else trusts and nobody keeps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

HERE = ("127.0.0.1", "localhost")
A_DAY = timedelta(days=1)


class Authority:
    """Issues certificates; `folder`/ca.pem is what those who trust it are given."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._name = _name("A throw-away authority for tests")
        self._key = ec.generate_private_key(ec.SECP256R1())
        folder.mkdir(parents=True, exist_ok=True)
        builder = self._builder(self._name, self._key, datetime.now(UTC) + A_DAY)
        usage = x509.KeyUsage(
            digital_signature=False,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            key_cert_sign=True,
            crl_sign=True,
            encipher_only=False,
            decipher_only=False,
        )
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        self._write(builder.add_extension(usage, critical=True), self.file)

    @property
    def file(self) -> Path:
        """Its own certificate."""
        return self.folder / "ca.pem"

    def issue(
        self, name: str, hosts: tuple[str, ...] = HERE, until: datetime | None = None
    ) -> tuple[Path, Path]:
        """The files of a server's certificate and of its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        builder = self._builder(_name(hosts[0]), key, until or datetime.now(UTC) + A_DAY)
        hosts_named = x509.SubjectAlternativeName([_host(host) for host in hosts])
        purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
        builder = builder.add_extension(hosts_named, critical=False)
        certificate, secret = self.folder / f"{name}.pem", self.folder / f"{name}.key"
        self._write(builder.add_extension(purpose, critical=False), certificate)
        secret.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        return certificate, secret

    def _builder(
        self, name: x509.Name, key: ec.EllipticCurvePrivateKey, until: datetime
    ) -> x509.CertificateBuilder:
        ours = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        theirs = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(until - 9 * A_DAY)
            .not_valid_after(until)
            .add_extension(ours, critical=False)
            .add_extension(theirs, critical=False)
        )

    def _write(self, builder: x509.CertificateBuilder, path: Path) -> None:
        certificate = builder.sign(self._key, hashes.SHA256())
        path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _host(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)
