// SPDX-License-Identifier: MIT
// visits.mjs - opens pages in headless Chromium with scripts on, a fresh context a visit; prints JSON.
//
//   node visits.mjs VISITS.json
//
// VISITS.json: rules (for --host-resolver-rules), visits: [{ name, url, width, height, scale }]. Each context
// has the name of its visit in its User-Agent, so that the server's log tells whose request one was:
// the browser's own (icons, service workers) no page reports. Printed: name -> the URLs that the page
// asked for as far as the browser tells, also of hosts that do not answer.
import { readFileSync } from 'node:fs';
import { launch } from './player.mjs';

const { rules, visits } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const QUIET_MS = 500; // as Chromium's own networkidle

/** Counts requests under way; `idle` resolves when there were none for QUIET_MS. */
class Traffic {
  constructor(context) {
    this.urls = new Set();
    this.open = new Set();
    this.last = Date.now();
    const end = (request) => {
      this.open.delete(request);
      this.last = Date.now();
    };
    context.on('request', (request) => {
      this.urls.add(request.url());
      this.open.add(request);
      this.last = Date.now();
    });
    context.on('requestfinished', end);
    context.on('requestfailed', end);
  }

  async idle() {
    for (;;) {
      const rest = this.last + QUIET_MS - Date.now();
      if (this.open.size === 0 && rest <= 0) {
        return;
      }
      await new Promise((again) => setTimeout(again, Math.max(rest, 20)));
    }
  }
}

/** Scrolls down screen by screen, each drawn before the next. */
function scrollDown() {
  return new Promise((done) => {
    const step = () => {
      const before = window.scrollY;
      window.scrollBy({ top: window.innerHeight / 2, behavior: 'instant' });
      requestAnimationFrame(() => requestAnimationFrame(window.scrollY > before ? step : done));
    };
    step();
  });
}

async function visit(browser, { name, url, width, height, scale }) {
  const context = await browser.newContext({ viewport: { width, height }, deviceScaleFactor: scale,
    userAgent: `Visit/${name}` });
  try {
    const traffic = new Traffic(context);
    const page = await context.newPage();
    await page.goto(url, { waitUntil: 'load' });
    await page.evaluate(scrollDown);
    // A page may name the marks that its scripts leave when they are done.
    await page.waitForFunction(() => (document.documentElement.dataset.wait ?? '').split(' ')
      .every((mark) => mark === '' || document.documentElement.dataset[mark] === 'done'));
    await traffic.idle();
    return [...traffic.urls];
  } finally {
    await context.close();
  }
}

const seen = {};
/** Takes visits until none is left. */
async function visitNext(browser) {
  for (let one = visits.shift(); one !== undefined; one = visits.shift()) {
    seen[one.name] = await visit(browser, one);
  }
}

const browser = await launch([`--host-resolver-rules=${rules},MAP * ~NOTFOUND`, '--ignore-certificate-errors',
  '--autoplay-policy=no-user-gesture-required']);
// Most of a visit is waiting for quiet, so three take turns.
await Promise.all([1, 2, 3].map(() => visitNext(browser)));
await browser.close();
console.log(JSON.stringify(seen));
