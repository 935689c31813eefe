"""Lines made from columns."""

import pyarrow as pa

from kg.export.rdf.line_columns import joined


def test_rows_are_written_one_after_the_other() -> None:
    column = pa.array(["a", None, "漢\n", ""])
    assert joined("<", column, "|", column, ">").to_pybytes() == "<a|a><|><漢\n|漢\n><|>".encode()


def test_a_part_of_a_column_is_that_part() -> None:
    assert joined(pa.array(["a", "b", "c"])[1:], ";").to_pybytes() == b"b;c;"


def test_without_rows_there_is_nothing() -> None:
    assert joined("<", pa.array([], pa.string()), ">").to_pybytes() == b""
