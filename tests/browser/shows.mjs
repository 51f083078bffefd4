// SPDX-License-Identifier: MIT
// shows.mjs - does ReplayWeb.page open each of these archives at its page? Prints TAP.
//
//   node shows.mjs LIST.json SCREENSHOT_FOLDER
//
// LIST.json: [{ wacz, url, headline, timeout_ms (optional) }]. Only the page and its headline are
// looked for: what the page is made of may be missing. The network is shut (player.mjs).
import { mkdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { drawn, plan, play, point } from './player.mjs';

const list = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const pictures = process.argv[3];

async function show({ wacz, url, headline, timeout_ms: timeout = 60000 }) {
  const name = basename(wacz, '.wacz');
  const look = async (player) => {
    await point(`${name}: the seed is the one listed page`, async () => {
      await player.openList();
      const urls = await player.listed();
      if (urls.length !== 1 || urls[0] !== url) {
        throw new Error(`listed are ${urls.join(' ')}, not ${url} alone`);
      }
    });
    await point(`${name}: a click on it shows "${drawn(headline)}"`, async () => {
      const frame = await player.openEntry(url);
      await player.headlineOf(frame, drawn(headline));
      // Without its style sheets an old page begins with its menus: the picture is of the headline.
      await frame.locator('h1', { hasText: drawn(headline) }).first().scrollIntoViewIfNeeded({ timeout });
    });
    await player.page.screenshot({ path: join(pictures, `${name}.png`) });
  };
  await play(wacz, timeout, look, `${name}: `);
}

if (list.length === 0) {
  throw new Error(`${process.argv[2]}: names no archive`);
}
mkdirSync(pictures, { recursive: true });
for (const entry of list) {
  await show(entry);
}
plan();
