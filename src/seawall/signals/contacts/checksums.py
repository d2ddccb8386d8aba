"""Checksums of payment formats: what fails one was never an account."""

from __future__ import annotations

from hashlib import sha256
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_LENGTHS = """
AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 EG29 ES24 FI18
FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20
LU20 LV21 LY25 MC27 MD24 ME22 MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 SC31 SE24
SI19 SK24 SM27 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20
"""
IBAN_LENGTHS: Mapping[str, int] = MappingProxyType({each[:2]: int(each[2:]) for each in _LENGTHS.split()})
"""By country (ISO 13616)."""

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_BECH32_ENDS = (1, 0x2BC830A3)  # bech32, bech32m (BIP 350)
_VERSIONED = 25  # bytes: version, hash, checksum


def is_iban(text: str) -> bool:
    """Whether a text without spaces is an IBAN: its country's length, and ISO 7064 mod 97-10.

    >>> is_iban("GB82WEST12345698765432"), is_iban("GB82WEST12345698765433")
    (True, False)
    """
    if IBAN_LENGTHS.get(text[:2]) != len(text) or not text.isalnum() or not text.isascii():
        return False
    return int("".join(str(int(each, 36)) for each in text[4:] + text[:4])) % 97 == 1


def is_luhn(digits: str) -> bool:
    """Whether digits end in their Luhn check digit (ISO/IEC 7812-1).

    >>> is_luhn("4111111111111111"), is_luhn("4111111111111112")
    (True, False)
    """
    doubled = [int(each) * (1 + place % 2) for place, each in enumerate(reversed(digits))]
    return sum(each - 9 * (each > 9) for each in doubled) % 10 == 0


def base58_version(text: str) -> int | None:
    """The version byte of a base58check address of 25 bytes; None if it is none.

    >>> [base58_version(f"1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN{last}") for last in "23"]
    [0, None]
    """
    number = 0
    for each in text:
        place = _BASE58.find(each)
        if place < 0:
            return None
        number = number * 58 + place
    if number >= 256**_VERSIONED:
        return None
    data = number.to_bytes(_VERSIONED, "big")
    whole = sha256(sha256(data[:-4]).digest()).digest()
    return data[0] if whole[:4] == data[-4:] else None


def is_bech32(text: str) -> bool:
    """Whether a text is a bech32 or bech32m string (BIP 173, BIP 350), of one case.

    >>> [is_bech32(f"bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t{last}") for last in "45"]
    [True, False]
    """
    if text != text.lower() and text != text.upper():
        return False
    name, _, data = text.lower().rpartition("1")
    values = [_BECH32.find(each) for each in data]
    if not name or min(values, default=-1) < 0:
        return False
    check = 1
    for value in (*(ord(each) >> 5 for each in name), 0, *(ord(each) & 31 for each in name), *values):
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for place, generator in enumerate(_GENERATORS):
            check ^= generator if top >> place & 1 else 0
    return check in _BECH32_ENDS


def is_ethereum(text: str) -> bool:
    """Whether `0x` and 40 digits are an address: of one case, or with the capitals that EIP-55 asks for.

    >>> [is_ethereum(f"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1Be{last}") for last in ("Aed", "aed")]
    [True, False]
    """
    digits = text[2:]
    if digits in (digits.lower(), digits.upper()):
        return True
    hashed = keccak256(digits.lower().encode()).hex()
    return all(
        one == (one.upper() if by > "7" else one.lower()) for one, by in zip(digits, hashed[:40], strict=True)
    )


def keccak256(data: bytes) -> bytes:
    """Keccak with 256 bits as Ethereum uses it: SHA-3 with the padding of before it became a standard.

    >>> keccak256(b"").hex()[:16]
    'c5d2460186f7233c'
    """
    rate = 136
    padded = bytearray(data) + b"\x01"
    padded += b"\x00" * (-len(padded) % rate)
    padded[-1] |= 0x80
    lanes = [[0] * 5 for _ in range(5)]
    for start in range(0, len(padded), rate):
        for place in range(rate // 8):
            block = padded[start + 8 * place : start + 8 * place + 8]
            lanes[place % 5][place // 5] ^= int.from_bytes(block, "little")
        lanes = _permuted(lanes)
    return b"".join(lanes[place % 5][place // 5].to_bytes(8, "little") for place in range(4))


def _permuted(lanes: list[list[int]]) -> list[list[int]]:
    """Keccak-f[1600] (FIPS 202, 3.3)."""
    register = 1
    for _ in range(24):
        parity = [lane[0] ^ lane[1] ^ lane[2] ^ lane[3] ^ lane[4] for lane in lanes]
        mixed = [parity[(x + 4) % 5] ^ _turned(parity[(x + 1) % 5], 1) for x in range(5)]
        lanes = [[lane ^ mixed[x] for lane in lanes[x]] for x in range(5)]
        x, y, held = 1, 0, lanes[1][0]
        for step in range(24):
            x, y = y, (2 * x + 3 * y) % 5
            held, lanes[x][y] = lanes[x][y], _turned(held, (step + 1) * (step + 2) // 2)
        for row in range(5):
            line = [lanes[column][row] for column in range(5)]
            for column in range(5):
                lanes[column][row] = line[column] ^ (~line[(column + 1) % 5] & line[(column + 2) % 5])
        for power in range(7):
            register = (register << 1 ^ (register >> 7) * 0x71) % 256
            if register & 2:
                lanes[0][0] ^= 1 << (1 << power) - 1
    return lanes


def _turned(lane: int, by: int) -> int:
    by %= 64
    return (lane << by | lane >> 64 - by) & 0xFFFFFFFFFFFFFFFF
