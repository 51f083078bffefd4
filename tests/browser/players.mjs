// SPDX-License-Identifier: MIT
// players.mjs - an archive in flong serve, ReplayWeb.page and pywb beside the live site. Prints TAP.
//
//   node players.mjs PLAN.json SCREENSHOT_FOLDER
//
// PLAN.json: site (folder of the fictional site), wacz, collections (the folder whose folder
// "collections" pywb shows), name (of the collection in it), folder (made by flong pack --html), flong,
// python, and pages: [{ url, shown (the
// URL that it leads to), headline }]; the first one links to the second. First the pages are looked at
// live; then the site is switched off, and each player has to show them alike.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { differences, look, Pixels, WIDTH } from './likeness.mjs';
import { eventually, launch, peers, plan, point } from './player.mjs';
import { serve, serveFolder } from './server.mjs';

const wanted = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const shots = process.argv[3];
const tests = join(dirname(fileURLToPath(import.meta.url)), '..');
const timeout = 60000;
const pixels = new Pixels();
const table = [];

/** Starts a program that prints a line when it is ready, and ends with its standard input. */
async function start(command, ...args) {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'ignore'] });
  const [line] = await once(child.stdout, 'data');
  child.stdout.resume();
  return { line: String(line).trim(), end: () => child.kill() };
}

/** A browser and one page in it; `outside` has what was asked of others than loopback. */
async function browse(flags, inside) {
  const browser = await launch(flags);
  const outside = new Set();
  try {
    const context = await browser.newContext({ viewport: { width: WIDTH, height: 900 }, ignoreHTTPSErrors: true });
    const leaves = (url) => /^(https?|wss?):/.test(url) && new URL(url).hostname !== '127.0.0.1';
    // What a player's worker answers from the archive has not left; all else would have.
    context.on('response', (r) => leaves(r.url()) && !r.fromServiceWorker() && outside.add(r.url()));
    context.on('requestfailed', (r) =>
      leaves(r.url()) && /NAME_NOT_RESOLVED/.test(r.failure()?.errorText) && outside.add(r.url()));
    await inside(await context.newPage(), outside);
  } finally {
    await browser.close();
  }
}

/** The pages as the site shows them. */
async function lookLive() {
  const site = await start('python3', join(tests, 'site', 'serve.py'), '--dir', wanted.site, '--until-eof');
  const { chromium_rules: rules } = JSON.parse(readFileSync(join(wanted.site, 'site.json'), 'utf8'));
  const seen = [];
  try {
    await browse([`--host-resolver-rules=${rules},MAP * ~NOTFOUND`], async (page) => {
      for (const { url } of wanted.pages) {
        await page.goto(url, { waitUntil: 'load' });
        seen.push(await look(page, page.mainFrame(), timeout));
      }
    });
  } finally {
    site.end();
  }
  return seen;
}

/** The frame that shows the archived `url`, once its headline is drawn. */
async function frameWith(page, url, headline) {
  const frame = await eventually(timeout, `the replay of ${url}`, async () =>
    page.frames().find((one) => decodeURI(one.url()).endsWith(`mp_/${url}`)));
  await eventually(timeout, `the headline "${headline}"`, () => frame.evaluate((text) =>
    document.readyState === 'complete' && [...document.querySelectorAll('h1')].some((h) => {
      const box = h.getBoundingClientRect();
      return h.textContent.replace(/\s+/g, ' ').trim() === text && box.width > 0 && box.height > 0;
    }), headline));
  return frame;
}

async function check(player, page, live, number) {
  const { url, shown, headline } = wanted.pages[number];
  await page.goto('about:blank');
  await page.setViewportSize({ width: WIDTH, height: 900 });
  await page.goto(player.addressOf(url));
  const here = await look(page, await frameWith(page, shown, headline), timeout, live.height);
  const likeness = pixels.compare(live, here);
  const differ = differences(live.facts, here.facts);
  writeFileSync(join(shots, `${player.name}-${number}.png`), here.png);
  table.push([player.name, number, likeness.page, likeness.picture, likeness.boxes, here.facts, differ.length]);
  if (likeness.page < 0.98 || likeness.picture < 0.95 || differ.length > 0) {
    throw new Error([`page ${likeness.page.toFixed(4)}, least of the pictures ${likeness.picture.toFixed(4)}`, ...differ].join('\n'));
  }
}

async function checkLink(page) {
  const [seed, related] = wanted.pages;
  const frame = await frameWith(page, seed.shown, seed.headline);
  const link = await frame.evaluateHandle((url) =>
    [...document.links].find((a) => a.href === url || a.href.endsWith(`/${url}`)), related.url);
  await link.asElement().click({ timeout });
  await frameWith(page, related.shown, related.headline);
}

async function run(player, live) {
  await browse(['--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'], async (page, outside) => {
    for (const [number, { url }] of wanted.pages.entries()) {
      await point(`${player.name}: ${url} is as it was`, () => check(player, page, live[number], number));
    }
    await point(`${player.name}: a click on a related story shows it`, async () => {
      await page.goto('about:blank');
      await page.goto(player.addressOf(wanted.pages[0].url));
      await checkLink(page);
    });
    await point(`${player.name}: no request leaves the archive`, async () => {
      if (outside.size > 0) {
        throw new Error([...outside].join('\n'));
      }
    });
  });
}

/** Each player: how it is started, and where it shows a URL. */
const players = [
  async () => {
    const server = await start(wanted.flong, 'serve', '--port', '0', '--replay-port', '0', join(wanted.collections, 'collections', wanted.name));
    return { name: 'flong', addressOf: (url) => `${server.line}${wanted.name}/${url}`, end: server.end };
  },
  async () => {
    const { server, address } = await serve(join(peers, 'replaywebpage'), wanted.wacz);
    return { name: 'ReplayWeb.page', addressOf: (url) => `${address}#view=pages&url=${encodeURIComponent(url)}`,
      end: () => server.close() };
  },
  async () => {
    const server = await start(wanted.python, join(tests, 'support', 'pywb_server.py'), wanted.collections);
    return { name: 'pywb', addressOf: (url) => `${server.line}${wanted.name}/${url}`, end: server.end };
  },
];

/** What flong pack --html makes, on any server, with the player from elsewhere on it. */
async function runFolder() {
  const { server, address } = await serveFolder(join(peers, 'replaywebpage'), wanted.folder);
  try {
    await browse(['--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'], async (page, outside) => {
      await point('pack --html: the folder shows the seed, and no request leaves', async () => {
        await page.goto(address);
        await frameWith(page, wanted.pages[0].shown, wanted.pages[0].headline);
        await page.screenshot({ path: join(shots, 'folder.png') });
        if (outside.size > 0) {
          throw new Error([...outside].join('\n'));
        }
      });
    });
  } finally {
    server.close();
  }
}

function printTable() {
  console.log('# player           page  equal  least of  pictures  fonts  styles  frames  differ');
  for (const [name, number, page, picture, boxes, facts, differ] of table) {
    console.log(`# ${name.padEnd(15)} ${String(number).padStart(5)}  ${page.toFixed(3)}     ${picture.toFixed(3)} ${String(boxes).padStart(9)}` +
      `${String(facts.fonts.length).padStart(7)} ${String(facts.styles.length).padStart(7)} ${String(facts.frames.length).padStart(7)} ${String(differ).padStart(7)}`);
  }
  wanted.pages.forEach(({ url }, number) => console.log(`# page ${number}: ${url}`));
}

mkdirSync(shots, { recursive: true });
const live = await lookLive();
live.forEach((one, number) => writeFileSync(join(shots, `live-${number}.png`), one.png));
for (const begin of players) {
  const player = await begin();
  try {
    await run(player, live);
  } finally {
    player.end();
  }
}
await runFolder();
printTable();
plan();
