/* SPDX-License-Identifier: MIT */
/* frame.js - keeps the bar in step with the page in the frame
 *
 * What the frame says is a text to show, no more: it comes from an archived page. */
'use strict';

(() => {
    const frame = document.getElementById('frame');
    const shown = document.getElementById('url');
    const missing = document.getElementById('missing');
    const origin = new URL(frame.src).origin;
    const lost = new Set();

    addEventListener('message', (event) => {
        const data = event.data;
        if (event.origin !== origin || event.source !== frame.contentWindow || typeof data !== 'object' || !data) {
            return;
        }
        const url = String(data.url).slice(0, 2000);
        if (data.flong === 'page') {
            if (shown.textContent !== url) {
                lost.clear();
                missing.hidden = true;
            }
            shown.textContent = url;
            shown.title = url;
            document.title = String(data.title).slice(0, 300) || url;
        } else if (data.flong === 'missing' && lost.size < 1000) {
            lost.add(url);
            missing.hidden = false;
            missing.textContent = lost.size + ' not in this archive';
            missing.title = [...lost].slice(0, 20).join('\n');
        }
    });
})();
