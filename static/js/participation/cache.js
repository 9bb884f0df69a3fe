// Stores the participant's page and all its files in the device's cache, from which the service worker can open it
// without network.

const cacheName = () => `dialog ${location.pathname}`;

/** Remove the page of this meeting from the cache. */
export async function deleteCachedPage() {
  try {
    await caches.delete(cacheName());
  } catch {
    // There is no such storage here, so nothing is in it.
  }
}

/**
 * Store this page, as the server draws it now, and register the service worker at the address *worker*.
 * Resolves to whether the page is stored; some browsers cannot.
 */
export async function cachePage(worker) {
  if (!navigator.serviceWorker || !("caches" in self)) return false;
  try {
    await navigator.serviceWorker.register(worker);
    return await storePage();
  } catch {
    // There is no network or no room now. The next time the page is opened there is another chance.
    return false;
  }
}

async function storePage() {
  const path = location.pathname;
  const page = await newestPage(path);
  if (!page) return false;
  const cache = await caches.open(cacheName());
  const files = new Set(
    performance
      .getEntriesByType("resource")
      .map((entry) => new URL(entry.name))
      .filter((url) => url.origin === location.origin && /^\/(static|theme)\//.test(url.pathname))
      .map((url) => url.pathname + url.search),
  );
  // Most files come out of the browser's own cache, without going over the network again.
  await Promise.all(
    [...files].map(async (file) => {
      if (!file.startsWith("/static/") || !(await cache.match(file, { ignoreVary: true })))
        await cache.add(file);
    }),
  );
  const html = (await page.text()).replace("<html", "<html data-cached");
  const headers = new Headers(page.headers);
  for (const name of ["Content-Encoding", "Content-Length"]) headers.delete(name);
  headers.set("X-Kept", String(Date.now()));
  await cache.put(path, new Response(html, { headers }));
  for (const { url } of await cache.keys()) {
    const { pathname, search } = new URL(url);
    if (pathname !== path && !files.has(pathname + search)) await cache.delete(url);
  }
  return true;
}

/** Return the page as the service worker caught it when it was opened, else fetch it once more. */
async function newestPage(path) {
  const name = cacheName();
  const caught =
    (await caches.has(name)) && (await caches.match(`${path}?next`, { cacheName: name, ignoreVary: true }));
  if (caught) {
    await (await caches.open(name)).delete(`${path}?next`);
    return caught;
  }
  const answer = await fetch(path, { headers: { Accept: "text/html" } });
  const html = answer.ok && !answer.redirected && (await answer.clone().text());
  return html && /<html[^>]*\bdata-cacheable\b/i.test(html) ? answer : null;
}
