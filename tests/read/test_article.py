"""One file -> one ParsedArticle: what every field means, and what is lost where one is wrong."""

import datetime as dt
import hashlib
from pathlib import Path

import pytest

from kg.base.config import Config, Fields, Read
from kg.base.model import AuthorKind, AuthorProfile, Link, LinkKind, ParsedArticle, PartName, Severity
from kg.read.article import read_article


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def read(
    folder: Path, content: str | bytes, path: str = "a.md", config: Config | None = None
) -> tuple[ParsedArticle | None, list[str]]:
    """The article, and each problem as `severity line message`."""
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_bytes(content.encode() if isinstance(content, str) else content)
    article, problems = read_article(folder, path, config or Config())
    assert all(problem.file == path for problem in problems)
    return article, [f"{problem.severity} {problem.line} {problem.message}" for problem in problems]


def fields(folder: Path, yaml: str, config: Config | None = None) -> ParsedArticle:
    """The article that has these fields and a text; there must be no problem."""
    article, problems = read(folder, f"---\n{yaml}\n---\ntext\n", config=config)
    assert problems == []
    assert article is not None
    return article


def problems_of(folder: Path, yaml: str) -> list[str]:
    """What is wrong with an article that is kept."""
    article, problems = read(folder, f"---\n{yaml}\n---\ntext\n")
    assert article is not None
    return problems


WHOLE = r"""---
_schema: default
id: 0042
date: 2024-11-26
title: >-
    What is a *drift*?
article_title: >-
    Another title
seo:
  title: Site | Drift
  page_keywords: >-
    data drift, monitoring,, Data  Drift, data drift
author: QuickTakes
question: >-
    What is a *drift*?
answer: >-
    Drift is $x \neq y$.\n\n- **One**\n- two
subject: Computer Science
url: /learn/drift
score: -1.0
related_article2:
    title: Second
    url: /learn/second
related_article1:
    id: 7
    title: >-
        First
    subject: Art
    url: /learn/first
no_index: true
---

&nbsp;
"""


def test_an_article_of_the_corpus(folder: Path) -> None:
    article, problems = read(folder, WHOLE, "cs/drift.md")
    assert problems == []
    assert article is not None
    assert [(part.name, part.text) for part in article.parts] == [
        (PartName.QUESTION, "What is a drift?"),
        (PartName.ANSWER, "Drift is $x \\neq y$.\n\n- One\n- two"),
    ]
    assert article == ParsedArticle(
        url="/learn/drift",
        path="cs/drift.md",
        line=19,
        sha256=hashlib.sha256(WHOLE.encode()).hexdigest(),
        title="What is a *drift*?",
        parts=article.parts,
        id="0042",
        date=dt.date(2024, 11, 26),
        authors=("QuickTakes",),
        language="en",
        subject="Computer Science",
        keywords=("data drift", "monitoring", "Data Drift"),
        links=(
            Link("/learn/first", "7", "First", "Art", 24, property="related_article1"),
            Link("/learn/second", None, "Second", None, 21, property="related_article2"),
        ),
        no_index=True,
    )


@pytest.mark.parametrize(
    ("path", "content", "title", "url", "subject"),
    [
        ("my-notes.md", "Only text.", "my notes", "article/my-notes", None),
        ("a.md", "## *The* title\n\n# Other", "The title", "article/a", None),
        ("a.md", "Text.\n\n# A section", "a", "article/a", None),
        ("pears/README.md", "Text.", "pears", "article/pears/readme", "pears"),
        (
            "machine-learning/x/Data Drift.md",
            "text",
            "Data Drift",
            "article/machine-learning/x/data-drift",
            "machine learning",
        ),
        ("a.md", "Title\non two lines\n===\ntext", "Title on two lines", "article/a", None),
        (
            "a.md",
            "---\ntitle: ' From\n  the front   matter '\n---\n# Heading\n",
            "From the front matter",
            "article/a",
            None,
        ),
        ("c++.md", "text", "c++", "article/c-cedb1bac", None),
    ],
)
def test_what_the_front_matter_does_not_say(
    folder: Path, path: str, content: str, title: str, url: str, subject: str | None
) -> None:
    article, problems = read(folder, content, path)
    assert problems == []
    assert article is not None
    assert (article.title, article.url, article.subject, article.line) == (title, url, subject, 1)


def test_text_below_the_front_matter_is_the_body_and_keeps_its_backslashes(folder: Path) -> None:
    article, _ = read(folder, "---\nquestion: Why?\n---\n\n# Head\nC:\\new&nbsp;\\nabla\n")
    assert article is not None
    assert [(part.name, part.text) for part in article.parts] == [
        (PartName.QUESTION, "Why?"),
        (PartName.BODY, "Head\nC:\\new \\nabla"),
    ]


def test_no_break_spaces_in_a_body_are_spaces_but_code_keeps_its_entities(folder: Path) -> None:
    article, _ = read(folder, "&nbsp;|a\n--|--\nb|`&nbsp;`\n")
    assert article is not None
    assert article.parts[0].text == " \ta\n\nb\t&nbsp;"


def test_an_answer_with_line_breaks_of_its_own_means_its_backslashes(folder: Path) -> None:
    answer = fields(folder, "answer: |\n  C:\\new\n  and \\number").parts[0]
    assert answer.text == "C:\\new\nand \\number"


@pytest.mark.parametrize(("mark", "line_end"), [("\ufeff", "\n"), ("", "\r\n"), ("", "\r")])
def test_byte_order_mark_and_carriage_returns_change_nothing(folder: Path, mark: str, line_end: str) -> None:
    plain, _ = read(folder, WHOLE)
    other, problems = read(folder, mark + WHOLE.replace("\n", line_end))
    assert plain is not None
    assert other is not None
    assert problems == []
    assert (other.parts, other.links, other.line) == (plain.parts, plain.links, plain.line)


@pytest.mark.parametrize(
    ("yaml", "name", "value"),
    [
        ("id: 007", "id", "007"),
        ("title: No", "title", "No"),
        ("title: ''\narticle_title: Second", "title", "Second"),
        ("title: ~\narticle_title: Second", "title", "Second"),
        ("title: Is it &ldquo;agile&rdquo; &amp; lean&#63;", "title", "Is it “agile” & lean?"),
        ("title: AT&T &copy 2020 &lt", "title", "AT&T &copy 2020 &lt"),
        ("title: '&nbsp;'\narticle_title: Second", "title", "a"),
        ("permalink: /p", "url", "/p"),
        ("url: /a\npermalink: /b", "url", "/a"),
        ("url: 2024", "url", "2024"),
        ("date: 2025-01-31 10:00:00 +0100", "date", dt.date(2025, 1, 31)),
        ("date: 2025-01-31T10:00:00Z", "date", dt.date(2025, 1, 31)),
        ("date: ''\ncreated: 2025-01-31", "date", dt.date(2025, 1, 31)),
        ("author: Ada Lovelace, London", "authors", ("Ada Lovelace, London",)),
        ("authors: [Ada, ' Alan ', Ada, '']", "authors", ("Ada", "Alan")),
        ("authors: [{name: Ada, title: Dr}, {name: ' ', url: https://a.example}]", "author_profiles", ()),
        (
            "author: {name: ACME, type: Organization}",
            "author_profiles",
            (AuthorProfile("ACME", kind=AuthorKind.ORGANIZATION),),
        ),
        (
            "authors: [{name: ' Ada  L.', url: https://a.example/é, '@type': PERSON}, Alan, {name: x, url: me.md}]",
            "author_profiles",
            (AuthorProfile("Ada L.", "https://a.example/é", AuthorKind.PERSON),),
        ),
        ("language: EN_us", "language", "en-us"),
        ("lang: pt-BR", "language", "pt-br"),
        ("category: Art", "subject", "Art"),
        ("keywords: a, b", "keywords", ("a", "b")),
        ("tags: [a, 'b, c', 1]", "keywords", ("a", "b, c", "1")),
        ("seo: {page_keywords: a}\ntags: [b]", "keywords", ("a",)),
        ("seo: text\ntags: [b]", "keywords", ("b",)),
        ("no_index: Yes", "no_index", True),
        ("noindex: 'off'", "no_index", False),
        ("no_index: ''", "no_index", False),
        ('title: "a\\0b\\x07c\\uFFFEd\\te"', "title", "a\ufffdb\ufffdc\ufffdd e"),
        ('keywords: "a\\0b"', "keywords", ("a\ufffdb",)),
        ("~: x\n1: y\nscore: -1.0", "id", None),
    ],
)
def test_fields(folder: Path, yaml: str, name: str, value: object) -> None:
    assert getattr(fields(folder, yaml), name) == value


def related(url: str | None, line: int = 2, name: str = "related", **values: str) -> Link:
    """A link in a field for links."""
    return Link(url, values.get("id"), values.get("title"), None, line, property=name)


@pytest.mark.parametrize(
    ("yaml", "links"),
    [
        ("related: /b", [related("/b")]),
        ("related: [/b, ' https://a.org/c ']", [related("/b"), related("https://a.org/c")]),
        ("related:\n- {id: 1, title: 'T &amp; U {#t}'}\n- /b", [related(None, id="1", title="T & U"), related("/b")]),
        (
            "related_article1: [{url: /b}, {url: /c}]",
            [related("/b", name="related_article1"), related("/c", name="related_article1")],
        ),
        (
            "related_article10: /j\nrelated_article9: /i\nrelated_article: /z\nrelated: /k",
            [
                related("/z", 4, "related_article"),
                related("/i", 3, "related_article9"),
                related("/j", 2, "related_article10"),
                related("/k", 5),
            ],
        ),
        ("related_article1:\nrelated_article2: ''\nrelated: []", []),
        ("related:\n-\n- ' '\n- ~\n- '{{link}}'\n- /b", [related("/b")]),
        ("related: [{url: ' ', title: T, subject: ''}]", [related(None, title="T")]),
    ],
)
def test_links(folder: Path, yaml: str, links: list[Link]) -> None:
    assert list(fields(folder, yaml).links) == links


def note(name: str, property: str, title: str | None = None, line: int = 2) -> Link:
    """A wiki link in a field."""
    return Link(name, None, title or name, None, line, LinkKind.NAME, property)


@pytest.mark.parametrize(
    ("yaml", "links"),
    [
        ("author: '[[Ada]]'", [note("Ada", "author")]),
        ("author: [[Ada]]", [note("Ada", "author")]),
        ("up: '[[people/Ada|her]] and [[Alan#Life]]'", [note("people/Ada", "up", "Ada"), note("Alan", "up")]),
        ("up:\n- '[[Ada]]'\n- text\n- ['[[Alan]]']", [note("Ada", "up"), note("Alan", "up")]),
        ("a: {b: {c: '[[Ada]]'}}\nd: [{e: '[[Alan]]'}]", [note("Ada", "a.b.c"), note("Alan", "d.e", line=3)]),
        ("up: '[a label](b%20c.md#top)'", [Link("b c.md", None, "a label", None, 2, LinkKind.PATH, "up")]),
        ("up: ['[](/b/)']", [Link("/b/", None, None, None, 2, LinkKind.PATH, "up")]),
        ("up: ' [a](<b.md>) '", [Link("b.md", None, "a", None, 2, LinkKind.PATH, "up")]),
        ("title: '[[Ada]]: a life'", [note("Ada", "title")]),
        ("related: '[[Ada]], [[Alan]]'", [note("Ada", "related"), note("Alan", "related")]),
        ("related: [[Ada]]", [note("Ada", "related")]),
        ("related: '[a](b.md)'", [Link("b.md", None, "a", None, 2, LinkKind.PATH, "related")]),
        ("up: 'see [a](b.md)'", []),
        ("up: '[a](https://other.org/b)'", []),
        ("up: '![a](b.png)'", []),
        ("title: '[a](b.md)'", []),
        ("up: '[[picture.png]]'", []),
        ("up: '[[#heading]]'", []),
        ("m: [[1, 2], [3, 4]]\nn: '[[1, 2]]'", []),
    ],
)
def test_links_in_other_fields(folder: Path, yaml: str, links: list[Link]) -> None:
    assert list(fields(folder, yaml).links) == links


def test_links_in_a_question_and_an_answer_are_read_once(folder: Path) -> None:
    article = fields(folder, "question: 'Why [a](a.md)?'\nanswer: 'See [b](b.md) and [[C]].'")
    assert article.links == (
        note("C", "answer", line=3),
        Link("a.md", None, "a", None, None, LinkKind.PATH, "question"),
        Link("b.md", None, "b", None, None, LinkKind.PATH, "answer"),
    )


def test_wiki_links_are_no_part_of_names(folder: Path) -> None:
    article = fields(
        folder, "author: ['[[people/Ada Lovelace|Ada]]', '[[Alan]]']\nsubject: [[Art]]\ntags: ['[[x]]', y]"
    )
    assert (article.authors, article.subject, article.keywords) == (("Ada", "Alan"), "Art", ("x", "y"))


NO_DATE = "is not a date; write it like 2025-01-31"


@pytest.mark.parametrize(
    ("yaml", "problem"),
    [
        ("date: soon", f'2 date: "soon" {NO_DATE}'),
        ("date: 2024", '2 date: "2024" names no day; write it like 2025-01-31'),
        ("date: 2025-02-30", '2 date: "2025-02-30" is no day of the calendar'),
        (
            "date: 03/04/2024",
            '2 date: "03/04/2024" can be read as 2024-03-04 and as 2024-04-03; write it in one of these ways',
        ),
        ("date: [2025-01-31]", "2 date: expected a date, found a list"),
        ("date: {day: 1}", "2 date: expected a date, found a mapping"),
        ("url: /a/../b", '2 url: has the segment "." or ".."; its IRI is that of the address to which this leads'),
        ("id: [1]", "2 id: expected text, found a list"),
        ("author: {a: b}", "2 author: expected text or a list of texts, found a mapping"),
        ("author: [Ada, {b: c}]", "2 author: expected a text for each item, or a mapping with a name, found a mapping"),
        ("tags: [[a], b]", "2 tags: expected a text for each item, found a list"),
        (
            "seo:\n  a: b\n  page_keywords: {a: b}",
            "4 seo.page_keywords: expected text or a list of texts, found a mapping",
        ),
        ("subject: [Art]", "2 subject: expected text, found a list"),
        ("language: python", '2 language: expected a language like "en" or "English", found "python"'),
        ("language: [en]", '2 language: expected a language like "en" or "English", found a list'),
        ("language: en-US-UTF-8", '2 language: "en-US-UTF-8" is no valid language tag; it is read as "en-us"'),
        ("no_index: perhaps", '2 no_index: expected true or false, found "perhaps"'),
        ("no_index: [true]", "2 no_index: expected true or false, found a list"),
        (f"no_index: {'x' * 99}", f'2 no_index: expected true or false, found "{"x" * 57}..."'),
        ("related: [['/b'], /c]", "2 related: expected a link (url, id, title, subject), found a list"),
        ("related: {subject: Art}", "2 related: a link needs a url, or an id and a title"),
        ("related_article1:\n  title: T\n  url: [/b]", "4 related_article1.url: expected text, found a list"),
        ("id: 1\nrelated:\n- url: {a: b}", "3 related.url: expected text, found a mapping"),
        ("id: 1\nid: 2", "3 id: is given twice; the last one counts"),
        ("seo:\n  a: 1\n  a: 2", "4 seo.a: is given twice; the last one counts"),
    ],
)
def test_a_wrong_value_is_left_out_and_its_line_is_named(folder: Path, yaml: str, problem: str) -> None:
    assert problems_of(folder, yaml) == [f"warning {problem}"]


def test_what_is_right_beside_what_is_wrong_is_kept(folder: Path) -> None:
    yaml = "tags: [a, {b: c}, c]\nrelated: [/x, {url: []}, /y]\ndate: never\ncreated: 2025-01-31\nlanguage: c\nlang: fr"
    article, problems = read(folder, f"---\n{yaml}\n---\ntext\n")
    assert article is not None
    assert len(problems) == 4
    assert article.keywords == ("a", "c")
    assert [link.url for link in article.links] == ["/x", "/y"]
    assert (article.date, article.language) == (dt.date(2025, 1, 31), "fr")


def test_broken_yaml_costs_only_what_is_broken(folder: Path) -> None:
    yaml = "title: Re: Bread: a talk\nid: 1\nfamily: [[Smith]]  [[Jones]]\ntags:\n- a\nseo:\n\tx: 1\n  y: 2"
    article, (problem,) = read(folder, f"---\n{yaml}\n---\ntext\n")
    assert article is not None
    assert (article.title, article.id, article.keywords) == ("Re: Bread: a talk", "1", ("a",))
    assert article.links == ()
    assert problem == (
        "warning 2 broken YAML: mapping values are not allowed in this context; read as plain text: title, family; "
        "left out: seo"
    )


@pytest.mark.parametrize(("value", "found"), [("[a]", "a list"), ("{a: b}", "a mapping")])
@pytest.mark.parametrize(
    ("name", "other", "attribute"),
    [
        ("url", "permalink", "url"),
        ("title", "article_title", "title"),
        ("question", "answer", "title"),
    ],
)
def test_a_wrong_type_where_identity_or_text_should_be_loses_only_itself(
    folder: Path, name: str, other: str, attribute: str, value: str, found: str
) -> None:
    article, problems = read(folder, f"---\nid: 1\n{name}: {value}\n{other}: x\n---\ntext\n")
    assert article is not None
    assert problems == [f"warning 3 {name}: expected text, found {found}"]
    assert getattr(article, attribute) == ("a" if name == "question" else "x")
    assert [part.name for part in article.parts][-1] is PartName.BODY


def test_an_explicit_tag_that_does_not_fit_is_an_error_but_the_article_is_kept(folder: Path) -> None:
    article, problems = read(folder, "---\ntitle: T\nscore: !!int many\n---\ntext\n")
    assert article is not None
    assert (article.title, article.parts[0].text) == ("T", "text")
    assert problems == ["error 3 score: the tag !!int does not fit this value or is not known; the value is left out"]


@pytest.mark.parametrize(
    ("yaml", "name", "value"),
    [
        ("tags:\n- bread\n-\n- ''\n- ~\n- '{{tag}}'", "keywords", ("bread",)),
        ("aliases: ['']", "aliases", ()),
        ("author: [Ada, ~]", "authors", ("Ada",)),
        ("tags: ['#', '##', drift]", "keywords", ("drift",)),
        ("title: '{{title}}'\nid: <% tp.date.now() %>", "id", None),
        ("created: <% tp.date.now('YYYY') %>\nlanguage: '{{lang}}'\nno_index: '{{x}}'", "date", None),
        ("redirect_from: /old/x/", "aliases", ("/old/x/",)),
        (
            "aliases: [Y]\nredirect_from: [old/x, '', 'https://before.example/x.html']",
            "aliases",
            ("Y", "/old/x", "/x.html"),
        ),
        ("pubDate: Jan 31, 2024", "date", dt.date(2024, 1, 31)),
        ("publishDate: 2024-01-31T10:00:00Z", "date", dt.date(2024, 1, 31)),
        ("created: '[[2024-01-31]]'", "date", dt.date(2024, 1, 31)),
        ("created: [[2024-01-31]]", "date", dt.date(2024, 1, 31)),
        ("createdAt: 1706700000000\ncreated: 2023-01-31", "date", dt.date(2023, 1, 31)),
        ("modified: 2024-01-31", "date", None),
        ("language: German", "language", "de"),
        ("lang: en_US.UTF-8", "language", "en-us"),
        ("title: 'Is it &ldquo;lean&rdquo; &amp; AT&T?'", "title", "Is it “lean” & AT&T?"),
        ("title: 'Setup {#setup}'", "title", "Setup"),
        ("title: 'Setup {: .wide }'", "title", "Setup"),
        ("title: 'A {b} c'", "title", "A {b} c"),
        ("title: 'A&#0;b'", "title", "A\ufffdb"),
    ],
)
def test_what_is_read_without_a_report(folder: Path, yaml: str, name: str, value: object) -> None:
    assert getattr(fields(folder, yaml), name) == value


SITE = Config(site="https://www.home.example/kb")


@pytest.mark.parametrize(
    ("yaml", "config", "url", "based_on", "line"),
    [
        ("url: /", None, "/index.html", None, 2),
        ("permalink: //", None, "/index.html", None, 2),
        ("url: https://home.example/", SITE, "/index.html", None, 2),
        ("url: https://home.example/kb/x", SITE, "https://home.example/kb/x", None, 2),
        ("url: http://HOME.example/x", SITE, "http://HOME.example/x", None, 2),
        ("url: https://home.example/x", None, "article/a", "https://home.example/x", 1),
        ("url: https://other.example/a b?c=1#d", SITE, "article/a", "https://other.example/a%20b?c=1#d", 1),
        ("url: https://other.example/x\npermalink: /y", SITE, "/y", "https://other.example/x", 3),
        ("url: //other.example/x", SITE, "article/a", None, 1),
        ("url: obsidian://open?vault=x", None, "article/a", None, 1),
        ("url: 'https://[not a host'", None, "article/a", None, 1),
        ("permalink: false", None, "article/a", None, 1),
        ("url: False\npermalink: /y", None, "/y", None, 3),
    ],
)
def test_the_address_of_an_article_and_the_page_that_it_is_about(
    folder: Path, yaml: str, config: Config | None, url: str, based_on: str | None, line: int
) -> None:
    article = fields(folder, yaml, config)
    assert (article.url, article.based_on, article.line) == (url, based_on, line)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("", 1),
        ("---\ntitle: T\n---\n&nbsp;\n", 1),
        ("---\ntitle: T\nanswer: ' '\n---\n", 3),
        ("---\nquestion: Why?\nanswer: '**'\n---\n\n***\n", 3),
        ("---\nquestion: Why?\n---\n<!-- text -->\n", 1),
        ("![](image.png)\n", 1),
    ],
)
def test_an_article_without_a_letter_in_its_answer_or_body_is_empty(folder: Path, content: str, line: int) -> None:
    assert read(folder, content) == (None, [f"error {line} the article has no text"])


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"one\ntwo \xe9\n", "error 2 not UTF-8: byte 0xe9 at offset 8; save the file as UTF-8"),
        (b"\xef\xbb\xbfone\n\xff", "error 2 not UTF-8: byte 0xff at offset 7; save the file as UTF-8"),
        (b"\xff\xfeo\x00", "error 1 not UTF-8: byte 0xff at offset 0; save the file as UTF-8"),
        (b"one\n\ntwo \xe2\x82", "error 3 not UTF-8: byte 0xe2 at offset 9; save the file as UTF-8"),
        (b"\xed\xa0\x80", "error 1 not UTF-8: byte 0xed at offset 0; save the file as UTF-8"),
        (
            b"---\na: &a [*a]\n---\nx",
            "error 2 the front matter has more than 10,011 values once its aliases are written out",
        ),
    ],
)
def test_a_file_that_cannot_be_read_names_line_and_reason(folder: Path, content: bytes, problem: str) -> None:
    assert read(folder, content) == (None, [problem])


def test_a_file_that_has_gone_is_a_problem(folder: Path) -> None:
    article, (problem,) = read_article(folder, "gone.md", Config())
    assert article is None
    assert (problem.severity, str(problem)) == (Severity.ERROR, "gone.md:1: cannot be read: No such file or directory")


def test_control_characters_in_the_text_are_replaced_one_for_one(folder: Path) -> None:
    article, problems = read(folder, "a\0b\x07c\x7fd\x85e\ufffef\uffffg\th")
    assert problems == []
    assert article is not None
    assert article.parts[0].text == "a\ufffdb\ufffdc\ufffdd\x85e\ufffdf\ufffdg\th"


def test_the_field_mapping_says_which_field_is_what(folder: Path) -> None:
    mapping = Config(
        fields=Fields(title=("meta.name", "name"), links=("see*",), answer=("body",), keywords=("topics",))
    )
    yaml = "name: second\nmeta: {name: first}\nsee2: /b\nsee1: /a\nbody: Answer.\ntopics: x, y\ntitle: [unused]"
    article = fields(folder, yaml, mapping)
    assert (article.title, article.keywords) == ("first", ("x", "y"))
    assert [link.url for link in article.links] == ["/a", "/b"]
    assert [(part.name, part.text) for part in article.parts] == [(PartName.ANSWER, "Answer."), (PartName.BODY, "text")]


# What tools write


def of_tool(tool: str, **options: object) -> Config:
    return Config(read=Read(tool=tool, content="", **options), site="https://site.org")  # type: ignore[arg-type]


TOML = """+++
title = "A post"
date = 2024-01-31T10:00:00Z
slug = "my-post"
aliases = ["/old/"]
tags = ["a", "b"]
categories = ["Birds", "Owls"]
+++

See [b](b.md), [home](https://site.org/about) and [out](https://other.org).
"""


def test_a_post_of_hugo(folder: Path) -> None:
    article, problems = read(folder, TOML, "posts/x.md", of_tool("hugo"))
    assert problems == []
    assert article is not None
    assert (article.url, article.title, article.date) == ("/posts/my-post/", "A post", dt.date(2024, 1, 31))
    assert (article.subject, article.keywords, article.aliases) == ("Birds", ("a", "b", "Owls"), ("/old/",))
    assert article.links == (
        Link("b.md", None, "b", None, 10, LinkKind.PATH),
        Link("/about", None, "home", None, 10, LinkKind.ADDRESS),
    )


def test_categories_are_keywords_where_there_are_no_others(folder: Path) -> None:
    article = fields(folder, "categories: [Birds, Owls]")
    assert (article.subject, article.keywords) == ("Birds", ("Birds", "Owls"))
    article = fields(folder, "categories: [Birds]\nsubject: Art\nkeywords: x")
    assert (article.subject, article.keywords) == ("Art", ("x",))


@pytest.mark.parametrize(
    ("tool", "keywords"),
    [("obsidian", ("a", "b", "c/d", "e")), ("plain", ("#a b #c/d",)), ("jekyll", ("#a", "b", "#c/d"))],
)
def test_tags_of_a_note(folder: Path, tool: str, keywords: tuple[str, ...]) -> None:
    article, problems = read(folder, "---\ntags: '#a b #c/d'\n---\ntext #e #a\n", config=of_tool(tool))
    assert problems == []
    assert article is not None
    assert article.keywords == keywords


@pytest.mark.parametrize(
    ("tool", "text", "title"),
    [
        ("plain", "## Two\n\n# One", "Two"),
        ("obsidian", "# One", "a-b c"),
        ("hugo", "# One", "One"),
        ("hugo", "## Two\n\n# One", "a b c"),
    ],
)
def test_which_heading_is_a_title(folder: Path, tool: str, text: str, title: str) -> None:
    article, _ = read(folder, text, "a-b c.md", of_tool(tool))
    assert article is not None
    assert article.title == title


def test_links_in_the_text_follow_those_of_the_front_matter_with_their_lines(folder: Path) -> None:
    text = "---\nrelated: ['[[Note|x]]', /b]\nanswer: see [c](c.md)\n---\n\n\n[d](d.md)\n\n![[e]]\n"
    article, _ = read(folder, text)
    assert article is not None
    assert article.links == (
        note("Note", "related"),
        related("/b"),
        Link("c.md", None, "c", None, None, LinkKind.PATH, "answer"),
        Link("d.md", None, "d", None, 7, LinkKind.PATH),
        Link("e", None, "e", None, 9, LinkKind.NAME),
    )


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("---\nid: 1\ndraft: true\n---\ntext", 3),
        ("---\npublished: false\n---\ntext", 2),
        ("+++\ndraft = true\n+++\ntext", 2),
        ("---\ndraft: yes\ntitle: [wrong]\n---\n", 2),
    ],
)
def test_a_draft_is_left_out_unless_drafts_are_taken(folder: Path, content: str, line: int) -> None:
    assert read(folder, content) == (None, [f"warning {line} is a draft; it is left out"])
    taken, _ = read(folder, content.replace("[wrong]\n---\n", "T\n---\ntext"), config=of_tool("plain", drafts=True))
    assert taken is not None


def test_what_is_no_draft(folder: Path) -> None:
    assert fields(folder, "draft: false\npublished: true").date is None
    assert fields(folder, "published: 2024-01-31").date == dt.date(2024, 1, 31)
    assert problems_of(folder, "draft: perhaps") == ['warning 2 draft: expected true or false, found "perhaps"']
    article, problems = read(folder, "text", "_drafts/a.md", of_tool("jekyll"))
    assert (article, problems) == (None, ["warning 1 is a draft; it is left out"])
    assert read(folder, "text", "_drafts/a.md")[0] is not None


@pytest.mark.parametrize(
    ("tool", "content", "problems"),
    [
        ("hugo", "+++\ntitle = 'Posts'\n+++\n", ["note 1 has no text; a layout fills the page"]),
        ("jekyll", "---\nlayout: home\n---\n", ["note 1 has no text; a layout fills the page"]),
        ("hugo", "", ["error 1 the article has no text"]),
        ("mkdocs", "---\ntitle: T\ntemplate: home.html\n---\n", ["note 1 has no text; a layout fills the page"]),
        ("mkdocs", "", ["error 1 the article has no text"]),
        ("obsidian", "", ["warning 1 the note has no text; it is left out"]),
        ("obsidian", "![[image.png]] %%no%%", ["warning 1 the note has no text; it is left out"]),
        ("obsidian", "---\ntags: []\naliases:\n- \n---\n", ["warning 1 the note has no text; it is left out"]),
        ("obsidian", "---\nexcalidraw-plugin: parsed\n---\n# Text", ["note 1 is a drawing; it is left out"]),
        ("logseq", "-\n", ["note 1 the note has no text; it is left out"]),
        ("plain", "---\nkind: oven\n---\n", ["error 1 the article has no text"]),
    ],
)
def test_a_page_without_text_is_no_article(folder: Path, tool: str, content: str, problems: list[str]) -> None:
    assert read(folder, content, config=of_tool(tool)) == (None, problems)


@pytest.mark.parametrize(
    ("tool", "content"),
    [
        ("obsidian", "---\nkind: oven\n---\n"),
        ("obsidian", "---\nmade: {of: [clay]}\n---\n"),
        ("obsidian", "![[Bread]]"),
        ("obsidian", "author:: [[Ann]]"),
        ("logseq", "type:: [[Class]]\n"),
        ("dendron", "---\nid: a1\n---\n"),
    ],
)
def test_a_note_of_properties_or_embedded_notes_only_is_an_article_with_an_empty_body(
    folder: Path, tool: str, content: str
) -> None:
    article, problems = read(folder, content, config=of_tool(tool))
    assert problems == []
    assert article is not None
    assert [(part.name, part.text.strip()) for part in article.parts] == [(PartName.BODY, "")]


def test_the_language_of_an_article(folder: Path) -> None:
    german = "Das Mehl und das Wasser werden mit dem Salz zu einem Teig verknetet. " * 8
    assert read(folder, german)[0].language == "de"  # type: ignore[union-attr]
    assert read(folder, f"---\nlang: nl\n---\n{german}")[0].language == "nl"  # type: ignore[union-attr]
    assert read(folder, f"---\nlang: none at all\n---\n{german}")[0].language == "de"  # type: ignore[union-attr]
    assert read(folder, "The flour and the water are kneaded to a dough.")[0].language == "en"  # type: ignore[union-attr]
    (folder / "a.md").write_text("Mehl")
    assert [read_article(folder, "a.md", Config(), *given)[0].language for given in ((), ("fr",))] == [  # type: ignore[union-attr]
        "en",
        "fr",
    ]
