// SPDX-License-Identifier: MIT
// library.mjs - every kind of page of the library: no serious finding of axe-core, usable by keyboard, as wide as the
// window. Prints TAP.
//
//   node library.mjs MADE.json SCREENSHOT_FOLDER FLONG ARCHIVE...
//
// MADE.json is what tests/support/library_archives.py printed; the first three ARCHIVEs are its own. Twice: a desktop
// by day and a phone by night.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { once } from 'node:events';
import { launch, peer, plan, point } from './player.mjs';

const made = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const [pictures, flong, ...archives] = process.argv.slice(3);
const axe = readFileSync(peer('axe-core/axe.min.js'), 'utf8');
const story = encodeURIComponent(made.edited);

const VIEWS = [
  { name: 'wide', viewport: { width: 1280, height: 900 }, colorScheme: 'light' },
  { name: 'phone', viewport: { width: 390, height: 800 }, colorScheme: 'dark' },
];

/** Pages by name; those whose address is in another page are found there. */
async function pagesOf(page, address) {
  const linkOn = async (target, part) => {
    await page.goto(address + target);
    return (await page.locator(`main a[href*="${part}"]`).first().getAttribute('href')).slice(1);
  };
  return {
    front: '', stories: 'big/', last: 'big/?page=5', search: 'search?q=Story', nothing: 'search?q=nowhere',
    calendar: 'big/calendar?day=20260701', graph: 'big/graph', links: `big/links?url=${encodeURIComponent(made.big[1])}`,
    urls: 'paper/urls', captures: `paper/*/${made.edited}`, day: await linkOn(`paper/*/${made.edited}`, 'day='),
    versions: `paper/versions?url=${story}`, diff: await linkOn(`paper/versions?url=${story}`, '/diff?'),
    record: await linkOn(`paper/*/${made.edited}`, '/record?'), parts: 'parts/record?offset=0&file=made.warc',
    error: 'none/here', missing: 'paper/https://no.example/',
  };
}

/** Findings that keep people out. */
async function barriers(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'], iframes: false }));
  return violations.filter(({ impact }) => ['serious', 'critical'].includes(impact)).map((found) =>
    `${found.id} (${found.impact}): ${found.nodes.slice(0, 3).map((node) => `${node.html} ${node.failureSummary}`).join('\n')}`);
}

/** What is wrong with the page's frame: landmarks, one heading of the first rank, its width. */
function shapeOf(page) {
  return page.evaluate(() => {
    const wrong = [];
    for (const [what, count] of [['header', 1], ['main', 1], ['h1', 1]]) {
      const found = document.querySelectorAll(what).length;
      if (found !== count) {
        wrong.push(`${found} ${what}`);
      }
    }
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth > clientWidth ? [...wrong, `${scrollWidth} wide, the window ${clientWidth}`] : wrong;
  });
}

/** Goes on by Tab: what has the focus is seen, and so is that it has it. */
async function unseenStops(page) {
  const unseen = [];
  for (let i = 0; i < 12; i++) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(() => {
      if (document.activeElement === document.body) {
        return null; // behind the last
      }
      const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
      const box = document.activeElement.getBoundingClientRect();
      const isSeen = box.width > 1 && box.right > 0 && box.bottom > 0 && box.left < innerWidth && box.top < innerHeight;
      return { html: document.activeElement.outerHTML.slice(0, 120), fine: isSeen && outlineStyle !== 'none' && outlineWidth !== '0px' };
    });
    if (!stop) {
      break;
    }
    if (!stop.fine) {
      unseen.push(stop.html);
    }
  }
  return unseen;
}

async function skips(page) {
  await page.keyboard.press('Tab');
  const first = await page.evaluate(() => document.activeElement.textContent);
  await page.keyboard.press('Enter');
  const at = await page.evaluate(() => document.activeElement.id);
  if (first !== 'To the content' || at !== 'main') {
    throw new Error(`the first stop is "${first}" and leads to "${at}"`);
  }
}

async function check(browser, address, view, targets) {
  const context = await browser.newContext({ ...view, bypassCSP: true });
  const page = await context.newPage();
  for (const [name, target] of Object.entries(targets)) {
    await point(`${view.name}: ${name}`, async () => {
      await page.goto(address + target);
      await page.screenshot({ path: join(pictures, `library-${name}-${view.name}.png`) });
      const wrong = [...await shapeOf(page), ...await barriers(page)];
      await page.goto(address + target); // the focus at its beginning
      await skips(page);
      await page.goto(address + target);
      wrong.push(...(await unseenStops(page)).map((html) => `not seen with the focus: ${html}`));
      if (wrong.length > 0) {
        throw new Error(wrong.join('\n'));
      }
    });
  }
  await context.close();
}

/** The bar over a capture, without the page in the frame, which is another's. */
async function checkBar(browser, address, view) {
  const context = await browser.newContext({ ...view, bypassCSP: true });
  const page = await context.newPage();
  await point(`${view.name}: the bar`, async () => {
    await page.goto(`${address}paper/${made.edited}`);
    const wrong = [...(await shapeOf(page)).filter((text) => text !== '0 h1'),
      ...(await barriers(page)).filter((text) => !text.startsWith('page-has-heading-one'))];
    if (wrong.length > 0) {
      throw new Error(wrong.join('\n'));
    }
  });
  await context.close();
}

mkdirSync(pictures, { recursive: true });
const server = spawn(flong, ['serve', '--port', '0', '--replay-port', '0', ...archives], { stdio: ['ignore', 'pipe', 'inherit'] });
const browser = await launch(['--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1']);
try {
  const [line] = await once(server.stdout, 'data');
  const address = String(line).trim();
  const targets = await pagesOf(await browser.newPage(), address);
  for (const view of VIEWS) {
    await check(browser, address, view, targets);
    await checkBar(browser, address, view);
  }
} finally {
  await browser.close();
  server.kill();
}
plan();
