// SPDX-License-Identifier: MIT
// links_parse5.mjs LINKS_DUMP CORPUS - every URL that an HTML5-exact parser finds in the attributes of
// the corpus' pages is among the links that flong finds. Prints TAP.
//
// The rules are written here anew, from the table in src/links/README.md, for parse5's tree with scripts off
// (noscript is markup). flong may find more: data of scripts, JSON, style sheets.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const [linksDump, corpus] = process.argv.slice(2);
const tree = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const peers = process.env.FLONG_PEERS ?? join(tree, '.peers');
const parser = join(peers, 'node', 'node_modules', 'parse5', 'dist', 'index.js');

function skip(reason) {
  console.log(`1..0 # SKIP ${reason}`);
  process.exit(0);
}
if (!existsSync(parser)) skip('parse5 is not installed; scripts/setup --peers does it');
if (!existsSync(join(corpus, 'manifest.tsv'))) skip('../shared is absent');
const { parse, parseFragment } = await import(pathToFileURL(parser));

const SVG = 'http://www.w3.org/2000/svg';
const REQUISITE = {
  img: ['src', 'lowsrc', 'dynsrc'],
  source: ['src'],
  video: ['src', 'poster'],
  audio: ['src'],
  track: ['src'],
  embed: ['src'],
  object: ['data'],
  iframe: ['src'],
  frame: ['src'],
  script: ['src'],
  bgsound: ['src'],
  html: ['manifest'],
  'amp-img': ['src'],
  'amp-anim': ['src'],
  'amp-video': ['src', 'poster'],
  'amp-audio': ['src'],
  'amp-iframe': ['src'],
};
const SRCSET = { img: ['srcset'], source: ['srcset'], link: ['imagesrcset'], 'amp-img': ['srcset'] };
const PAGE = { a: ['href'], area: ['href'], img: ['longdesc'] };
const DISCOVERY = { blockquote: ['cite'], q: ['cite'], ins: ['cite'], del: ['cite'] };
const SVG_REQUISITE = new Set([
  'image', 'use', 'feImage', 'pattern', 'linearGradient', 'radialGradient', 'textPath', 'script', 'mpath', 'filter',
]);
const LAZY = [
  'data-src', 'data-original', 'data-lazy-src', 'data-lazy', 'data-bg', 'data-background-image', 'data-poster',
  'data-posterurl', 'data-url',
];
const LAZY_SRCSET = ['data-srcset', 'data-lazy-srcset', 'data-original-set'];
const LOADED_RELATIONS = new Set([
  'stylesheet', 'icon', 'apple-touch-icon', 'apple-touch-icon-precomposed', 'apple-touch-startup-image', 'mask-icon', 'fluid-icon',
  'manifest', 'preload', 'prefetch', 'modulepreload',
]);
const UNLOADED_RELATIONS = new Set(['preconnect', 'dns-prefetch', 'pingback', 'edituri', 'wlwmanifest', 'profile']);
const PICTURE_NAMES = new Set([
  'og:image', 'og:image:url', 'og:image:secure_url', 'twitter:image', 'twitter:image:src', 'msapplication-tileimage',
  'thumbnail',
]);
const MEDIA_PATH = /\.(jpe?g|png|gif|webp|avif|svg|bmp|ico|mp4|webm|ogv|mp3|m4a|ogg|wav|m3u8|mpd|vtt)$/i;
const MEDIA_ELEMENTS = new Set(['img', 'source', 'video', 'audio', 'picture']);
const SPACE = /[\t\n\f\r ]+/;

// What stands for the charset when no header does: a byte order mark, the first meta that has one, else
// UTF-8 when it is that, else windows-1252. No page of the corpus in an older encoding has a query that
// is not ASCII, which URL would write in UTF-8.
function decode(bytes) {
  const marks = [[[0xef, 0xbb, 0xbf], 'utf-8'], [[0xfe, 0xff], 'utf-16be'], [[0xff, 0xfe], 'utf-16le']];
  for (const [mark, label] of marks) {
    if (mark.every((byte, i) => bytes[i] === byte)) return new TextDecoder(label).decode(bytes);
  }
  const start = bytes.toString('latin1').replace(/<!--[^]*?-->|<(script|style)\b[^]*?<\/\1/gi, '');
  const label = /<meta[^>]+charset\s*=\s*["']?\s*([\w-]+)/i.exec(start)?.[1];
  if (label) {
    try {
      return new TextDecoder(/^utf-?16/i.test(label) ? 'utf-8' : label).decode(bytes);
    } catch {
      // not a label
    }
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

// HTML 4.8.4.3.10, only the URLs, with candidates whose descriptors are wrong.
function candidates(value) {
  const urls = [];
  let rest = value;
  for (;;) {
    rest = rest.replace(/^[\t\n\f\r ,]+/, '');
    if (rest === '') return urls;
    const run = /^[^\t\n\f\r ]+/.exec(rest)[0];
    rest = rest.slice(run.length);
    const url = run.replace(/,+$/, '');
    if (url !== run) {
      urls.push([url, '']);
      continue;
    }
    const descriptor = /^(?:\([^)]*\)?|[^,(])*/.exec(rest)[0];
    rest = rest.slice(descriptor.length);
    urls.push([url, descriptor.trim()]);
  }
}

function goodCandidates(value) {
  return candidates(value)
    .filter(([, descriptor]) => /^$|^[1-9]\d*w( [1-9]\d*h)?$|^\d*\.?\d+x$/.test(descriptor))
    .map(([url]) => url);
}

class Page {
  constructor(url) {
    this.url = url;
    this.base = null;
    this.found = []; // [kind, place, text]
  }

  add(kind, place, text) {
    if (text !== undefined && text.trim() !== '') this.found.push([kind, place, text]);
  }

  // The links as flong gives them: http and https, without fragment.
  * links() {
    for (const [kind, place, text] of this.found) {
      const clean = text.replace(/^[\0- ]+|[\0- ]+$/g, '');
      if (clean === '' || clean.startsWith('#')) continue;
      if (!URL.canParse(clean, this.base ?? this.url)) continue;
      const url = new URL(clean, this.base ?? this.url);
      if (!/^https?:$/.test(url.protocol)) continue;
      url.hash = '';
      yield [kind, place, url.href];
    }
  }
}

function looksLazy(name, value) {
  const text = value.trim();
  if (/[\0- <>"|]/.test(text) || !/[/.]/.test(text)) return false;
  return MEDIA_ELEMENTS.has(name) || MEDIA_PATH.test(text.split(/[?#]/)[0]);
}

function hasPlaceholder(text) {
  return /\{\w+\}|%7b\w+%7d/i.test(text);
}

function takeLink(page, attributes) {
  const relations = (attributes.rel ?? '').toLowerCase().split(SPACE).filter((token) => token !== '');
  if (relations.some((token) => LOADED_RELATIONS.has(token))) page.add('requisite', 'link href', attributes.href);
  else if (relations.length > 0 && !relations.some((token) => UNLOADED_RELATIONS.has(token))) {
    page.add(relations.includes('image_src') ? 'requisite' : 'discovery', 'link href', attributes.href);
  }
}

function takeMeta(page, attributes) {
  if (/^\s*refresh\s*$/i.test(attributes['http-equiv'] ?? '')) {
    const match = /^\s*[\d.]+\s*[;,]?\s*(?:url\s*=\s*)?(["']?)(.*)$/is.exec(attributes.content ?? '');
    const text = match?.[1] ? match[2].split(match[1])[0] : match?.[2];
    page.add('page', 'meta refresh', text);
  }
  for (const key of ['property', 'name']) {
    if (PICTURE_NAMES.has((attributes[key] ?? '').toLowerCase())) {
      page.add('requisite', 'meta ' + attributes[key], attributes.content);
      return;
    }
  }
}

function takeSvg(page, name, attributes) {
  for (const key of ['href', 'xlink:href']) {
    if (SVG_REQUISITE.has(name)) page.add('requisite', `${name} ${key}`, attributes[key]);
  }
  if (name === 'a') page.add('page', 'svg a', attributes.href ?? attributes['xlink:href']);
}

function takeLazy(page, name, attributes) {
  for (const key of LAZY) {
    const value = attributes[key];
    if (value === undefined || name === 'iframe' || name === 'script' || hasPlaceholder(value)) continue;
    if (looksLazy(name, value)) page.add('requisite', key, value);
  }
  for (const key of LAZY_SRCSET) {
    for (const url of goodCandidates(attributes[key] ?? '')) if (!hasPlaceholder(url)) page.add('requisite', key, url);
  }
}

function takeElement(page, node, attributes, nested) {
  const name = node.tagName;
  if (node.namespaceURI === SVG) {
    takeSvg(page, name, attributes);
    return;
  }
  if (name === 'base' && !nested && page.base === null && attributes.href !== undefined) {
    const usable = URL.canParse(attributes.href, page.url) && new URL(attributes.href, page.url);
    page.base = usable && /^https?:$/.test(usable.protocol) ? usable.href : page.url;
  }
  if (name === 'link') takeLink(page, attributes);
  if (name === 'meta') takeMeta(page, attributes);
  for (const key of REQUISITE[name] ?? []) {
    if (!hasPlaceholder(attributes[key] ?? '')) page.add('requisite', `${name} ${key}`, attributes[key]);
  }
  if (name === 'input' && /^image$/i.test(attributes.type ?? '')) page.add('requisite', 'input src', attributes.src);
  for (const key of SRCSET[name] ?? []) {
    for (const url of goodCandidates(attributes[key] ?? '')) {
      if (!hasPlaceholder(url)) page.add('requisite', `${name} ${key}`, url);
    }
  }
  for (const key of PAGE[name] ?? []) page.add('page', `${name} ${key}`, attributes[key]);
  for (const key of DISCOVERY[name] ?? []) page.add('discovery', `${name} ${key}`, attributes[key]);
  page.add('requisite', 'background', attributes.background);
  takeLazy(page, name, attributes);
}

function walk(page, root, nested) {
  const stack = [root];
  while (stack.length > 0) {
    const node = stack.pop();
    if (node.attrs) {
      const attributes = Object.create(null);
      for (const one of node.attrs) attributes[one.prefix ? `${one.prefix}:${one.name}` : one.name] ??= one.value;
      takeElement(page, node, attributes, nested);
      // Only the simplest; the tests of css.c have the rest.
      const style = /data:/i.test(attributes.style ?? '') ? '' : (attributes.style ?? '');
      for (const match of style.matchAll(/url\(\s*(["']?)([^"'()\\\s]+)\1\s*\)/gi)) {
        page.add('requisite', 'style attribute', match[2]);
      }
      if (node.tagName === 'iframe' && attributes.srcdoc) walk(page, parse(attributes.srcdoc, OPTIONS), true);
    }
    if (node.nodeName === '#comment') {
      const inner = /^\s*\[if[^\]]*\]>([^]*?)(?:<!\[endif|$)/i.exec(node.data)?.[1];
      if (inner) walk(page, parseFragment(inner, OPTIONS), true);
    }
    if (node.content) stack.push(node.content);
    for (let i = (node.childNodes ?? []).length - 1; i >= 0; i--) stack.push(node.childNodes[i]);
  }
}

const OPTIONS = { scriptingEnabled: false };

function pages() {
  const rows = readFileSync(join(corpus, 'manifest.tsv'), 'utf8').split('\n').slice(1);
  return rows.map((row) => row.split('\t')).filter((row) => row.length > 4 && existsSync(join(corpus, row[4])))
    .map((row) => ({ url: URL.canParse(row[1]) ? row[1] : 'https://unknown.example/a/b', file: join(corpus, row[4]) }));
}

function flongLinks(list) {
  const input = list.map((page) => `${page.url}\t${page.file}\n`).join('');
  const run = spawnSync(linksDump, { input, maxBuffer: 1 << 30, encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`links_dump: ${run.status} ${run.stderr}`);
  const found = [];
  for (const line of run.stdout.split('\n')) {
    const [kind, , url] = line.split('\t');
    if (kind === 'page' && line.split('\t').length === 3 && !/^L-\d\d$/.test(line.split('\t')[1])) found.push(new Map());
    else if (url) found.at(-1).set(`${kind} ${url}`, true);
  }
  return found;
}

const list = pages();
const found = flongLinks(list);
const counts = { requisite: [0, 0], page: [0, 0], discovery: [0, 0] };
const places = new Map();
const shown = [];
list.forEach((entry, number) => {
  const page = new Page(entry.url);
  walk(page, parse(decode(readFileSync(entry.file)), OPTIONS), false);
  const seen = new Set();
  for (const [kind, place, url] of page.links()) {
    const key = `${kind} ${url}`;
    if (seen.has(key)) continue;
    seen.add(key);
    counts[kind][0]++;
    if (!found[number].has(key)) {
      counts[kind][1]++;
      const where = `${kind} ${place}`;
      places.set(where, (places.get(where) ?? 0) + 1);
      if (shown.filter((line) => line.startsWith(where)).length < 3) shown.push(`${where}: ${url} of ${entry.file}`);
    }
  }
});
const kinds = Object.keys(counts);
console.log(`# ${list.length} pages; ` + kinds.map((kind) => `${kind}: ${counts[kind][0]} links, ` +
  `${counts[kind][1]} not found`).join('; '));
kinds.forEach((kind, i) => {
  console.log(`${counts[kind][1] === 0 && counts[kind][0] > 0 ? 'ok' : 'not ok'} ${i + 1} - each ${kind} of an ` +
    'HTML5-exact parser is found');
});
for (const [where, count] of places) console.log(`#   ${count} of ${where}`);
for (const line of shown) console.log(`#   ${line}`);
console.log(`1..${kinds.length}`);
process.exit(kinds.some((kind) => counts[kind][1] > 0) ? 1 : 0);
