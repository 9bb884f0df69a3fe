// The service worker: opens the participant's page without network. It only ever sees addresses under /m/, and hands
// out what the page itself has put aside (keep.js). Every meeting has a cache of its own: the page and its files.

const PAGE = /^\/m\/\d+$/;
/** So long, in ms, the network may take for a page, and for the colours, before what was put aside is shown. */
const PATIENCE = 4000;
const SHORT_PATIENCE = 1500;
/** Older pages are not shown: the device may have come into other hands. */
const MAX_AGE = 24 * 3600 * 1000;

const cacheNameOf = (path) => `dialog ${path}`;

addEventListener("install", () => self.skipWaiting());
addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode !== "navigate") {
    if (/^\/(static|theme)\//.test(url.pathname)) event.respondWith(file(request));
  } else if (PAGE.test(url.pathname)) event.respondWith(page(event, url));
});

/** The network first; what was put aside when it fails or takes too long. */
async function page(event, url) {
  const coming = fetch(event.request);
  event.waitUntil(coming.then((answer) => updateCache(url, answer.clone())).catch(() => {}));
  event.waitUntil(deleteExpired());
  const answer = await within(PATIENCE, coming);
  if (answer && answer.status < 500) return answer;
  return (await cachedPage(url.pathname)) ?? answer ?? coming;
}

/** A static file never changes under its address; the colours do. */
async function file(request) {
  const kept = await caches.match(request, { ignoreVary: true });
  if (!kept) return fetch(request);
  const fixed = new URL(request.url).pathname.startsWith("/static/");
  return fixed ? kept : ((await within(SHORT_PATIENCE, fetch(request))) ?? kept);
}

/** The answer, or null when it fails or takes longer than this. */
function within(milliseconds, coming) {
  const slow = new Promise((resolve) => setTimeout(resolve, milliseconds, null));
  return Promise.race([coming.catch(() => null), slow]);
}

async function cachedPage(path) {
  const kept = await caches.match(path, { cacheName: cacheNameOf(path), ignoreVary: true });
  if (!kept || Date.now() - Number(kept.headers.get("X-Kept")) < MAX_AGE) return kept;
  await caches.delete(cacheNameOf(path));
  return undefined;
}

/** What is too old to be shown lies nowhere, also of meetings that this device never opens again. */
async function deleteExpired() {
  for (const name of await caches.keys()) await cachedPage(name.slice(cacheNameOf("").length));
}

/**
 * The server's word on a meeting. A page that says it may be kept waits beside the old one until its files are here;
 * anything else (closed, gone, somebody else's) ends what was kept.
 */
async function updateCache(url, answer) {
  if (answer.status >= 500 || answer.status === 429) return;
  const name = cacheNameOf(url.pathname);
  const html = answer.ok && !answer.redirected ? await answer.text() : "";
  if (!/^<!doctype html>\s*<html[^>]*\bdata-cacheable\b/i.test(html)) await caches.delete(name);
  else if (!url.search && (await caches.has(name))) {
    const headers = new Headers(answer.headers);
    headers.delete("Content-Encoding");
    headers.delete("Content-Length");
    await (await caches.open(name)).put(`${url.pathname}?next`, new Response(html, { headers }));
  }
}
