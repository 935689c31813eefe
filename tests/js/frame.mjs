// Writes the nodes of a JSON-LD file that a frame selects to stdout: node frame.mjs FRAME FILE [IRI]
// With an IRI, the frame selects only the node with this IRI. A program that shares no code with kg, without network.
import { readFile } from 'node:fs/promises';
import jsonld from 'jsonld';

const [frameFile, file, iri] = process.argv.slice(2);
const [frame, document] = await Promise.all([frameFile, file].map(async (name) => JSON.parse(await readFile(name, 'utf8'))));
if (iri) frame['@id'] = iri;
const documentLoader = (url) => { throw new Error(`remote document refused: ${url}`); };
process.stdout.write(JSON.stringify(await jsonld.frame(document, frame, { documentLoader })));
