"""Read the front matter of a text, with the line of every field.

Front matter is YAML between two lines `---`, or TOML between two lines `+++`. Every plain scalar is read as text, so
that `id: 007` gives "007" and `title: No` gives "No". Only `kg.read.fields` interprets these texts.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import yaml

from kg.base.toml import TomlError, parse_toml

_MAX_VALUES: Final = 10_000
"""Maximum number of values of a front matter after the expansion of its aliases.

The limit stops an alias bomb, which is a small text whose aliases refer to each other. With nine levels of aliases,
it expands to a billion values.
"""

_MAX_DEPTH: Final = 100
"""Maximum number of lists and mappings inside each other.

It is far below the number at which the recursion of libyaml would kill the interpreter.
"""

_OPENING = re.compile(r"(---|\+\+\+)[ \t]*\n")
_CLOSING = {
    "---": re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE),
    "+++": re.compile(r"^\+\+\+[ \t]*$", re.MULTILINE),
}
_TOML_KEY = re.compile(r"^(?:[ \t]*\[\[?(?P<table>[^\[\]\n]+)\]|(?P<key>[^=\n\[#]+)=)", re.MULTILINE)


class FrontMatterError(ValueError):
    """Raised if a front matter cannot be read; `line` is the number of the line in the file, from 1."""

    def __init__(self, code: str, message: str, line: int) -> None:
        super().__init__(message)
        self.code = code
        self.line = line


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The front matter of a text, and the text below it. Line numbers are those of the file, from 1."""

    values: Mapping[str, object] = field(default_factory=dict)
    """Key: the name of a field. Value: the field's value."""
    lines: Mapping[str, int] = field(default_factory=dict)
    """Key: the name of a field or subfield, such as "params.author". Value: the number of its line."""
    repeated: Mapping[str, int] = field(default_factory=dict)
    """Key: the name of a field that is given more than once. Value: the number of the line where it is given last."""
    body: str = ""
    """The text below the front matter."""
    body_line: int = 1
    """Number of the line where `body` begins."""


class _YamlLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # libyaml's parser if available
    """Loads YAML without guessing types: apart from nulls and merge keys, every plain scalar is a text."""


_YamlLoader.yaml_implicit_resolvers = {
    first: kept
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    if (kept := [pair for pair in resolvers if pair[0] in {"tag:yaml.org,2002:null", "tag:yaml.org,2002:merge"}])
}


def split(text: str) -> FrontMatter:
    """Split a text into front matter and body.

    If the first line is `---`, the front matter is the YAML between it and the next such line. If the first line is
    `+++`, it is the TOML between it and the next such line. Any other text has only a body.

    Args:
        text: the text of a whole file, with line feeds at the ends of lines.

    Raises:
        FrontMatterError: if the YAML or TOML is broken or nested too deeply, if the closing line is missing, if the
            front matter is not a mapping, or if its aliases expand to too many values.
    """
    opening = _OPENING.match(text)
    if opening is None:
        return FrontMatter(body=text)
    mark = opening[1]
    closing = _CLOSING[mark].search(text, opening.end())
    if closing is None:
        code = "yaml" if mark == "---" else "toml"
        raise FrontMatterError(code, f'the front matter that begins with "{mark}" is not closed by another "{mark}"', 1)
    body_start = min(closing.end() + 1, len(text))
    body_line = text.count("\n", 0, body_start) + 1
    source = text[opening.end() : closing.start()]
    if mark == "+++":
        return FrontMatter(_toml(source), _toml_lines(source), {}, text[body_start:], body_line)
    node, values = _load(source)
    if node is None:
        return FrontMatter(body=text[body_start:], body_line=body_line)
    lines: dict[str, int] = {}
    repeated: dict[str, int] = {}
    _lines(node, "", lines, repeated)
    return FrontMatter(values, lines, repeated, text[body_start:], body_line)


def _load(source: str) -> tuple[yaml.MappingNode | None, Mapping[str, object]]:
    try:
        can_be_large = _has_alias(source) or len(source) > _MAX_VALUES
        loader = _YamlLoader(source)
        try:
            node = loader.get_single_node()
            if node is None:
                return None, {}
            if not isinstance(node, yaml.MappingNode):
                raise FrontMatterError("yaml", "the front matter is not a list of fields (name: value)", 2)
            if can_be_large and _expanded_size(node) > _MAX_VALUES:
                message = f"the front matter has more than {_MAX_VALUES:,} values once its aliases are written out"
                raise FrontMatterError("alias-bomb", message, 2)
            return node, loader.construct_document(node)
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = " ".join(part for part in (error.context, error.problem) if part)
        raise FrontMatterError("yaml", f"broken YAML: {problem}", (mark.line if mark else 0) + 2) from error
    except yaml.reader.ReaderError as error:
        character = chr(error.character) if isinstance(error.character, int) else str(error.character)
        line = source.partition(character)[0].count("\n") + 2  # error.position counts bytes or characters
        raise FrontMatterError("yaml", f"broken YAML: {error.reason}", line) from error
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:
        if isinstance(error, FrontMatterError):
            raise
        raise FrontMatterError("yaml", f"broken YAML: {error}", 2) from error


def _toml(source: str) -> dict[str, object]:
    try:
        return {key: _as_text(value, 1) for key, value in parse_toml(source, parse_float=str).items()}
    except TomlError as error:
        raise FrontMatterError("toml", f"broken TOML: {error.reason}", error.line + 1) from error


def _as_text(value: object, depth: int) -> object:
    """Convert a TOML value to the value that would be read from YAML.

    Every scalar becomes a text. Dates and times are written in ISO 8601.
    """
    if depth > _MAX_DEPTH:
        raise FrontMatterError("too-deep", f"the front matter is nested more than {_MAX_DEPTH} levels deep", 2)
    match value:
        case dict():
            return {key: _as_text(part, depth + 1) for key, part in value.items()}
        case list():
            return [_as_text(part, depth + 1) for part in value]
        case bool():
            return str(value).lower()
        case dt.date() | dt.time():
            return value.isoformat()
        case _:
            return str(value)


def _toml_lines(source: str) -> dict[str, int]:
    """Return the line numbers of the keys and table headers with which lines of a TOML front matter begin.

    Key: the name of the field or subfield, such as "params.author". Value: the number of its line in the file, from 1.
    """
    lines: dict[str, int] = {}
    prefix = ""
    line = 2
    position = 0
    for found in _TOML_KEY.finditer(source):
        line += source.count("\n", position, found.start())
        position = found.start()
        name = ".".join(step.strip().strip("\"'") for step in (found["table"] or found["key"]).split("."))
        if found["table"]:
            prefix = name + "."
        lines.setdefault(name if found["table"] else prefix + name, line)
    return lines


def _has_alias(source: str) -> bool:
    """Whether `source` contains an alias.

    Raises:
        FrontMatterError: if `source` is nested too deeply.
    """
    found = False
    depth = 0
    for event in yaml.parse(source, Loader=_YamlLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > _MAX_DEPTH:
                message = f"the front matter is nested more than {_MAX_DEPTH} levels deep"
                raise FrontMatterError("too-deep", message, (event.start_mark.line if event.start_mark else 0) + 2)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif isinstance(event, yaml.AliasEvent):
            found = True
    return found


def _expanded_size(root: yaml.Node) -> int:
    """Return the number of values of `root` after the expansion of its aliases.

    If a node contains itself, the result is a number above the limit `_MAX_VALUES`.
    """
    sizes: dict[int, int] = {}
    pending: list[tuple[yaml.Node, bool]] = [(root, False)]
    while pending:
        node, children_known = pending.pop()
        if children_known:
            sizes[id(node)] = 1 + sum(sizes[id(child)] for child in _children(node))
        elif id(node) not in sizes:
            sizes[id(node)] = _MAX_VALUES  # counts if the node contains itself
            pending.append((node, True))
            pending += ((child, False) for child in _children(node))
    return sizes[id(root)]


def _children(node: yaml.Node) -> list[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        return [part for pair in node.value for part in pair]
    return node.value if isinstance(node, yaml.SequenceNode) else []


def _lines(node: yaml.MappingNode, prefix: str, lines: dict[str, int], repeated: dict[str, int]) -> None:
    for key, value in node.value:
        if isinstance(key, yaml.ScalarNode):
            name = prefix + key.value
            if name in lines:
                repeated[name] = key.start_mark.line + 2
            lines[name] = key.start_mark.line + 2
            if isinstance(value, yaml.MappingNode) and not prefix:
                _lines(value, name + ".", lines, repeated)
