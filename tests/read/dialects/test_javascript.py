"""Literal values in JavaScript are read, and nothing is evaluated."""

import time
from pathlib import Path
from typing import Any

import pytest

from kg.read.dialects.javascript import read_object


def read(tmp_path: Path, source: str, *keys: str) -> Any:
    path = tmp_path / "x.config.js"
    path.write_text(source, encoding="utf-8")
    return read_object(path, [(key,) for key in keys or ("a",)])


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            'export default {a: \'x\', "b": "y", c: `z`, d: 1, e: true};',
            {"a": "x", "b": "y", "c": "z", "d": "1", "e": "true"},
        ),
        ("module.exports = {a: [1, ['x'], {b: 'y'}],}", {"a": ["1", ["x"], {"b": "y"}]}),
        ("const b = 'x'; const c: Config = {a: b, b}\nexport default c", {"a": "x", "b": "x"}),
        ("const rest = {b: '1', c: '2'}; x = {a: 1, ...rest, c: '3'}", {"a": "1", "b": "1", "c": "3"}),
        ("export default async function f() { return {a: 'x'} satisfies Config }", {"a": "x"}),
        ("export default defineConfig({a: ('x'), b: ({c: 'y'}) as Options})", {"a": "x", "b": {"c": "y"}}),
        ("x = {a: process.env.A || 'x', b: process.env.B ?? 'y', c: 'z' || d}", {"a": "x", "b": "y", "c": "z"}),
        ("x = {a: 1, b: f(), c: d ? 'e' : 'f', g: 'h' + i, j: `k${l}`, m: n.o, p: () => ({q: 1}), r: -s}", {"a": "1"}),
        (
            "x = {a: 1, b() { return {c: 1}; }, async d() {}, ['e']: 'f', get g() { return 1 }, h: 'i'}",
            {"a": "1", "h": "i"},
        ),
        (
            "x = {a: require('./y'), b: require.resolve('./z'), c: path.resolve(__dirname, '../d', 'e')}",
            {"a": "./y", "b": "./z", "c": "../d/e"},
        ),
        ("x = {a: path.join(__dirname, f()), b: path.resolve('c')}", {}),
        ("// {a: 1}\n/* {a: 2} */ x = {a: '//', b: /['\"{]/.test(c), d: 'e'}", {"a": "//", "d": "e"}),
        ("x = {b: 1}; y = {a: {c: 1}}", {"a": {"c": "1"}}),
        ("x = {b: {a: 1}}", {"a": "1"}),
        (
            r"x = {a: 'it\'s \u{1F600} \x41\
B'}",
            {"a": "it's 😀 AB"},
        ),
        ("const a = a; x = {a}", {}),
        ("const b = c, c = b; x = {a: b}", {}),
        ('/* a comment */ {"a": "JSON", // with comments\n}', {"a": "JSON"}),
        ("x = {a: ", {}),
        ("", {}),
    ],
)
def test_values_that_are_written_out_are_read(tmp_path: Path, source: str, expected: object) -> None:
    assert read(tmp_path, source) == expected


def test_an_object_must_have_a_key_of_each_set(tmp_path: Path) -> None:
    path = tmp_path / "x.js"
    path.write_text("x = {a: 1, c: 2}; y = {a: 3, b: 4}")
    assert read_object(path, [("a",), ("b", "d")]) == {"a": "3", "b": "4"}
    assert read_object(path, [("d",)]) == {}
    assert read_object(tmp_path / "none.js", [("a",)]) == {}
    assert read_object(None, [("a",)]) == {}


def test_a_large_file_is_not_read_and_bytes_that_are_no_text_are_replaced(tmp_path: Path) -> None:
    assert read(tmp_path, "x = {a: 1}" + " " * 200_000) == {}
    (tmp_path / "x.js").write_bytes(b"x = {a: '\xff', b: 'c'}")
    assert read_object(tmp_path / "x.js", [("a",)]) == {"a": "\ufffd", "b": "c"}


@pytest.mark.parametrize(
    "piece",
    [
        "{",
        "x={",
        "[(",
        "const a=b;",
        "x={a:",
        "`",
        "/*",
        "const a={...b},b={...a};",
        "({a:[",
        "'\\",
        "a/",
        "(",
        "...a,",
    ],
)
def test_hostile_repetition_is_read_in_bounded_time(tmp_path: Path, piece: str) -> None:
    start = time.process_time()
    read(tmp_path, piece * (190_000 // len(piece)), "none")
    assert time.process_time() - start < 10
