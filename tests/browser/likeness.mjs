// SPDX-License-Identifier: MIT
// likeness.mjs - what a page is made of as a browser sees it, and whether two of them are alike
//
// A page is looked at in a window as high as itself, so that all of it is drawn and nothing waits to
// be scrolled to.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ask, peers } from './player.mjs';

export const WIDTH = 1200;
const HEIGHT_MAX = 8000; // of a screenshot; Chromium draws no more than 16,384

/** Loads what the page names and waits for it; at most `timeout` ms for each kind of thing. */
function settle(frame, timeout) {
  return ask(frame, async (limit) => {
    const late = () => new Promise((done) => setTimeout(done, limit));
    const ended = (image) => image.complete || new Promise((done) =>
      ['load', 'error'].forEach((end) => image.addEventListener(end, done, { once: true })));
    await Promise.race([Promise.all([...document.images].map(ended)), late()]);
    await Promise.race([document.fonts.ready, late()]);
    window.scrollTo(0, 0);
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  }, timeout);
}

/** All that is compared of one document: see differences(). */
function factsOfDocument() {
  const properties = ['color', 'backgroundColor', 'display', 'visibility', 'position', 'float', 'fontFamily', 'fontSize',
    'fontWeight', 'fontStyle', 'lineHeight', 'textAlign', 'textTransform', 'borderTopWidth', 'marginTop', 'paddingLeft'];
  const isDrawn = (element) => !element.closest('script, style, template, noscript, svg *, head');
  const boxOf = (element) => {
    const { x, y, width, height } = element.getBoundingClientRect();
    return [x, y, width, height].map(Math.round);
  };
  const text = (element) => element.textContent.replace(/\s+/g, ' ').trim();
  return {
    headlines: [...document.querySelectorAll('h1')].filter((h) => boxOf(h)[2] > 0 && boxOf(h)[3] > 0).map(text),
    pictures: [...document.images].map((image) => ({ width: image.naturalWidth, box: boxOf(image) })),
    styles: [...document.body.querySelectorAll('*')].filter(isDrawn).map((element) => {
      const style = getComputedStyle(element);
      return [element.localName, ...properties.map((name) => style[name])].join(' ');
    }),
    fonts: [...document.fonts].filter((face) => face.status !== 'unloaded')
      .map((face) => `${face.family} ${face.weight} ${face.style} ${face.status}`).sort(),
    links: document.links.length,
  };
}

/** The texts of the frames in a frame, in their order in the document; '' for one that shows nothing. */
async function framesIn(frame, timeout) {
  const found = [];
  for (const element of await frame.$$('iframe')) {
    const inner = await element.contentFrame();
    await inner?.waitForLoadState('load', { timeout }).catch(() => {});
    const text = await inner?.evaluate(() => document.body?.innerText ?? '').catch(() => '');
    found.push((text ?? '').replace(/\s+/g, ' ').trim());
  }
  return found;
}

/**
 * Facts and picture of the page in `frame`: its window is made WIDTH wide and `height` high, or, without
 * `height`, as high as the page.
 */
export async function look(page, frame, timeout, height) {
  const resize = async (tall) => {
    const inner = await ask(frame, () => [window.innerWidth, window.innerHeight]);
    const outer = page.viewportSize();
    await page.setViewportSize({ width: outer.width + WIDTH - inner[0], height: outer.height + tall - inner[1] });
    await frame.waitForFunction(([w, h]) => window.innerWidth === w && window.innerHeight === h, [WIDTH, tall], { timeout });
  };
  if (height) {
    await resize(height);
    await settle(frame, timeout);
  } else {
    await resize(900);
    await settle(frame, timeout);
    await resize(Math.min(HEIGHT_MAX, await ask(frame, () => document.documentElement.scrollHeight)));
    await settle(frame, timeout);
  }
  const facts = await ask(frame, factsOfDocument);
  facts.frames = await framesIn(frame, timeout);
  const size = await ask(frame, () => [window.innerWidth, window.innerHeight]);
  const place = frame === page.mainFrame() ? { x: 0, y: 0 } : await (await frame.frameElement()).boundingBox();
  const png = await page.screenshot({
    animations: 'disabled', clip: { x: Math.round(place.x), y: Math.round(place.y), width: size[0], height: size[1] } });
  return { facts, png, height: size[1] };
}

function listDifferences(name, live, shown) {
  const first = live.findIndex((value, i) => value !== shown[i]);
  if (live.length === shown.length && first === -1) {
    return [];
  }
  return [`${name}: ${live.length} live, ${shown.length} here; the first that differs: ${live[first]} | ${shown[first < 0 ? live.length : first]}`];
}

/** In which facts a page that is shown is not as it was live. */
export function differences(live, shown) {
  const widths = (facts) => facts.pictures.map((picture) => picture.width);
  return [
    ...listDifferences('headlines', live.headlines, shown.headlines),
    ...listDifferences('natural widths', widths(live), widths(shown)),
    ...listDifferences('computed styles', live.styles, shown.styles),
    ...listDifferences('fonts', live.fonts, shown.fonts),
    ...listDifferences('frames', live.frames, shown.frames),
  ];
}

/** Images as pixels, and how alike they are. */
export class Pixels {
  constructor() {
    const require = createRequire(join(peers, 'node', 'x.js'));
    this.png = require('pngjs').PNG;
    this.pixelmatch = require('pixelmatch');
  }

  read(data) {
    return this.png.sync.read(data);
  }

  /** Share of pixels that are equal in a box of both; 0 when the box is not in both. A frame that begins
   * between two pixels may have lost its last line. */
  alike(one, other, [x, y, width, height]) {
    const left = Math.max(0, x);
    const top = Math.max(0, y);
    const right = Math.min(x + width, one.width, other.width);
    const bottom = Math.min(y + height, one.height, other.height);
    if (right <= left || bottom <= top || Math.abs(one.width - other.width) > 1 || Math.abs(one.height - other.height) > 1) {
      return 0;
    }
    const parts = [one, other].map((image) => {
      const part = new this.png({ width: right - left, height: bottom - top });
      this.png.bitblt(image, part, left, top, right - left, bottom - top, 0, 0);
      return part;
    });
    const { width: w, height: h } = parts[0];
    return 1 - this.pixelmatch(parts[0].data, parts[1].data, null, w, h, { threshold: 0.1 }) / (w * h);
  }

  /** Of the whole page, and the least of any of the pictures' boxes that is drawn. */
  compare(live, shown) {
    live.image ??= this.read(live.png); // each player is compared with it
    const images = [live.image, this.read(shown.png)];
    const boxes = live.facts.pictures.map((picture) => picture.box)
      .filter(([x, y, width, height]) => width > 0 && height > 0 && x < images[0].width && y < images[0].height && x + width > 0 && y + height > 0);
    return {
      page: this.alike(...images, [0, 0, images[0].width, images[0].height]),
      picture: Math.min(1, ...boxes.map((box) => this.alike(...images, box))),
      boxes: boxes.length,
    };
  }
}
