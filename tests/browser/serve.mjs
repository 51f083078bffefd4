// SPDX-License-Identifier: MIT
// serve.mjs - does flong serve show an archive as the page was? Prints TAP.
//
//   node serve.mjs WANTED.json SCREENSHOT_FOLDER FLONG
//
// WANTED.json is that of replay.mjs. Twice: with the worker, and in a browser without workers.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { once } from 'node:events';
import { checkFonts, checkPictures, checkStyles } from './looks.mjs';
import { eventually, launch, plan, point } from './player.mjs';

const wanted = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const [pictures, flong] = process.argv.slice(3);
const timeout = wanted.timeout_ms ?? 60000;

/** The frame that shows the archived `url`, once its headline is drawn. */
async function frameWith(page, url, headline) {
  const frame = await eventually(timeout, `the replay of ${url}`, async () =>
    page.frames().find((frame) => frame.url().endsWith(`mp_/${url}`)));
  await eventually(timeout, `the headline "${headline}"`, () => frame.evaluate((text) =>
    [...document.querySelectorAll('h1')].some((h) => {
      const box = h.getBoundingClientRect();
      return h.textContent.replace(/\s+/g, ' ').trim() === text && box.width > 0 && box.height > 0;
    }), headline));
  return frame;
}

async function run(address, workers) {
  const name = workers ? '' : 'without workers: ';
  const browser = await launch(['--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1']);
  const outside = new Set();
  try {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 900 }, serviceWorkers: workers ? 'allow' : 'block' });
    context.on('request', (r) =>
      /^(https?|wss?):/.test(r.url()) && new URL(r.url()).hostname !== '127.0.0.1' && outside.add(r.url()));
    const page = await context.newPage();
    const shot = (file) => workers && page.screenshot({ path: join(pictures, file) });
    let frame;
    await point(`${name}the library shows the story first`, async () => {
      await page.goto(address);
      const first = await page.locator('article h3').first().textContent();
      if (first !== wanted.headline) {
        throw new Error(`first is "${first}"`);
      }
      await shot('serve-library.png');
    });
    await point(`${name}a click on it shows the page`, async () => {
      await page.locator('article h3 a').first().click({ timeout });
      frame = await frameWith(page, wanted.url, wanted.headline);
    });
    if (!frame) {
      return;
    }
    await point(`${name}the page is ${workers ? '' : 'not '}under the worker`, async () => {
      const has = await frame.evaluate(() => Boolean(navigator.serviceWorker?.controller));
      if (has !== workers) {
        throw new Error(`it is ${has ? '' : 'not'}`);
      }
    });
    await point(`${name}all pictures are loaded`, () => checkPictures(frame, wanted, timeout));
    await point(`${name}style sheets are applied`, () => checkStyles(frame, timeout));
    await point(`${name}fonts are loaded`, () => checkFonts(frame, wanted, timeout));
    await shot('serve-story.png');
    await point(`${name}a click on a related story shows it, and the bar says so`, async () => {
      const link = await frame.evaluateHandle((url) =>
        [...document.links].find((a) => a.href.endsWith(`/${url}`)), wanted.related);
      if (!link.asElement()) {
        throw new Error(`no link to ${wanted.related}`);
      }
      await link.asElement().click({ timeout });
      await frameWith(page, wanted.related, wanted.related_headline);
      await eventually(timeout, 'the bar', async () =>
        (await page.locator('#url').textContent()) === wanted.related);
      await shot('serve-related.png');
    });
    await point(`${name}a search for a word of the related story finds it, and nothing else`, async () => {
      await page.goto(`${address}search?q=${encodeURIComponent(wanted.word)}`);
      const found = await page.locator('article h3').allTextContents();
      if (found.length !== 1 || found[0] !== wanted.related_headline) {
        throw new Error(`found: ${found.join(', ') || 'nothing'}`);
      }
    });
    await point(`${name}no request leaves the archive`, async () => {
      if (outside.size > 0) {
        throw new Error([...outside].join('\n'));
      }
    });
  } finally {
    await browser.close();
  }
}

mkdirSync(pictures, { recursive: true });
const server = spawn(flong, ['serve', '--port', '0', '--replay-port', '0', wanted.wacz], {
  stdio: ['ignore', 'pipe', 'inherit'] });
try {
  const [line] = await once(server.stdout, 'data');
  await run(String(line).trim(), true);
  await run(String(line).trim(), false);
} finally {
  server.kill();
}
plan();
