"""Writes into a folder: ca.pem, and key and certificate of each kind of server that a browser should or should not trust."""

import datetime
import ipaddress
import sys
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

NOW = datetime.datetime.now(datetime.timezone.utc)
DAY = datetime.timedelta(days=1)


def name(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def builder(subject, issuer, public_key, begins, ends):
    return (
        x509.CertificateBuilder()
        .subject_name(name(subject))
        .issuer_name(name(issuer))
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
    )


def write(folder, kind, certificate, key):
    (folder / f"{kind}.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / f"{kind}.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )


def main(folder):
    ca_key = ec.generate_private_key(ec.SECP256R1())
    ca = (
        builder("Testbed authority", "Testbed authority", ca_key.public_key(), NOW - 30 * DAY, NOW + 30 * DAY)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(ca_key, hashes.SHA256())
    )
    write(folder, "ca", ca, ca_key)
    here = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    elsewhere = x509.DNSName("hub.elsewhere.example")
    for kind, host, begins, ends in (
        ("good", here, NOW - DAY, NOW + DAY),
        ("expired", here, NOW - 20 * DAY, NOW - 2 * DAY),
        ("other-name", elsewhere, NOW - DAY, NOW + DAY),
    ):
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = (
            builder("hub", "Testbed authority", key.public_key(), begins, ends)
            .add_extension(x509.SubjectAlternativeName([host]), critical=False)
            .sign(ca_key, hashes.SHA256())
        )
        write(folder, kind, certificate, key)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
