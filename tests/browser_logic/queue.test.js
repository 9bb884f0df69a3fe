// The queue: while somebody has paused, new cards wait, and known cards change where they are.
import assert from "node:assert/strict";
import { test } from "node:test";
import { CardQueue } from "../../static/js/live/queue.js";

function setUp() {
  const page = { isPaused: false, shown: [], counts: [] };
  page.queue = new CardQueue({
    isPaused: () => page.isPaused,
    show: (card) => page.shown.push(card),
    onCount: (count) => page.counts.push(count),
  });
  return page;
}

test("cards are shown at once while nobody has paused", () => {
  const page = setUp();
  page.queue.add({ id: 1, seq: 1 }, false);
  assert.deepEqual(page.shown, [{ id: 1, seq: 1 }]);
  assert.deepEqual(page.counts, []);
});

test("new cards wait while paused, are counted, and come in their order", () => {
  const page = setUp();
  page.isPaused = true;
  for (const id of [1, 2, 3]) page.queue.add({ id, seq: id }, false);
  page.queue.release();
  assert.deepEqual(page.shown, []);
  page.isPaused = false;
  page.queue.release();
  assert.deepEqual(
    page.shown.map(({ id }) => id),
    [1, 2, 3],
  );
  assert.deepEqual(page.counts, [1, 2, 3, 0]);
});

test("a card that the page has is changed at once, also while paused", () => {
  const page = setUp();
  page.isPaused = true;
  page.queue.add({ id: 1, seq: 2 }, true);
  assert.deepEqual(page.shown, [{ id: 1, seq: 2 }]);
});

test("a waiting card is counted once, and shown as it is last", () => {
  const page = setUp();
  page.isPaused = true;
  page.queue.add({ id: 1, seq: 2, state: "shown" }, false);
  page.queue.add({ id: 1, seq: 5, state: "hidden" }, false);
  page.queue.add({ id: 1, seq: 4, state: "shown" }, false);
  page.isPaused = false;
  page.queue.release();
  assert.deepEqual(page.shown, [{ id: 1, seq: 5, state: "hidden" }]);
  assert.equal(Math.max(...page.counts), 1);
});

test("a card that changes while it waits goes on waiting", () => {
  const page = setUp();
  page.isPaused = true;
  page.queue.add({ id: 1, seq: 1 }, false);
  page.isPaused = false;
  page.queue.add({ id: 1, seq: 2 }, false);
  assert.deepEqual(page.shown, []);
  page.queue.release();
  assert.deepEqual(page.shown, [{ id: 1, seq: 2 }]);
});
