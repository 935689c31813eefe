"""Read the front matter of a text, with the line of every field.

Front matter is YAML between two lines `---`, or TOML between two lines `+++`. Every scalar is read as text, so that
`id: 007` gives "007" and `title: No` gives "No". Only `kg.read.fields` interprets these texts.

A mistake of an author affects only the value that contains it. If the YAML is broken, its fields are read one by one.
If the front matter is not closed, it ends where the lines no longer look like fields. If no line looks like a field,
the first line is a horizontal rule, and the text has no front matter.
"""

from __future__ import annotations

import base64
import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import yaml
from dateutil import parser

from kg.base.model import Severity
from kg.base.toml import TomlError, TomlLimitError, parse_toml

MAX_VALUES: Final = 10_000
"""Maximum number of values that the expansion of aliases may add to a front matter.

The limit stops an alias bomb, which is a small text whose aliases refer to each other. With nine levels of aliases,
it expands to a billion values.
"""

_MAX_DEPTH: Final = 100
"""Maximum nesting depth of lists and mappings.

It is far below the number at which the recursion of libyaml would kill the interpreter.
"""

_MAX_NAMES: Final = 5
"""Maximum number of fields that are named in a message."""

_MAX_TAG: Final = 60
"""Maximum number of characters of a tag that are shown in a message."""

_EMPTY_LINES = re.compile(r"(?:[ \t]*+\n)+(?=---|\+\+\+)")
_OPENING = re.compile(r"(---|\+\+\+)[ \t]*\n")
_TOML_KEY = re.compile(r"^(?:[ \t]*\[\[?(?P<table>[^\[\]\n]+)\]|(?P<key>[^=\n\[#]+)=)", re.MULTILINE)
_IN_BRACKETS = re.compile(r"\[\[[^\[\]\n]+\]\]|\{\{[^{}\n]*\}\}")
"""A wiki link or a template expression. In YAML, both are lists or mappings."""
_TEMPLATE = re.compile(r"\{\{[^{}]*\}\}|\{%[^{}]*%\}|<%[^%]*%>")

_TAGS: Final = "tag:yaml.org,2002:"
_KIND_TAGS: Final[dict[type[yaml.Node], str]] = {
    yaml.ScalarNode: _TAGS + "str",
    yaml.SequenceNode: _TAGS + "seq",
    yaml.MappingNode: _TAGS + "map",
}
_NULL: Final = _TAGS + "null"
_MERGE: Final = _TAGS + "merge"


class FrontMatterError(ValueError):
    """Raised if a front matter must not be read; `line` is the number of the line in the file, from 1."""

    def __init__(self, code: str, message: str, line: int) -> None:
        super().__init__(message)
        self.code = code
        self.line = line


class _BrokenError(ValueError):
    """Raised if a source is not YAML or TOML; `line` is the number of the line in the source, from 0."""

    def __init__(self, problem: str, line: int) -> None:
        super().__init__(problem)
        self.line = line


@dataclass(frozen=True, slots=True)
class Mistake:
    """A mistake in the notation of a front matter. `line` is the number of the line in the file, from 1."""

    severity: Severity
    code: str
    line: int
    field: str | None
    message: str


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
    mistakes: tuple[Mistake, ...] = ()
    plain: frozenset[str] = frozenset()
    """Names of the broken fields, whose lines were read as plain text."""


@dataclass(slots=True)
class _Found:
    """The part of a front matter that has been read so far; see `FrontMatter`."""

    limit: int
    """Maximum number of values, after the expansion of aliases."""
    size: int = 0
    """Number of values in those mappings that have aliases."""
    values: dict[str, object] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    repeated: dict[str, int] = field(default_factory=dict)
    wrong_tags: list[Mistake] = field(default_factory=list)
    plain: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Notation:
    """A notation for front matter."""

    name: str
    closing: re.Pattern[str]
    """Finds the line that closes the front matter."""
    field: re.Pattern[str]
    """Finds the beginning of a line that begins a field.

    Group 1 is the name of the field. It is None if the line is the header of a TOML table.
    """
    unspaced: re.Pattern[str]
    """Finds a line that begins a field but has no space after the colon.

    This pattern is used only in broken sources.
    """
    read: Callable[[str, int, _Found], bool]
    """Adds the fields of a source to what has been found, and returns whether the source has fields.

    The second argument is the number of the source's first line in the file, from 1.

    Raises:
        _BrokenError: if the source is broken.
        FrontMatterError: if it is nested too deeply, or its aliases expand to too many values.
    """

    @property
    def code(self) -> str:
        """The code of problems with this notation."""
        return self.name.lower()


class _YamlLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # libyaml's parser if available
    """Loads YAML without guessing types: apart from nulls and merge keys, every plain scalar is a text."""


_RESOLVERS: Final = yaml.SafeLoader.yaml_implicit_resolvers
_YamlLoader.yaml_implicit_resolvers = {
    first: kept
    for first, resolvers in _RESOLVERS.items()
    if (kept := [pair for pair in resolvers if pair[0] in {_NULL, _MERGE}])
}
_YamlLoader.yaml_constructors = {  # those of other types raise all kinds of errors for a value that does not fit
    tag: yaml.SafeLoader.yaml_constructors[tag] for tag in (_NULL, *_KIND_TAGS.values(), None)
}
_SPELLINGS: Final[dict[str, re.Pattern[str]]] = {
    tag.removeprefix(_TAGS): pattern for resolvers in _RESOLVERS.values() for tag, pattern in resolvers
}
"""Key: the name of a tag, such as "int". Value: a pattern for the scalars to which YAML assigns this tag."""


def split(text: str, *, below_empty_lines: bool = False) -> FrontMatter:
    """Split a text into front matter and body.

    If the first line is `---`, the front matter is the YAML between it and the next such line. If the first line is
    `+++`, it is the TOML between it and the next such line. Any other text has only a body. A text whose first line
    `---` is not followed by fields also has only a body, since this line is a horizontal rule.

    Args:
        text: the text of a whole file, with line feeds at the ends of lines.
        below_empty_lines: whether empty lines may be above the front matter.

    Raises:
        FrontMatterError: if the front matter is nested too deeply, or if its aliases expand to too many values.
    """
    if below_empty_lines and (above := _EMPTY_LINES.match(text)):
        matter, count = split(text[above.end() :]), above[0].count("\n")
        return _moved(matter, count) if matter.body_line > 1 else FrontMatter(body=text)
    opening = _OPENING.match(text)
    if opening is None:
        return FrontMatter(body=text)
    mark, start = opening[1], opening.end()
    notation = _NOTATIONS[mark]
    closing = notation.closing.search(text, start)
    source = text[start : closing.start() if closing else len(text)]
    found, broken = _Found(MAX_VALUES + len(source)), None
    mistakes: list[Mistake] = []
    body_start = min(closing.end() + 1, len(text)) if closing else len(text)
    if closing:
        try:
            if not notation.read(source, 2, found) and not _is_blank(source, notation):
                return FrontMatter(body=text)
        except _BrokenError as error:
            broken = error
    if broken or not closing:
        end = _fields_end(source, notation, is_closed=closing is not None)
        if not end:
            return FrontMatter(body=text)
        if not closing or source[end:].strip():
            body_start = start + end
            mistakes.append(_not_closed(notation, mark, text, body_start))
        found = _Found(MAX_VALUES + len(source))
        mistakes += _read_one_by_one(source[:end], notation, found, broken)
    mistakes += _told_once(found.wrong_tags)
    body_line = text.count("\n", 0, body_start) + 1
    return FrontMatter(
        found.values, found.lines, found.repeated, text[body_start:], body_line, tuple(mistakes), frozenset(found.plain)
    )


def _moved(matter: FrontMatter, count: int) -> FrontMatter:
    """Return a front matter with the numbers of lines that it has below `count` further lines."""
    return replace(
        matter,
        lines={name: line + count for name, line in matter.lines.items()},
        repeated={name: line + count for name, line in matter.repeated.items()},
        body_line=matter.body_line + count,
        mistakes=tuple(replace(mistake, line=mistake.line + count) for mistake in matter.mistakes),
    )


def is_template(text: str) -> bool:
    """Whether a value is a template that was not filled in, such as `{{date}}` or `<% tp.date.now() %>`."""
    rest, count = _TEMPLATE.subn("", text)
    return count > 0 and not any(character.isalnum() for character in rest)


def _is_blank(source: str, notation: _Notation) -> bool:
    """Whether a source without fields is front matter: it is blank, or its fields are commented out.

    A line such as `# Heading` between two horizontal rules is not a comment.
    """
    lines = [line.strip() for line in source.split("\n") if line.strip()]
    comments = [line.lstrip("# \t") for line in lines if line.startswith("#")]
    return not lines or (len(comments) == len(lines) and any(map(notation.field.match, comments)))


def _fields_end(source: str, notation: _Notation, *, is_closed: bool) -> int:
    """Return the length of the lines at the beginning of `source` that look like fields; 0 if there are none.

    A field may be followed by lines that continue it: indented lines, list items, comments and closing brackets. After
    a blank line, a list item belongs to the Markdown text, and `#` begins a heading. If the front matter is closed, any
    line that does not follow a blank line may continue a field, since it may belong to a text in quotes.
    """
    end = position = 0
    after_blank = False
    for line in source.split("\n"):
        position = min(position + len(line) + 1, len(source))
        if not line.strip():
            after_blank = True
            continue
        if not notation.field.match(line):
            if not end and not line.startswith("#"):
                return 0
            continues = is_closed or line[0] in "#]}" or (line + " ").startswith("- ")
            if not line[0].isspace() and (after_blank or not continues):
                return end
        if end or not line.startswith("#"):
            end = position
        after_blank = False
    return end


def _not_closed(notation: _Notation, mark: str, text: str, body_start: int) -> Mistake:
    message = f'the front matter that begins with "{mark}" is not closed by another "{mark}"'
    body = text[body_start:]
    if body.strip():
        before = text[:body_start] + body[: len(body) - len(body.lstrip())]
        message += f"; the text is taken to begin in line {before.count(chr(10)) + 1}"
    return Mistake(Severity.WARNING, notation.code, 1, None, message)


def _read_one_by_one(source: str, notation: _Notation, found: _Found, broken: _BrokenError | None) -> Iterator[Mistake]:
    """Read the fields of a front matter one by one, and yield one mistake if some of them are broken.

    A broken field of one line is read as plain text. A longer one is skipped.

    Args:
        source: the front matter.
        notation: its notation.
        found: receives the fields.
        broken: the error that was raised for the whole front matter, or None if none was raised.
    """
    failed: list[tuple[str | None, bool, int, str]] = []
    has_template = False
    line = 2
    for block in _blocks(source, notation):
        begins = notation.field.match(block) or notation.unspaced.match(block)
        try:
            if notation.unspaced.match(block):
                raise _BrokenError("expected a space after the colon", 0)
            notation.read(block, line, found)
        except _BrokenError as error:
            name = begins[1].strip("\"'") if begins and begins[1] else None
            value = block[begins.end() :].strip() if begins else ""
            is_plain = name is not None and "\n" not in block.strip()
            if name is not None and is_plain:
                found.values[name] = _plain(value)
                found.lines[name] = line
                found.plain.add(name)
            if is_plain and name is not None and value.startswith("!"):
                found.values.pop(name)
                message = (
                    f"{name}: the tag {value.split()[0][:_MAX_TAG]} does not fit this value; the value is left out"
                )
                found.wrong_tags.append(Mistake(Severity.ERROR, "yaml-tag", line, name, message))
            elif is_plain and is_template(value):
                has_template = True
            else:
                failed.append((name, is_plain, line + error.line, str(error)))
        line += block.count("\n")
    if failed:
        name, _, line, problem = failed[0]
        message = f"broken {notation.name}: {problem}"
        for treatment, plain in (("read as plain text", True), ("left out", False)):
            if names := [name or "lines without a name" for name, is_plain, *_ in failed if is_plain is plain]:
                message += f"; {treatment}: {_listed(names)}"
        yield Mistake(Severity.WARNING, notation.code, line, name, message)
    elif broken and not has_template and not found.wrong_tags:
        yield Mistake(Severity.WARNING, notation.code, broken.line + 2, None, f"broken {notation.name}: {broken}")


def _blocks(source: str, notation: _Notation) -> Iterator[str]:
    """Yield the lines of each field of a front matter, up to the line that begins the next field."""
    start = 0
    in_table = False
    for line in re.finditer(r"^.", source, re.MULTILINE):
        begins = notation.field.match(source, line.start()) or notation.unspaced.match(source, line.start())
        if begins and (begins[1] is None or not in_table):
            in_table = begins[1] is None
            if source[start : line.start()]:
                yield source[start : line.start()]
            start = line.start()
    yield source[start:]


def _plain(value: str) -> object:
    """Return a value that is not valid YAML as a text, or as a list of texts if it is in brackets."""
    if value.startswith("[") and not value.startswith("[[") and "]" not in value[:-1]:
        return [_without_quotes(item) for item in value.strip("[]").split(",")]
    return _without_quotes(value)


def _without_quotes(value: str) -> str:
    value = value.strip()
    return value.strip(value[0]) if value[:1] in {'"', "'"} else value


def _told_once(wrong_tags: list[Mistake]) -> list[Mistake]:
    """Merge mistakes into one: the first mistake, with the number of the others in its message."""
    more = f" (and {len(wrong_tags) - 1:,} more)" if len(wrong_tags) > 1 else ""
    return [replace(mistake, message=mistake.message + more) for mistake in wrong_tags[:1]]


def _listed(names: list[str]) -> str:
    return ", ".join(names[:_MAX_NAMES]) + (f" and {len(names) - _MAX_NAMES:,} more" if names[_MAX_NAMES:] else "")


# YAML


def _read_yaml(source: str, first: int, found: _Found) -> bool:
    try:
        may_expand = has_alias(source, first)
        loader = _YamlLoader(source)
        try:
            node = loader.get_single_node()
            if not isinstance(node, yaml.MappingNode):
                return False
            if may_expand:
                found.size += expanded_size(node, found.limit)
                if found.size > found.limit:
                    message = f"the front matter has more than {found.limit:,} values once its aliases are written out"
                    raise FrontMatterError("alias-bomb", message, first)
            _AsWritten(source, first, found.wrong_tags).fields(node)
            values = loader.construct_document(node)
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        problem = " ".join(part for part in (error.context, error.problem) if part)
        is_open = "end of stream" in problem  # of a text in quotes, which began at the other mark
        mark = (error.context_mark if is_open else None) or error.problem_mark
        last = source.rstrip("\n").count("\n")  # libyaml notices an open bracket after the end
        raise _BrokenError(problem, min(mark.line, last) if mark else 0) from error
    except yaml.reader.ReaderError as error:
        character = chr(error.character) if isinstance(error.character, int) else str(error.character)
        line = source.partition(character)[0].count("\n")  # error.position counts bytes or characters
        raise _BrokenError(str(error.reason), line) from error
    except yaml.YAMLError as error:
        raise _BrokenError(str(error), 0) from error
    found.values |= values
    _lines(node, "", first, found)
    return True


class _AsWritten:
    """Changes the YAML nodes of a front matter so that all scalars are read as they are written.

    A list that is written `[[...]]` becomes this text, since it is a wiki link. A mapping that is written `{{...}}`
    also becomes this text, since it is a template expression. A tag, such as `!!int`, has no effect if its value fits.
    If the value does not fit, or if YAML has no such tag, the value becomes null, and the tag is reported.
    """

    def __init__(self, source: str, first: int, wrong_tags: list[Mistake]) -> None:
        self._source = source
        self._first = first
        self._wrong_tags = wrong_tags
        self._seen: dict[int, yaml.Node] = {}
        self._field = ""

    def fields(self, root: yaml.MappingNode) -> None:
        """Change the nodes below `root`."""
        self._judge(root)
        for place, (key, value) in enumerate(root.value):
            self._field = key.value if isinstance(key, yaml.ScalarNode) else ""
            root.value[place] = self._key(key), self._changed(value)

    def _key(self, key: yaml.Node) -> yaml.Node:
        if key.tag != _MERGE:
            self._judge(key)
        return key

    def _changed(self, node: yaml.Node) -> yaml.Node:
        if id(node) not in self._seen:
            self._seen[id(node)] = self._read(node)
        return self._seen[id(node)]

    def _read(self, node: yaml.Node) -> yaml.Node:
        if isinstance(node, yaml.CollectionNode) and node.flow_style:
            written = self._source[node.start_mark.index : node.end_mark.index]
            if _IN_BRACKETS.fullmatch(written):
                return yaml.ScalarNode(_KIND_TAGS[yaml.ScalarNode], written, node.start_mark, node.end_mark)
        if not self._judge(node):
            return yaml.ScalarNode(_NULL, "", node.start_mark, node.end_mark)
        if isinstance(node, yaml.MappingNode):
            node.value[:] = [(self._key(key), self._changed(value)) for key, value in node.value]
        elif isinstance(node, yaml.SequenceNode):
            node.value[:] = [self._changed(part) for part in node.value]
        return node

    def _judge(self, node: yaml.Node) -> bool:
        """Replace the tag of a node by the standard tag of texts, lists or mappings.

        Return whether the node fitted its tag.
        """
        tag, plain = node.tag, _KIND_TAGS[type(node)]
        if tag == plain:
            return True
        fits = tag == "!" or _fits(node, tag.removeprefix(_TAGS))
        if tag != _NULL or not fits:
            node.tag = plain
        if not fits:
            written = tag.replace(_TAGS, "!!")[:_MAX_TAG]
            message = f"{self._field}: the tag {written} does not fit this value or is not known; the value is left out"
            line = node.start_mark.line + self._first
            self._wrong_tags.append(Mistake(Severity.ERROR, "yaml-tag", line, self._field, message))
        return fits


def _fits(node: yaml.Node, name: str) -> bool:
    """Whether a node fits the tag of YAML that has this name, such as "int"."""
    match node:
        case yaml.MappingNode():
            return name in {"map", "set"}
        case yaml.SequenceNode():
            pairs = (isinstance(part, yaml.MappingNode) and len(part.value) == 1 for part in node.value)
            return name == "seq" or (name in {"omap", "pairs"} and all(pairs))
    if name == "binary":
        return _raises_nothing(base64.b64decode, "".join(node.value.split()))
    if name == "timestamp" and not _raises_nothing(parser.parse, node.value):
        return False
    spellings = [_SPELLINGS[known] for known in {name, "int" if name == "float" else name} & _SPELLINGS.keys()]
    return name == "str" or any(spelling.match(node.value) for spelling in spellings)


def _raises_nothing(function: Callable[[str], object], value: str) -> bool:
    try:
        function(value)
    except (ValueError, OverflowError):
        return False
    return True


def has_alias(source: str, first: int) -> bool:
    """Return whether a YAML document contains an alias. `first` is the number of its first line in the file.

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
                raise FrontMatterError("too-deep", message, (event.start_mark.line if event.start_mark else 0) + first)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif isinstance(event, yaml.AliasEvent):
            found = True
    return found


def expanded_size(root: yaml.Node, limit: int) -> int:
    """Return the number of values of `root` after the expansion of its aliases.

    If there are more than `limit`, or if a node contains itself, the result is `limit` + 1.
    """
    sizes: dict[int, int] = {}
    pending: list[tuple[yaml.Node, bool]] = [(root, False)]
    while pending:
        node, children_known = pending.pop()
        if children_known:
            sizes[id(node)] = min(1 + sum(sizes[id(child)] for child in _children(node)), limit + 1)
        elif id(node) not in sizes:
            sizes[id(node)] = limit + 1  # counts if the node contains itself
            pending.append((node, True))
            pending += ((child, False) for child in _children(node))
    return sizes[id(root)]


def _children(node: yaml.Node) -> list[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        return [part for pair in node.value for part in pair]
    return node.value if isinstance(node, yaml.SequenceNode) else []


def _lines(node: yaml.MappingNode, prefix: str, first: int, found: _Found) -> None:
    for key, value in node.value:
        if isinstance(key, yaml.ScalarNode):
            name = prefix + key.value
            line = key.start_mark.line + first
            if name in found.lines:
                found.repeated[name] = line
            found.lines[name] = line
            if isinstance(value, yaml.MappingNode) and not prefix:
                _lines(value, name + ".", first, found)


# TOML


def _read_toml(source: str, first: int, found: _Found) -> bool:
    for name, value in _toml(source).items():
        before = found.values.get(name)
        if isinstance(before, dict) and isinstance(value, dict):
            value = before | value
        elif isinstance(before, list) and isinstance(value, list):
            value = before + value
        found.values[name] = value
    found.lines = _toml_lines(source, first) | found.lines
    return True


def _toml(source: str) -> dict[str, object]:
    try:
        return {key: _as_text(value, 1) for key, value in parse_toml(source, parse_float=str).items()}
    except TomlLimitError as error:
        raise FrontMatterError("toml", f"TOML over a limit: {error.reason}", error.line + 1) from error
    except TomlError as error:
        raise _BrokenError(error.reason, error.line - 1) from error


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


def _toml_lines(source: str, first: int) -> dict[str, int]:
    """Return the line numbers of the keys and table headers at the beginning of lines in a TOML front matter.

    `first` is the number of the first line of `source` in the file.

    Key: the name of the field or subfield, such as "params.author". Value: the number of its line in the file, from 1.
    """
    lines: dict[str, int] = {}
    prefix = ""
    line = first
    position = 0
    for found in _TOML_KEY.finditer(source):
        line += source.count("\n", position, found.start())
        position = found.start()
        name = ".".join(step.strip().strip("\"'") for step in (found["table"] or found["key"]).split("."))
        if found["table"]:
            prefix = name + "."
        lines.setdefault(name if found["table"] else prefix + name, line)
    return lines


_NOTATIONS: Final = {
    "---": _Notation(
        name="YAML",
        closing=re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE),
        field=re.compile(
            r"""("[^"\n]*"|'[^'\n]*'|[\w@$.<][\w@$.:/+<\-]*?(?: [\w@$.:/+\-]+?){0,3}?):(?=[ \t]|$)""", re.MULTILINE
        ),
        unspaced=re.compile(r"([A-Za-z][\w-]*):(?=[^\s:/])(?![^\n]*:(?:[ \t]|\n|\Z))"),
        read=_read_yaml,
    ),
    "+++": _Notation(
        name="TOML",
        closing=re.compile(r"^\+\+\+[ \t]*$", re.MULTILINE),
        field=re.compile(r"""[ \t]*(?:\[\[?[^\[\]\n]+\]|("[^"\n]*"|'[^'\n]*'|[\w.\-]+)[ \t]*=)"""),
        unspaced=re.compile(r"(?!)"),
        read=_read_toml,
    ),
}
"""Key: the line that opens a front matter. Value: the notation of the front matter."""
