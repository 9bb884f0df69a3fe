// The middle of the facilitation screen (tables or wall), its menus, and the preview of the projector.

/** Make the links of the view switch work without leaving the page. The tablet remembers the choice. */
export function enableViewSwitch(screen) {
  const links = [...screen.querySelectorAll("[data-view]")];
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

/** Load the preview of the projector while it is open, and unload it again. */
export function enableProjectorPreview(panel, csrf) {
  const frame = panel.querySelector("iframe");
  if (!frame) return;
  panel.addEventListener("toggle", async () => {
    if (!panel.open) {
      frame.removeAttribute("src");
      return;
    }
    // The address is fetched each time: the last one has ended if the projector got another link meanwhile.
    const src = await fetchPreviewAddress(frame.dataset.make, csrf);
    if (src && panel.open) frame.src = src;
  });
}

async function fetchPreviewAddress(make, csrf) {
  try {
    const response = await fetch(make, { method: "POST", headers: { "X-CSRFToken": csrf } });
    return response.ok ? (await response.json()).src : "";
  } catch {
    return "";
  }
}

/** Keep one menu open at a time, and close it with Escape. */
export function enableMenus(screen) {
  const shut = (except) => {
    for (const menu of screen.querySelectorAll("details.menu--over[open]")) {
      if (!menu.contains(except)) menu.open = false;
    }
  };
  screen.addEventListener("click", (event) => shut(event.target));
  // A part that opens at the foot of the side, such as the log, is scrolled into view.
  screen.addEventListener(
    "toggle",
    ({ target }) => {
      if (target.open && target.closest(".facilitation__in")) target.scrollIntoView({ block: "nearest" });
    },
    true,
  );
  screen.addEventListener("keydown", (event) => {
    const menu = event.target.closest("details.menu--over[open]");
    if (event.key !== "Escape" || !menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}
