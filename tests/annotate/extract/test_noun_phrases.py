"""Candidate terms of texts whose tags are given by hand."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc
from spacy.vocab import Vocab

from kg.annotate.extract.acronyms import must_be_in_capitals
from kg.annotate.extract.noun_phrases import find_candidates
from kg.annotate.extract.tokens import Tokens
from kg.annotate.extract.view import View, tagger_view
from kg.annotate.text.normal_form import normal_form
from kg.annotate.text.term_filter import is_term
from tests.annotate.sentences import article, candidates, find, find_all, quotes, sentences, tagged


def test_a_run_of_nouns_and_every_run_inside_it() -> None:
    found = find("We/PRP use/VBP a/DT model/NN registry/NN service/NN ./.", "We use a model registry service.")
    assert {term: candidate.alone for term, candidate in found.items()} == {
        "model registry service": 1,
        "model registry": 0,
        "registry service": 0,
        "model": 0,
        "registry": 0,
        "service": 0,
    }


def test_only_the_longest_stands_alone() -> None:
    text = "A registry stores a model. The model registry is new."
    tags = "A/DT registry/NN stores/VBZ a/DT model/NN ./. The/DT model/NN registry/NN is/VBZ new/JJ ./."
    found = find(tags, text)
    assert (len(found["model"].occurrences), found["model"].alone) == (2, 1)
    assert (len(found["model registry"].occurrences), found["model registry"].alone) == (1, 1)


@pytest.mark.parametrize(
    ("text", "tags", "terms"),
    [
        ("neural networks", "neural/JJ networks/NNS", {"neural network", "network"}),
        ("They fail", "They/PRP fail/VBP", set()),
        ("machine learning", "machine/NN learning/VBG", {"machine learning", "machine", "learning"}),
        ("pinned data", "pinned/VBN data/NNS", {"pinned data", "data"}),
        ("data is pinned", "data/NNS is/VBZ pinned/VBN", {"data"}),
        ("very deep", "very/RB deep/JJ", set()),
        ("3 models", "3/CD models/NNS", {"model"}),
        ("lower limits", "lower/JJR limits/NNS", {"lower limit", "limit"}),
    ],
)
def test_what_tags_make_a_term(text: str, tags: str, terms: set[str]) -> None:
    assert set(find(tags, text)) == terms


@pytest.mark.parametrize(
    ("text", "tags", "terms"),
    [
        ("k-fold split", "k/NN -/HYPH fold/JJ split/NN", {"k fold split", "split"}),
        ("cross-validation", "cross/NN -/HYPH validation/NN", {"cross validation"}),
        ("deploy - monitor", "deploy/NN -/HYPH monitor/NN", {"deploy", "monitor"}),
        ("An A/B test", "An/DT A/NN //SYM B/NN test/NN", {"a b test", "a b", "test"}),
        ("CI/CD", "CI/NNP //SYM CD/NNP", {"ci cd"}),
        ("the for loop", "the/DT for/NN loop/NN", {"loop"}),
        ("models/data", "models/NNS //SYM data/NNS", {"model", "data"}),
    ],
)
def test_hyphens_and_slashes_join_what_touches_them(text: str, tags: str, terms: set[str]) -> None:
    assert set(find(tags, text)) == terms


@pytest.mark.parametrize(
    ("text", "tags", "terms"),
    [
        ("5-fold split", "5/CD -/HYPH fold/JJ split/NN", {"5 fold split": "dn", "split": "nn"}),
        ("two-way test", "two/CD -/HYPH way/NN test/NN", {"two way test": "dn", "test": "nn"}),
        ("top-5 accuracy", "top/JJ -/HYPH 5/CD accuracy/NN", {"top 5 accuracy": "an", "accuracy": "nn"}),
        (
            "Python 3 code",
            "Python/NNP 3/CD code/NN",
            {"python": "pp", "python 3 code": "pn", "code": "nn"},
        ),
        ("5 fold", "5/CD fold/NN", {"fold": "nn"}),
    ],
)
def test_numbers_belong_to_what_they_are_joined_to(text: str, tags: str, terms: dict[str, str]) -> None:
    assert {term: candidate.shape for term, candidate in find(tags, text).items()} == terms


def test_numbers_are_no_words() -> None:
    words = find_all("We/PRP fit/VBP 3/CD models/NNS ./.", "We fit 3 models.").words
    assert words == [("fit", "other"), ("models", "noun")]


@pytest.mark.parametrize(
    ("text", "tags", "terms"),
    [
        ("decision-making", "decision/NN -/HYPH making/VBG", {"decision making"}),
        ("decision making", "decision/NN making/VBG", {"decision"}),
        ("k-using", "k/NN -/HYPH using/VBG", {"k using"}),
    ],
)
def test_what_leads_into_a_term_ends_one_only_behind_a_hyphen(text: str, tags: str, terms: set[str]) -> None:
    assert set(find(tags, text)) == terms


@pytest.mark.parametrize(
    ("text", "tags", "joined"),
    [
        ("drift of data", "drift/NN of/IN data/NNS", {"drift of data": "nni"}),
        ("rate to date", "rate/NN to/TO date/NN", {"rate to date": "nni"}),
        ("area under the curve", "area/NN under/IN the/DT curve/NN", {"area under the curve": "nni"}),
        ("law of large numbers", "law/NN of/IN large/JJ numbers/NNS", {"law of large number": "nni"}),
        ("CPU and GPU", "CPU/NN and/CC GPU/NN", {"cpu and gpu": "nnc"}),
        ("drift because data grows", "drift/NN because/IN data/NNS grows/VBZ", {}),
        ("role of this model", "role/NN of/IN this/DT model/NN", {}),
        ("recall or loss", "recall/NN or/CC loss/NN", {}),
        ("drift and the data", "drift/NN and/CC the/DT data/NNS", {}),
        ("drift of data", "drift/NN of/NN data/NNS", {"drift of data": "nni"}),
        ("Type A error", "Type/NN A/NN error/NN", {}),
        ("drift, of data", "drift/NN ,/, of/IN data/NNS", {}),
        ("drift in of data", "drift/NN in/IN of/IN data/NNS", {}),
        ("drift turned on data", "drift/NN turned/VBD on/IN data/NNS", {}),
    ],
)
def test_what_joins_two_noun_phrases(text: str, tags: str, joined: dict[str, str]) -> None:
    found = find(tags, text)
    assert {term: candidate.shape for term, candidate in found.items() if len(candidate.shape) == 3} == joined


def test_a_possessive_is_part_of_the_words_and_not_of_the_concept() -> None:
    text = "See Bayes’ theorem and Newton’s laws."
    tags = "See/VB Bayes/NNP '/POS theorem/NN and/CC Newton/NNP 's/POS laws/NNS ./."
    found = find(tags, text)
    assert quotes(found["bayes theorem"], text) == ["Bayes’ theorem"]
    assert quotes(found["newton law"], text) == ["Newton’s laws"]


def test_only_names_possess_terms() -> None:
    text = "See the teacher's mistake."
    found = find("See/VB the/DT teacher/NN 's/POS mistake/NN ./.", text)
    assert set(found) == {"teacher", "mistake"}


@pytest.mark.parametrize(
    ("text", "tags", "terms"),
    [
        ("the following model", "the/DT following/VBG model/NN", {"model"}),
        ("several important models", "several/JJ important/JJ models/NNS", {"model"}),
        ("using data", "using/VBG data/NNS", {"data"}),
        ("key point", "key/JJ point/NN", set()),
        ("key points", "key/JJ points/NNS", set()),
        ("key metric", "key/JJ metric/NN", {"key metric", "metric"}),
        ("key turning point", "key/JJ turning/VBG point/NN", {"key turning point"}),
        ("a snake_case name", "a/DT snake_case/NN name/NN", set()),
        ("a snake_case loop", "a/DT snake_case/NN loop/NN", {"loop"}),
        ("an example", "an/DT example/NN", set()),
        ("a drift example", "a/DT drift/NN example/NN", {"drift"}),
        ("use case", "use/NN case/NN", {"use case"}),
        ("a way", "a/DT way/NN", set()),
        ("x", "x/NN", set()),
        ("2024", "2024/NN", set()),
    ],
)
def test_words_of_discourse_are_no_terms(text: str, tags: str, terms: set[str]) -> None:
    assert set(find(tags, text)) == terms


def test_is_term() -> None:
    assert is_term(["use", "case"])
    assert is_term(["r", "squared"])
    assert not is_term([])
    assert not is_term(["x"])
    assert not is_term(["7"])
    assert not is_term(["drift", "example"])
    assert not is_term(["key", "point"])
    assert is_term(["key", "turning", "point"])
    assert is_term(["floating", "point"])


def test_no_term_is_longer_than_six_words() -> None:
    found = find("one/NN two/NN red/NN four/NN five/NN six/NN ten/NN", "one two red four five six ten")
    assert max(candidate.words for candidate in found.values()) == 6


@pytest.mark.parametrize(
    ("text", "tags", "terms"),
    [
        (
            "one red data set of test data",
            "one/NN red/NN data/NN set/NN of/IN test/NN data/NN",
            {f"{left} of {right}" for left in ("set", "data set", "red data set") for right in ("test", "test data")},
        ),
        (
            "set of new big test data",
            "set/NN of/IN new/NN big/NN test/NN data/NN",
            {"set of new", "set of new big", "set of new big test"},
        ),
    ],
)
def test_a_side_of_a_preposition_has_three_words_at_most(text: str, tags: str, terms: set[str]) -> None:
    assert {term for term in find(tags, text) if " of " in term} == terms


def test_a_pair_is_whole() -> None:
    text = "Use supply and demand curves."
    found = find("Use/VB supply/NN and/CC demand/NN curves/NNS ./.", text)
    assert [term for term in found if " and " in term] == ["supply and demand curve"]
    long = "We see one red data set and model."
    found = find("We/PRP see/VBP one/NN red/NN data/NN set/NN and/CC model/NN ./.", long)
    assert [term for term in found if " and " in term] == []


def test_what_is_joined_leaves_its_sides_standing_alone() -> None:
    text = "We fear drift of data."
    found = find("We/PRP fear/VBP drift/NN of/IN data/NNS ./.", text)
    assert {term: candidate.alone for term, candidate in found.items()} == {"drift": 1, "data": 1, "drift of data": 0}
    assert quotes(found["drift of data"], text) == ["drift of data"]


def test_spans_are_the_tokens_of_each_occurrence() -> None:
    text = "We fear data drift. Data drift of models hurts."
    tags = "We/PRP fear/VBP data/NNS drift/NN ./. Data/NNS drift/NN of/IN models/NNS hurts/VBZ ./."
    found = find(tags, text)
    assert found["data drift"].spans == [(2, 4), (5, 7)]
    assert found["data drift of model"].spans == [(5, 9)]
    assert all(len(candidate.spans) == len(candidate.occurrences) for candidate in found.values())


def test_inline_code_modifies_a_noun() -> None:
    text = "A `while` loop ends."
    found = find("A/DT while/IN loop/NN ends/VBZ ./.", text)
    assert set(found) == {"while loop", "loop"}
    assert quotes(found["while loop"], text) == ["while loop"]


def test_inline_mathematics_joined_by_a_hyphen() -> None:
    text = "Find the $x$-intercepts now."
    found = find("Find/VB the/DT x/NN -/HYPH intercepts/NNS now/RB ./.", text)
    assert set(found) == {"x intercept"}
    assert quotes(found["x intercept"], text) == ["$x$-intercepts"]


def test_code_and_mathematics_on_their_own_are_no_terms() -> None:
    text = "Call `fit` until $n$ stops and `a.b()` returns."
    tags = "Call/VB fit/NN until/IN n/NN stops/VBZ and/CC Xx/NN returns/VBZ ./."
    assert set(find(tags, text)) == set()


def test_a_formula_that_cannot_be_read_as_a_word_names_no_concept() -> None:
    text = r"The $\alpha$-divergence and the $\phi$-divergence differ."
    tags = "The/DT Xx/NN -/HYPH divergence/NN and/CC the/DT Xx/NN -/HYPH divergence/NN differ/VBP ./."
    assert [term for term in find(tags, text) if term != "divergence"] == []


def test_sentences_end_at_full_stops_and_segments() -> None:
    text = "# Data drift\n\nDrift hurts. It hurts (models too).\n\n- Watch drift\n- Stop drift"
    tags = """Data/NNP drift/NN Drift/NN hurts/VBZ ./. It/PRP hurts/VBZ (/-LRB- models/NNS too/RB )/-RRB- ./.
        Watch/VB drift/NN Stop/VB drift/NN"""
    found = find(tags, text)
    assert sentences(found["drift"], text) == ["Data drift", "Drift hurts.", "Watch drift", "Stop drift"]
    assert sentences(found["model"], text) == ["It hurts (models too)."]
    assert sentences(found["data drift"], text) == ["Data drift"]


def test_a_sentence_ends_with_its_segment_whatever_white_space_is_there() -> None:
    text = "Watch drift  $$x = 1$$"  # a blank and a line break are one token of white space
    found = candidates(find_candidates(*with_white_space(text)))
    assert [sentence.rstrip() for sentence in sentences(found["drift"], text)] == ["Watch drift"]


def with_white_space(text: str) -> tuple[Tokens, View]:
    view = tagger_view(article(text))
    assert view.text == "Watch drift  \n"
    words, tags = ["Watch", "drift", " \n"], ["VB", "NN", "_SP"]
    return Tokens(Doc(Vocab(), words=words, tags=tags, spaces=[True, True, False]), view), view


def test_a_closing_quote_belongs_to_its_sentence() -> None:
    text = "He said “watch drift.” Models fail."
    tags = "He/PRP said/VBD “/`` watch/VB drift/NN ./. ”/'' Models/NNS fail/VBP ./."
    found = find(tags, text)
    assert sentences(found["drift"], text) == ["He said “watch drift.”"]
    assert sentences(found["model"], text) == ["Models fail."]


def test_no_term_crosses_a_sentence_or_a_segment() -> None:
    text = "Watch data. Models fail.\n\n- a feature\n- store"
    tags = "Watch/VB data/NNS ./. Models/NNS fail/VBP ./. a/DT feature/NN store/NN"
    assert set(find(tags, text)) == {"data", "model", "feature", "store"}


def test_a_heading_is_whole_if_no_other_word_is_in_it() -> None:
    text = "# Data:\n\n## Old data\n\n| Data |\n|---|\n\n- Data"
    found = find("Data/NNS :/: Old/JJ data/NNS Data/NNS Data/NNS", text)
    assert (found["data"].heading, found["data"].section_name) == (3, 1)
    assert (found["old data"].heading, found["old data"].section_name) == (1, 1)


def test_a_heading_may_have_a_note_in_parentheses() -> None:
    text = "# Data (old)\n\n## Models (new) fail"
    found = find("Data/NNS (/-LRB- old/NN )/-RRB- Models/NNS (/-LRB- new/NN )/-RRB- fail/VBP", text)
    assert (found["data"].section_name, found["old"].section_name, found["model"].section_name) == (1, 0, 0)


def test_a_label_at_the_beginning_of_a_line_names_a_part_of_a_note() -> None:
    text = (
        "- Category: data\n- Store - old data\n\nModel: new\nMethod: old\nA feature: new\n\n**Drift**: old\n\nnew label"
    )
    tags = "Category/NN :/: data/NNS Store/NN -/: old/JJ data/NNS Model/NN :/: new/NN Method/NN :/: old/NN "
    found = find(tags + "A/DT feature/NN :/: new/NN Drift/NN :/: old/NN new/JJ label/NN", text)
    assert {term for term, one in found.items() if one.section_name} == {"category", "store", "model", "method"}


@pytest.mark.parametrize(("words", "is_label"), [(10, 1), (11, 0)])
def test_a_label_has_a_short_value(words: int, is_label: int) -> None:
    found = find("Category/NN :/: " + "old/JJ " * words, "Category: " + "old " * words)
    assert found["category"].section_name == is_label


def test_where_a_term_stands_is_remembered() -> None:
    text = "# Data drift\n\n1. **Data drift**: the data drift of today."
    tags = "Data/NNP drift/NN Data/NNP drift/NN :/: the/DT data/NN drift/NN of/IN today/NN ./."
    candidate = find(tags, text)["data drift"]
    assert (candidate.heading, candidate.section_name) == (1, 1)
    assert (candidate.bold, candidate.item_start) == (1, 1)
    assert quotes(candidate, text) == ["Data drift", "Data drift", "data drift"]


def test_forms_in_running_prose_are_told_from_others() -> None:
    text = "Data drift hurts. We fear data drift. **Data Drift**: bad."
    tags = "Data/NNP drift/NN hurts/VBZ ./. We/PRP fear/VBP data/NN drift/NN ./. Data/NNP Drift/NNP :/: bad/JJ ./."
    forms = {form: running for (term, form, running) in find_all(tags, text).forms if term == "data drift"}
    assert forms == {"Data drift": False, "data drift": True, "Data Drift": False}


def test_offsets_point_into_the_part_that_they_lie_in() -> None:
    texts = ("What is *data drift*?", "**Data drift** 😀 hurts models.")
    tags = "What/WP is/VBZ data/NN drift/NN ?/. Data/NNP drift/NN 😀/NFP hurts/VBZ models/NNS ./."
    found = find(tags, *texts)
    assert [(o.part, o.start) for o in found["data drift"].occurrences] == [(0, 8), (1, 0)]
    assert quotes(found["data drift"], *texts) == ["data drift", "Data drift"]
    assert quotes(found["model"], *texts) == ["models"]


def test_an_authors_keyword_is_found_whatever_its_tags() -> None:
    text = "We saw in-context learning. In-Context Learning is new."
    tags = (
        "We/PRP saw/VBD in/IN -/HYPH context/NN learning/NN ./. In/IN -/HYPH Context/NN Learning/NN is/VBZ new/JJ ./."
    )
    found = find(tags, text, keywords=frozenset({"in context learning"}))
    assert quotes(found["in context learning"], text) == ["in-context learning", "In-Context Learning"]
    assert "in context learning" not in find(tags, text)


def test_a_keyword_that_the_tags_found_is_counted_once() -> None:
    text = "We fear data drift."
    found = find("We/PRP fear/VBP data/NN drift/NN ./.", text, keywords=frozenset({"data drift", "drift"}))
    assert [len(found[term].occurrences) for term in ("data drift", "drift")] == [1, 1]


def test_a_keyword_does_not_reach_over_a_sentence_end() -> None:
    text = "We see data. Drift hurts."
    tags = "We/PRP see/VBP data/NNS ./. Drift/NN hurts/VBZ ./."
    assert "data drift" not in find(tags, text, keywords=frozenset({"data drift"}))


def test_a_keyword_reaches_over_brackets_but_not_over_other_signs() -> None:
    text = "We see data, drift and key risk (KR) 😀 score."
    tags = "We/PRP see/VBP data/NNS ,/, drift/NN and/CC key/JJ risk/NN (/-LRB- KR/NNP )/-RRB- 😀/NN score/NN ./."
    found = find(tags, text, keywords=frozenset({"data drift", "key risk kr", "kr score"}))
    assert quotes(found["key risk kr"], text) == ["key risk (KR)"]
    assert not {"data drift", "kr score"} & found.keys()


def test_only_known_terms_are_found_where_tags_are_wrong() -> None:
    text = "We fear data drift in a model registry of in-context learning."
    tags = (
        "We/PRP fear/VBP data/NN drift/NN in/IN a/DT model/NN registry/NN of/IN in/IN -/HYPH context/NN learning/NN ./."
    )
    view = tagger_view(article(text))
    tokens = Tokens(tagged(view, tags), view)
    known = frozenset({"in context learning", "drift", "gone"})
    found = find_candidates(tokens, view, frozenset({"in context learning"}), only=known)
    assert (set(found.terms), found.words) == ({"in context learning", "drift"}, ())
    everything = find_candidates(tokens, view, frozenset({"in context learning"}))
    assert {"data drift", "model registry", *found.terms} < set(everything.terms)
    assert find_candidates(tokens, view, only=frozenset()).terms == []


@given(
    st.lists(st.sampled_from("xyz"), max_size=12),
    st.frozensets(st.lists(st.sampled_from("xyz"), min_size=1, max_size=4).map(" ".join), max_size=6),
)
def test_keywords_are_found_at_every_place_where_they_are(words: list[str], keywords: frozenset[str]) -> None:
    text = " ".join(words)
    found = find(" ".join(f"{word}/IN" for word in words), text, keywords=keywords)
    expected = {keyword: [found.start() for found in re.finditer(rf"\b(?={keyword}\b)", text)] for keyword in keywords}
    assert {term: [o.start for o in candidate.occurrences] for term, candidate in found.items()} == {
        keyword: places for keyword, places in expected.items() if places
    }


@pytest.mark.parametrize(("words", "is_found"), [(20, True), (21, False)])
def test_a_keyword_of_very_many_words_is_not_looked_for(words: int, is_found: bool) -> None:
    keyword = " ".join(["x"] * words)
    assert (keyword in find(" ".join(["x/IN"] * 30), " ".join(["x"] * 30), keywords=frozenset({keyword}))) is is_found


def test_a_possessive_that_is_tagged_as_a_noun_is_no_part_of_a_term() -> None:
    text = "The pro's job. The 's pro."
    found = find("The/DT pro/NN 's/NNP job/NN ./. The/DT 's/NNP pro/NN ./.", text, keywords=frozenset({"pro"}))
    assert quotes(found["pro"], text) == ["pro", "pro"]
    assert quotes(found["pro job"], text) == ["pro's job"]


@given(
    st.lists(
        st.sampled_from(
            ["data/NN", "Data/NNP", "'s/NNP", "'s/POS", "'/NN", "-/HYPH", "-/NN", "of/IN", "(/NN", ")/NN", "3/CD"]
        ),
        min_size=1,
        max_size=14,
    )
)
def test_a_term_occurs_once_at_a_place(pairs: list[str]) -> None:
    text = " ".join(pair.rpartition("/")[0] for pair in pairs)
    keywords = frozenset({"data", "data data", "of data"})
    view = tagger_view(article(f"x {text}"))
    doc = tagged(view, f"x/IN {' '.join(pairs)}")
    found = find_candidates(Tokens(doc, view), view, keywords)
    terms = np.repeat(np.arange(len(found.terms)), found.spans.counts).tolist()
    places = [*zip(terms, found.places["start"].tolist(), strict=True)]
    assert len(places) == len(set(places))


def test_a_text_with_nothing_to_tag_has_no_candidates() -> None:
    text = "```\ndata drift\n```\n\n$$data$$"
    view = tagger_view(article(text))
    assert view.text == ""
    assert find("", text) == {}
    assert len(tagged(view, "")) == 0


def found_in_capitals(tags: str, text: str, *keywords: str) -> dict[str, list[str]]:
    """The published words of each candidate, if an author gives the keywords as they are written here."""
    view = tagger_view(article(text))
    terms = [(normal_form(keyword), keyword) for keyword in keywords]
    capitals, stop_words = must_be_in_capitals(terms, {"or", "well"}), frozenset({"or", "well", "if"})
    looked_for = frozenset(form for form, _ in terms)
    found = find_candidates(Tokens(tagged(view, tags), view), view, looked_for, {}, None, capitals, stop_words)
    return {term: quotes(one, text) for term, one in candidates(found).items()}


@pytest.mark.parametrize(
    ("keyword", "text", "tags", "expected"),
    [
        ("OR", "OR or or", "OR/NNP or/CC or/NN", {"or": ["OR"]}),
        ("OR", "Or it or", "Or/CC it/PRP or/CC", {}),
        ("or", "OR or or", "OR/CC or/CC or/CC", {"or": ["OR"]}),
        ("OR gate", "OR gates or gates", "OR/CC gates/NNS or/CC gates/NNS", {"or gate": ["OR gates"]}),
        ("CAM", "CAM cams cam", "CAM/NNP cams/NNS cam/NN", {"cam": ["CAM"]}),
        ("CAMs", "CAMs CAM's", "CAMs/NNP CAM/NNP 's/POS", {"cam": ["CAMs", "CAM"]}),
        ("IoT", "IoT iot", "IoT/NNP iot/NN", {"iot": ["IoT"]}),
        ("cam", "CAM cam", "CAM/NNP cam/NN", {"cam": ["CAM", "cam"]}),
        ("PYTHON", "Python Python", "Python/NNP Python/NNP", {"python": ["Python", "Python"]}),
        ("SQL injection", "sql injection", "sql/JJ injection/NN", {"sql injection": ["sql injection"]}),
        ("well", "well wells", "well/RB wells/NNS", {"well": ["wells"]}),
        ("if", "if `if`", "if/IN if/IN", {"if": ["if"]}),
        ("What-If", "what-if", "what/WP -/HYPH if/IN", {"what if": ["what-if"]}),
        ("YouTube", "Youtube youtube", "Youtube/NNP youtube/NN", {"youtube": ["Youtube", "youtube"]}),
    ],
)
def test_an_acronym_is_found_as_it_is_written_and_a_function_word_only_as_a_noun(
    keyword: str, text: str, tags: str, expected: dict[str, list[str]]
) -> None:
    found = found_in_capitals(tags, text, keyword)
    assert {term: found[term] for term in found.keys() & {normal_form(keyword)}} == expected
