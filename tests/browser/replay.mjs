// SPDX-License-Identifier: MIT
// replay.mjs - does ReplayWeb.page show an archive as the page was? Prints TAP.
//
//   node replay.mjs WANTED.json SCREENSHOT_FOLDER
//
// WANTED.json: wacz, url (the seed), headline, related (a story that the seed links to),
// related_headline, word (only in the related story's text); optional: images and fonts (how many
// at least), timeout_ms. The network is shut: only the player's own loopback address resolves.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serve } from './server.mjs';

const tree = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const peers = process.env.FLONG_PEERS ?? join(tree, '.peers');
const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(existsSync);
const FLAGS = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
];

const wanted = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const pictures = process.argv[3];
const timeout = wanted.timeout_ms ?? 60000;
let points = 0;
let failures = 0;

/** One TAP point: `check` returns nothing, or throws an Error that says what is wrong. */
async function point(claim, check) {
  points += 1;
  try {
    await check();
    console.log(`ok ${points} - ${claim}`);
  } catch (error) {
    failures += 1;
    console.log(`not ok ${points} - ${claim}`);
    console.log(String(error.message).replace(/^/gm, '# '));
  }
}

/** `probe` again and again until it returns a value; then that value. */
async function eventually(what, probe) {
  const end = Date.now() + timeout;
  for (;;) {
    // A frame that navigates away while it is looked at is looked at again.
    const value = await probe().catch(() => undefined);
    if (value) {
      return value;
    }
    if (Date.now() > end) {
      throw new Error(`${what}: not seen within ${timeout} ms`);
    }
    await new Promise((again) => setTimeout(again, 100));
  }
}

/** The frame in which the archived page `url` is shown. */
function frameOf(page, url) {
  return eventually(`the replay of ${url}`, async () =>
    page.frames().find((frame) => {
      const shown = /\/w\/[^/]+\/(?::[^/]+\/)?\d*mp_\/(.*)$/.exec(frame.url());
      return shown && decodeURI(shown[1]) === decodeURI(url);
    }));
}

/** Waits for the headline; it must have been drawn, not just be in the source. */
function headlineOf(frame, text) {
  return eventually(`the headline "${text}"`, () => frame.evaluate((text) =>
    [...document.querySelectorAll('h1')].some((h) => {
      const box = h.getBoundingClientRect();
      return h.textContent.replace(/\s+/g, ' ').trim() === text && box.width > 0 && box.height > 0;
    }), text));
}

/** What the page says of its pictures once each has been scrolled to. */
function picturesOf(frame) {
  return frame.evaluate(async (limit) => {
    const late = new Promise((done) => setTimeout(done, limit));
    // An empty src is a place for a script to fill; it names no picture.
    const named = [...document.images].filter((image) =>
      ['src', 'srcset'].some((name) => (image.getAttribute(name) ?? '').trim() !== '') ||
      image.closest('picture')?.querySelector('source[srcset]:not([srcset=""])'));
    for (const image of named) {
      image.scrollIntoView();
      if (!image.complete) {
        const ends = ['load', 'error'].map((end) =>
          new Promise((done) => image.addEventListener(end, done, { once: true })));
        await Promise.race([...ends, late]);
      }
    }
    window.scrollTo(0, 0);
    return named.map((image) => ({ url: image.currentSrc || image.src, width: image.naturalWidth }));
  }, timeout / 2);
}

/** Those style sheets that are not there or hold no rule. */
function badStyles(frame) {
  return frame.evaluate(() => [...document.querySelectorAll('link[rel~=stylesheet]')]
    .filter((link) => {
      try {
        return !link.disabled && !(link.sheet && link.sheet.cssRules.length > 0);
      } catch {
        return true;
      }
    }).map((link) => link.href));
}

/** How often each status of a font face occurs; used faces have been asked for. */
function fontsOf(frame) {
  return frame.evaluate(async (limit) => {
    await Promise.race([document.fonts.ready, new Promise((done) => setTimeout(done, limit))]);
    return [...document.fonts].map((face) => `${face.family} ${face.status}`);
  }, timeout / 2);
}

/** The URLs of the entries in the player's list of pages. */
async function listed(page) {
  const links = await page.locator('wr-page-entry a').evaluateAll((all) => all.map((a) => a.hash));
  return [...new Set(links.map((hash) => new URLSearchParams(hash.slice(1)).get('url')))];
}

/** Opens the player's list of pages and waits until something is in it. */
async function openList(page, address) {
  await page.goto('about:blank');
  await page.goto(`${address}#view=pages`);
  await eventually('the list of pages', async () => (await listed(page)).length > 0);
}

async function run(page, address) {
  const shot = (name) => page.screenshot({ path: join(pictures, name) });
  let frame;

  // The player sorts its list by time, the latest first.
  await point('the seed is a listed page', async () => {
    await openList(page, address);
    const urls = await listed(page);
    if (!urls.includes(wanted.url)) {
      throw new Error(`listed are ${urls.join(' ')}, not ${wanted.url}`);
    }
  });
  await point('a click on it shows the headline', async () => {
    const entry = `wr-page-entry a[href*="url=${encodeURIComponent(wanted.url)}"]`;
    await page.locator(entry).first().click({ timeout });
    frame = await frameOf(page, wanted.url);
    await headlineOf(frame, wanted.headline);
  });
  if (!frame) {
    return; // nothing is shown: the other points could only repeat that
  }
  await point('all pictures are loaded', async () => {
    const images = await picturesOf(frame);
    const broken = images.filter((image) => image.width === 0);
    if (broken.length > 0 || images.length < (wanted.images ?? 0)) {
      throw new Error(`${images.length} pictures, not loaded: ${broken.map((i) => i.url).join(' ')}`);
    }
  });
  await point('style sheets are applied', async () => {
    const bad = await badStyles(frame);
    if (bad.length > 0) {
      throw new Error(`without rules: ${bad.join(' ')}`);
    }
  });
  await point('fonts are loaded', async () => {
    const faces = await fontsOf(frame);
    const loaded = faces.filter((face) => face.endsWith(' loaded')).length;
    if (faces.some((face) => face.endsWith(' error')) || loaded < (wanted.fonts ?? 0)) {
      throw new Error(`wanted ${wanted.fonts ?? 0} loaded, got: ${faces.join(', ') || 'none'}`);
    }
  });
  await shot('story.png');
  await point('a click on a related story shows it', async () => {
    const link = await frame.evaluateHandle((url) =>
      [...document.links].find((a) => a.href === url || a.href.endsWith(`/${url}`)), wanted.related);
    if (!link.asElement()) {
      throw new Error(`no link to ${wanted.related}`);
    }
    await link.asElement().click({ timeout });
    await headlineOf(await frameOf(page, wanted.related), wanted.related_headline);
    await shot('related.png');
  });
  await point('a search for a word of the related story finds it, and nothing else', async () => {
    await openList(page, address);
    await page.locator('input[placeholder^="Search by Page"]').fill(wanted.word, { timeout });
    await eventually(`${wanted.related} as the only page with "${wanted.word}"`, async () => {
      const urls = await listed(page);
      return urls.length === 1 && urls[0] === wanted.related;
    });
    await shot('search.png');
  });
}

async function main() {
  const { chromium } = createRequire(join(peers, 'node', 'x.js'))('playwright-core');
  mkdirSync(pictures, { recursive: true });
  const { server, address } = await serve(join(peers, 'replaywebpage'), wanted.wacz);
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  const outside = new Set();
  const origin = new URL(address).origin;
  const leaves = (url) => /^(https?|wss?):/.test(url) && new URL(url).origin !== origin;
  try {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    // What the player's worker answers from the archive has not left; all else would have.
    context.on('response', (r) => leaves(r.url()) && !r.fromServiceWorker() && outside.add(r.url()));
    context.on('requestfailed', (r) =>
      leaves(r.url()) && /NAME_NOT_RESOLVED/.test(r.failure()?.errorText) && outside.add(r.url()));
    await run(await context.newPage(), address);
    await point('no request leaves the archive', async () => {
      if (outside.size > 0) {
        throw new Error([...outside].join('\n'));
      }
    });
  } finally {
    await browser.close();
    server.close();
  }
  console.log(`1..${points}`);
  process.exitCode = failures > 0 ? 1 : 0;
}

await main();
