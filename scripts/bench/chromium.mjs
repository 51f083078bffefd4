// SPDX-License-Identifier: MIT
// chromium.mjs RULES - headless Chromium that opens a page for each line of standard input, which is its URL.
//
// Each page gets a context of its own, without anything cached. Prints a line of JSON for each: {"resources": [[url,
// end in ms], ...]}, the page itself and all it loaded, in milliseconds from the start of the navigation. RULES are
// those of --host-resolver-rules; certificates are not checked.
import { createInterface } from 'node:readline';
import { launch } from '../../tests/browser/player.mjs';

const browser = await launch([`--host-resolver-rules=${process.argv[2]}`]);

async function open(url) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ignoreHTTPSErrors: true });
  const page = await context.newPage();
  await page.goto(url, { waitUntil: 'load' });
  await page.waitForLoadState('networkidle'); // fonts and pictures of style sheets come behind the load event
  const resources = await page.evaluate(() => performance.getEntries()
    .filter(({ entryType }) => ['navigation', 'resource'].includes(entryType))
    .map(({ name, responseEnd }) => [name, responseEnd]));
  const version = browser.version();
  await context.close();
  return { resources, version };
}

console.log('{}');
for await (const url of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await open(url)));
}
await browser.close();
