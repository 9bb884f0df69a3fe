// Helpers for text: its stored form, words from the page with numbers put in, and random identifiers.

/** Return a random UUID, also where the page is not served over TLS, which crypto.randomUUID requires. */
export function newUuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** Return a text as the server will store it. */
export const normalizeText = (text) => text.replace(/\r\n?/g, "\n").normalize("NFC").trim();

/** Put values into words from the page: "{n} nya kort". */
export function fillIn(words, values) {
  return words.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** Return the words for one or for many that an element carries in its data. */
export function countInWords(element, n) {
  return n === 1 ? element.dataset.one : fillIn(element.dataset.many, { n });
}

/** Return a function that announces through a live region how many came, at most once in *every* ms. */
export function createAnnouncer(region, every = 10_000) {
  let waiting = 0;
  let isPaused = false;
  const pause = (milliseconds) => {
    isPaused = true;
    setTimeout(() => {
      isPaused = false;
      if (waiting) announce();
    }, milliseconds);
  };
  const announce = () => {
    region.textContent = countInWords(region, waiting);
    waiting = 0;
    pause(every);
  };
  return (n = 1) => {
    waiting += n;
    if (!isPaused) pause(1000);
  };
}
