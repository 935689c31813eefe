"""Read a GraphML file with igraph and print it as JSON; run by the Python that igraph is installed for."""

import json
import sys

import igraph


def there(attributes: dict) -> dict:
    """Without what has no value, which igraph reads as an empty text or as not a number."""
    return {name: value for name, value in attributes.items() if value not in ("", None) and value == value}


graph = igraph.Graph.Read_GraphML(sys.argv[1])
# igraph 0.10 leaves an ampersand in an XML attribute as the reference that libxml2's parser makes of it.
names = [name.replace("&#38;", "&") for name in graph.vs["id"]]
nodes = [(name, there(vertex.attributes())) for name, vertex in zip(names, graph.vs, strict=True)]
for _, attributes in nodes:
    attributes.pop("id")
edges = [(names[edge.source], names[edge.target], there(edge.attributes())) for edge in graph.es]
json.dump({"directed": graph.is_directed(), "nodes": nodes, "edges": edges}, sys.stdout)
