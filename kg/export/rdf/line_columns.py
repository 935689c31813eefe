"""Vectorised formatting of many lines of the same form, from columns with the values in the lines.

This takes a third of the time of making the lines one by one.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc


def joined(*parts: str | pa.Array) -> pa.Buffer:
    """Return rows of text as UTF-8, one row after the other. A row consists of `parts`, joined without a separator.

    A part that is an array has a value for each row, and null is treated as an empty text. A part that is a string is
    the same in all rows.
    """
    lines = pc.binary_join_element_wise(*parts, "", null_handling="replace")
    whole = pc.binary_join(pa.ListArray.from_arrays([0, len(lines)], lines), "")
    return whole[0].as_buffer()
