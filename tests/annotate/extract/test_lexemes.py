"""What is known of words, from tables that begin anew when they are full."""

import pytest
from spacy.strings import StringStore

from kg.annotate.extract import lexemes as vocabulary
from kg.annotate.extract.lexemes import LexemeTable

WORDS = ["Systems", "using", "similar", "-", "the", "2019", ".", "CI/CD", "😀", ":", "'s"]


def facts(words: list[str], known: LexemeTable) -> list[dict[str, object]]:
    strings = StringStore(words)
    texts, normal, found = known.look_up([strings[word] for word in words], strings)
    assert texts == words
    names = found.dtype.names
    return [{**dict(zip(names, row.tolist(), strict=True)), "normal": normal[at]} for at, row in enumerate(found)]


def test_what_is_known_of_words() -> None:
    found = dict(zip(WORDS, facts(WORDS, LexemeTable()), strict=True))
    assert {word: row["normal"] for word, row in found.items() if row["normal"]} == {
        "Systems": ("system",),
        "using": ("using",),
        "similar": ("similar",),
        "the": ("the",),
        "2019": ("2019",),
        "CI/CD": ("ci", "cd"),
    }
    assert [word for word, row in found.items() if row["leading"]] == ["using", "similar"]
    assert [word for word, row in found.items() if row["breaking"]] == ["similar"]
    assert [word for word, row in found.items() if row["hyphen"]] == ["-"]
    assert [word for word, row in found.items() if row["counted"]] == ["Systems", "using", "similar", "the", "CI/CD"]
    assert [word for word, row in found.items() if row["opening"]] == ["-", ".", ":"]
    assert {word: chr(row["override"]) for word, row in found.items() if row["override"]} == {
        "the": "t",
        "2019": "d",
        ".": ".",
        "😀": "o",
        ":": "o",
    }
    assert {word: chr(row["link"]) for word, row in found.items() if row["link"] != ord("o")} == {"the": "t"}
    assert [row["letters"] for row in found.values()] == [len(word) for word in WORDS]


def test_more_words_than_the_table_had_room_for() -> None:
    many = [f"w{number}x" for number in range(5000)]
    known = LexemeTable()
    first = facts(many, known)
    assert facts(many[::-1], known) == first[::-1]
    assert [row["normal"] for row in first] == [(word,) for word in many]


def test_a_full_table_begins_anew_and_leaves_what_it_gave(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vocabulary, "_MOST", 5)
    known = LexemeTable()
    strings = StringStore(WORDS)
    orths = [strings[word] for word in WORDS]
    texts, normal, found = known.look_up(orths, strings)
    kept = found.copy()
    others = facts(["model", "models"], known)
    assert [row["normal"] for row in others] == [("model",), ("model",)]
    assert (texts, normal[0]) == (WORDS, ("system",))
    assert (found == kept).all()


def test_no_words() -> None:
    assert facts([], LexemeTable()) == []


def test_a_word_that_fails_leaves_the_table_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    expected, known = facts(WORDS, LexemeTable()), LexemeTable()
    facts(WORDS[:3], known)

    def fail(word: str) -> tuple[str, ...]:
        raise IndexError(word)

    with monkeypatch.context() as patch:
        patch.setattr(vocabulary, "normal_word", fail)
        with pytest.raises(IndexError):
            facts(["drift"], known)
    assert facts(WORDS, known) == expected
