// SPDX-License-Identifier: MIT
// runs.mjs - do ReplayWeb.page and pywb show every run of a job as the site was then? Prints TAP.
//
//   node runs.mjs RUNS.json PYTHON
//
// RUNS.json is what runs.py prints. What did not change between two runs is in the archive as revisits: their pages
// must have their text, their pictures a width, at the time of each run. PYTHON has pywb; without it only
// ReplayWeb.page is asked. The network is shut.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { checkPictures, checkStyles } from './looks.mjs';
import { eventually, launch, plan, play, point } from './player.mjs';

const facts = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const python = process.argv[3];
const timeout = facts.timeout_ms ?? 60000;

/** The pages to be looked at: the front page and the edited story of each run, the story that went, the one that came. */
const wanted = facts.runs.flatMap(({ pages }, run) => pages
  .filter(({ url }) => [facts.front, facts.edited, facts.new, facts.gone].includes(url))
  .map((page) => ({ ...page, run: run + 1 })));

/** Throws unless the frame shows these headlines, all its pictures and its style sheet. */
async function checkPage(frame, page) {
  await eventually(timeout, `the headlines "${page.headlines.join('", "')}"`, () => frame.evaluate((texts) => {
    const shown = [...document.querySelectorAll('h1, h3')].filter((h) => h.getBoundingClientRect().height > 0);
    return JSON.stringify(shown.map((h) => h.textContent)) === JSON.stringify(texts);
  }, page.headlines));
  await checkPictures(frame, { images: page.pictures }, timeout);
  await checkStyles(frame, timeout);
}

const named = (page) => `run ${page.run}, ${new URL(page.url).pathname} (${page.type})`;

/** ReplayWeb.page at the address of each page and time. */
function lookIn(name, pages) {
  return async (player) => {
    for (const page of pages) {
      await point(`${name}: ${named(page)}`, async () => {
        await player.page.goto('about:blank');
        await player.page.goto(`${player.address}#view=pages&url=${encodeURIComponent(page.url)}&ts=${page.stamp}`);
        await checkPage(await player.frameOf(page.url), page);
      });
    }
  };
}

/** What pywb prints before its address is of no interest. */
async function addressOf(server) {
  for await (const line of createInterface({ input: server.stdout })) {
    if (line.startsWith('http://')) {
      return line;
    }
  }
  throw new Error('pywb did not start');
}

/** pywb at the address of each page and time: seconds are enough, no two runs have one in common. */
async function lookInPywb() {
  const server = spawn(python, [join(dirname(fileURLToPath(import.meta.url)), 'pywb_serve.py'), facts.pywb], {
    stdio: ['pipe', 'pipe', 'ignore'] });
  const browser = await launch(['--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1']);
  try {
    const address = await addressOf(server);
    const outside = new Set();
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    context.on('request', (r) => /^(https?|wss?):/.test(r.url()) && !r.url().startsWith(address) && outside.add(r.url()));
    const tab = await context.newPage();
    for (const page of wanted) {
      await point(`pywb: ${named(page)}`, async () => {
        await tab.goto('about:blank');
        await tab.goto(`${address}harbour/${page.stamp.slice(0, 14)}/${page.url}`);
        await checkPage(await eventually(timeout, `the replay of ${page.url}`, async () =>
          tab.frames().find((frame) => frame.url().endsWith(`mp_/${page.url}`))), page);
      });
    }
    await point('pywb: no request leaves the archive', async () => {
      if (outside.size > 0) {
        throw new Error([...outside].join('\n'));
      }
    });
  } finally {
    await browser.close();
    server.kill();
  }
}

await point('what did not change is stored as revisits, pages too', async () => {
  const last = facts.runs[3];
  const kinds = new Set([...last.pages.map((page) => page.type), ...facts.runs[1].others, ...last.others]);
  if (last.pages.length !== 7 || kinds.size !== 1 || !kinds.has('revisit')) {
    throw new Error(JSON.stringify(last));
  }
});
await play(facts.wacz, timeout, lookIn('ReplayWeb.page', wanted), 'ReplayWeb.page: ');
const ofLast = wanted.filter((page) => page.run === 4);
await play(facts.last, timeout, lookIn('the last run alone', ofLast), 'the last run alone: ');
if (python) {
  await lookInPywb();
}
plan();
