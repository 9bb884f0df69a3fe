// Texts: what the server will store, and what warns before personal data become a public record.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { cardPayload } from "../../static/js/participation/draft.js";
import { looksPersonal } from "../../static/js/participation/personal.js";
import { fillIn, newUuid, normalizeText } from "../../static/js/web/text.js";

test("a text is normalised as the server does it", () => {
  assert.equal(normalizeText("  Ba\u0308nk\r\nvid a\u030An\r"), "Bänk\nvid ån");
});

test("a uuid is random, also without TLS", () => {
  const [first, second] = [newUuid(), newUuid()];
  assert.match(first, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.notEqual(first, second);
});

test("values are put into words, and unknown names are left", () => {
  assert.equal(fillIn("{n} kort av {all}", { n: 0 }), "0 kort av {all}");
});

test("a card leaves out what was not chosen", () => {
  const entry = { uuid: "u", text: "t", area: "", kind: "", stands: "1", stage: 3, at: 5 };
  assert.deepEqual(cardPayload(entry), { uuid: "u", text: "t", stage: 3 });
  const chosen = { ...entry, area: "2", kind: "risk", stands: "4" };
  assert.deepEqual(cardPayload(chosen), {
    uuid: "u",
    text: "t",
    area: 2,
    kind: "risk",
    stage: 3,
    stands_for: 4,
  });
});

test("addresses, phone numbers and personal numbers are recognised, and other numbers are not", () => {
  // tests/minutes/test_personal_data.py tests the server's rules with the same examples.
  const examples = JSON.parse(readFileSync(new URL("../personal_data.json", import.meta.url), "utf8"));
  for (const text of examples.personal) {
    assert.ok(looksPersonal(text), text);
  }
  for (const text of examples.impersonal) {
    assert.ok(!looksPersonal(text), text);
  }
});
