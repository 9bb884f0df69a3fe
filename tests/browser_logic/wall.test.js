// The wall: every card in one column, in order of age, with counts that agree with the server's.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Wall } from "../../static/js/live/wall.js";
import { FakeElement, installDocument } from "./fake_page.js";
import { FakeTime, replaceGlobals } from "./fakes.js";

const card = (id, seq, area = 1) => ({ id, seq, area, state: "shown" });
const cardElement = ({ id, seq, area }) => new FakeElement({ id: String(id), seq, area, state: "shown" });

function columnElement(key, cards, count = cards.length) {
  return new FakeElement({ column: key, count: String(count) }, [
    new FakeElement({ part: "count" }),
    new FakeElement({ part: "cards" }, [new FakeElement({}, cards.map(cardElement))]),
  ]);
}

/** A wall with the columns 1 and 2, as the server drew it at the number 100. */
function setUp(t, { first = [], second = [], count, ...options } = {}) {
  installDocument(t, { "card-template": new FakeElement({ id: "" }) });
  const page = {
    time: FakeTime.install(t),
    asked: 0,
    answer: { seq: 0, counts: {} },
  };
  replaceGlobals(t, {
    fetch: async () => {
      page.asked += 1;
      return { ok: true, json: async () => page.answer };
    },
  });
  const root = new FakeElement({}, [columnElement("1", first, count), columnElement("2", second)]);
  new FakeElement({ epoch: "A", seq: "100" }, [root]);
  page.wall = new Wall(root, { template: "card-template", counts: "/counts", max: 200, ...options });
  page.ids = () => page.wall.columns().map((column) => column.items().map((item) => Number(item.dataset.id)));
  page.counts = () => page.wall.columns().map((column) => column.count);
  return page;
}

test("a new card goes on top of its column and is counted", (t) => {
  const page = setUp(t, { first: [card(2, 2), card(1, 1)] });
  page.wall.put(card(3, 101));
  assert.deepEqual(page.ids(), [[3, 2, 1], []]);
  assert.deepEqual(page.counts(), [3, 0]);
});

test("a card that comes late is put at its place by age", (t) => {
  const page = setUp(t, { first: [card(4, 4), card(1, 1)] });
  page.wall.put(card(5, 101));
  page.wall.put(card(3, 102));
  assert.deepEqual(page.ids(), [[5, 4, 3, 1], []]);
});

test("a card that is moved changes column and count, and keeps its element and focus", (t) => {
  const page = setUp(t, { first: [card(2, 2), card(1, 1)] });
  const [item] = page.wall.columns()[0].items();
  item.focus();
  page.wall.put(card(2, 101, 2));
  assert.deepEqual(page.ids(), [[1], [2]]);
  assert.deepEqual(page.counts(), [1, 1]);
  assert.equal(document.activeElement, item);
  assert.equal(page.wall.columns()[1].items()[0], item);
});

test("a card that is hidden leaves the wall and its count, once", (t) => {
  const page = setUp(t, { first: [card(1, 1)] });
  page.wall.remove(card(1, 101));
  page.wall.remove(card(1, 102));
  assert.deepEqual(page.ids(), [[], []]);
  assert.deepEqual(page.counts(), [0, 0]);
});

test("a change that the page's counts include is not counted again", (t) => {
  const page = setUp(t, { first: [card(1, 1)], count: 2 });
  page.wall.put(card(2, 100));
  assert.deepEqual(page.counts(), [2, 0]);
});

test("counts are fetched for an old card that the page never drew, and later steps are added", async (t) => {
  const page = setUp(t, { first: [card(9, 9)], count: 9 });
  page.wall.remove(card(4, 101));
  page.wall.remove(card(5, 102));
  page.wall.put(card(10, 104));
  page.answer = { seq: 103, counts: { 1: 7, 2: 0 } };
  await page.time.advance(2000);
  assert.equal(page.asked, 1);
  assert.deepEqual(page.counts(), [8, 0]);
});

test("an old card that was moved while not drawn waits for its page", (t) => {
  const page = setUp(t, { first: [card(9, 9)], count: 9 });
  page.wall.columns()[0].older = true;
  page.wall.put(card(4, 101));
  assert.deepEqual(page.ids(), [[9], []]);
});

test("a page of older cards is added below, without those that are there already", (t) => {
  const page = setUp(t, { first: [card(9, 9), card(8, 8)], count: 4 });
  const [column] = page.wall.columns();
  const first = page.wall.append(column, [card(8, 8), card(7, 7), card(6, 6)].map(cardElement));
  assert.equal(first.dataset.id, "7");
  assert.deepEqual(page.ids()[0], [9, 8, 7, 6]);
  assert.deepEqual(page.counts(), [4, 0]);
});

test("a column that live cards have filled lets go of its oldest, unless somebody reads there", (t) => {
  let isRead = true;
  const page = setUp(t, { first: [card(2, 2), card(1, 1)], max: 2, canTrim: () => !isRead });
  page.wall.put(card(3, 101));
  assert.deepEqual(page.ids()[0], [3, 2, 1]);
  isRead = false;
  page.wall.put(card(4, 102));
  assert.deepEqual(page.ids()[0], [4, 3]);
  assert.deepEqual(page.counts(), [4, 0]);
  assert.ok(page.wall.columns()[0].hasOlder);
});

test("a long column is cut into lists of sixty, which the browser styles one at a time", (t) => {
  const page = setUp(t);
  for (let id = 1; id <= 130; id++) page.wall.put(card(id, 100 + id));
  const [column] = page.wall.columns();
  assert.deepEqual(
    column.sheets.children.map((sheet) => sheet.childElementCount),
    [10, 60, 60],
  );
  assert.deepEqual(
    page.ids()[0],
    Array.from({ length: 130 }, (_, index) => 130 - index),
  );
});
