// SPDX-License-Identifier: MIT
// looks.mjs - whether a page in a frame looks as it should: pictures, style sheets, fonts
import { settled } from './player.mjs';

/** What the page says of its pictures once each has been scrolled to. */
function picturesOf(frame, timeout) {
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
function fontsOf(frame, timeout) {
  return frame.evaluate(async (limit) => {
    await Promise.race([document.fonts.ready, new Promise((done) => setTimeout(done, limit))]);
    return [...document.fonts].map((face) => `${face.family} ${face.status}`);
  }, timeout / 2);
}

/**
 * Throws unless every picture that the page names is there, and as many as are wanted. As with all checks here a page
 * that is still on its way, or goes to another document meanwhile, is looked at again for `timeout` ms.
 */
export function checkPictures(frame, wanted, timeout) {
  return settled(timeout, async () => {
    const images = await picturesOf(frame, timeout);
    const broken = images.filter((image) => image.width === 0);
    if (broken.length > 0 || images.length < (wanted.images ?? 0)) {
      throw new Error(`${images.length} pictures, not loaded: ${broken.map((i) => i.url).join(' ')}`);
    }
  });
}

/** Throws when a style sheet is not there or holds no rule. */
export function checkStyles(frame, timeout) {
  return settled(timeout, async () => {
    const bad = await badStyles(frame);
    if (bad.length > 0) {
      throw new Error(`without rules: ${bad.join(' ')}`);
    }
  });
}

/** Throws when a font face that is used is not there. */
export function checkFonts(frame, wanted, timeout) {
  return settled(timeout, async () => {
    const faces = await fontsOf(frame, timeout);
    const loaded = faces.filter((face) => face.endsWith(' loaded')).length;
    if (faces.some((face) => face.endsWith(' error')) || loaded < (wanted.fonts ?? 0)) {
      throw new Error(`wanted ${wanted.fonts ?? 0} loaded, got: ${faces.join(', ') || 'none'}`);
    }
  });
}
