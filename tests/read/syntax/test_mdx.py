"""MDX: JavaScript and tags vanish, words and links stay, and nothing is swallowed."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.base.config import Config, Read
from kg.base.model import PartName
from kg.read.article import parse_article
from kg.read.markdown import Text, read_text
from kg.read.syntax.masking import masked
from kg.read.syntax.mdx import EXTENSIONS, without_modules


def read(source: str) -> Text:
    return read_text(PartName.BODY, source, (), is_mdx=True)


def published(source: str) -> str:
    return read(source).part.text


def links(source: str) -> list[tuple[str, str | None, int]]:
    return [(target.address, target.title, target.line) for target in read(source).targets]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("import A from 'a';\nimport {B} from \"b\"\n\nText.", "\n\n\nText."),
        ("import 'style.css'\nexport const year = 2024;\n\nText.", "\n\n\nText."),
        ("import {\n  A,\n\n  B,\n} from 'a'\n\nText.", "\n\n\n\n\n\nText."),
        ("export const a = {\n  b: `x\n\n${y}`,\n\n  c: [1],\n};\n\nText.", "\n\n\n\n\n\n\n\nText."),
        ("export default function Page() {\n  return <p>\n\n  </p>\n}\n\nText.", "\n\n\n\n\n\nText."),
        ("export * from './a'\n\n# Head", "\n\nHead"),
        ("# Head\nimport A from 'a'\n\nText.", "Head\n\n\nText."),
        ("import duties rise.", "import duties rise."),
        ("Goods of\nexport quality, and\nimport {x} of wool.", "Goods of\nexport quality, and\nimport … of wool."),
        ("export const a = {\n\nText after it.", "\n\nText after it."),
        ("```js\nimport a from 'a'\n```\n\nText.", "\nimport a from 'a'\n\n\nText."),
        ("    import a from 'a'", "import a from 'a'"),
    ],
)
def test_imports_and_exports_vanish_up_to_an_empty_line(source: str, text: str) -> None:
    assert published(source) == text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<Tabs>\n<Tab value='a'>\n\nWords.\n\n</Tab>\n</Tabs>", "\n\n\nWords.\n\n\n"),
        ("A <b>bold</b> <Mark a={1} b='2' c {...d}>word</Mark>.", "A bold word."),
        ("<>a</> <Some.Part x:y='z'/> b", "a  b"),
        ("<ul><li>One</li><li>Two</li></ul>", "One Two "),
        ("One<br/>two<Card/>three", "One two three"),
        ("<Box\n  style={{margin: '0 }'}}\n  on={() => {\n\n  }}\n/>\nText.", "\n\n\n\n\n\nText."),
        (
            "<div>\n    Indented text is no code.\n\n    Nor is this.\n</div>",
            "\nIndented text is no code.\n\nNor is this.\n",
        ),
        ("<Box>\n\n    ```js\n    <Box/>\n    ```\n\n</Box>", "\n\n\n<Box/>\n\n\n"),
        ("`<Box>` and\n\n```\n<Box>{a}\n```", "<Box> and\n\n\n<Box>{a}\n"),
        (r"\<Box> 1 < 2 and a <b and c", "<Box> 1 < 2 and a <b and c"),
        ("Write <https://a.org> or <me@a.org>.", "Write https://a.org or me@a.org."),
        ("<Box title='x'\n\nNever closed.", "<Box title='x'\n\nNever closed."),
        ('<Box a="x>\n\nNever closed.', '<Box a="x>\n\nNever closed.'),
        ("<Price v='$5' /> or <Price v='$6' />", " or "),
        ("# Head <Badge text='new' />", "Head "),
        ("| a | b |\n|---|---|\n| <X/>c | {d} |", "a\tb\n\nc\t"),
        ("<!-- <Card href='/a' /> -->\n\nText.", "\n\nText."),
    ],
)
def test_tags_vanish_and_the_words_in_them_stay(source: str, text: str) -> None:
    assert published(source) == text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("In {year} and {f({a: '}'})}.", "In … and …."),
        ("A {' '}b {\"and\"} {`c`}.", "A  b and c."),
        ("{/* one\n\ntwo */}\n\nText.", "\n\n\n\nText."),
        ("Text. {/* end */}\nMore.", "Text.\nMore."),
        ("{list.map((one) => (\n\n  <li>{one}</li>\n))}\n\nText.", "\n\n\n\n\nText."),
        ("Open { brace\n\nand } close.", "Open { brace\n\nand } close."),
        ("{ open\n\nText {x} more.", "{ open\n\nText … more."),
        (r"Written \{x} and `{x}`.", "Written {x} and {x}."),
        ("{<p>Don't</p>} do.", " do."),
        ("## Slots {#slots}", "Slots"),
    ],
)
def test_expressions_vanish(source: str, text: str) -> None:
    assert published(source) == text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<Card title='Saws' href='/saws'>Sharp.</Card>", "SawsSharp."),
        ("<LinkCard\n  title='Saws'\n  href='/saws'\n  description='How to saw.'\n/>", "\nSaws\n\nHow to saw.\n"),
        ("<TabItem value='a' label='Apples'>\n\nRed.\n\n</TabItem>", "Apples\n\nRed.\n\n"),
        ("<Aside title='Take care'>Sharp.</Aside>", "Take careSharp."),
        ("<Image title='x' label='y' description='z' />", ""),
        ("<div title='x'>a</div>", "a"),
    ],
)
def test_of_cards_tabs_and_notes_the_attributes_that_a_reader_sees_are_published(source: str, text: str) -> None:
    assert published(source) == text


def test_a_published_attribute_is_a_block_of_its_own() -> None:
    part = read("<Card title='Saws' />\nSharp *tools*.").part
    assert [part.text[one.start : one.end].strip() for one in part.segments] == ["Saws", "Sharp tools."]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<a href='/a'>b</a>", [("/a", None, 0)]),
        ('Text\n<Link to="../b.md#c">b</Link>', [("../b.md#c", None, 1)]),
        (
            "<Link to={'/a'}/> <Link to={`/b`}/> <Link to={useBaseUrl('/c')}/>",
            [("/a", None, 0), ("/b", None, 0), ("/c", None, 0)],
        ),
        ("<Card\n title='Saws'\n href='/saws'/>", [("/saws", "Saws", 0)]),
        ("<Hero link='/a' /> <Range to='10' /> <Move to='/b' />", [("/a", None, 0), ("/b", None, 0)]),
        ("<Link to={page.url}/> <Link to={`/a/${b}`}/> <link href='/x.css' />", []),
        ("<A href='/a?b=1&amp;c=2'/>", [("/a?b=1&c=2", None, 0)]),
        ("`<a href='/a'>` \\<a href='/b'>\n\n```\n<a href='/c'>\n```", []),
        ("<Tab>[a](/a) [b][c]</Tab>\n\n[c]: /c", [("/a", "a", 0), ("/c", "b", 0)]),
    ],
)
def test_links_in_attributes(source: str, expected: list[tuple[str, str | None, int]]) -> None:
    assert links(source) == expected


@pytest.mark.parametrize(("file", "text"), [("a.mdx", "a … c"), ("a.MDX", "a … c"), ("a.md", "a {b} c")])
def test_every_file_with_the_suffix_is_mdx(file: str, text: str) -> None:
    article, _ = parse_article(file, b"a {b} c", Config(read=Read(tool="plain")))
    assert article is not None
    assert article.parts[0].text == text


@pytest.mark.parametrize(
    ("tool", "source", "expected"),
    [
        ("plain", "import Tabs from '@theme/Tabs';\n\n# Saws\n\n<Tabs a={b} />", "Saws"),
        ("plain", "import url from 'a'\nimport {Tab, Tabs} from './b'\n\n# Saws\n\n<Tab>", "Saws"),
        ("plain", "import Tabs from 'a'\n\n# Saws", "import Tabs from 'a'\n\nSaws"),
        ("plain", "import {Tab, Tabs} of Saws\n\n<Saw />", "import {Tab, Tabs} of Saws"),
        ("plain", "Saws\n\nimport Tabs from 'a'\n\n<Tabs />", "Saws\n\nimport Tabs from 'a'"),
        ("obsidian", "import Tabs from 'a'\n\n<Tabs />", "import Tabs from 'a'"),
    ],
)
def test_in_a_plain_folder_a_text_that_begins_with_imports_of_its_components_is_mdx(
    tool: str, source: str, expected: str
) -> None:
    article, _ = parse_article("a.md", source.encode(), Config(read=Read(tool=tool)))
    assert article is not None
    assert article.parts[0].text.strip() == expected


def test_imports_are_not_before_the_heading_that_is_the_title() -> None:
    article, _ = parse_article("saw.md", b"import A from 'a'\n\n# Bow saws\n\n<A/>", Config(read=Read(tool="plain")))
    assert article is not None
    assert article.title == "Bow saws"


def test_a_page_of_components_is_no_article_and_no_mistake() -> None:
    assert parse_article("a.mdx", b"---\ntitle: A\n---\nimport B from 'b'\n\n<B />", Config()) == (None, [])
    assert parse_article("a.mdx", b"<B />", Config()) == (None, [])
    article, problems = parse_article("a.mdx", b"---\ntitle: A\n---\n", Config())
    assert (article, [problem.message for problem in problems]) == (None, ["the article has no text"])


PIECES = [
    *(
        "import a from 'b'",
        "export const a = {",
        "import {",
        "\n",
        "\n\n",
        "<",
        "</",
        ">",
        "/>",
        "<A",
        "<a href='",
        '"',
    ),
    *("'", "`", "{", "}", "{/*", "*/}", "//", "text", " ", "```\n", "# ", "- ", "title='x'", "${", "\\", "<!--", "-->"),
]


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
@settings(max_examples=400, deadline=None)
def test_line_breaks_stay_whatever_the_text(source: str) -> None:
    found = read(source)
    assert found.part.text.count("\n") == source.count("\n")
    assert not {c for c in found.part.text if "\ufdd0" <= c <= "\ufddb"}
    assert all(0 <= target.line <= source.count("\n") for target in found.targets)


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "{",
            "{{",
            "}",
            "{}",
            "{'",
            "{`",
            "{/*",
            "'\\",
            "<",
            "</",
            "<a ",
            "<a {",
            "<a b={",
            "<a b={}",
            '<a b="',
            "<a /* ",
        ),
        *(
            "import a from 'b'\n",
            "import {\n",
            "export const a = {\n\n",
            "export const a\n\n",
            "{\n\n",
            "{a\n\n}",
            "`{`",
        ),
    ],
)
def test_hostile_repetition_is_read_in_linear_time(piece: str) -> None:
    start = time.process_time()
    masked(without_modules(piece * 20_000), EXTENSIONS)
    assert time.process_time() - start < 1
