"""In which language a text is, the tags of languages, and what is said once of a folder."""

from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st

from kg.base.errors import ConfigError
from kg.base.model import PartName, Problem, Severity
from kg.read import language
from kg.read.folder_problems import language_problems, with_drafts_said_once
from kg.read.language import language_of, language_tag
from kg.read.markdown import to_part
from kg.read.settings import read_settings

ENGLISH = """
The protein of wheat flour forms gluten when it meets water. Bread flour has 12 to 14 per cent of protein, and a strong
flour takes up more water, so hydration can only be compared between doughs of the same flour. That is why bakers write
everything as a share of the flour, and not of the dough.
"""
TERSE = """
Install the package. Run `kg init`. Check the output. Use the option `--force` to replace the file. Edit the field
mapping. Add a list of keywords for each article. Build again. Compare the counts with those of the last build. Report
errors to the maintainers, with the version and the platform. Keep backups of the store.
"""
OTHERS = {
    "de": """
Das Eiweiß des Weizens bildet Kleber, wenn es mit Wasser in Berührung kommt. Ein starkes Mehl nimmt mehr Wasser auf,
darum kann man die Menge nur zwischen Teigen aus demselben Mehl vergleichen. In der Bäckerei schreibt man deshalb alles
als Anteil am Mehl und nicht am Teig, so wie es die Alten schon immer gemacht haben.
""",
    "nl": """
Het eiwit van tarwe vormt gluten als het met water in aanraking komt. Een sterke bloem neemt meer water op, daarom kan
men de hoeveelheid alleen vergelijken tussen degen van dezelfde bloem. In de bakkerij is het daarom gewoon om alles als
een deel van de bloem te schrijven, en niet van het deeg in de kom.
""",
    "it": """
La proteina del grano forma il glutine quando incontra l'acqua. Una farina forte assorbe più acqua, e per questo si può
confrontare l'idratazione solo tra impasti della stessa farina. I fornai scrivono tutto come parte della farina e non
dell'impasto, a differenza di quello che si fa in casa con la bilancia.
""",
    "zh": "小麦粉中的蛋白质遇水形成面筋。高筋面粉能吸收更多的水。因此只能在同一种面粉的面团之间比较含水量。" * 15,
}


MIXED = """
What is {}? Uma corrente é o movimento ordenado de partículas num meio. A força que as move vem de uma fonte, e a água
que desce de um monte é uma boa imagem do que se passa no fio.
"""


def found(text: str) -> str | None:
    return language_of([to_part(PartName.BODY, text)])


@pytest.fixture
def no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fails if py3langid is asked."""
    monkeypatch.setattr(language, "_identifier", lambda: pytest.fail("the model is loaded"))


@pytest.mark.usefixtures("no_model")
@pytest.mark.parametrize(
    "text", [ENGLISH, TERSE, ENGLISH.upper(), f"```\n{OTHERS['de']}\n```\n\n{ENGLISH}", "A loaf of bread and a knife."]
)
def test_english_is_recognised_without_the_model(text: str) -> None:
    assert found(text) == "en"


@pytest.mark.parametrize("tag", OTHERS)
def test_other_languages_are_recognised(tag: str) -> None:
    assert found(OTHERS[tag]) == tag


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("Nur ein kurzer Satz auf Deutsch, mehr nicht.", "de"),
        (MIXED.format("a current"), "pt"),
        (f"{OTHERS['de']}\n\n```\n{ENGLISH * 3}\n```\n", "de"),
        (f"{OTHERS['zh'][:250]}\n\n{ENGLISH[:200]}", "zh"),
        (f"`{'x = compute(y) ' * 40}`\n\n{OTHERS['it']}", "it"),
    ],
)
def test_short_and_mixed_texts(text: str, tag: str) -> None:
    assert found(text) == tag


@pytest.mark.parametrize(
    "text",
    [
        "",
        "短い文。",
        "Ein kurzer Satz.",
        "```\nfor (int i = 0; i < n; i++) { total += values[i]; }\n```",
        "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22",
        "https://de.wikipedia.org/wiki/Liste_der_Biographien https://fr.wikipedia.org/wiki/Accueil",
    ],
)
def test_of_some_texts_nothing_can_be_said(text: str) -> None:
    assert found(text) is None


@pytest.mark.parametrize(
    ("text", "tag", "is_shortened"),
    [
        ("en", "en", False),
        ("pt_BR", "pt-br", False),
        ("zh-Hant-TW", "zh-hant-tw", False),
        ("sr-Latn", "sr-latn", False),
        ("es-419", "es-419", False),
        ("de-1996", "de-1996", False),
        ("eng", "en", False),
        ("ger", "de", False),
        ("iw", "he", False),
        ("English", "en", False),
        (" GERMAN ", "de", False),
        ("Français", "fr", False),
        ("中文", "zh", False),
        ("en_US.UTF-8", "en-us", False),
        ("de_DE@euro", "de-de", False),
        ("en-US-UTF-8", "en-us", True),
        ("en-utf8", "en", True),
        ("en-us-gb", "en-us", True),
        ("en-1", "en", True),
        ("en-a", "en", True),
        ("fr-fr-fr", "fr-fr", True),
        ("-".join(["en", *["us"] * 100_000]), "en-us", True),
        *((text, None, False) for text in ("", "-", "c++", "python", "js", "go", "C", "POSIX", "xx", "english please")),
        *((text, None, False) for text in ("und", "zxx", "mul", "x-klingon", "\0", "en\0")),
    ],
)
def test_tags_of_languages(text: str, tag: str | None, is_shortened: bool) -> None:
    assert language_tag(text) == (tag, is_shortened)


def is_accepted(tag: str) -> bool:
    """Whether both RDF writers take a tag."""
    return ox.Literal("a", language=tag).language == rdflib.Literal("a", lang=tag).language == tag


def test_names_have_tags_that_rdf_writers_take() -> None:
    assert all(is_accepted(tag) and language_tag(tag) == (tag, False) for tag in language._TAGS.values())


@given(
    st.text()
    | st.lists(st.sampled_from("en us gb latn 1996 x a t u co 1 fr cmn zh hans utf 8 rozaj é".split())).map("-".join)
)
def test_every_tag_is_one_that_rdf_writers_take(text: str) -> None:
    tag, _ = language_tag(text)
    assert tag is None or is_accepted(tag)


def test_every_language_that_the_model_knows_has_a_valid_tag() -> None:
    tags = {label: language_tag(label)[0] for label in language._identifier().nb_classes}
    assert {label: tag for label, tag in tags.items() if tag != label} == {"zxx": None, "tl": "fil"}
    assert all(tag is None or is_accepted(tag) for tag in tags.values())


@pytest.mark.parametrize(
    ("languages", "said"),
    [
        (["de"], "1 article is in German, for which no spaCy pipeline is set: its keywords"),
        (["de-at", "en-gb", "de"], "2 articles are in German, for which"),
        (["fr", "de", "en", "de"], "3 articles are in German (2) or French (1), for which"),
        (["fr", "de", "it", "de"], "4 articles are in German (2), French (1) or Italian (1), for which"),
        (
            ["fr", "de", "it", "nl", "es", "pt"],
            "Dutch (1), French (1), German (1), Italian (1) or another language (2)",
        ),
        (["wuu"], "1 article is in wuu, for which"),
    ],
)
def test_one_note_says_which_articles_are_in_other_languages(languages: list[str], said: str) -> None:
    (problem,) = language_problems(languages, "en")
    assert (problem.severity, problem.code, problem.file) == (Severity.NOTE, "language", ".")
    assert said in problem.message
    assert problem.message.endswith(" no concepts; set pipeline in [annotate] of kg.toml")


@pytest.mark.parametrize(("languages", "pipeline"), [([], "en"), (["en", "en-us"], "en"), (["no", "nb-no"], "nb")])
def test_nothing_is_said_of_the_language_of_the_pipeline(languages: list[str], pipeline: str) -> None:
    assert language_problems(languages, pipeline) == []


def test_drafts_are_one_warning() -> None:
    other = Problem(Severity.ERROR, "yaml", "x.md", 3, None, "broken")
    drafts = [Problem(Severity.WARNING, "draft", f"{name}.md", 2, None, "is a draft") for name in "dcba"]
    found = with_drafts_said_once([*drafts, other])
    assert [str(problem) for problem in found] == [
        "x.md:3: broken",
        ".: 4 drafts are left out (a.md, b.md, c.md, ...); set drafts = true in [read] of kg.toml to read drafts",
    ]
    assert with_drafts_said_once(drafts[:1])[0].message.startswith("1 draft is left out (d.md); ")
    assert with_drafts_said_once([other]) == [other]


@pytest.mark.parametrize(("written", "tag"), [("German", "de"), ("Deutsch", "de"), ("pt_BR", "pt-br")])
def test_the_language_of_kg_toml_becomes_a_tag(tmp_path: Path, written: str, tag: str) -> None:
    (tmp_path / "kg.toml").write_text(f'language = "{written}"\n')
    assert read_settings(tmp_path)[0].language == tag


def test_what_is_no_language_is_an_error_in_kg_toml(tmp_path: Path) -> None:
    (tmp_path / "kg.toml").write_text('language = "python"\n')
    with pytest.raises(ConfigError, match='language: "python" is no language like "en" or "English"'):
        read_settings(tmp_path)
