// Unsent messages of earlier versions, which kept them in localStorage.

/**
 * Move the list of messages under *key* into the outbox's storage. The list is removed only when every message is stored,
 * so that nothing is lost on the way; the uuid makes a second move harmless.
 * @param {string} key
 * @param {import("../live/outbox.js").UnsentStorage} storage
 * @returns {Promise<object[]>}  messages that could not be stored
 */
export async function moveFromLocalStorage(key, storage) {
  const left = readList(key);
  // These messages are older than anything that this version writes, and keep their order.
  const first = Date.now() - left.length;
  const dated = left.map((entry, index) => ({ ...entry, at: first + index }));
  const stored = await Promise.all(dated.map((entry) => storage.put(entry)));
  if (left.length && stored.every(Boolean)) localStorage.removeItem(key);
  return dated.filter((_, index) => !stored[index]);
}

function readList(key) {
  try {
    const list = JSON.parse(localStorage.getItem(key) ?? "[]");
    return Array.isArray(list) ? list : [];
  } catch {
    return []; // There is no such storage, or nothing in it that can be read.
  }
}
