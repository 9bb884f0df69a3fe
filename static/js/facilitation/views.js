// What is in the middle: the tables or the wall. And what the room sees, small and true.

/** Let the links of the switch change what is shown without leaving the page; the choice holds for this tablet. */
export function enableViewSwitch(room) {
  const links = [...room.querySelectorAll("[data-view]")];
  const choose = (link) => {
    for (const other of links) {
      const chosen = other === link;
      if (chosen) other.setAttribute("aria-current", "true");
      else other.removeAttribute("aria-current");
      document.getElementById(other.dataset.view).hidden = !chosen;
    }
  };
  for (const link of links) {
    link.addEventListener("click", (event) => {
      if (event.metaKey || event.ctrlKey) return;
      event.preventDefault();
      choose(link);
      sessionStorage.setItem("facilitation-view", link.dataset.view);
      history.replaceState(null, "", link.href);
    });
  }
  const kept = links.find((link) => link.dataset.view === sessionStorage.getItem("facilitation-view"));
  if (kept && !location.search) choose(kept);
}

/** Show the copy of the projector while it is looked at, and let it go again. */
export function enableProjectorPreview(panel, csrf) {
  const frame = panel.querySelector("iframe");
  if (!frame) return;
  panel.addEventListener("toggle", async () => {
    if (!panel.open) {
      frame.removeAttribute("src");
      return;
    }
    // Asked anew each time: the one of before has ended if the hall got another link meanwhile.
    const src = await address(frame.dataset.make, csrf);
    if (src && panel.open) frame.src = src;
  });
}

async function address(make, csrf) {
  try {
    const response = await fetch(make, { method: "POST", headers: { "X-CSRFToken": csrf } });
    return response.ok ? (await response.json()).src : "";
  } catch {
    return "";
  }
}

/** One menu at a time, and Escape closes it. */
export function enableMenus(room) {
  const shut = (except) => {
    for (const menu of room.querySelectorAll("details.menu--over[open]")) {
      if (!menu.contains(except)) menu.open = false;
    }
  };
  room.addEventListener("click", (event) => shut(event.target));
  // What opens at the foot of the side, as the log does, is brought into view.
  room.addEventListener(
    "toggle",
    ({ target }) => {
      if (target.open && target.closest(".facilitation__in")) target.scrollIntoView({ block: "nearest" });
    },
    true,
  );
  room.addEventListener("keydown", (event) => {
    const menu = event.target.closest("details.menu--over[open]");
    if (event.key !== "Escape" || !menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}
