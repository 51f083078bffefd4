// SPDX-License-Identifier: MIT
// replay.mjs - does ReplayWeb.page show an archive as the page was? Prints TAP.
//
//   node replay.mjs WANTED.json SCREENSHOT_FOLDER
//
// WANTED.json: wacz, url (the seed), headline, related (a story that the seed links to),
// related_headline, word (only in the related story's text); optional: images and fonts (how many
// at least), timeout_ms. The network is shut: only the player's own loopback address resolves.
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkFonts, checkPictures, checkStyles } from './looks.mjs';
import { plan, play, point } from './player.mjs';

const wanted = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const pictures = process.argv[3];
const timeout = wanted.timeout_ms ?? 60000;

async function run(player) {
  const { page } = player;
  const shot = (name) => page.screenshot({ path: join(pictures, name) });
  let frame;

  // The player sorts its list by time, the latest first.
  await point('the seed is a listed page', async () => {
    await player.openList();
    const urls = await player.listed();
    if (!urls.includes(wanted.url)) {
      throw new Error(`listed are ${urls.join(' ')}, not ${wanted.url}`);
    }
  });
  await point('a click on it shows the headline', async () => {
    frame = await player.openEntry(wanted.url);
    await player.headlineOf(frame, wanted.headline);
  });
  if (!frame) {
    return; // nothing is shown: the other points could only repeat that
  }
  await point('all pictures are loaded', () => checkPictures(frame, wanted, timeout));
  await point('style sheets are applied', () => checkStyles(frame, timeout));
  await point('fonts are loaded', () => checkFonts(frame, wanted, timeout));
  await shot('story.png');
  await point('a click on a related story shows it', async () => {
    const link = await frame.evaluateHandle((url) =>
      [...document.links].find((a) => a.href === url || a.href.endsWith(`/${url}`)), wanted.related);
    if (!link.asElement()) {
      throw new Error(`no link to ${wanted.related}`);
    }
    await link.asElement().click({ timeout });
    await player.headlineOf(await player.frameOf(wanted.related), wanted.related_headline);
    await shot('related.png');
  });
  await point('a search for a word of the related story finds it, and nothing else', async () => {
    await player.openList();
    await page.locator('input[placeholder^="Search by Page"]').fill(wanted.word, { timeout });
    await player.eventually(`${wanted.related} as the only page with "${wanted.word}"`, async () => {
      const urls = await player.listed();
      return urls.length === 1 && urls[0] === wanted.related;
    });
    await shot('search.png');
  });
}

mkdirSync(pictures, { recursive: true });
await play(wanted.wacz, timeout, run);
plan();
