// Writes a .gexf or .graphml file to stdout as JSON, as graphology reads it: node read_graph.mjs FILE
// A reader that shares no code with kg; sigma.js draws what it reads.
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import Graph from 'graphology';
import gexf from 'graphology-gexf';
import graphml from 'graphology-graphml';

const readers = { '.gexf': gexf, '.graphml': graphml };

const [file = ''] = process.argv.slice(2);
const reader = readers[extname(file)];
if (!reader) throw new Error(`not a .gexf or .graphml file: ${file}`);
const graph = reader.parse(Graph, await readFile(file, 'utf8'));
const nodes = graph.mapNodes((id, attributes) => [id, attributes]);
const edges = graph.mapEdges((_, attributes, source, target) => [source, target, attributes]);
process.stdout.write(JSON.stringify({ type: graph.type, nodes, edges }));
