"""A receipt short enough for a WhatsApp message: signed, with a check sum, safe to copy and paste.

`Tanda terima Posko 12: ` and about 120 letters without the ones that look alike (base 58). The
order of the bytes is an exchange format: never changed once released.
"""

from __future__ import annotations

import binascii
import re
import unicodedata
from dataclasses import dataclass

from posko_app.security.sign import CROCKFORD, sign, verify

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
LONGEST = 4_000  # letters of a message that is looked through
EPOCH = 1_577_836_800  # 1 January 2020, in seconds since 1970
_FORMAT = 1
_DOMAIN = b"posko/receipt/1\0"
_SIGNATURE, _CHECK, _SHORTEST = 64, 2, 80
_DEVICE = 8


class NoReceipt(ValueError):
    """The text holds no receipt; `torn` says that it holds one that was not copied whole."""

    def __init__(self, torn: bool) -> None:
        super().__init__("torn receipt" if torn else "no receipt")
        self.torn = torn


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What `device` says it has received of `sender`, both device ids.

    Everything up to `lsn` is there, `seq` is the last export of an unbroken row and `newest` the
    highest number seen at all. `made` is the second it was said in, by the clock of its records.
    """

    device: str
    sender: str
    lsn: int
    seq: int
    newest: int
    made: int


@dataclass(frozen=True)
class SignedReceipt:
    """A receipt as read, before anybody looked at its signature."""

    receipt: Receipt
    signed: bytes
    signature: bytes

    def is_signed_by(self, public: bytes) -> bool:
        """Whether it was signed with the key behind `public`."""
        return verify(public, _DOMAIN + self.signed, self.signature)


def write_receipt(receipt: Receipt, private: bytes) -> str:
    """The text of a receipt, signed with the private key of its device; at most 150 letters."""
    body = bytes([_FORMAT]) + _device_bytes(receipt.device) + _device_bytes(receipt.sender)
    body += min(max(receipt.made - EPOCH, 0), 2**32 - 1).to_bytes(4)
    for number in (receipt.lsn, receipt.seq, max(receipt.newest - receipt.seq, 0)):
        body += _varint(number)
    whole = body + sign(private, _DOMAIN + body)
    whole += binascii.crc_hqx(whole, 0xFFFF).to_bytes(_CHECK)
    return f"Tanda terima Posko {receipt.seq}: {_base58(whole)}"


def read_receipt(text: str) -> SignedReceipt:
    """Find the receipt in a pasted message, whatever stands around it.

    Raises NoReceipt.
    """
    plain = unicodedata.normalize("NFKC", text[:LONGEST])
    tail = plain.rpartition(":")[2]
    words = re.split(rf"[^{ALPHABET}]+", plain)
    found = [re.sub(r"[\s\u200b\u2060\ufeff]+", "", tail), *words]
    torn = False
    for word in found:
        whole = _bytes(re.sub(rf"[^{ALPHABET}].*", "", word, flags=re.DOTALL))
        torn = torn or len(whole) >= _SHORTEST // 2
        if len(whole) >= _SHORTEST and _is_whole(whole):
            return _parse(whole)
    raise NoReceipt(torn)


def _is_whole(whole: bytes) -> bool:
    check = int.from_bytes(whole[-_CHECK:])
    return whole[0] == _FORMAT and binascii.crc_hqx(whole[:-_CHECK], 0xFFFF) == check


def _parse(whole: bytes) -> SignedReceipt:
    body = whole[: -_SIGNATURE - _CHECK]
    numbers, rest = [], body[15:]
    try:
        for _ in range(3):
            number, rest = _read_varint(rest)
            numbers.append(number)
    except IndexError:
        raise NoReceipt(torn=True) from None
    if rest:
        raise NoReceipt(torn=True)
    lsn, seq, more = numbers
    receipt = Receipt(
        device=_device(body[1:6]),
        sender=_device(body[6:11]),
        made=int.from_bytes(body[11:15]) + EPOCH,
        lsn=lsn,
        seq=seq,
        newest=seq + more,
    )
    return SignedReceipt(receipt, body, whole[-_SIGNATURE - _CHECK : -_CHECK])


def _device_bytes(device: str) -> bytes:
    number = 0
    for letter in device:
        number = number << 5 | CROCKFORD.index(letter)
    return number.to_bytes(5)


def _device(packed: bytes) -> str:
    bits = int.from_bytes(packed)
    return "".join(CROCKFORD[bits >> 5 * place & 31] for place in range(_DEVICE - 1, -1, -1))


def _varint(number: int) -> bytes:
    packed = bytearray()
    while number > 127:
        packed.append(number & 127 | 128)
        number >>= 7
    packed.append(number)
    return bytes(packed)


def _read_varint(packed: bytes) -> tuple[int, bytes]:
    number = 0
    for place in range(9):
        byte = packed[place]
        number |= (byte & 127) << 7 * place
        if byte < 128:
            return number, packed[place + 1 :]
    raise IndexError


def _base58(whole: bytes) -> str:
    """The first byte is never 0, so no leading zeros can be lost."""
    number, letters = int.from_bytes(whole), ""
    while number:
        number, place = divmod(number, 58)
        letters = ALPHABET[place] + letters
    return letters


def _bytes(letters: str) -> bytes:
    number = 0
    for letter in letters[:200]:
        number = number * 58 + ALPHABET.index(letter)
    return number.to_bytes((number.bit_length() + 7) // 8)
