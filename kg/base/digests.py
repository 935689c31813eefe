"""Digests of values. Equal values have equal digests in every process."""

from __future__ import annotations

import hashlib

import msgspec


def digest_of(value: object) -> str:
    """Return the SHA-256, in hexadecimal, of a value that msgspec can encode as JSON."""
    return hashlib.sha256(msgspec.json.encode(value, order="deterministic")).hexdigest()
