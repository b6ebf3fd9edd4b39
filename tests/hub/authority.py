"""A certificate authority of our own, and the certificates of servers that it signs."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(frozen=True)
class Authority:
    """``certificate``: the file that a client trusts."""

    certificate: Path
    _key: ec.EllipticCurvePrivateKey
    _name: x509.Name

    def sign(self, folder: Path, *names: str, days: int = 2) -> tuple[Path, Path]:
        """A server's certificate and key; ``days`` below zero: expired since then."""
        key = ec.generate_private_key(ec.SECP256R1())
        alternatives = [
            x509.IPAddress(ip_address(name)) if name[0].isdigit() else x509.DNSName(name)
            for name in names
        ]
        until = datetime.now(UTC) + timedelta(days=days)
        signed = (
            _begun(_called(names[0]), self._name, key, until)
            .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
            .sign(self._key, hashes.SHA256())
        )
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "server.crt").write_bytes(_pem(signed))
        (folder / "server.key").write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        return folder / "server.crt", folder / "server.key"


def authority(folder: Path, name: str = "Testamt") -> Authority:
    """A new authority, whose certificate lies in the folder."""
    key, called = ec.generate_private_key(ec.SECP256R1()), _called(name)
    until = datetime.now(UTC) + timedelta(days=5)
    own = (
        _begun(called, called, key, until)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "root.crt"
    path.write_bytes(_pem(own))
    return Authority(path, key, called)


def _called(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _begun(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, until: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(until - timedelta(days=30))
        .not_valid_after(until)
    )


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)
