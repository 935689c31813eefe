"""SKOS files as they come: every syntax, relative IRIs, languages, and what is refused."""

import hashlib
from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from kg.base.errors import DataError, UsageError
from kg.read.vocabulary import ExternalVocabulary, read_vocabulary

ROOT = Path(__file__).parents[2]
ACM = ROOT.parent / "shared" / "vocabularies" / "acm-ccs-2012-skos.rdf"

SKOS = "http://www.w3.org/2004/02/skos/core#"
TURTLE = f"""
@prefix skos: <{SKOS}> .
@prefix dcterms: <http://purl.org/dc/terms/> .
<https://v.example/s> a skos:ConceptScheme ; dcterms:title "Water"@en , "Wasser"@de .
<https://v.example/sea> a skos:Concept ; skos:prefLabel "Seas"@en , "Meer"@de ; skos:altLabel "oceans"@en ;
  skos:hiddenLabel "oceens"@en ; skos:inScheme <https://v.example/s> .
<https://v.example/bay> a skos:Concept ; skos:prefLabel "Bays" ; skos:broader <https://v.example/sea> ;
  skos:related <https://v.example/ship> .
<https://v.example/ship> a skos:Concept ; skos:prefLabel "ships"@en-GB .
"""


def read(folder: Path, text: str | bytes, name: str = "v.ttl") -> ExternalVocabulary:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_vocabulary(path)


def rdf(body: str, attributes: str = "", doctype: str = "") -> str:
    return f"""<?xml version="1.0" encoding="UTF-8"?>{doctype}
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:skos="{SKOS}" {attributes}>
{body}
</rdf:RDF>"""


def concept(iri: str, label: str) -> str:
    return f'<skos:Concept rdf:about="{iri}"><skos:prefLabel xml:lang="en">{label}</skos:prefLabel></skos:Concept>'


def test_labels_relations_and_the_scheme(tmp_path: Path) -> None:
    found = read(tmp_path, TURTLE)
    assert (found.file, found.scheme, found.title) == ("v.ttl", "https://v.example/s", "Water")
    assert found.sha256 == hashlib.sha256((tmp_path / "v.ttl").read_bytes()).hexdigest()
    bay, sea, ship = found.concepts
    assert (sea.iri, sea.label, sea.others) == ("https://v.example/sea", "Seas", ("oceans", "oceens"))
    assert (bay.label, bay.broader, bay.related) == ("Bays", (sea.iri,), (ship.iri,))
    assert (ship.label, ship.related) == ("ships", (bay.iri,))  # skos:related is symmetric


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("v.nt", f'<https://v.example/a> <{SKOS}prefLabel> "Seas"@en .\n'),
        ("v.nq", f'<https://v.example/a> <{SKOS}prefLabel> "Seas"@en <https://v.example/g> .\n'),
        ("v.n3", f'<https://v.example/a> <{SKOS}prefLabel> "Seas"@en .\n'),
        ("v.trig", f'<https://v.example/g> {{ <https://v.example/a> <{SKOS}prefLabel> "Seas"@en }}\n'),
        ("v.jsonld", f'{{"@id": "https://v.example/a", "{SKOS}prefLabel": {{"@value": "Seas", "@language": "en"}}}}'),
        ("v.rdf", rdf(concept("https://v.example/a", "Seas"))),
        ("v.owl", rdf(concept("https://v.example/a", "Seas"))),
        ("v.skos", f'@prefix s: <{SKOS}> . <https://v.example/a> s:prefLabel "Seas"@en .'),
        ("v", f'{{"@id": "https://v.example/a", "{SKOS}prefLabel": "Seas"}}'),
        ("v.TTL", f'\ufeff<https://v.example/a> <{SKOS}prefLabel> "Seas"@EN .'),
    ],
)
def test_every_syntax(tmp_path: Path, name: str, text: str) -> None:
    assert [(one.iri, one.label) for one in read(tmp_path, text, name).concepts] == [("https://v.example/a", "Seas")]


def test_english_comes_before_its_varieties_and_what_has_no_language(tmp_path: Path) -> None:
    labels = '"Farbe"@de , "hue" , "colour"@en-GB , "color"@en-US'
    found = read(tmp_path, f"<https://v.example/a> <{SKOS}prefLabel> {labels} .")
    assert (found.concepts[0].label, found.concepts[0].others) == ("colour", ("color", "hue"))


def test_labels_of_skos_xl(tmp_path: Path) -> None:
    text = """@prefix xl: <http://www.w3.org/2008/05/skos-xl#> .
    <https://v.example/a> xl:prefLabel <https://v.example/l1> ; xl:altLabel [ xl:literalForm "oceans"@en ] .
    <https://v.example/l1> xl:literalForm "Seas"@en ."""
    found = read(tmp_path, text)
    assert (found.concepts[0].label, found.concepts[0].others) == ("Seas", ("oceans",))


def test_schemes_collections_deprecated_and_foreign_concepts_are_none(tmp_path: Path) -> None:
    text = f"""@prefix skos: <{SKOS}> .
    @prefix owl: <http://www.w3.org/2002/07/owl#> .
    <https://v.example/s> a skos:ConceptScheme ; skos:prefLabel "Scheme"@en .
    <https://v.example/c> a skos:Collection ; skos:prefLabel "Collection"@en .
    <https://v.example/d> a skos:Concept ; skos:prefLabel "Gone"@en ; owl:deprecated true .
    <https://v.example/f> a skos:Concept ; skos:prefLabel "Meer"@de .
    [] a skos:Concept ; skos:prefLabel "Nameless"@en .
    <https://v.example/a> skos:prefLabel "Seas"@en ; skos:broader <https://v.example/d>, <https://v.example/a> ."""
    found = read(tmp_path, text)
    assert [(one.label, one.broader) for one in found.concepts] == [("Seas", ())]
    assert found.title == "Scheme"


def test_relative_iris_are_those_of_the_only_scheme_if_there_is_no_base(tmp_path: Path) -> None:
    scheme = '<skos:ConceptScheme rdf:about="http://v.example/My Scheme (1)"/>'
    found = read(tmp_path, rdf(scheme + concept("#10", "Seas")), "v.rdf")
    assert found.scheme == "http://v.example/My%20Scheme%20(1)"
    assert found.concepts[0].iri == "http://v.example/My%20Scheme%20(1)#10"


def test_a_base_in_the_file_wins(tmp_path: Path) -> None:
    scheme = '<skos:ConceptScheme rdf:about="http://v.example/s"/>'
    based = read(tmp_path, rdf(scheme + concept("#10", "Seas"), 'xml:base="http://b.example/x"'), "v.rdf")
    assert based.concepts[0].iri == "http://b.example/x#10"
    turtle = read(tmp_path, f'@base <http://b.example/x> . <#10> <{SKOS}prefLabel> "Seas" .')
    assert turtle.concepts[0].iri == "http://b.example/x#10"


@pytest.mark.parametrize(
    ("schemes", "found"),
    [
        ("", "found: none"),
        (
            '<skos:ConceptScheme rdf:about="http://v.example/a"/><skos:ConceptScheme rdf:about="http://v.example/b"/>',
            "2",
        ),
        ('<skos:ConceptScheme rdf:about="#s"/>', "one with a relative IRI"),
    ],
)
def test_relative_iris_without_anything_to_resolve_them(tmp_path: Path, schemes: str, found: str) -> None:
    with pytest.raises(DataError, match=rf"v\.rdf: has relative IRIs but no base.*{found}"):
        read(tmp_path, rdf(schemes + concept("#10", "Seas")), "v.rdf")


def test_what_no_iri_may_have_is_encoded(tmp_path: Path) -> None:
    found = read(tmp_path, rdf(concept("http://v.example/a b|ü%20%zz", "Seas")), "v.rdf")
    assert found.concepts[0].iri == "http://v.example/a%20b%7Cü%20%25zz"
    assert NamedNode(found.concepts[0].iri)


# What is refused


def test_entities_of_the_file_itself_are_replaced(tmp_path: Path) -> None:
    doctype = '<!DOCTYPE rdf:RDF [<!ENTITY v "https://v.example/"><!ENTITY c "&v;c/"><!ENTITY sea "Seas">]>'
    found = read(tmp_path, rdf(concept("&c;1", "&sea;"), doctype=doctype), "v.rdf")
    assert [(one.iri, one.label) for one in found.concepts] == [("https://v.example/c/1", "Seas")]


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE rdf:RDF [<!ENTITY e SYSTEM "{secret}">]>',
        "<!DOCTYPE rdf:RDF [<!ENTITY e SYSTEM '{secret}'>]>",
        '<!DOCTYPE rdf:RDF [<!ENTITY e PUBLIC "-//X//Y" "{secret}">]>',
        '<!DOCTYPE rdf:RDF [\n<!ENTITY % p SYSTEM "{secret}"> %p;]>',
        '<!DOCTYPE rdf:RDF SYSTEM "{secret}">',
        '<!DOCTYPE rdf:RDF PUBLIC "-//X//Y" "{secret}">',
        '<!DOCTYPE rdf:RDF SYSTEM "{secret}" [<!ENTITY e "x">]>',
    ],
)
@pytest.mark.parametrize("used", ["&e;", "Seas"])
def test_what_lies_outside_the_file_is_refused_and_not_read(tmp_path: Path, doctype: str, used: str) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("Seas of secrets", "utf-8")
    before = secret.stat().st_atime_ns
    with pytest.raises(DataError, match=r"v\.rdf:[12]: .*outside the file.*secret\.txt") as refused:
        read(
            tmp_path, rdf(concept("https://v.example/a", used), doctype=doctype.format(secret=secret.as_uri())), "v.rdf"
        )
    assert "Seas of" not in str(refused.value)
    assert secret.stat().st_atime_ns == before


def test_entity_bombs_are_refused(tmp_path: Path) -> None:
    nested = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 40))
    laughs = f'<!DOCTYPE rdf:RDF [<!ENTITY e0 "ha">{nested}]>'
    with pytest.raises(DataError, match="as in an attack"):
        read(tmp_path, rdf(concept("https://v.example/a", "&e39;"), doctype=laughs), "v.rdf")
    with pytest.raises(DataError, match="as in an attack"):  # even if nobody uses it
        read(tmp_path, rdf(concept("https://v.example/a", "Seas"), doctype=laughs), "v.rdf")
    wide = f'<!DOCTYPE rdf:RDF [<!ENTITY e "{"x" * 50_000}">]>'
    with pytest.raises(DataError, match="as in an attack"):
        read(tmp_path, rdf(concept("https://v.example/a", "&e;" * 5_000), doctype=wide), "v.rdf")


def test_an_entity_within_itself_and_a_parameter_entity(tmp_path: Path) -> None:
    circle = '<!DOCTYPE rdf:RDF [<!ENTITY a "&b;"><!ENTITY b "&a;">]>'
    with pytest.raises(DataError, match=r"v\.rdf:\d+: not well-formed XML"):
        read(tmp_path, rdf(concept("https://v.example/a", "&a;"), doctype=circle), "v.rdf")
    with pytest.raises(DataError, match='parameter entity "p"'):
        read(tmp_path, rdf("", doctype='<!DOCTYPE rdf:RDF [<!ENTITY % p "x">]>'), "v.rdf")


@pytest.mark.parametrize(
    "context", ['"https://v.example/context.jsonld"', '[{"@import": "https://v.example/context.jsonld"}]']
)
def test_a_context_outside_the_file_is_refused(tmp_path: Path, context: str) -> None:
    text = f'{{"@context": {context}, "@id": "https://v.example/a", "prefLabel": "Seas"}}'
    with pytest.raises(DataError, match=r"JSON-LD context lies outside the file"):
        read(tmp_path, text, "v.jsonld")


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("v.ttl", '<https://v.example/a> <https://v.example/p> "x"\n oops', r"v\.ttl:2: not valid Turtle"),
        ("v.rdf", "<?xml version='1.0'?>\n<rdf:RDF>\n<a></b>", r"v\.rdf:3: not well-formed XML"),
        ("v.rdf", rdf("<skos:Concept>&nope;</skos:Concept>"), r"v\.rdf:3: not well-formed XML"),
        ("v.rdf", "", r"v\.rdf:1: not well-formed XML"),
        ("v.jsonld", '{"@id": "https://v.example/a"', r"v\.jsonld:1: not valid JSON-LD"),
        ("v.ttl", b'<https://v.example/a> <https://v.example/p> "\xff" .', r"v\.ttl:1: not valid Turtle"),
        ("v.ttl", "", r"v\.ttl: has no SKOS concept with an English label"),
        ("v.ttl", f'<https://v.example/a> <{SKOS}prefLabel> "Meer"@de .', r"v\.ttl: has no SKOS concept"),
        ("v.ttl", "# A diary, and no RDF of concepts\n", r"v\.ttl: has no SKOS concept"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_line(tmp_path: Path, name: str, text: str | bytes, message: str) -> None:
    with pytest.raises(DataError, match=message):
        read(tmp_path, text, name)


def test_no_such_file(tmp_path: Path) -> None:
    for path in (tmp_path / "nothing.ttl", tmp_path, tmp_path / "nothing.ttl" / "v.ttl"):
        with pytest.raises(UsageError, match="no such vocabulary file"):
            read_vocabulary(path)


@pytest.mark.corpus
def test_the_acm_classification() -> None:
    if not ACM.exists():
        reason = "the real vocabularies are not there: they belong in shared/vocabularies beside the repository"
        pytest.skip(reason)
    found = read_vocabulary(ACM)
    assert found.title == "The ACM Computing Classification System (CCS)"
    assert found.scheme == "http://totem.semedica.com/taxonomy/The%20ACM%20Computing%20Classification%20System%20(CCS)"
    assert len(found.concepts) == 2299
    labels = {one.iri: one.label for one in found.concepts}
    (deadlocks,) = (one for one in found.concepts if one.label == "Deadlocks" and "database deadlock" in one.others)
    assert deadlocks.iri.startswith(f"{found.scheme}#")
    assert "Process management" in {labels[iri] for iri in deadlocks.broader}
    assert sum(len(one.broader) for one in found.concepts) == 2390
