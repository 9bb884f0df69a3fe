// The plain twin of the socket, for when no socket gets through.

const NO_CONTACT = { ok: false, error: { code: "no_contact" } };

/** Send JSON with the page's own sign-in; answers as an acknowledgement does. */
export async function send(method, url, payload, csrf) {
  try {
    const response = await fetch(url, {
      method,
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
      body: JSON.stringify(payload),
    });
    const body = await response.json();
    return response.ok ? { ok: true, ...body } : body;
  } catch {
    return NO_CONTACT;
  }
}

/** This very page as the server draws it now. */
export async function freshPage() {
  const response = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!response.ok) throw new Error(String(response.status));
  return new DOMParser().parseFromString(await response.text(), "text/html");
}
