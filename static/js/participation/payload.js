// What a written card is sent as.

/**
 * @typedef {{uuid: string, text: string, area: string, kind: string, stands?: string, stage?: number}} Thought
 *   what was written, as the page's fields have it, and the stage in which it was begun
 */

/** The card as the contract wants it. @param {Thought} thought */
export function cardPayload({ uuid, text, area, kind, stands, stage }) {
  const payload = { uuid, text };
  if (area) payload.area = Number(area);
  if (kind) payload.kind = kind;
  if (stage) payload.stage = stage;
  if (Number(stands) > 1) payload.stands_for = Number(stands);
  return payload;
}
