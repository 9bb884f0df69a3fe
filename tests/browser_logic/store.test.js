// The store: messages may come late, twice or in another order; the newest and fullest version stands.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Store } from "../../static/js/live/store.js";

test("a card that is new is told apart from one that was known", () => {
  const store = new Store();
  const card = { id: 1, seq: 1, text: "a" };
  assert.equal(store.put(card), null);
  assert.equal(store.put({ id: 1, seq: 2, text: "b" }), card);
});

test("an older version never overwrites a newer one", () => {
  const store = new Store();
  store.put({ id: 1, seq: 5, text: "ny", html: "<p>" });
  assert.equal(store.put({ id: 1, seq: 4, text: "gammal", html: "<p>" }), false);
  assert.equal(store.get(1).text, "ny");
});

test("at the same number the fuller version wins, in either order", () => {
  const versions = [
    { id: 1, seq: 5, state: "shown" },
    { id: 1, seq: 5, state: "shown", text: "a" },
    { id: 1, seq: 5, state: "shown", text: "a", html: "<p>" },
  ];
  for (const order of [versions, [...versions].reverse()]) {
    const store = new Store();
    for (const version of order) store.put(version);
    assert.equal(store.get(1).html, "<p>");
  }
});

test("a card that may no longer be seen replaces its text by a later number", () => {
  const store = new Store();
  store.put({ id: 1, seq: 5, state: "shown", text: "a", html: "<p>" });
  store.put({ id: 1, seq: 6, state: "hidden" });
  assert.deepEqual(store.get(1), { id: 1, seq: 6, state: "hidden" });
});

test("the same message twice is no news", () => {
  const store = new Store();
  store.put({ id: 1, seq: 5, text: "a" });
  assert.equal(store.put({ id: 1, seq: 5, text: "a" }), false);
});
