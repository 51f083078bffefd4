// SPDX-License-Identifier: MIT
// hostile.mjs - an archive made to attack (hostile_archive.py) is looked at; nothing of it succeeds. Prints TAP.
//
//   node hostile.mjs FLONG FOLDER
//
// What stands for the live web listens on loopback, a TCP and a UDP socket, under names that the browser resolves to
// it; whatever arrives there got out. Each attack on the live web is shown without flong too, and must arrive: it is real.
import { spawn, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createListener } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually, launch, plan, point } from './player.mjs';

const [flong, folder] = process.argv.slice(2);
const support = join(dirname(fileURLToPath(import.meta.url)), '..', 'support');
const timeout = 15000;

/** The live web: what arrives is in `seen`, by its first line or as "datagram". */
class LiveWeb {
  seen = [];
  async open() {
    this.listener = createListener((socket) => {
      this.seen.push('connection');
      socket.on('data', (data) => {
        this.seen.push(String(data).split('\r\n')[0]);
        socket.end('HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 2\r\n\r\nok');
      }).on('error', () => {});
    });
    this.datagrams = createSocket('udp4').on('message', () => this.seen.push('datagram'));
    this.listener.listen(0, '127.0.0.1');
    this.datagrams.bind(0, '127.0.0.1');
    await Promise.all([once(this.listener, 'listening'), once(this.datagrams, 'listening')]);
    this.address = `live.example:${this.listener.address().port}`;
    this.stun = `127.0.0.1:${this.datagrams.address().port}`;
  }
  taken() {
    const taken = this.seen;
    this.seen = [];
    return taken;
  }
  close() {
    this.listener.close();
    this.datagrams.close();
  }
}

/** Shows the attack until it says that it is done, or is gone elsewhere; its findings. */
async function attack(page, address, name) {
  await page.goto(`${address}hostile/https://evil.example/${name}`, { waitUntil: 'commit' });
  let wasSeen = false;
  return eventually(timeout, name, async () => {
    const frame = page.frames().find((one) => one !== page.mainFrame() && one.parentFrame() === page.mainFrame());
    if (!frame || frame.url().includes('/-/start.html') || frame.url() === 'about:blank') {
      return undefined;
    }
    const isThere = frame.url().endsWith(`mp_/https://evil.example/${name}`);
    wasSeen ||= isThere;
    if (!isThere) { // one that moves at once may have been there unseen
      return (wasSeen || frame.url().includes('/http://live.example')) && {};
    }
    const { done, got } = await frame.evaluate(() => ({ ...document.documentElement.dataset }));
    return done && JSON.parse(got ?? '{}');
  });
}

function refused(got, except = []) {
  const through = Object.entries(got).filter(([what, value]) => value !== 'no' && value !== 'false' && !except.includes(what));
  if (through.length > 0) {
    throw new Error(through.map(([what, value]) => `${what}: ${value}`).join('\n'));
  }
}

function nothing(arrived) {
  if (arrived.length > 0) {
    throw new Error(`arrived: ${[...new Set(arrived)].join(', ')}`);
  }
}

/** The library's own page is where and what it was, and runs no code of others. */
async function untouched(page, address, name) {
  const state = await page.evaluate(() => ({ href: location.href, hacked: window.hacked, cookie: document.cookie,
    storage: localStorage.length + sessionStorage.length, marks: document.querySelectorAll('header img, header script').length }));
  const wanted = { href: `${address}hostile/https://evil.example/${name}`, hacked: undefined, cookie: '', storage: 0, marks: 0 };
  for (const [what, value] of Object.entries(wanted)) {
    if (state[what] !== value) {
      throw new Error(`${what} of the library's page: ${state[what]}`);
    }
  }
}

/** The library answers, and the next capture is shown as it is. */
async function goesOn(page, address) {
  await page.goto(address);
  if (await page.locator('main').count() !== 1) {
    throw new Error('the library does not answer any more');
  }
  await page.goto(`${address}hostile/https://evil.example/quiet`);
  await eventually(timeout, 'the next capture', async () => {
    const frame = page.frames().find((one) => one.url().endsWith('mp_/https://evil.example/quiet'));
    return frame.evaluate(() => document.querySelector('h1').textContent === 'quiet');
  });
}

/** Cookies, workers and pages of one visit are gone before the next. */
async function inContext(browser, work) {
  const context = await browser.newContext();
  try {
    await work(await context.newPage(), context);
  } finally {
    await context.close();
  }
}

/** The same pages without flong: each reaches the live web. */
async function control(browser, pages, names, live) {
  const server = createServer((request, response) =>
    response.writeHead(200, { 'Content-Type': 'text/html' }).end(pages[request.url.slice(1)] ?? '')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  for (const name of names) {
    await point(`${name} is an attack: without flong it reaches the live web`, () => inContext(browser, async (page) => {
      live.taken();
      await page.goto(`http://127.0.0.1:${server.address().port}/${name}`, { waitUntil: 'commit' });
      await eventually(timeout, 'what arrives', async () => live.seen.length > 0);
    }));
  }
  server.close();
}

const live = new LiveWeb();
await live.open();
const rules = `MAP *.hint.example 127.0.0.1:${live.listener.address().port}, MAP live.example 127.0.0.1, ` +
  'MAP * ~NOTFOUND, EXCLUDE 127.0.0.1';
const made = spawnSync('python3', [join(support, 'hostile_archive.py'), flong, join(folder, 'hostile'), live.address, live.stun],
  { encoding: 'utf8', maxBuffer: 1 << 24 });
const pages = JSON.parse(made.stdout);
const outward = Object.keys(pages).filter((name) => name.startsWith('live-') || name === 'webrtc' || name === 'webrtc-text');
const browser = await launch([`--host-resolver-rules=${rules}`, '--allow-loopback-in-peer-connection']);
const server = spawn(flong, ['serve', '--port', '0', '--replay-port', '0', join(folder, 'hostile')],
  { stdio: ['ignore', 'pipe', 'inherit'] });
try {
  const address = String((await once(server.stdout, 'data'))[0]).trim();
  await control(browser, pages, outward, live);
  for (const name of [...Object.keys(pages), 'webrtc-static', 'static', 'headers']) {
    await point(`${name}: refused, nothing arrives, the library is untouched`, () => inContext(browser, async (page, context) => {
      live.taken();
      const got = await attack(page, address, name);
      refused(got, ['its own', 'top', 'parent', 'library']);
      await untouched(page, address, name);
      nothing(live.taken().filter((what) => name !== 'live-frame' || what !== 'connection'));
      const cookies = name === 'cookie-bomb' ? [] : await context.cookies();
      if (cookies.length > 0) {
        throw new Error(`cookies: ${cookies.map(({ name: cookie }) => cookie).join(' ')}`);
      }
      await goesOn(page, address);
      nothing(live.taken());
    }));
  }
} finally {
  await browser.close();
  server.kill();
  live.close();
}
plan();
