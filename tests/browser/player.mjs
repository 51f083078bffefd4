// SPDX-License-Identifier: MIT
// player.mjs - what the browser tests share: ReplayWeb.page in headless Chromium, and TAP points.
//
// The network is shut: only the player's own loopback address resolves.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serve } from './server.mjs';

const tree = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
export const peers = process.env.FLONG_PEERS ?? join(tree, '.peers');
const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(existsSync);
// Of two such switches the last one counts, so these have what Playwright turns off too.
const OFF = [
  // The address bar's lists are pages with a process of their own in each new window, which takes as much
  // processor time as the page that is looked at.
  'WebUIOmniboxPopup', 'WebUIOmniboxAimPopup',
  'AutoDeElevate', 'AvoidUnnecessaryBeforeUnloadCheckSync', 'BoundaryEventDispatchTracksNodeRemoval',
  'DestroyProfileOnBrowserClose', 'DialMediaRouteProvider', 'GlobalMediaControls', 'HttpsUpgrades', 'LensOverlay',
  'MediaRouter', 'OptimizationHints', 'PaintHolding', 'RenderDocument', 'ThirdPartyStoragePartitioning', 'Translate',
].join();
const FLAGS = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
  `--disable-features=${OFF}`,
];

let points = 0;
let failures = 0;

/** One TAP point: `check` returns nothing, or throws an Error that says what is wrong. */
export async function point(claim, check) {
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

/** A file of a package for the tests. */
export function peer(path) {
  return join(peers, 'node', 'node_modules', path);
}

/** Headless Chromium with these flags too; close() ends it. */
export function launch(flags) {
  const { chromium } = createRequire(join(peers, 'node', 'x.js'))('playwright-core');
  return chromium.launch({ executablePath: CHROMIUM, args: [...FLAGS, ...flags] });
}

/** The TAP plan, after the last point; the exit status becomes 1 when a point failed. */
export function plan() {
  console.log(`1..${points}`);
  process.exitCode = failures > 0 ? 1 : 0;
}

/** White space as it is drawn. */
export function drawn(text) {
  return text.replace(/\s+/g, ' ').trim();
}

/** `probe` again and again until it returns a value; then that value. */
export async function eventually(timeout, what, probe) {
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

/** What `script` returns in the frame, asked anew when the frame takes another document meanwhile, as players do at first. */
export async function ask(frame, script, argument) {
  for (let left = 5; ; left -= 1) {
    try {
      return await frame.evaluate(script, argument);
    } catch (error) {
      if (left === 0 || !/context was destroyed/.test(error.message)) {
        throw error;
      }
      await frame.waitForLoadState();
    }
  }
}

/** `check` again and again until it does not throw; after `timeout` ms what it threw last. */
export async function settled(timeout, check) {
  const end = Date.now() + timeout;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > end) {
        throw error;
      }
    }
    await new Promise((again) => setTimeout(again, 100));
  }
}

/** The player with one archive in it; nothing is waited for longer than `timeout` ms. */
class Player {
  constructor(page, address, timeout) {
    Object.assign(this, { page, address, timeout });
  }

  eventually(what, probe) {
    return eventually(this.timeout, what, probe);
  }

  /** The frame in which the archived page `url` is shown. */
  frameOf(url) {
    return this.eventually(`the replay of ${url}`, async () =>
      this.page.frames().find((frame) => {
        const shown = /\/w\/[^/]+\/(?::[^/]+\/)?\d*mp_\/(.*)$/.exec(frame.url());
        return shown && decodeURI(shown[1]) === decodeURI(url);
      }));
  }

  /** Waits for the headline `text`, as drawn() gives it; to be in the source is not enough. */
  headlineOf(frame, text) {
    return this.eventually(`the headline "${text}"`, () => frame.evaluate((text) =>
      [...document.querySelectorAll('h1')].some((h) => {
        const box = h.getBoundingClientRect();
        return h.textContent.replace(/\s+/g, ' ').trim() === text && box.width > 0 && box.height > 0;
      }), text));
  }

  /** The URLs of the entries in the player's list of pages. */
  async listed() {
    const links = await this.page.locator('wr-page-entry a').evaluateAll((all) => all.map((a) => a.hash));
    return [...new Set(links.map((hash) => new URLSearchParams(hash.slice(1)).get('url')))];
  }

  /** Opens the player's list of pages and waits until something is in it. */
  async openList() {
    await this.page.goto('about:blank');
    await this.page.goto(`${this.address}#view=pages`);
    await this.eventually('the list of pages', async () => (await this.listed()).length > 0);
  }

  /** Clicks the list's entry `url`; the frame that shows it. */
  async openEntry(url) {
    const entry = `wr-page-entry a[href*="url=${encodeURIComponent(url)}"]`;
    await this.page.locator(entry).first().click({ timeout: this.timeout });
    return this.frameOf(url);
  }
}

/** Opens `wacz` in the player and calls `look` with it; `name`, if any, begins the last claim. */
export async function play(wacz, timeout, look, name = '') {
  const { server, address } = await serve(join(peers, 'replaywebpage'), wacz);
  const browser = await launch(['--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1']);
  const outside = new Set();
  const origin = new URL(address).origin;
  const leaves = (url) => /^(https?|wss?):/.test(url) && new URL(url).origin !== origin;
  try {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    // What the player's worker answers from the archive has not left; all else would have.
    context.on('response', (r) => leaves(r.url()) && !r.fromServiceWorker() && outside.add(r.url()));
    context.on('requestfailed', (r) =>
      leaves(r.url()) && /NAME_NOT_RESOLVED/.test(r.failure()?.errorText) && outside.add(r.url()));
    await look(new Player(await context.newPage(), address, timeout));
    await point(`${name}no request leaves the archive`, async () => {
      if (outside.size > 0) {
        throw new Error([...outside].join('\n'));
      }
    });
  } finally {
    await browser.close();
    server.close();
  }
}
