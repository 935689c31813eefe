"""A copy of a build that can be damaged and written again, so that all its files and its store still agree."""

import gzip
import hashlib
import json
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse, serialize

from kg.base.iris import PREFIXES, Minter
from kg.base.report import read_report

VOID = "http://rdfs.org/ns/void#"
DCAT = "http://www.w3.org/ns/dcat#"
SPDX = "http://spdx.org/rdf/terms#"


def iri(curie: str) -> str:
    """A prefixed name as N-Triples writes it."""
    prefix, _, name = curie.partition(":")
    return f"<{PREFIXES[prefix]}{name}>"


class Damaged:
    """A copy of the build at `source` in `folder`; change the lines `core` and `evidence`, and `write` it again."""

    def __init__(self, source: Path, folder: Path) -> None:
        shutil.copytree(source, folder)
        self.out = folder
        self.minter = Minter(read_report(folder).configuration["base"])
        self.base = self.minter.base
        self.core = (folder / "graph.nt").read_text("utf-8").splitlines()
        self.evidence = gzip.decompress((folder / "evidence.nt.gz").read_bytes()).decode().splitlines()

    # What to damage

    def node(self, path: str) -> str:
        """Something below the base as N-Triples writes it."""
        return f"<{self.base}{path}>"

    def first(self, predicate: str, *, subject: str = "", lines: str = "core") -> list[str]:
        """Subject, predicate and object of the first triple with that predicate."""
        wanted = f" {iri(predicate)} "
        line = next(line for line in getattr(self, lines) if wanted in line and line.startswith(subject))
        return line[:-2].split(" ", 2)

    def of_class(self, class_: str, lines: str = "core") -> list[str]:
        """The nodes of a class."""
        ending = f" {iri('rdf:type')} {iri(class_)} ."
        return [line.removesuffix(ending) for line in getattr(self, lines) if line.endswith(ending)]

    def add(self, subject: str, predicate: str, value: str, lines: str = "core") -> None:
        """Add a triple."""
        getattr(self, lines).append(f"{subject} {iri(predicate)} {value} .")

    def drop(self, start: str, end: str = "", lines: str = "core") -> None:
        """Remove the triples whose lines start and end like that; there must be some."""
        kept = [line for line in getattr(self, lines) if not (line.startswith(start) and line.endswith(end))]
        assert len(kept) < len(getattr(self, lines)), f"nothing starts with {start}"
        getattr(self, lines)[:] = kept

    def replace(self, old: str, new: str, lines: str = "core", most: int | None = None) -> None:
        """Replace a text in every line, or in the first few that have it; there must be some."""
        left = [len(getattr(self, lines)) if most is None else most]
        before = list(getattr(self, lines))

        def changed(line: str) -> str:
            if old not in line or not left[0]:
                return line
            left[0] -= 1
            return line.replace(old, new)

        getattr(self, lines)[:] = [changed(line) for line in before]
        assert getattr(self, lines) != before, f"{old} is nowhere"

    def set(self, subject: str, predicate: str, value: str, lines: str = "core") -> None:
        """Give a property of a node another value."""
        self.drop(f"{subject} {iri(predicate)} ", lines=lines)
        self.add(subject, predicate, value, lines)

    # Writing

    def write(self) -> None:
        """Write all files and the store from `core` and `evidence`, so that they agree with each other."""
        self.core = sorted(set(self.core))
        self.evidence = sorted(set(self.evidence))
        (self.out / "graph.nt").write_text("".join(f"{line}\n" for line in self.core), "utf-8")
        (self.out / "evidence.nt.gz").write_bytes(gzip.compress("".join(f"{x}\n" for x in self.evidence).encode()))
        triples = [quad.triple for quad in parse(path=self.out / "graph.nt", format=RdfFormat.N_TRIPLES)]
        serialize(triples, self.out / "graph.ttl", RdfFormat.TURTLE, prefixes=PREFIXES)
        self.write_jsonld(triples)
        of_concepts = [t for t in triples if str(t.subject).startswith(f"<{self.base}concept")]
        serialize(of_concepts, self.out / "concepts.ttl", RdfFormat.TURTLE)
        self.write_store()
        self.describe()

    def write_jsonld(self, triples: Iterable[Triple]) -> None:
        """Write graph.jsonld as kg lays it out, without short names."""
        first = (self.out / "graph.jsonld").read_text("utf-8").partition("\n")[0]
        nodes: dict[str, dict[str, list[object]]] = {}
        for triple in triples:
            value: dict[str, str]
            if isinstance(triple.object, Literal):
                value = {"@value": triple.object.value}
                if triple.object.language:
                    value["@language"] = triple.object.language
                else:
                    value["@type"] = triple.object.datatype.value
            else:
                value = {"@id": named(triple.object)}
            nodes.setdefault(named(triple.subject), {}).setdefault(triple.predicate.value, []).append(value)
        lines = [json.dumps({"@id": node} | values, ensure_ascii=False) for node, values in nodes.items()]
        text = first + '\n"@graph":[\n' + ",\n".join(lines) + "\n]}\n"
        (self.out / "graph.jsonld").write_text(text, "utf-8")

    def write_store(self) -> None:
        """Write the store from the files."""
        shutil.rmtree(self.out / "store")
        store = Store(self.out / "store")
        for file, graph in (("graph.nt", self.minter.core_graph), ("evidence.nt.gz", self.minter.evidence_graph)):
            data = (self.out / file).read_bytes()
            data = gzip.decompress(data) if file.endswith(".gz") else data
            store.bulk_load(input=data, format=RdfFormat.N_TRIPLES, to_graph=NamedNode(graph))
        store.flush()

    def in_store(self, change: Callable[[Store, NamedNode], None]) -> None:
        """Change the core graph of the store only."""
        store = Store(self.out / "store")
        change(store, NamedNode(self.minter.core_graph))
        store.flush()

    def describe(self) -> None:
        """Write counts, sizes and checksums of what is there now into dataset.ttl."""
        counts = {self.minter.core_graph: len(self.core), self.minter.evidence_graph: len(self.evidence)}
        counts[self.minter.dataset] = sum(counts.values())
        described = []
        for quad in parse(path=self.out / "dataset.ttl", format=RdfFormat.TURTLE):
            triple = quad.triple
            subject, predicate = named(triple.subject), triple.predicate.value
            file = subject.removeprefix(f"{self.minter.dataset}#").removesuffix("-checksum")
            if predicate == VOID + "triples" and subject in counts:
                triple = Triple(triple.subject, triple.predicate, Literal(counts[subject]))
            elif predicate == DCAT + "byteSize" and (self.out / file).is_file():
                triple = Triple(triple.subject, triple.predicate, Literal((self.out / file).stat().st_size))
            elif predicate == SPDX + "checksumValue" and (self.out / file).is_file():
                digest = hashlib.sha256((self.out / file).read_bytes()).hexdigest()
                triple = Triple(triple.subject, triple.predicate, Literal(digest))
            described.append(triple)
        serialize(described, self.out / "dataset.ttl", RdfFormat.TURTLE)
        self.store_descriptions()

    def store_descriptions(self) -> None:
        """Put what dataset.ttl and kg.ttl say into their graphs of the store."""
        store = Store(self.out / "store")
        for file, iri in (("dataset.ttl", self.minter.dataset), ("kg.ttl", self.minter.ontology_graph)):
            store.clear_graph(NamedNode(iri))
            store.load(path=self.out / file, format=RdfFormat.TURTLE, to_graph=NamedNode(iri))
        store.flush()

    def table(self, name: str, change: Callable[[list[dict[str, object]]], None]) -> None:
        """Change the rows of a table, and what dataset.ttl says of the file."""
        path = self.out / "tables" / f"{name}.parquet"
        table = pq.read_table(path)
        rows = table.to_pylist()
        change(rows)
        pq.write_table(pa.Table.from_pylist(rows, table.schema), path)
        self.describe()

    def file(self, name: str, change: Callable[[bytes], bytes]) -> None:
        """Change the bytes of a file, and what dataset.ttl says of it."""
        path = self.out / name
        path.write_bytes(change(path.read_bytes()))
        if name == "dataset.ttl":
            self.store_descriptions()
        else:
            self.describe()

    def report(self, change: Callable[[dict[str, object]], None]) -> None:
        """Change report.json."""
        path = self.out / "report.json"
        said = json.loads(path.read_bytes())
        change(said)
        path.write_text(json.dumps(said), "utf-8")


def named(node: object) -> str:
    return node.value if isinstance(node, NamedNode) else str(node)


def quad(subject: str, predicate: str, value: str, graph: str) -> Quad:
    """A quad of IRIs."""
    return Quad(NamedNode(subject), NamedNode(predicate), NamedNode(value), NamedNode(graph))
