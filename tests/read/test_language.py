"""Whether a text reads as English, and what is said once of a folder."""

import pytest

from kg.base.model import PartName, Problem, Severity
from kg.read.folder_problems import language_problems, with_drafts_said_once
from kg.read.language import reads_as_english
from kg.read.markdown import to_part

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


def is_english(text: str) -> bool | None:
    return reads_as_english([to_part(PartName.BODY, text)])


@pytest.mark.parametrize("text", [ENGLISH, TERSE, ENGLISH.upper(), f"```\n{OTHERS['de']}\n```\n\n{ENGLISH}"])
def test_english_is_english(text: str) -> None:
    assert is_english(text) is True


@pytest.mark.parametrize("language", OTHERS)
def test_other_languages_are_not(language: str) -> None:
    assert is_english(OTHERS[language]) is False


@pytest.mark.parametrize("text", ["", "Nur ein kurzer Satz auf Deutsch.", "短い文。"])
def test_of_a_short_text_nothing_can_be_said(text: str) -> None:
    assert is_english(text) is None


def test_one_warning_says_that_most_articles_are_not_in_english() -> None:
    (problem,) = language_problems([False, False, True])
    assert (problem.severity, problem.code) == (Severity.WARNING, "not-english")
    assert problem.message.startswith("2 of 3 articles are not in English: ")
    assert language_problems([True, False]) == []
    assert language_problems([]) == []


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
