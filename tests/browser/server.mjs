// SPDX-License-Identifier: MIT
// server.mjs - ReplayWeb.page and one archive on a free loopback port.
//
//   node server.mjs PLAYER_FOLDER FILE    serve until killed; prints the address to open
//
// Only the player's two scripts, its page and the archive are served, the archive by byte ranges as
// the player reads it. Nothing else is reachable.
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const PAGE = `<!doctype html>
<html><head><meta charset="utf-8"><title>Replay</title><script src="./ui.js"></script></head>
<body><replay-app-main></replay-app-main></body></html>`;

/** First and last byte of a Range header: null when there is none, undefined when it is no range. */
export function parseRange(header, size) {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (!match || (!match[1] && !match[2])) {
    return header ? undefined : null;
  }
  const first = match[1] ? Number(match[1]) : Math.max(0, size - Number(match[2]));
  const last = match[1] && match[2] ? Math.min(Number(match[2]), size - 1) : size - 1;
  return first <= last ? { first, last } : undefined;
}

function sendFile(request, response, file) {
  const { size } = statSync(file);
  const range = parseRange(request.headers.range, size);
  const headers = { 'Accept-Ranges': 'bytes', 'Content-Type': 'application/octet-stream' };
  if (range === undefined) {
    response.writeHead(416, { 'Content-Range': `bytes */${size}` }).end();
    return;
  }
  const { first, last } = range ?? { first: 0, last: size - 1 };
  if (range) {
    headers['Content-Range'] = `bytes ${first}-${last}/${size}`;
  }
  response.writeHead(range ? 206 : 200, { ...headers, 'Content-Length': last - first + 1 });
  if (request.method === 'HEAD' || size === 0) {
    response.end();
  } else {
    createReadStream(file, { start: first, end: last }).pipe(response);
  }
}

const TYPES = { html: 'text/html; charset=utf-8', js: 'text/javascript' };

function listen(server) {
  return new Promise((done, failed) => {
    server.once('error', failed);
    server.listen(0, '127.0.0.1', () => done(`http://127.0.0.1:${server.address().port}`));
  });
}

/** Serves the files of `folder`, and at /player/ those of the player; resolves to { server, address }. */
export async function serveFolder(player, folder) {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, 'http://127.0.0.1').pathname);
    const file = path.startsWith('/player/') ? join(player, path.slice(8)) : join(folder, path.endsWith('/') ? `${path}index.html` : path);
    const type = TYPES[file.split('.').pop()];
    if (!existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404).end();
    } else if (type) {
      response.writeHead(200, { 'Content-Type': type }).end(readFileSync(file));
    } else {
      sendFile(request, response, file);
    }
  });
  return { server, address: `${await listen(server)}/` };
}

/** Serves `file`; resolves to { server, address }: the address shows the archive's pages. */
export function serve(player, file) {
  const name = `/${encodeURIComponent(basename(file))}`;
  const scripts = { '/ui.js': 'ui.js', '/sw.js': 'sw.js' };
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://127.0.0.1');
    if (pathname === '/' || pathname === '/index.html') {
      response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(PAGE);
    } else if (scripts[pathname]) {
      response
        .writeHead(200, { 'Content-Type': 'text/javascript' })
        .end(readFileSync(join(player, scripts[pathname])));
    } else if (pathname === name) {
      sendFile(request, response, file);
    } else {
      response.writeHead(404).end();
    }
  });
  return listen(server).then((origin) => ({ server, address: `${origin}/?source=${encodeURIComponent(origin + name)}` }));
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const [player, file] = process.argv.slice(2);
  const { address } = await serve(player, file);
  console.log(address);
}
