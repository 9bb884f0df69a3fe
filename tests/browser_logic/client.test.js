// The connection of a page: no gap stays open, no ticket ends it, no network swallows it for good.
import assert from "node:assert/strict";
import { test } from "node:test";
import { cardStream, chatStream, connect } from "../../static/js/live/client.js";
import { FakeSocket, FakeTime, installBrowser, settle } from "./fakes.js";

class FakeTicket {
  value = "old";
  outcomes = [];
  sent = [];

  async renew() {
    const outcome = this.outcomes.shift() ?? "renewed";
    if (outcome === "renewed") this.value = "new";
    return outcome;
  }

  async send(method, url, payload) {
    this.sent.push([method, url, payload]);
    return { ok: true, id: 1, seq: 1 };
  }
}

/** A page that holds cards up to 10 and messages up to 3, with a connection that stands. */
async function openPage(t, { connected = true } = {}) {
  const { navigator } = installBrowser(t);
  const time = FakeTime.install(t);
  const page = { navigator, time, ticket: new FakeTicket(), cards: [], messages: [], links: [], epochs: 0 };
  page.client = connect({
    auth: () => ({ meeting: 7 }),
    ticket: page.ticket,
    epoch: "A",
    streams: [
      cardStream(10, (cards) => page.cards.push(...cards)),
      chatStream(3, (messages) => page.messages.push(...messages)),
    ],
    onEpoch: () => page.epochs++,
    onLink: (...link) => page.links.push(link),
    open: (options) => {
      page.socket = new FakeSocket(options);
      return page.socket;
    },
  });
  if (connected) await page.socket.receive("connect");
  return page;
}

const seqs = (items) => items.map(({ seq }) => seq);
const refuse = (code, more = {}) => Object.assign(new Error("refused"), { data: { code, ...more } });

test("changes that follow the position are handed on without asking", async (t) => {
  const page = await openPage(t);
  await page.socket.receive("changes", { from: 11, to: 12, cards: [{ seq: 11 }, { seq: 12 }] });
  await page.socket.receive("head", { seq: 12, chat: 3, epoch: "A" });
  assert.deepEqual(seqs(page.cards), [11, 12]);
  assert.deepEqual(page.socket.sent, []);
});

test("a gap in the numbers is filled by asking from the position", async (t) => {
  const page = await openPage(t);
  page.socket.answers.sync = { ok: true, seq: 14, epoch: "A", cards: [{ seq: 11 }, { seq: 14 }] };
  await page.socket.receive("changes", { from: 14, to: 14, cards: [{ seq: 14 }] });
  assert.deepEqual(page.socket.sent, [["sync", { since: 10 }]]);
  await page.socket.receive("head", { seq: 14, chat: 3, epoch: "A" });
  assert.equal(page.socket.sent.length, 1);
});

test("each stream keeps a position of its own", async (t) => {
  const page = await openPage(t);
  page.socket.answers["chat:sync"] = { ok: true, seq: 5, epoch: "A", messages: [{ seq: 5 }] };
  await page.socket.receive("chat", { from: 4, to: 4, messages: [{ seq: 4 }] });
  await page.socket.receive("head", { seq: 10, chat: 5, epoch: "A" });
  assert.deepEqual(page.socket.sent, [["chat:sync", { since: 4 }]]);
  assert.deepEqual(seqs(page.messages), [4, 5]);
  assert.deepEqual(page.cards, []);
});

test("a long absence is read to its end, a part at a time", async (t) => {
  const page = await openPage(t);
  page.socket.answers.sync = ({ since }) =>
    since === 10
      ? { ok: true, seq: 30, epoch: "A", cards: [{ seq: 20 }], more: true }
      : { ok: true, seq: 30, epoch: "A", cards: [{ seq: 29 }], more: false };
  await page.socket.receive("head", { seq: 30, chat: 3, epoch: "A" });
  assert.deepEqual(
    page.socket.sent.map(([, { since }]) => since),
    [10, 20],
  );
  assert.deepEqual(seqs(page.cards), [20, 29]);
});

test("a restored database asks for a fresh page instead of cards of another life", async (t) => {
  const page = await openPage(t);
  await page.socket.receive("head", { seq: 4, chat: 0, epoch: "B" });
  assert.equal(page.epochs, 1);
  assert.deepEqual(page.socket.sent, []);
});

test("an expired ticket is renewed and shown at the next try", async (t) => {
  const page = await openPage(t, { connected: false });
  assert.deepEqual(page.socket.auth(), { meeting: 7, ticket: "old", html: true });
  await page.socket.receive("connect_error", refuse("unauthorized"));
  assert.equal(page.socket.connects, 1);
  assert.equal(page.socket.auth().ticket, "new");
  assert.deepEqual(page.links, []);
});

test("a ticket that cannot be renewed yet is tried again after a pause", async (t) => {
  const page = await openPage(t, { connected: false });
  page.ticket.outcomes = ["later"];
  await page.socket.receive("connect_error", refuse("unauthorized"));
  assert.equal(page.socket.connects, 0);
  assert.deepEqual(page.links, [["off"]]);
  await page.time.advance(20_000);
  assert.equal(page.socket.connects, 1);
});

test("a device that is no longer part of the meeting is told so, and does not try again", async (t) => {
  const page = await openPage(t, { connected: false });
  page.ticket.outcomes = ["gone"];
  await page.socket.receive("connect_error", refuse("unauthorized"));
  await page.time.advance(60_000);
  assert.deepEqual(page.links, [["refused", "gone"]]);
  assert.equal(page.socket.connects, 0);
});

test("a closed meeting is reported with its code", async (t) => {
  const page = await openPage(t, { connected: false });
  await page.socket.receive("connect_error", refuse("closed"));
  assert.deepEqual(page.links, [["refused", "closed"]]);
});

test("polling goes first once a network has swallowed the websocket", async (t) => {
  const page = await openPage(t, { connected: false });
  await page.socket.receive("connect_error", new Error("timeout"));
  assert.deepEqual(page.socket.io.opts.transports, ["polling", "websocket"]);
});

test("a busy server is asked again when it says so", async (t) => {
  const page = await openPage(t, { connected: false });
  page.socket.active = false;
  await page.socket.receive("connect_error", refuse("too_fast", { retry_after: 10 }));
  await page.time.advance(9000);
  assert.equal(page.socket.connects, 0);
  await page.time.advance(11_000);
  assert.equal(page.socket.connects, 1);
});

test("a connection that the server closed is opened again", async (t) => {
  const page = await openPage(t);
  await page.socket.receive("disconnect", "io server disconnect");
  await page.time.advance(2000);
  assert.equal(page.socket.connects, 1);
  assert.deepEqual(page.links, [["on"], ["off"]]);
});

test("a connection on which the server has fallen silent is left", async (t) => {
  const page = await openPage(t);
  await page.socket.receive("head", { seq: 10, chat: 3, epoch: "A" });
  await page.time.advance(15_000);
  assert.deepEqual(
    page.socket.sent.map(([event]) => event),
    ["sync", "chat:sync"],
  );
  assert.equal(page.socket.engineClosed, 1);
});

test("a quiet connection on which the server answers is kept", async (t) => {
  const page = await openPage(t);
  page.socket.answers.sync = { ok: true, seq: 10, epoch: "A", cards: [] };
  page.socket.answers["chat:sync"] = { ok: true, seq: 3, epoch: "A", messages: [] };
  await page.client.wake();
  assert.equal(page.socket.engineClosed, 0);
});

test("what the socket does not carry goes over plain HTTP", async (t) => {
  const page = await openPage(t, { connected: false });
  const http = { method: "POST", url: "/api/cards" };
  assert.equal((await page.client.request("card:add", { text: "a" }, http)).ok, true);
  await page.socket.receive("connect");
  await page.client.request("card:add", { text: "b" }, http); // connected, but never acknowledged
  assert.deepEqual(page.ticket.sent, [
    ["POST", "/api/cards", { text: "a" }],
    ["POST", "/api/cards", { text: "b" }],
  ]);
});

test("a refusal over the socket is an answer, and is not sent again over HTTP", async (t) => {
  const page = await openPage(t);
  page.socket.answers["card:add"] = { ok: false, error: { code: "invalid" } };
  const answer = await page.client.request("card:add", {}, { method: "POST", url: "/api/cards" });
  assert.equal(answer.error.code, "invalid");
  assert.deepEqual(page.ticket.sent, []);
});

test("a device that knows it is offline does not wait for the socket", async (t) => {
  const page = await openPage(t);
  page.navigator.onLine = false;
  assert.equal((await page.client.ask("sync", { since: 1 })).error.code, "no_contact");
  assert.deepEqual(page.socket.sent, []);
  await settle();
});
