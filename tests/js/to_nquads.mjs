// Writes a JSON-LD, Turtle or N-Triples file to stdout as N-Quads: node to_nquads.mjs FILE
// A reader that shares no code with kg. It reaches for no network: a remote context is an error, but for that of schema.org,
// of which schema_org.jsonld has as much as is used.
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import jsonld from 'jsonld';
import { Parser, Writer } from 'n3';

// So that a file with anything newer than JSON-LD 1.0 is an error.
const VERSION_1_0 = { processingMode: 'json-ld-1.0' };

const local = async (url) => {
  if (url !== 'https://schema.org') throw new Error(`remote context refused: ${url}`);
  const document = JSON.parse(await readFile(new URL('schema_org.jsonld', import.meta.url), 'utf8'));
  return { contextUrl: null, documentUrl: url, document };
};

const fromJsonLd = (text) =>
  jsonld.toRDF(JSON.parse(text), { ...VERSION_1_0, format: 'application/n-quads', safe: true, documentLoader: local });

const fromTurtle = (text) => {
  const writer = new Writer({ format: 'N-Quads' });
  return writer.quadsToString(new Parser().parse(text));
};

const readers = { '.jsonld': fromJsonLd, '.ttl': fromTurtle, '.nt': fromTurtle };

const [file = ''] = process.argv.slice(2);
const read = readers[extname(file)];
if (!read) throw new Error(`not a .jsonld, .ttl or .nt file: ${file}`);
process.stdout.write(await read(await readFile(file, 'utf8')));
