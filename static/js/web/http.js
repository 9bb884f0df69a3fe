// Requests to the server over plain HTTP.

const NO_CONTACT = { ok: false, error: { code: "no_contact" } };
/** A network that swallows everything must not keep a card in «saving» for longer than this many ms. */
const TIMEOUT = 10_000;

/** Send JSON with the page's own sign-in. Resolves to an acknowledgement or a refusal, as over the socket. */
export async function sendJson(method, url, payload, csrf) {
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), TIMEOUT);
  try {
    const response = await fetch(url, {
      method,
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
      body: JSON.stringify(payload),
      signal: timeout.signal,
    });
    const body = await response.json();
    if (response.ok) return { ok: true, ...body };
    // A proxy or a hotel's sign-in page on the way may answer in its own form.
    return body.error?.code ? body : NO_CONTACT;
  } catch {
    return NO_CONTACT;
  } finally {
    clearTimeout(timer);
  }
}

/** Fetch this page as the server draws it now. Throws an error with the `status` of a refusal. */
export async function fetchPage() {
  const response = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!response.ok) throw Object.assign(new Error(String(response.status)), { status: response.status });
  return new DOMParser().parseFromString(await response.text(), "text/html");
}
