"""Damage to single files, to the report, to the tables and to the store."""

from pyoxigraph import NamedNode, Store

from tests.validate.damage import Damaged, iri, quad
from tests.validate.mutations import breaks, label

# Files


@breaks("missing-file")
def turtle_is_missing(build: Damaged) -> None:
    (build.out / "graph.ttl").unlink()


@breaks("missing-file")
def dataset_is_missing(build: Damaged) -> None:
    (build.out / "dataset.ttl").unlink()


@breaks("missing-file")
def evidence_is_missing(build: Damaged) -> None:
    (build.out / "evidence.nt.gz").unlink()


@breaks("missing-file")
def a_table_is_missing(build: Damaged) -> None:
    (build.out / "tables" / "mentions.parquet").unlink()


@breaks("missing-file")
def a_file_for_gephi_is_missing(build: Damaged) -> None:
    (build.out / "graph.gexf").unlink()


@breaks("missing-file")
def start_page_is_missing(build: Damaged) -> None:
    (build.out / "index.html").unlink()


@breaks("missing-file")
def maps_are_missing(build: Damaged) -> None:
    (build.out / "pages").rename(build.out / "pages.old")


@breaks("missing-file")
def graph_is_missing(build: Damaged) -> None:
    (build.out / "graph.nt").unlink()


@breaks("missing-file")
def store_is_missing(build: Damaged) -> None:
    (build.out / "store").rename(build.out / "store.old")


@breaks("broken-file")
def graph_is_cut(build: Damaged) -> None:
    build.file("graph.nt", lambda data: data[: len(data) // 2])


@breaks("broken-file")
def turtle_is_cut(build: Damaged) -> None:
    build.file("graph.ttl", lambda data: data[: data.rindex(b";")])


@breaks("broken-file")
def json_is_cut(build: Damaged) -> None:
    build.file("graph.jsonld", lambda data: data[: len(data) // 2])


@breaks("broken-file")
def json_is_cut_between_nodes(build: Damaged) -> None:
    build.file("graph.jsonld", lambda data: b"".join(data.splitlines(keepends=True)[:100]))


@breaks("broken-file")
def json_has_something_behind_its_end(build: Damaged) -> None:
    build.file("graph.jsonld", lambda data: data + b"{}\n")


@breaks("broken-file")
def json_is_laid_out_in_another_way(build: Damaged) -> None:
    build.file("graph.jsonld", lambda data: data.replace(b"\n", b" "))


@breaks("broken-file")
def evidence_is_cut(build: Damaged) -> None:
    build.file("evidence.nt.gz", lambda data: data[: len(data) // 2])


@breaks("broken-file")
def evidence_is_not_gzipped(build: Damaged) -> None:
    build.file("evidence.nt.gz", lambda data: b"<a> <b> <c> .\n")


@breaks("broken-file")
def evidence_has_a_flipped_bit(build: Damaged) -> None:
    build.file("evidence.nt.gz", lambda data: data[:3000] + bytes([data[3000] ^ 16]) + data[3001:])


@breaks("broken-file")
def graph_has_a_byte_order_mark(build: Damaged) -> None:
    build.file("graph.nt", lambda data: b"\xef\xbb\xbf" + data)


@breaks("broken-file")
def graph_is_latin_1(build: Damaged) -> None:
    build.file("graph.nt", lambda data: data.decode().encode("latin-1", "replace"))


@breaks("broken-file")
def dataset_is_no_turtle(build: Damaged) -> None:
    file = build.out / "dataset.ttl"
    file.write_bytes(file.read_bytes() + b"<")


@breaks("broken-file")
def a_table_is_cut(build: Damaged) -> None:
    build.file("tables/articles.parquet", lambda data: data[:-200])


@breaks("broken-file")
def store_is_damaged(build: Damaged) -> None:
    (build.out / "store" / "CURRENT").write_text("nothing\n")


@breaks("broken-file")
def a_byte_of_the_store_is_flipped(build: Damaged) -> None:
    largest = max((build.out / "store").glob("*.sst"), key=lambda file: file.stat().st_size)
    data = bytearray(largest.read_bytes())
    data[len(data) // 3] ^= 1
    largest.write_bytes(data)


@breaks("older-build")
def it_was_built_before_there_was_provenance(build: Damaged) -> None:
    build.report(lambda said: [said.pop(name) for name in ("build", "artifacts")])
    (build.out / "dataset.ttl").unlink()
    for graph in (build.minter.dataset, build.minter.ontology_graph):
        build.in_store(lambda store, _, graph=graph: store.remove_graph(NamedNode(graph)))


@breaks("other-build")
def report_has_another_base(build: Damaged) -> None:
    build.report(lambda said: said["configuration"].update(base="https://other.example/"))  # type: ignore[attr-defined]


@breaks("other-build")
def report_has_another_configuration(build: Damaged) -> None:
    build.report(lambda said: said.update(configuration_sha256="0" * 64))


@breaks("other-build")
def report_counts_other_articles(build: Damaged) -> None:
    build.report(lambda said: said["counts"].update(articles=41))  # type: ignore[attr-defined]


@breaks("other-build")
def dataset_is_of_another_build(build: Damaged) -> None:
    build.file("dataset.ttl", lambda data: data.replace(b"/build/", b"/build/0"))


@breaks("other-build", "store", "dataset-count")
def evidence_is_there_though_none_was_written(build: Damaged) -> None:
    build.report(lambda said: said["configuration"].update(publish={"evidence": "none"}))  # type: ignore[attr-defined]


@breaks("tables", "occurrences")
def mentions_are_of_another_build(build: Damaged) -> None:
    build.table("mentions", lambda rows: rows[0].update(frequency=99))


# Serialisations


@breaks("different-triples")
def a_title_differs_in_turtle(build: Damaged) -> None:
    build.file("graph.ttl", lambda data: data.replace(b'schema:name "kg"', b'schema:name "kgs"', 1))


@breaks("different-triples")
def json_lacks_a_node(build: Damaged) -> None:
    build.file("graph.jsonld", lambda data: b"".join(x for n, x in enumerate(data.splitlines(True)) if n != 20))


@breaks("different-triples")
def turtle_says_something_twice(build: Damaged) -> None:
    subject, predicate, value = build.first("skos:prefLabel")
    build.file("graph.ttl", lambda data: data + f"{subject} {predicate} {value} .\n".encode())


@breaks("different-triples")
def a_decimal_of_turtle_has_more_digits(build: Damaged) -> None:
    value = build.first("kg:salience")[2]
    short = value.split('"')[1]
    build.file("graph.ttl", lambda data: data.replace(f"kg:salience {short} ".encode(), b"kg:salience 0.12345 ", 1))


@breaks("concepts-file")
def concepts_file_has_more(build: Damaged) -> None:
    subject, _ = label(build)
    build.file("concepts.ttl", lambda data: data + f'{subject} {iri("skos:note")} "new"@en .\n'.encode())


@breaks("store")
def store_has_more(build: Damaged) -> None:
    build.in_store(lambda store, graph: store.add(quad("urn:a", "urn:b", "urn:c", graph.value)))


@breaks("store")
def store_has_less(build: Damaged) -> None:
    def less(store: Store, graph: object) -> None:
        store.remove(next(store.quads_for_pattern(None, None, None, graph)))  # type: ignore[arg-type]

    build.in_store(less)


@breaks("store")
def store_describes_another_dataset(build: Damaged) -> None:
    build.in_store(lambda store, graph: store.add(quad("urn:a", "urn:b", "urn:c", build.minter.dataset)))


@breaks("store")
def store_lacks_the_ontology(build: Damaged) -> None:
    build.in_store(lambda store, graph: store.clear_graph(NamedNode(build.minter.ontology_graph)))


@breaks("store")
def store_has_another_graph(build: Damaged) -> None:
    build.in_store(lambda store, graph: store.add(quad("urn:a", "urn:b", "urn:c", "urn:d")))


@breaks("dataset-count")
def dataset_counts_one_more(build: Damaged) -> None:
    count = str(len(build.core) + len(build.evidence)).encode()
    build.file("dataset.ttl", lambda data: data.replace(b"void:triples " + count, b"void:triples 1" + count))


@breaks("dataset-file")
def dataset_has_a_wrong_size(build: Damaged) -> None:
    size = str((build.out / "nodes.csv").stat().st_size).encode()
    build.file("dataset.ttl", lambda data: data.replace(b'"' + size + b'"', b'"1' + size + b'"'))


@breaks("dataset-file")
def a_file_was_changed_after_it_was_described(build: Damaged) -> None:
    path = build.out / "edges.csv"
    path.write_bytes(path.read_bytes().replace(b"a", b"b", 1))


@breaks("dangling")
def dataset_gives_an_example_that_is_not_there(build: Damaged) -> None:
    build.file("dataset.ttl", lambda data: data.replace(b"/subject/monitoring>", b"/subject/nothing>"))
