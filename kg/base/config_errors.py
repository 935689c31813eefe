"""Error messages about an invalid kg.toml."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any, Final, Literal, get_args, get_origin, get_type_hints

import msgspec

_PARTS = re.compile(r"(?P<what>.*?)(?: - at `\$\.?(?P<path>[^`]*)`)?", re.DOTALL)
"""Matches a message of msgspec: a description of the error, and the path of the setting, such as `read.suffixes[0]`."""
_UNKNOWN = re.compile(r"Object contains unknown field `(?P<key>.*)`", re.DOTALL)
_ENUM = re.compile(r"Invalid enum value (?P<value>.*)", re.DOTALL)
_TYPE = re.compile(r"`(\w+)`")
_TYPES: Final = {
    "array": "a list",
    "bool": "true or false",
    "float": "a number",
    "int": "a whole number",
    "object": "a table",
    "str": "a text",
}
_TABLE = re.compile(r"[ \t]*\[[ \t]*(?P<name>[^\[\]]*?)[ \t]*\]")
_SETTING = re.compile(r"[ \t]*(?P<key>[\w-]+)[ \t]*=")


def config_error(error: msgspec.ValidationError, source: str, config: type[msgspec.Struct]) -> str:
    """Return a message about an invalid kg.toml: the line, the setting and what is wrong with it.

    Args:
        error: the error of msgspec.
        source: the text of the kg.toml.
        config: the type of the configuration.
    """
    found = _PARTS.fullmatch(str(error))
    what, path = (found["what"], found["path"] or "") if found else (str(error), "")
    steps = [step for step in re.split(r"\.|\[[^\]]*\]", path) if step]
    if unknown := _UNKNOWN.fullmatch(what):
        key = unknown["key"]
        known = _type_at(config, steps)
        fields = known.__struct_fields__ if _is_struct(known) else ()
        close = get_close_matches(key, fields, n=1)
        meant = f', did you mean "{close[0]}"?' if close else ""
        table = f" in [{path}]" if path else ""
        return f'{_line(source, [*steps, key])}: there is no setting "{key}"{table}{meant}'
    if enum := _ENUM.fullmatch(what):
        values = " or ".join(f'"{value}"' for value in _texts(_type_at(config, steps)))
        what = f"{enum['value']} is not {values}"
    else:
        what = what.removesuffix(" | null").replace(" | null`", "`")
        what = _TYPE.sub(lambda name: _TYPES.get(name[1], name[0]), what)
        what = what[:1].lower() + what[1:]
    return f"{_line(source, steps)}: {path}: {what}" if path else f"{_line(source, steps)}: {what}"


def _type_at(struct: type[msgspec.Struct], steps: list[str]) -> Any:
    """Return the type of the setting at a path of keys, or None if it is unknown."""
    found: Any = struct
    for step in steps:
        found = get_type_hints(found).get(step) if _is_struct(found) else None
    return found


def _is_struct(found: Any) -> bool:
    return isinstance(found, type) and issubclass(found, msgspec.Struct)


def _texts(annotation: Any) -> Iterator[str]:
    """Yield the strings that a type allows, which are the values of its `Literal` parts."""
    if get_origin(annotation) is Literal:
        yield from map(str, get_args(annotation))
    else:
        for part in get_args(annotation):
            yield from _texts(part)


def _line(source: str, steps: list[str]) -> int:
    """Return the number of the line, from 1, with the setting at a path of keys; 1 if there is no such line."""
    table: list[str] = []
    for number, line in enumerate(source.split("\n"), start=1):
        if header := _TABLE.match(line):
            table = [step.strip() for step in header["name"].split(".")]
            if table == steps:
                return number
        elif (setting := _SETTING.match(line)) and [*table, setting["key"]] == steps:
            return number
    return 1
