"""Digests of values: the same for equal values, in any process."""

from __future__ import annotations

import hashlib

import msgspec


def digest_of(value: object) -> str:
    """The SHA-256 of anything that msgspec can write as JSON, in hexadecimal."""
    return hashlib.sha256(msgspec.json.encode(value, order="deterministic")).hexdigest()
