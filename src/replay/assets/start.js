/* SPDX-License-Identifier: MIT */
/* start.js - installs the worker, then goes to the capture that the fragment names
 *
 * Without workers (an old browser, a private window) the capture is shown all the same: the server
 * has turned its URLs already. */
'use strict';

function go() {
    const target = decodeURI(location.hash.slice(1));
    if (/^\/[^/]+\/\d{1,17}[a-z]*_\//.test(target)) {
        location.replace(target);
    }
}

async function start() {
    const workers = navigator.serviceWorker;
    if (workers) {
        try {
            const registration = await workers.register('/-/worker.js', { scope: '/' });
            const patience = new Promise((done) => setTimeout(done, 3000));
            await (registration && Promise.race([workers.ready, patience]));
        } catch (error) {
            console.warn('flong: no worker: ' + error.message);
        }
    }
    go();
}

start();
