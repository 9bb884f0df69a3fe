// The plain twin of the socket, for when no socket gets through.

const NO_CONTACT = { ok: false, error: { code: "no_contact" } };
/** A network that swallows everything must not keep a card in «saving». In ms. */
const PATIENCE = 10_000;

/** Send JSON with the page's own sign-in; answers as an acknowledgement does. */
export async function sendJson(method, url, payload, csrf) {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE);
  try {
    const response = await fetch(url, {
      method,
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
      body: JSON.stringify(payload),
      signal: patience.signal,
    });
    const body = await response.json();
    if (response.ok) return { ok: true, ...body };
    // Something on the way (a proxy, a hotel's sign-in page) may answer in its own words.
    return body.error?.code ? body : NO_CONTACT;
  } catch {
    return NO_CONTACT;
  } finally {
    clearTimeout(timer);
  }
}

/** This very page as the server draws it now. Fails with the status of a refusal. */
export async function fetchPage() {
  const response = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!response.ok) throw Object.assign(new Error(String(response.status)), { status: response.status });
  return new DOMParser().parseFromString(await response.text(), "text/html");
}
