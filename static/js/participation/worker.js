// The service worker: opens the participant's page without network. It only sees addresses under /m/, and hands out what
// the page itself has stored (cache.js). Every meeting has a cache of its own: the page and its files.

const PAGE = /^\/m\/\d+$/;
/** How long the network may take before the cache is used: for a page, and for the colours. In ms. */
const PAGE_TIMEOUT = 4000;
const FILE_TIMEOUT = 1500;
/** Pages older than this many ms are not shown: the device may have come into other hands. */
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

/** Answer with the network's page, or with the cached one when the network fails or takes too long. */
async function page(event, url) {
  const coming = fetch(event.request);
  event.waitUntil(coming.then((answer) => updateCache(url, answer.clone())).catch(() => {}));
  event.waitUntil(deleteExpired());
  const answer = await withTimeout(PAGE_TIMEOUT, coming);
  if (answer && answer.status < 500) return answer;
  return (await cachedPage(url.pathname)) ?? answer ?? coming;
}

/** Answer with a cached file. A static file never changes under its address; the colours do. */
async function file(request) {
  const cached = await caches.match(request, { ignoreVary: true });
  if (!cached) return fetch(request);
  const isStatic = new URL(request.url).pathname.startsWith("/static/");
  return isStatic ? cached : ((await withTimeout(FILE_TIMEOUT, fetch(request))) ?? cached);
}

/** Resolve to the answer, or to null when it fails or takes longer than this. */
function withTimeout(milliseconds, coming) {
  const timeout = new Promise((resolve) => setTimeout(resolve, milliseconds, null));
  return Promise.race([coming.catch(() => null), timeout]);
}

/** Return the cached page; one that is too old is deleted. */
async function cachedPage(path) {
  const cached = await caches.match(path, { cacheName: cacheNameOf(path), ignoreVary: true });
  if (!cached || Date.now() - Number(cached.headers.get("X-Kept")) < MAX_AGE) return cached;
  await caches.delete(cacheNameOf(path));
  return undefined;
}

/** Delete every page that is too old, also of meetings that this device never opens again. */
async function deleteExpired() {
  for (const name of await caches.keys()) await cachedPage(name.slice(cacheNameOf("").length));
}

/**
 * Act on the server's answer for a meeting's page. A page that may be cached waits beside the old one until its files
 * are here; any other answer (closed, no longer a participant, somebody else's page) deletes what was cached.
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
