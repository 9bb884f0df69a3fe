// The promise of the outbox: kept until acknowledged or taken back, sent in order, each once, whatever tabs do.
import assert from "node:assert/strict";
import { test } from "node:test";
import { moveFromLocalStorage } from "../../static/js/chat/migration.js";
import { Outbox } from "../../static/js/live/outbox.js";
import { FakeStorage, FakeTime, installBrowser, settle } from "./fakes.js";

const NO_CONTACT = { ok: false, error: { code: "no_contact" } };
const refusal = (code, more = {}) => ({ ok: false, error: { code, ...more } });

/** A server that numbers what it gets, unless it is set to answer something else. */
class Server {
  received = [];
  answer = null;

  send = async (entry) => {
    if (this.answer) return this.answer;
    const known = this.received.find(({ uuid }) => uuid === entry.uuid);
    if (!known) this.received.push(entry);
    const id = this.received.findIndex(({ uuid }) => uuid === entry.uuid) + 1;
    return { ok: true, id, seq: id };
  };

  get texts() {
    return this.received.map(({ text }) => text);
  }
}

function openTab(server, storage, options = {}) {
  const states = [];
  const added = [];
  const outbox = new Outbox("7", {
    send: server.send,
    storage,
    onState: (entry, state, answer) => states.push([entry.text, state, answer?.because ?? answer?.code]),
    onNew: (entry) => added.push(entry.text),
    ...options,
  });
  return { outbox, states, added, last: () => states.at(-1).slice(0, 2) };
}

const written = (text) => ({ uuid: `uuid of ${text}`, text });

function setUp(t) {
  installBrowser(t);
  return { time: FakeTime.install(t), server: new Server(), storage: new FakeStorage() };
}

test("entries without network are sent once each and in order when it is back", async (t) => {
  const { time, server, storage } = setUp(t);
  const tab = openTab(server, storage);
  server.answer = NO_CONTACT;
  for (const text of ["ett", "två", "tre"]) await tab.outbox.add(written(text));
  await settle();
  assert.equal(storage.records.size, 3);
  assert.deepEqual(tab.last(), ["tre", "waiting"]);
  server.answer = null;
  await time.advance(60_000);
  assert.deepEqual(server.texts, ["ett", "två", "tre"]);
  assert.equal(tab.outbox.size, 0);
});

test("the order stands when the device's clock is turned back", async (t) => {
  const { time, server, storage } = setUp(t);
  const tab = openTab(server, storage);
  server.answer = NO_CONTACT;
  await tab.outbox.add(written("först"));
  t.mock.method(Date, "now", () => 5);
  await tab.outbox.add(written("sedan"));
  server.answer = null;
  const next = openTab(server, storage);
  await next.outbox.load(0);
  await next.outbox.flush();
  await time.advance(0);
  assert.deepEqual(server.texts, ["först", "sedan"]);
});

test("an entry of an earlier visit is sent before one written while the storage was opening", async (t) => {
  const { server, storage } = setUp(t);
  await storage.put({ ...written("förra besöket"), at: 1 });
  const tab = openTab(server, storage);
  server.answer = NO_CONTACT;
  const loading = tab.outbox.load(0);
  tab.outbox.add(written("snabb hand"));
  await loading;
  await settle();
  server.answer = null;
  await tab.outbox.flush();
  assert.deepEqual(server.texts, ["förra besöket", "snabb hand"]);
});

test("an answer that was lost makes a repeat, and no second entry", async (t) => {
  const { time, server, storage } = setUp(t);
  let isLost = true;
  const send = async (entry) => {
    const answer = await server.send(entry);
    if (!isLost) return answer;
    isLost = false;
    return NO_CONTACT;
  };
  const tab = openTab(server, storage, { send });
  await tab.outbox.add(written("ett"));
  await time.advance(10_000);
  assert.deepEqual(server.texts, ["ett"]);
  assert.deepEqual(tab.last(), ["ett", "shown"]);
});

test("a refused entry stays on the device with its reason, and does not hold up the next", async (t) => {
  const { time, server, storage } = setUp(t);
  const tab = openTab(server, storage);
  server.answer = refusal("invalid");
  await tab.outbox.add(written("fel"));
  await settle();
  assert.deepEqual(tab.states, [["fel", "refused", "invalid"]]);
  server.answer = null;
  await tab.outbox.add(written("rätt"));
  await time.advance(60_000);
  assert.deepEqual(server.texts, ["rätt"]);
  assert.ok(storage.records.has("uuid of fel"));
  const next = openTab(server, storage);
  const { waiting } = await next.outbox.load(Number.POSITIVE_INFINITY);
  assert.deepEqual(
    waiting.map(({ text }) => text),
    ["fel"],
  );
});

test("an entry that the person takes back leaves the device and the other tab", async (t) => {
  const { server, storage } = setUp(t);
  const [tab, other] = [openTab(server, storage), openTab(server, storage)];
  server.answer = refusal("conflict");
  await tab.outbox.add(written("ångrad"));
  await settle();
  await tab.outbox.takeBack("uuid of ångrad");
  assert.equal(storage.records.size, 0);
  assert.deepEqual(other.last(), ["ångrad", "dropped"]);
});

test("a closed stage holds entries back until it opens again", async (t) => {
  const { time, server, storage } = setUp(t);
  const tab = openTab(server, storage);
  server.answer = refusal("forbidden");
  await tab.outbox.add(written("väntar"));
  await settle();
  assert.deepEqual(tab.states.at(-1), ["väntar", "waiting", "stage"]);
  server.answer = null;
  await time.advance(15_000);
  assert.deepEqual(server.texts, ["väntar"]);
});

test("an answer that it goes too fast is obeyed, also when somebody flushes", async (t) => {
  const { time, server, storage } = setUp(t);
  const tab = openTab(server, storage);
  server.answer = refusal("too_fast", { retry_after: 30 });
  await tab.outbox.add(written("ett"));
  await settle();
  server.answer = null;
  await time.advance(29_000);
  await tab.outbox.flush();
  assert.deepEqual(server.texts, []);
  assert.deepEqual(tab.states.at(-1), ["ett", "waiting", "slow"]);
  await time.advance(1000);
  assert.deepEqual(server.texts, ["ett"]);
});

test("two tabs show each other's entries and send each once", async (t) => {
  const { time, server, storage } = setUp(t);
  const sent = [];
  const send = (entry) => {
    if (!server.answer) sent.push(entry.text);
    return server.send(entry);
  };
  const [first, second] = [openTab(server, storage, { send }), openTab(server, storage, { send })];
  server.answer = NO_CONTACT;
  await first.outbox.add(written("från första"));
  await second.outbox.add(written("från andra"));
  await settle();
  assert.deepEqual(first.added, ["från andra"]);
  assert.deepEqual(second.added, ["från första"]);
  server.answer = null;
  await Promise.all([first.outbox.flush(), second.outbox.flush()]);
  await time.advance(60_000);
  assert.deepEqual(sent, ["från första", "från andra"]);
  for (const tab of [first, second]) {
    assert.equal(tab.outbox.size, 0);
    assert.equal(tab.states.filter(([, state]) => state === "shown").length, 2);
  }
});

test("a tab that was closed leaves its entries to the next one", async (t) => {
  const { server, storage } = setUp(t);
  server.answer = NO_CONTACT;
  await openTab(server, storage).outbox.add(written("stängd flik"));
  server.answer = null;
  const next = openTab(server, storage);
  const { waiting } = await next.outbox.load(0);
  await next.outbox.flush();
  assert.equal(waiting.length, 1);
  assert.deepEqual(server.texts, ["stängd flik"]);
});

test("a saved entry stays on the device until a page shows it", async (t) => {
  const { server, storage } = setUp(t);
  const tab = openTab(server, storage);
  await tab.outbox.add(written("ett"));
  await settle();
  const fromCache = await openTab(server, storage).outbox.load(0);
  assert.deepEqual(fromCache.saved[0].done, { id: 1, seq: 1 });
  const drawn = await openTab(server, storage).outbox.load(1);
  await settle();
  assert.deepEqual(drawn, { waiting: [], saved: [] });
  assert.equal(storage.records.size, 0);
});

test("a device without storage says that entries are lost with the page, until they are sent", async (t) => {
  const { time, server, storage } = setUp(t);
  storage.isFull = true;
  const tab = openTab(server, storage);
  server.answer = NO_CONTACT;
  await tab.outbox.add(written("ett"));
  assert.ok(tab.outbox.hasUnstored);
  server.answer = null;
  await time.advance(10_000);
  assert.deepEqual(server.texts, ["ett"]);
  assert.ok(!tab.outbox.hasUnstored);
});

const LEGACY = "dialog-chat-7";
const migrate = (storage) => moveFromLocalStorage(LEGACY, storage);

function leaveLegacy(texts) {
  localStorage.setItem(LEGACY, JSON.stringify(texts.map((text) => ({ ...written(text), kind: "chat" }))));
}

test("messages that an earlier version kept in localStorage are moved and sent in their order", async (t) => {
  const { server, storage } = setUp(t);
  leaveLegacy(["ett", "två"]);
  const tab = openTab(server, storage, { migrate });
  const { waiting } = await tab.outbox.load(0);
  assert.equal(localStorage.getItem(LEGACY), null);
  assert.equal(storage.records.size, 2);
  await tab.outbox.flush();
  assert.deepEqual(
    waiting.map(({ text, kind }) => [text, kind]),
    [
      ["ett", "chat"],
      ["två", "chat"],
    ],
  );
  assert.deepEqual(server.texts, ["ett", "två"]);
});

test("messages of an earlier version are sent, and stay in localStorage, where nothing else can be stored", async (t) => {
  const { server, storage } = setUp(t);
  leaveLegacy(["ett"]);
  storage.isFull = true;
  const tab = openTab(server, storage, { migrate });
  await tab.outbox.load(0);
  assert.notEqual(localStorage.getItem(LEGACY), null);
  await tab.outbox.flush();
  assert.deepEqual(server.texts, ["ett"]);
});

test("a damaged list of an earlier version does not keep the outbox from loading", async (t) => {
  const { server, storage } = setUp(t);
  localStorage.setItem(LEGACY, "{not json");
  const tab = openTab(server, storage, { migrate });
  assert.deepEqual(await tab.outbox.load(0), { waiting: [], saved: [] });
});
