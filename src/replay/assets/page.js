/* SPDX-License-Identifier: MIT */
/* page.js - runs first in every archived page: addresses that its scripts make lead into the
 * archive, and the frame around it learns where it is
 *
 * It is a help, no guard: what it misses is refused by the page's policy. */
'use strict';

(() => {
    const script = document.currentScript;
    const prefix = '/' + script.dataset.prefix;
    const own = script.dataset.url;
    script.remove();

    /* Address relative to the archived page -> address on this server. */
    function turn(value, mod) {
        if (typeof value !== 'string' && !(value instanceof URL)) {
            return value;
        }
        const text = String(value).trim();
        if (text === '' || text.startsWith('#') || /^\/[^/]+\/\d{1,17}[a-z]*_\//.test(text)) {
            return value;
        }
        let url;
        try {
            url = new URL(text, document.baseURI);
        } catch (error) {
            return value;
        }
        if (url.origin === location.origin) {
            if (/^\/(-\/|[^/]+\/\d{1,17}[a-z]*_\/)/.test(url.pathname)) {
                return value;
            }
            url = new URL(url.pathname + url.search + url.hash, own);
        }
        return /^https?:$/.test(url.protocol) ? prefix + mod + '/' + url.href : value;
    }

    function turnSet(value) {
        return String(value)
            .split(/,\s+/)
            .map((part) => {
                const [url, ...rest] = part.trim().split(/\s+/);
                return [turn(url, 'im_'), ...rest].join(' ');
            })
            .join(', ');
    }

    /* Properties that load something as soon as they are set. */
    function wrap(owner, name, change) {
        const old = owner && Object.getOwnPropertyDescriptor(owner.prototype, name);
        if (old && old.set) {
            Object.defineProperty(owner.prototype, name, {
                ...old,
                set(value) {
                    old.set.call(this, change(value, this));
                },
            });
        }
    }

    const loads = [
        [window.HTMLImageElement, 'src', 'im_'],
        [window.HTMLScriptElement, 'src', 'js_'],
        [window.HTMLLinkElement, 'href', 'oe_'],
        [window.HTMLIFrameElement, 'src', 'if_'],
        [window.HTMLMediaElement, 'src', 'oe_'],
        [window.HTMLSourceElement, 'src', 'oe_'],
        [window.HTMLVideoElement, 'poster', 'im_'],
        [window.HTMLTrackElement, 'src', 'oe_'],
        [window.HTMLEmbedElement, 'src', 'oe_'],
        [window.HTMLObjectElement, 'data', 'oe_'],
        [window.HTMLAnchorElement, 'href', 'mp_'],
        [window.HTMLFormElement, 'action', 'mp_'],
    ];
    for (const [owner, name, mod] of loads) {
        wrap(owner, name, (value) => turn(value, mod));
    }
    wrap(window.HTMLImageElement, 'srcset', turnSet);
    wrap(window.HTMLSourceElement, 'srcset', turnSet);

    const setAttribute = Element.prototype.setAttribute;
    Element.prototype.setAttribute = function (name, value) {
        const lower = String(name).toLowerCase();
        if (lower === 'srcset') {
            return setAttribute.call(this, name, turnSet(value));
        }
        const known = loads.find(([owner, attribute]) => attribute === lower && owner && this instanceof owner);
        return setAttribute.call(this, name, known ? turn(value, known[2]) : value);
    };

    const fetchOld = window.fetch;
    window.fetch = function (input, init) {
        if (input instanceof Request) {
            return fetchOld.call(this, new Request(turn(input.url, 'oe_'), input), init);
        }
        return fetchOld.call(this, turn(input, 'oe_'), init);
    };
    const open = XMLHttpRequest.prototype.open;
    XMLHttpRequest.prototype.open = function (method, url, ...rest) {
        return open.call(this, method, turn(url, 'oe_'), ...rest);
    };
    /* Archived pages leave nothing behind and start nothing that lasts. */
    if (navigator.serviceWorker) {
        navigator.serviceWorker.register = () => Promise.reject(new DOMException('archived', 'SecurityError'));
    }
    navigator.sendBeacon = () => true;
    window.open = (url) => {
        location.href = turn(url, 'mp_');
        return window;
    };

    /* The bar outside shows where the page is; it believes nothing else. */
    const tell = (message) => window.parent !== window && window.parent.postMessage(message, '*');
    tell({ flong: 'page', url: own, title: document.title });
    addEventListener('DOMContentLoaded', () => tell({ flong: 'page', url: own, title: document.title }));
    addEventListener(
        'error',
        (event) => {
            const element = event.target;
            const address = element && (element.currentSrc || element.src || element.href);
            const parts = typeof address === 'string' && /\/\d{1,17}[a-z]*_\/(.+)$/.exec(address);
            if (parts) {
                tell({ flong: 'missing', url: parts[1] });
            }
        },
        true
    );
    document.addEventListener(
        'click',
        (event) => {
            const link = event.target.closest && event.target.closest('a[href]');
            if (!link || event.defaultPrevented) {
                return;
            }
            const href = link.getAttribute('href');
            const turned = turn(href, 'mp_');
            if (turned !== href) {
                link.setAttribute('href', turned);
            }
            if (link.target && link.target !== '_self') {
                link.target = '_self';
            }
        },
        true
    );
})();
