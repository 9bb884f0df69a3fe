// The ticket: what identifies a page outlives its hour, also for a page that is open all evening.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Ticket } from "../../static/js/live/ticket.js";
import { FakeTime, replaceGlobals } from "./fakes.js";

const refusal = { ok: false, error: { code: "invalid" } };

/**
 * A server that accepts the token "new" alone. *page* gives the elements of the freshly fetched page by their ids; a
 * number is the status of a refusal.
 */
function setUp(t, page) {
  const time = FakeTime.install(t);
  const server = { page, fetched: 0, posted: [] };
  replaceGlobals(t, {
    location: { href: "https://dialog.example/m/7" },
    DOMParser: class {
      parseFromString() {
        return { getElementById: (id) => server.page[id] && { dataset: server.page[id] } };
      }
    },
    fetch: async (_url, { method = "GET", headers }) => {
      if (method === "GET") {
        server.fetched += 1;
        if (server.page === null) throw new TypeError("Failed to fetch");
        const status = typeof server.page === "number" ? server.page : 200;
        return { ok: status === 200, status, text: async () => "" };
      }
      server.posted.push(headers["X-CSRFToken"]);
      const isAccepted = headers["X-CSRFToken"] === "new";
      return { ok: isAccepted, json: async () => (isAccepted ? { id: 1, seq: 1 } : refusal) };
    },
  });
  const element = { id: "board", dataset: { csrf: "old", ticket: "old", joined: "yes" } };
  return { time, server, ticket: new Ticket(element) };
}

const RENEWED = { board: { csrf: "new", ticket: "new", joined: "yes" } };

test("a request with an expired token is sent once more with a new one", async (t) => {
  const { server, ticket } = setUp(t, RENEWED);
  assert.deepEqual(await ticket.send("POST", "/api/cards", {}), { ok: true, id: 1, seq: 1 });
  assert.deepEqual(server.posted, ["old", "new"]);
  assert.equal(ticket.value, "new");
});

test("several requests that fail together fetch one page", async (t) => {
  const { server, ticket } = setUp(t, RENEWED);
  const answers = await Promise.all([1, 2, 3].map(() => ticket.send("POST", "/api/cards", {})));
  assert.ok(answers.every(({ ok }) => ok));
  assert.equal(server.fetched, 1);
});

test("a renewal that failed a moment ago is put off", async (t) => {
  const { time, server, ticket } = setUp(t, null);
  assert.equal(await ticket.renew(), "later");
  assert.equal(await ticket.renew(), "later");
  assert.equal(server.fetched, 1);
  server.page = RENEWED;
  await time.advance(10_000);
  assert.equal(await ticket.renew(), "renewed");
});

test("a page that answers for another visitor means that this device is no longer part of the meeting", async (t) => {
  const { ticket } = setUp(t, { board: { csrf: "new", ticket: "", joined: "" } });
  assert.equal(await ticket.renew(), "gone");
  assert.equal(ticket.value, "old");
});

test("the page of a closed meeting says closed", async (t) => {
  assert.equal(await setUp(t, { late: {} }).ticket.renew(), "closed");
});

test("a refused page is told apart from a busy and a broken server", async (t) => {
  for (const [status, outcome] of [
    [401, "gone"],
    [404, "gone"],
    [429, "later"],
    [503, "later"],
  ]) {
    const { server, time, ticket } = setUp(t, status);
    assert.equal(await ticket.renew(), outcome, `status ${status}`);
    assert.equal(server.fetched, 1);
    await time.advance(0);
    t.mock.restoreAll();
  }
});
