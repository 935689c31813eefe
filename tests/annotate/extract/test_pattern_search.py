"""What a sentence says of kinds, and what it defines; tags are given by hand."""

import pytest
from spacy.tokens import Doc
from spacy.vocab import Vocab

from kg.annotate.extract.pattern_search import find_patterns
from kg.annotate.extract.statement_types import Definition, HypernymPair, Pattern
from kg.annotate.extract.tokens import Tokens
from kg.annotate.extract.view import tagger_view
from tests.annotate.sentences import article, tagged


def read(tags: str, *sources: str) -> tuple[list[HypernymPair], list[Definition]]:
    """What the article of the texts `sources`, tagged as `tags` says, states."""
    texts = sources or (" ".join(pair.rpartition("/")[0] for pair in tags.split()),)
    given = article(*texts)
    view = tagger_view(given)
    return find_patterns(Tokens(tagged(view, tags), view), view, given.parts)


def kinds(tags: str, *sources: str) -> list[tuple[str, str, str]]:
    return [(kind.pattern.value, kind.narrower, kind.broader) for kind in read(tags, *sources)[0]]


def defined(tags: str, *sources: str) -> list[tuple[str, str]]:
    return [(definition.pattern.value, definition.term) for definition in read(tags, *sources)[1]]


LISTS = [
    (
        "It/PRP has/VBZ data/NNS structures/NNS such/JJ as/IN arrays/NNS ,/, linked/VBN lists/NNS and/CC heaps/NNS ./.",
        [("array", "data structure"), ("linked list", "data structure"), ("heap", "data structure")],
    ),
    # no "and" closes the list: what follows the comma may be something else
    ("In/IN fields/NNS such/JJ as/IN medicine/NN ,/, models/NNS fail/VBP ./.", [("medicine", "field")]),
    # the nearest noun is not what the list is of
    ("They/PRP sell/VBP tools/NNS for/IN analyses/NNS such/JJ as/IN hammers/NNS ./.", []),
    ("Many/JJ types/NNS of/IN models/NNS such/JJ as/IN trees/NNS fit/VBP ./.", [("tree", "model")]),
    ("It/PRP needs/VBZ speed/NN such/JJ as/IN streaming/NN ./.", []),
    ("A/DT protocol/NN such/JJ as/IN TCP/NNP waits/VBZ ./.", [("tcp", "protocol")]),
    # a verb and its object
    ("It/PRP has/VBZ steps/NNS such/JJ as/IN computing/VBG means/NNS and/CC medians/NNS ./.", []),
    # of "analysis of variance" only a part would be said
    ("It/PRP has/VBZ methods/NNS such/JJ as/IN analysis/NN of/IN variance/NN ./.", []),
    # of "supervised and unsupervised learning" the first word is no term
    (
        "Tasks/NNS such/JJ as/IN supervised/JJ and/CC unsupervised/JJ learning/NN differ/VBP ./.",
        [("unsupervised learning", "task")],
    ),
    ("For/IN apps/NNS that/WDT need/VBP sensors/NNS ,/, such/JJ as/IN games/NNS ,/, it/PRP fits/VBZ ./.", []),
]


@pytest.mark.parametrize(("tags", "pairs"), LISTS)
def test_a_list_of_examples(tags: str, pairs: list[tuple[str, str]]) -> None:
    source = " ".join(pair.rpartition("/")[0] for pair in tags.split())
    assert kinds(tags, source) == [("such as", *pair) for pair in pairs]


def test_including_and_other() -> None:
    tags = "It/PRP stops/VBZ threats/NNS ,/, including/VBG worms/NNS and/CC spyware/NN ./."
    assert kinds(tags) == [("including", "worm", "threat"), ("including", "spyware", "threat")]
    tags = "It/PRP stops/VBZ worms/NNS ,/, viruses/NNS and/CC other/JJ severe/JJ threats/NNS ./."
    assert kinds(tags) == [("and other", "virus", "threat")]


STATED = [
    (
        "Ransomware/NN is/VBZ a/DT nasty/JJ type/NN of/IN malware/NN that/WDT locks/VBZ files/NNS ./.",
        "type of",
        "malware",
    ),
    ("A/DT heap/NN is/VBZ a/DT binary/JJ tree/NN that/WDT is/VBZ kept/VBN in/IN order/NN ./.", "is a", "binary tree"),
    ("Heaps/NNS are/VBP binary/JJ trees/NNS that/WDT are/VBP kept/VBN in/IN order/NN ./.", "are", "binary tree"),
]


@pytest.mark.parametrize(("tags", "pattern", "broader"), STATED)
def test_a_statement_is_a_kind_and_a_definition(tags: str, pattern: str, broader: str) -> None:
    subject = "ransomware" if broader == "malware" else "heap"
    assert kinds(tags) == [(pattern, subject, broader)]
    assert defined(tags) == [(pattern, subject)]


NOTHING = [
    "Teams/NNS are/VBP using/VBG models/NNS that/WDT drift/VBP over/IN time/NN ./.",
    "A/DT heap/NN is/VBZ not/RB a/DT sorted/JJ list/NN of/IN many/JJ things/NNS ./.",
    "This/DT heap/NN is/VBZ a/DT binary/JJ tree/NN that/WDT is/VBZ in/IN order/NN ./.",
    "TCP/NNP is/VBZ a/DT state/NN -/HYPH of/IN -/HYPH the/DT -/HYPH art/NN method/NN that/WDT waits/VBZ ./.",
]


@pytest.mark.parametrize("tags", NOTHING)
def test_what_states_nothing_of_a_kind(tags: str) -> None:
    source = " ".join(pair.rpartition("/")[0] for pair in tags.split()).replace(" - ", "-")
    assert kinds(tags, source) == []
    assert defined(tags, source) == []


DEFINITIONS = [
    ("Drift/NN refers/VBZ to/IN a/DT change/NN of/IN the/DT data/NNS over/IN time/NN ./.", ("refers to", "drift")),
    ("A/DT model/NN can/MD be/VB defined/VBN as/IN a/DT map/NN from/IN data/NNS ./.", ("refers to", "model")),
    ("Recall/NN is/VBZ the/DT share/NN of/IN cases/NNS that/WDT are/VBP found/VBN ./.", ("is the", "recall")),
    (
        "Machine/NN learning/NN (/-LRB- ML/NNP )/-RRB- is/VBZ a/DT field/NN that/WDT fits/VBZ models/NNS ./.",
        ("is a", "machine learning"),
    ),
    ("In/IN algebra/NN ,/, a/DT ring/NN is/VBZ a/DT set/NN with/IN two/CD operations/NNS ./.", ("is a", "ring")),
    (
        "A/DT heap/NN is/VBZ a/DT tree/NN with/IN more/JJR than/IN one/CD node/NN in/IN order/NN ./.",
        ("is a", "heap"),
    ),
    (
        "A/DT semaphore/NN is/VBZ a/DT fundamental/JJ synchronization/NN primitive/NN used/VBN to/TO lock/VB ./.",
        ("is a", "semaphore"),
    ),
]


@pytest.mark.parametrize(("tags", "definition"), DEFINITIONS)
def test_definitions(tags: str, definition: tuple[str, str]) -> None:
    source = " ".join(pair.rpartition("/")[0] for pair in tags.split())
    assert defined(tags, source) == [definition]


@pytest.mark.parametrize(
    "tags",
    [
        "Testing/NN is/VBZ a/DT crucial/JJ step/NN that/WDT every/DT team/NN takes/VBZ ./.",  # a judgement
        "Drift/NN is/VBZ a/DT problem/NN of/IN models/NNS in/IN production/NN today/NN ./.",  # a role
        "Quicksort/NN is/VBZ a/DT more/RBR efficient/JJ method/NN that/WDT splits/VBZ lists/NNS ./.",
        "Quicksort/NN is/VBZ a/DT method/NN that/WDT is/VBZ faster/RBR than/IN bubblesort/NN ./.",
        "A/DT heap/NN is/VBZ a/DT tree/NN ./.",  # too short to say anything
        "In/IN summary/NN ,/, a/DT heap/NN is/VBZ a/DT tree/NN that/WDT is/VBZ sorted/VBN ./.",
        "In/IN this/DT example/NN ,/, a/DT heap/NN is/VBZ a/DT tree/NN that/WDT is/VBZ sorted/VBN ./.",
        "A/DT heap/NN is/VBZ a/DT tree/NN that/WDT is/VBZ kept/VBN like/IN these/DT ./.",  # like what?
        "A/DT heap/NN is/VBZ a/DT tree/NN that/WDT has/VBZ these/DT rules/NNS :/:",
    ],
)
def test_what_defines_nothing(tags: str) -> None:
    assert defined(tags) == []


def test_a_question_defines_nothing() -> None:
    tags = "A/DT heap/NN is/VBZ a/DT tree/NN that/WDT is/VBZ kept/VBN sorted/VBN ./."
    sentence = "A heap is a tree that is kept sorted ."
    found = read(f"{tags} {tags}", sentence, sentence)[1]
    assert [definition.part for definition in found] == [1]


def test_places_are_in_the_published_text_and_positions_count_sentences() -> None:
    first = "Some/DT text/NN comes/VBZ first/RB ./. "
    lead = "Heap/NN :/: "
    tags = "A/DT heap/NN is/VBZ a/DT tree/NN of/IN Xx/NN that/WDT is/VBZ sorted/VBN ./."
    source = (
        "Some text comes first . Another comes . \n\n- **Heap** : A heap is a tree that uses $x + 1$ and is sorted ."
    )
    tags = (
        first
        + "Another/DT comes/VBZ ./. "
        + lead
        + "A/DT heap/NN is/VBZ a/DT tree/NN that/WDT uses/VBZ Xx/NN and/CC is/VBZ sorted/VBN ./."
    )
    (definition,) = read(tags, source)[1]
    text = article(source).parts[0].text
    assert text[definition.start : definition.end] == "A heap is a tree that uses $x + 1$ and is sorted ."
    assert (definition.pattern, definition.position, definition.bare) == (Pattern.IS_A, 2, True)


def test_an_article_without_words_says_nothing() -> None:
    assert read("", "```\ncode\n```") == ([], [])


@pytest.mark.parametrize("text", ["including ", "is ", "a thing, such as b thing ", "(is ", "x-", "in, are "])
def test_a_long_text_without_a_full_stop_is_no_sentence(text: str) -> None:
    given = article(text * 20_000)
    view = tagger_view(given)
    words = view.text.split(" ")
    doc = Doc(Vocab(), words=words, tags=["NN"] * len(words))
    assert find_patterns(Tokens(doc, view), view, given.parts) == ([], [])
