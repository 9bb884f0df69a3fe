// Helpers for text: its stored form, words from the page with numbers put in, and random identifiers.

/** Random even where the page is not served over TLS, which crypto.randomUUID asks for. */
export function newUuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** Text as the server will store it. */
export const normalizeText = (text) => text.replace(/\r\n?/g, "\n").normalize("NFC").trim();

/** Words from the page with their numbers put in: "{n} nya kort". */
export function fillIn(words, values) {
  return words.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** One or many, in the words that the element carries. */
export function countInWords(element, n) {
  return n === 1 ? element.dataset.one : fillIn(element.dataset.many, { n });
}
