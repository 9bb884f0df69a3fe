// The line to the server for those who lead: known by their sign-in and, where no Origin is sent with long polling,
// by the page's ticket. A ticket that grew old with the page is renewed.
import { connect } from "./client.js";
import { Ticket } from "./ticket.js";

/** After this long another try may be answered. In ms. */
const LATER = 10_000;

/** `connect` for the page whose element *place* carries meeting, ticket, token, number and epoch in its data. */
export function connectStaff(place, { onLink, ...options }) {
  const ticket = new Ticket(place);
  const { meeting, seq, epoch } = place.dataset;
  const client = connect({
    ...options,
    auth: () => ({ meeting: Number(meeting), ticket: ticket.value }),
    seq: Number(seq),
    epoch,
    async onLink(link, code) {
      const renewed = link === "refused" && code === "unauthorized" ? await ticket.renew() : "";
      if (renewed === "renewed") return client.again();
      if (renewed === "later") setTimeout(() => client.again(), LATER * (1 + Math.random()));
      onLink(renewed === "later" ? "off" : link);
    },
  });
  return { ...client, ticket };
}
