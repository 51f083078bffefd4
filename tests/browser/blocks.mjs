// SPDX-License-Identifier: MIT
// blocks.mjs - does ReplayWeb.page find pages through an index in compressed blocks? Prints TAP.
//
//   node blocks.mjs SHOWN.json
//
// SHOWN.json: wacz, pages: [{ url, headline, color }], the color the one that the style sheet gives
// the headline. The network is shut (player.mjs).
import { readFileSync } from 'node:fs';
import { plan, play, point } from './player.mjs';

const shown = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const timeout = shown.timeout_ms ?? 60000;

async function look(player) {
  await point(`${shown.pages.length} pages are listed`, async () => {
    await player.openList();
    await player.eventually('the list', async () => (await player.listed()).length === shown.pages.length);
  });
  for (const { url, headline, color } of shown.pages) {
    await point(`${url} is shown, with its style sheet`, async () => {
      await player.openList();
      const frame = await player.openEntry(url);
      await player.headlineOf(frame, headline);
      await player.eventually(`a headline of ${color}`, () => frame.evaluate((wanted) =>
        getComputedStyle(document.querySelector('h1')).color === wanted, color));
    });
  }
}

await play(shown.wacz, timeout, look);
plan();
