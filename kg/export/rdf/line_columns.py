"""Lines that are alike, made from whole columns: one after the other they take three times as long."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc


def joined(*parts: str | pa.Array) -> pa.Buffer:
    """What stands in `parts`, row after row, as UTF-8: a text stands in all rows, and what is null in none."""
    lines = pc.binary_join_element_wise(*parts, "", null_handling="replace")
    whole = pc.binary_join(pa.ListArray.from_arrays([0, len(lines)], lines), "")
    return whole[0].as_buffer()
