/* SPDX-License-Identifier: MIT */
/* worker.js - every request of an archived page is answered from the archive
 *
 * Pages come with their URLs turned towards this server already. What is left are addresses that
 * scripts make: relative to this server's root, or of other sites. They are turned the same way,
 * by the page they come from. Nothing is ever asked of another host. */
'use strict';

const CAPTURE = /^\/([^/]+)\/(\d{1,17})([a-z]*_)\/(.+)$/;

/* The capture that an address of this server shows, or null. */
function captureOf(address) {
    const url = new URL(address);
    if (url.origin !== self.location.origin) {
        return null;
    }
    const parts = CAPTURE.exec(url.pathname + url.search);
    return parts && { collection: parts[1], time: parts[2], url: parts[4] };
}

const MODS = { image: 'im_', style: 'cs_', script: 'js_', iframe: 'if_', frame: 'if_', document: 'mp_' };

/* Where the archive has what a page asks for; null: there is nothing to turn. */
function turn(request, from) {
    const url = new URL(request.url);
    const own = url.origin === self.location.origin;
    if (own && (url.pathname.startsWith('/-/') || captureOf(request.url))) {
        return null;
    }
    if (!from) {
        return null;
    }
    const meant = own ? new URL(url.pathname + url.search, from.url) : url;
    if (meant.protocol !== 'http:' && meant.protocol !== 'https:') {
        return null;
    }
    const mod = MODS[request.destination] || 'oe_';
    return `/${from.collection}/${from.time}${mod}/${meant.href}`;
}

/* The page that asks. Not the page that is to come (resultingClientId): it waits for this answer, and
 * whoever waits for it waits for ever. */
async function sender(event) {
    const named = captureOf(event.request.referrer || 'about:blank');
    if (named || !event.clientId) {
        return named;
    }
    const client = await self.clients.get(event.clientId);
    return client ? captureOf(client.url) : null;
}

async function answer(event) {
    const request = event.request;
    const target = turn(request, await sender(event));
    if (target === null) {
        const url = new URL(request.url);
        return url.origin === self.location.origin ? fetch(request) : Response.error();
    }
    if (request.mode === 'navigate') {
        return Response.redirect(target, 307);
    }
    const headers = new Headers();
    const range = request.headers.get('range');
    if (range) {
        headers.set('range', range);
    }
    return fetch(target, { headers, credentials: 'omit', redirect: 'follow' });
}

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
self.addEventListener('fetch', (event) => event.respondWith(answer(event)));
