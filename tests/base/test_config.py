"""kg.toml: found, read strictly, and part of what a build is named by."""

from pathlib import Path

import pytest

from kg.base.config import Concepts, Config, Fields, Publish, Read, find_config, load_config
from kg.base.errors import ConfigError


def write(folder: Path, content: str | bytes) -> Path:
    path = folder / "kg.toml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_an_empty_file_says_what_the_defaults_say(tmp_path: Path) -> None:
    assert load_config(write(tmp_path, "")) == Config()


def test_everything_can_be_set(tmp_path: Path) -> None:
    content = """
base = "https://example.org/"
title = "Notes"
description = "What we know."
license = "CC-BY-4.0"
site = "https://notes.example"
[read]
suffixes = [".txt"]
max_file_bytes = 1
include = ["notes/**"]
exclude = ["**/old"]
drafts = true
tool = "hugo"
content = "content"
[fields]
title = ["name", "meta.name"]
links = ["see*"]
[annotate]
pipeline = "de_core_news_sm"
[concepts]
per_article = 15
keywords = false
reject = ["gains multiply"]
accept = ["law of large numbers"]
rename = { "shap value" = "SHAP value" }
merge = { "machine learning" = ["ML"] }
[publish]
evidence = "all"
"""
    config = load_config(write(tmp_path, content))
    assert (config.base, config.title, config.site) == ("https://example.org/", "Notes", "https://notes.example")
    assert (config.description, config.license) == ("What we know.", "CC-BY-4.0")
    assert config.read == Read(
        suffixes=(".txt",),
        max_file_bytes=1,
        include=("notes/**",),
        exclude=("**/old",),
        drafts=True,
        tool="hugo",
        content="content",
    )
    assert config.fields == Fields(title=("name", "meta.name"), links=("see*",))
    assert config.annotate.pipeline == "de_core_news_sm"
    assert config.concepts == Concepts(
        per_article=15,
        keywords=False,
        reject=("gains multiply",),
        accept=("law of large numbers",),
        rename={"shap value": "SHAP value"},
        merge={"machine learning": ("ML",)},
    )
    assert config.publish == Publish(evidence="all")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("base = 1", r"kg\.toml:1: base: expected a text, got a whole number"),
        ("# x\nbass = 'x'", r'kg\.toml:2: there is no setting "bass", did you mean "base"\?'),
        (
            "[read]\n\nsuffix = '.md'",
            r'kg\.toml:3: there is no setting "suffix" in \[read\], did you mean "suffixes"\?',
        ),
        ("[raed]\ndrafts = true", r'kg\.toml:1: there is no setting "raed", did you mean "read"\?'),
        ("[read]\nxyz = 1", r'kg\.toml:2: there is no setting "xyz" in \[read\]$'),
        ("[read]\nsuffixes = '.md'", r"kg\.toml:2: read\.suffixes: expected a list, got a text"),
        ("[read]\nsuffixes = ['md']", r"read\.suffixes\[0\]: expected a text matching regex"),
        ("[read]\nsuffixes = ['.MD']", r"read\.suffixes\[0\]: expected a text matching regex"),
        ("[read]\nmax_file_bytes = 0", r"read\.max_file_bytes: expected a whole number >= 1"),
        ("[read]\ndrafts = 'yes'", r"read\.drafts: expected true or false, got a text"),
        ("[fields]\ntitle = [1]", r"fields\.title\[0\]: expected a text, got a whole number"),
        ("[concepts]\nper_article = 0", r"concepts\.per_article: expected a whole number >= 1"),
        ("[concepts]\nper_article = 'all'", r"concepts\.per_article: 'all' is not \"auto\""),
        ("[publish]\nevidence = 'some'", r"publish\.evidence: 'some' is not \"top\" or \"all\" or \"none\""),
        ("[concepts]\nkeywords = 'yes'", r"concepts\.keywords: expected true or false, got a text"),
        ("read = 1", r"kg\.toml:1: read: expected a table, got a whole number"),
        ("base = \ntitle = 't'", r"kg\.toml: not valid TOML: .*line 1, column"),
        ("a = 1\na = 2\nb = 3", r"not valid TOML: .*line 2"),
        (".".join("a" * 50_000) + " = 1", r"kg\.toml: not valid TOML: a dotted key has more than 20 steps"),
        ("a = 1" + "0" * 5_000, r"kg\.toml: not valid TOML: a number has thousands of digits"),
        ("a = " + "[" * 5_000, r"kg\.toml: not valid TOML: its values are nested too deep"),
        ("title = '\0'", r"kg\.toml: not valid TOML: .*line 1, column"),
        ("#" * 2_000_000, r"kg\.toml: not valid TOML: it has 2,000,000 characters, over the limit of 1,000,000"),
        (b"base = '\xe9'", "cannot be read"),
        ("base = 'handbook'", r'kg\.toml: base "handbook" is not absolute'),
        ("site = '/handbook'", r'kg\.toml: site "/handbook" is not absolute'),
        ("license = 'CC BY 4.0'", r'kg\.toml: license: "CC BY 4\.0" is neither a web address'),
        ("license = 'javascript:alert(1)'", r'license: "javascript:alert\(1\)" is neither a web address'),
        ("license = 'https://[::1'", r'license: "https://\[::1" is neither a web address'),
        ("site = 'javascript:alert(1)'", r'kg\.toml: site "javascript:alert\(1\)" is code or data for a browser'),
        ("site = 'ftp://example.org'", r'kg\.toml: site "ftp://example.org" is not a web address'),
        ("site = 'https://@/'", r'kg\.toml: site "https://@/" is not a web address'),
        ("base = 'data:,x'", r'kg\.toml: base "data:,x" is code or data for a browser'),
        ('title = "a\\u0000b"', r"kg\.toml: title: has the control character U\+0000 in it"),
        ('[concepts]\nmodel = "a\\u0007"', r"kg\.toml: concepts\.model: has the control character U\+0007"),
        ('[concepts.merge]\n"\\u001b" = ["a"]', r"kg\.toml: concepts\.merge: has the control character U\+001B"),
        ("site = 'https://example.org/?page='", r'kg\.toml: site ".*" has a "#" or "\?"'),
    ],
)
def test_a_wrong_file_is_named_with_its_key_or_line(tmp_path: Path, content: str | bytes, reason: str) -> None:
    with pytest.raises(ConfigError, match=reason):
        load_config(write(tmp_path, content))


def test_a_file_that_is_not_there_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load_config(tmp_path / "kg.toml")


def test_a_file_without_an_end_is_not_read_to_its_end() -> None:
    with pytest.raises(ConfigError, match="not valid TOML"):
        load_config(Path("/dev/zero"))


def test_the_file_inside_the_articles_comes_before_the_one_beside_them(tmp_path: Path) -> None:
    articles = tmp_path / "articles"
    articles.mkdir()
    assert find_config(articles) is None
    beside = write(tmp_path, "")
    assert find_config(articles) == beside
    inside = write(articles, "")
    assert find_config(articles) == inside


@pytest.mark.parametrize("articles", [".", "../articles", "./inner/.."])
def test_the_file_beside_the_current_folder_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, articles: str
) -> None:
    (tmp_path / "articles" / "inner").mkdir(parents=True)
    beside = write(tmp_path, "")
    monkeypatch.chdir(tmp_path / "articles")
    found = find_config(Path(articles))
    assert found is not None
    assert found.samefile(beside)


def test_a_folder_of_that_name_is_no_configuration(tmp_path: Path) -> None:
    (tmp_path / "articles" / "kg.toml").mkdir(parents=True)
    assert find_config(tmp_path / "articles") is None


def test_the_digest_depends_on_every_value_and_on_nothing_else(tmp_path: Path) -> None:
    changed = [
        Config(),
        Config(base="https://a.org/"),
        Config(title="t"),
        Config(read=Read(suffixes=(".md",))),
        Config(fields=Fields(title=("article_title", "title"))),
        Config(concepts=Concepts(per_article=15)),
        Config(concepts=Concepts(merge={"a": ("b",)})),
        Config(concepts=Concepts(merge={"b": ("a",)})),
    ]
    assert len({config.digest() for config in changed}) == len(changed)
    same = load_config(write(tmp_path, "[concepts]\nper_article = 'auto'\n[read]\n"))
    assert same.digest() == Config().digest()


def test_what_is_asked_for_a_site(tmp_path: Path) -> None:
    (tmp_path / "kg.toml").write_text('[publish]\nsite_pages = true\norganizations = ["Field Notes"]\n')
    publish = load_config(tmp_path / "kg.toml").publish
    assert (publish.site_jsonld, publish.site_faq, publish.site_pages) == (False, False, True)
    assert publish.organizations == ("Field Notes",)
