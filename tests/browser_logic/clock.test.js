// The clock: a device whose own time is wrong shows the time left as the server means it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Countdown, formatClock, ServerClock } from "../../static/js/live/clock.js";
import { installDocument } from "./fake_page.js";
import { FakeTime } from "./fakes.js";

/** A server time far from the device's own. */
const NOON = Date.UTC(2026, 8, 1, 12);

function setUp(t, { synced = true } = {}) {
  const page = { document: installDocument(t), time: FakeTime.install(t), ticks: [], marks: [] };
  page.clock = new ServerClock();
  if (synced) page.clock.set(NOON);
  page.countdown = new Countdown(page.clock, {
    onTick: (...tick) => page.ticks.push(tick),
    onMark: (seconds) => page.marks.push(seconds),
  });
  return page;
}

test("the server's time goes on with the device's", async (t) => {
  const { clock, time } = setUp(t);
  await time.advance(2500);
  assert.equal(clock.now(), NOON + 2500);
});

test("of several times the one that was under way for the shortest time counts", (t) => {
  const { clock } = setUp(t, { synced: false });
  assert.equal(clock.now(), null);
  const now = performance.now();
  clock.set(NOON, now + 900);
  clock.set(NOON, now + 100);
  clock.set(NOON, now + 500);
  assert.equal(clock.now(), NOON - 100);
});

test("a countdown ticks each second and announces five minutes, one minute and the end", async (t) => {
  const page = setUp(t);
  page.countdown.set({ ends_at: NOON + 302_000 });
  await page.time.advance(310_000);
  assert.deepEqual(page.ticks[0], [302, false]);
  assert.deepEqual(page.ticks.at(-1), [0, false]);
  assert.equal(new Set(page.ticks.map(([seconds]) => seconds)).size, 303);
  assert.deepEqual(page.marks, [300, 60, 0]);
});

test("a paused countdown stands still", async (t) => {
  const page = setUp(t);
  page.countdown.set({ ends_at: null, left: 90 });
  await page.time.advance(10_000);
  assert.deepEqual(page.ticks, [[90, true]]);
});

test("a time that passed before the page was opened is not announced", async (t) => {
  const page = setUp(t);
  page.countdown.set({ ends_at: NOON - 5000 });
  await page.time.advance(5000);
  assert.deepEqual(page.marks, []);
  assert.deepEqual(page.ticks, [[0, false]]);
});

test("a timer that was extended is announced again", async (t) => {
  const page = setUp(t);
  page.countdown.set({ ends_at: NOON + 61_000 });
  await page.time.advance(2000);
  page.countdown.set({ ends_at: NOON + 63_000 });
  await page.time.advance(2000);
  assert.deepEqual(page.marks, [60, 60]);
});

test("a page that slept shows the time left as it wakes", async (t) => {
  const page = setUp(t);
  page.countdown.set({ ends_at: NOON + 100_000 });
  t.mock.method(performance, "now", () => 1_000_000 + 70_000);
  page.document.dispatchEvent(new Event("visibilitychange"));
  assert.deepEqual(page.ticks.at(-1), [30, false]);
  assert.deepEqual(page.marks, [60]);
});

test("without a time there is nothing to count", (t) => {
  const page = setUp(t);
  page.countdown.set({});
  assert.deepEqual(page.ticks, [[null, false]]);
});

test("seconds are shown as a clock shows them", () => {
  assert.deepEqual([0, 7, 60, 187, 3600].map(formatClock), ["0:00", "0:07", "1:00", "3:07", "60:00"]);
});
