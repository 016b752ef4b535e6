"""Certificates: one device of an office vouches with its signature for the key of another.

A certificate is one line of text: what it says, and an Ed25519 signature over that. A roster is
several of them, each valid alone. The letters and their order are an exchange format: never changed
once released.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

from .sign import sign, verify

GOOD, REVOKED = "k", "x"
_MARK = "c1"
_DOMAIN = b"posko/certificate/1\0"
_LONGEST = 400  # letters of a line


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """What a signer says of a key; `version` grows with each new decision of the signer.

    `state` is GOOD or REVOKED, `recipient` the key that files for the device are locked with.
    """

    signer_office: str
    signer_device: str
    office: str
    device: str
    public_key: bytes
    recipient: str
    state: str
    version: int


def make_certificate(certificate: Certificate, private: bytes) -> str:
    """The line of a certificate, signed with the signer's private key."""
    said = _said(certificate)
    signature = sign(private, _DOMAIN + said.encode())
    return f"{said}|{base64.b64encode(signature).decode()}"


def read_certificate(line: str) -> Certificate:
    """What a line says, before anybody looked at its signature. Raises ValueError."""
    parts = line.split("|")
    if len(line) > _LONGEST or len(parts) != 10 or parts[0] != _MARK or not line.isascii():
        raise ValueError("no certificate")
    _, signer_office, signer_device, office, device, key, recipient, state, version, _ = parts
    if state not in (GOOD, REVOKED) or not (signer_office and signer_device and office and device):
        raise ValueError("a certificate that says nothing")
    if not version.isdecimal() or len(version) > 18:
        raise ValueError("version is no number")
    try:
        public = base64.b64decode(key, validate=True)
    except binascii.Error:
        raise ValueError("key is not base64") from None
    if len(public) != 32:
        raise ValueError("key has a wrong length")
    return Certificate(
        signer_office=signer_office,
        signer_device=signer_device,
        office=office,
        device=device,
        public_key=public,
        recipient=recipient,
        state=state,
        version=int(version),
    )


def is_signed_by(line: str, public: bytes) -> bool:
    """Whether a line was signed with the key behind `public`; never raises."""
    said, _, signature = line.rpartition("|")
    try:
        signed = base64.b64decode(signature, validate=True)
        return verify(public, _DOMAIN + said.encode("ascii"), signed)
    except (binascii.Error, ValueError):
        return False


def may_vouch(signer: str, subject: str, own: str) -> bool:
    """Whether an office may vouch for the keys of another, for a reader in the office `own`.

    An office vouches for its other devices and for the offices directly below it; the office above
    the reader may introduce the one above itself. All three are Kemendagri codes.
    """
    if not signer or not subject:
        return False
    above = own.rpartition(".")[0]
    introduces = signer == above and subject == signer.rpartition(".")[0]
    return signer == subject or subject.rpartition(".")[0] == signer or introduces


def _said(certificate: Certificate) -> str:
    fields = (
        _MARK,
        certificate.signer_office,
        certificate.signer_device,
        certificate.office,
        certificate.device,
        base64.b64encode(certificate.public_key).decode(),
        certificate.recipient,
        certificate.state,
        str(certificate.version),
    )
    if any("|" in field or not field.isascii() or "\n" in field for field in fields):
        raise ValueError("a field of a certificate holds a sign that it may not hold")
    return "|".join(fields)
