// Puts the participant's page aside with all its files, so that the service worker can open it without network.

const cacheNameOf = () => `dialog ${location.pathname}`;

/** Nothing of this meeting stays for the worker to show. */
export async function deleteCachedPage() {
  try {
    await caches.delete(cacheNameOf());
  } catch {
    // No such storage here, so nothing is in it.
  }
}

/** Keep this page for later, as the server draws it. Answers whether it is kept; some browsers cannot. */
export async function cachePage(worker) {
  if (!navigator.serviceWorker || !("caches" in self)) return false;
  try {
    await navigator.serviceWorker.register(worker);
    return await store();
  } catch {
    // No network or no room: there is another chance when the page is opened the next time.
    return false;
  }
}

async function store() {
  const path = location.pathname;
  const page = await freshest(path);
  if (!page) return false;
  const cache = await caches.open(cacheNameOf());
  const files = new Set(
    performance
      .getEntriesByType("resource")
      .map((entry) => new URL(entry.name))
      .filter((url) => url.origin === location.origin && /^\/(static|theme)\//.test(url.pathname))
      .map((url) => url.pathname + url.search),
  );
  // Most come out of the browser's own cache, without going over the network again.
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

/** The page as the worker caught it when it was opened, else fetched once more. */
async function freshest(path) {
  const name = cacheNameOf();
  const caught =
    (await caches.has(name)) && (await caches.match(`${path}?next`, { cacheName: name, ignoreVary: true }));
  if (caught) {
    await (await caches.open(name)).delete(`${path}?next`);
    return caught;
  }
  const answer = await fetch(path, { headers: { Accept: "text/html" } });
  const ours = answer.ok && !answer.redirected && (await answer.clone().text());
  return ours && /<html[^>]*\bdata-cacheable\b/i.test(ours) ? answer : null;
}
