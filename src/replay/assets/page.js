/* SPDX-License-Identifier: MIT */
/* page.js - runs first in every archived page: addresses that its scripts make lead into the
 * archive, and the frame around it learns where it is
 *
 * It is a help, no guard: what it misses is refused by the page's policy. But no policy of today's
 * browsers forbids WebRTC, and none forbids cookies: these two are taken away here, as well as a
 * script can: documents that do not have this script run none, and a frame's first document keeps the
 * window of its blank one. What is left: a frame that is sent elsewhere while it is blank, for which
 * browsers make a connection, without a request, before they ask the policy. */
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
    /* A page that goes elsewhere by itself goes to the capture of that place. */
    if (window.navigation) {
        navigation.addEventListener('navigate', (event) => {
            const to = event.destination.url;
            const turned = turn(to, 'mp_');
            if (turned !== to && event.cancelable && /^https?:/.test(to)) {
                event.preventDefault();
                location.href = turned;
            }
        });
    }

    /* Cookies live as long as the page: real ones would be those of every server on this address. */
    const jar = new Map();
    function setCookie(text) {
        const [pair, ...attributes] = String(text).split(';');
        const at = pair.indexOf('=');
        const name = pair.slice(0, Math.max(at, 0)).trim();
        const isGone = attributes.some((part) => /^\s*(max-age=\s*(0|-)|expires=.*\b(19[67]|200)\d)/i.test(part));
        if (isGone) {
            jar.delete(name);
        } else if (jar.size < 300) {
            jar.set(name, pair.slice(at + 1).trim());
        }
    }
    const cookies = {
        configurable: false,
        enumerable: true,
        get: () => [...jar].map(([name, value]) => (name ? name + '=' : '') + value).join('; '),
        set: setCookie,
    };

    /* What no policy forbids, and what outlives the page. */
    const HIDDEN = ['RTCPeerConnection', 'webkitRTCPeerConnection', 'RTCIceGatherer', 'RTCIceTransport', 'cookieStore'];

    function hide(view, name) {
        delete view.Window.prototype[name];
        Object.defineProperty(view, name, { value: undefined, writable: false, configurable: false });
    }

    /* Frames that a page makes for itself (about:blank) have functions of their own. They are taken away
     * there too, before the page can reach them: whenever it may have put a frame into a document. */
    const sealed = new WeakSet();

    function sealFrames(view) {
        for (let i = 0; view[i]; i++) {
            try {
                seal(view[i]);
                sealFrames(view[i]);
            } catch (error) {
                /* Of another origin: nothing of ours. */
            }
        }
    }

    /* Frames in markup lead into the archive: for one that does not, a browser makes a connection before
     * it asks the policy. */
    const FRAME_SRC = /(<i?frame\b[^>]*?\ssrc\s*=\s*)(?:"([^"]*)"|'([^']*)'|([^\s>"']+))/gi;
    function turnMarkup(value) {
        return typeof value === 'string' && /<i?frame/i.test(value)
            ? value.replace(FRAME_SRC, (all, start, ...quoted) => {
                  const text = quoted.slice(0, 3).find((part) => part !== undefined);
                  return start + '"' + String(turn(text, 'if_')).replace(/"/g, '&quot;') + '"';
              })
            : value;
    }

    function watch(view, owner, name) {
        const old = owner && Object.getOwnPropertyDescriptor(owner.prototype, name);
        const after = (work) =>
            function (...values) {
                const result = work.apply(this, MARKUP.has(name) ? values.map(turnMarkup) : values);
                sealFrames(window);
                return result;
            };
        if (old && typeof old.value === 'function') {
            Object.defineProperty(owner.prototype, name, { ...old, value: after(old.value) });
        } else if (old && old.set) {
            Object.defineProperty(owner.prototype, name, { ...old, set: after(old.set) });
        }
    }

    const MARKUP = new Set(['innerHTML', 'outerHTML', 'insertAdjacentHTML', 'setHTMLUnsafe', 'write', 'writeln']);
    const INSERTIONS = {
        Node: ['appendChild', 'insertBefore', 'replaceChild'],
        Element: ['append', 'prepend', 'before', 'after', 'replaceWith', 'replaceChildren', 'insertAdjacentElement',
            'insertAdjacentHTML', 'innerHTML', 'outerHTML', 'setHTMLUnsafe', 'moveBefore'],
        CharacterData: ['before', 'after', 'replaceWith'],
        DocumentFragment: ['append', 'prepend', 'replaceChildren'],
        ShadowRoot: ['innerHTML', 'setHTMLUnsafe'],
        Document: ['append', 'prepend', 'replaceChildren', 'write', 'writeln', 'open', 'execCommand'],
        Range: ['insertNode', 'surroundContents'],
    };

    /* Reading the window of a frame seals it too. */
    function watchWindow(view, owner, name) {
        const old = owner && Object.getOwnPropertyDescriptor(owner.prototype, name);
        if (old && old.get) {
            Object.defineProperty(owner.prototype, name, {
                ...old,
                get() {
                    sealFrames(window);
                    return old.get.call(this);
                },
            });
        }
    }

    function seal(view) {
        if (sealed.has(view.document) || !view.Document) {
            return;
        }
        sealed.add(view.document);
        HIDDEN.forEach((name) => hide(view, name));
        Object.defineProperty(view.Document.prototype, 'cookie', cookies);
        /* Archived pages leave nothing behind and start nothing that lasts. */
        if (view.ServiceWorkerContainer) {
            view.ServiceWorkerContainer.prototype.register = () =>
                Promise.reject(new DOMException('archived', 'SecurityError'));
        }
        view.Navigator.prototype.sendBeacon = () => true;
        view.open = (url) => {
            location.href = turn(url, 'mp_');
            return window;
        };
        for (const [owner, names] of Object.entries(INSERTIONS)) {
            names.forEach((name) => watch(view, view[owner], name));
        }
        for (const owner of ['HTMLIFrameElement', 'HTMLFrameElement', 'HTMLObjectElement', 'HTMLEmbedElement']) {
            watchWindow(view, view[owner], 'contentWindow');
            watchWindow(view, view[owner], 'contentDocument');
        }
    }
    seal(window);

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
