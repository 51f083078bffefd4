// SPDX-License-Identifier: MIT
// warcio_js.mjs FILE - reads each record of a WARC to its end; a line each: type, URL, HTTP status.
import { createReadStream } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const tree = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const peers = process.env.FLONG_PEERS ?? join(tree, '.peers');
const folder = join(peers, 'node', 'node_modules', 'warcio', 'dist', 'index.js');
const { WARCParser } = await import(pathToFileURL(folder));

for await (const record of new WARCParser(createReadStream(process.argv[2]))) {
  await record.readFully(false);
  const status = record.warcType === 'response' ? record.httpHeaders?.statusCode : undefined;
  console.log([record.warcType, record.warcTargetURI ?? '', status || '-'].join(' '));
}
