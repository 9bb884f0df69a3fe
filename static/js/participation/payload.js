// A written card in the form that the contract asks for.
/**
 * @typedef {{uuid: string, text: string, area: string, kind: string, stands?: string, stage?: number}} Thought
 *   a written card: the values of the page's fields, and the stage in which it was begun
 */

/** Return the payload of `card:add`. @param {Thought} thought */
export function cardPayload({ uuid, text, area, kind, stands, stage }) {
  const payload = { uuid, text };
  if (area) payload.area = Number(area);
  if (kind) payload.kind = kind;
  if (stage) payload.stage = stage;
  if (Number(stands) > 1) payload.stands_for = Number(stands);
  return payload;
}
