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
import { plan, play, point } from './player.mjs';

const wanted = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const pictures = process.argv[3];
const timeout = wanted.timeout_ms ?? 60000;

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
