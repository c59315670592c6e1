// Who is looking, remembered by the browser, and what the bar at the top holds.

import { byId, el } from "./tools.js";

const KEPT = "midwatch.person";
let people = [];

export const me = () => byId("me").value;
export const nameOf = (id) => people.find((person) => person.id === id)?.name ?? id;

export function offer(found) {
  people = found;
  const select = byId("me");
  select.replaceChildren(el("option", { value: "" }, "choose…"), ...people.map(({ id, name }) => el("option", { value: id }, name)));
  select.value = localStorage.getItem(KEPT) ?? "";
  if (select.selectedIndex < 0) select.value = "";
  select.onchange = () => remember(select.value);
}

export function remember(id) {
  byId("me").value = id;
  localStorage.setItem(KEPT, id);
}

const STATES = {
  live: ["Live", ""],
  over: ["Over", ""],
  resting: ["Paused", ""],
  unknown: ["Nothing here", ""],
  broken: ["Reconnecting", "The connection is lost; reconnecting. What is shown may be old."],
};

/** Say how the stream stands. */
export function tellLink(state, why = "") {
  const [word, sentence] = STATES[state];
  byId("link").dataset.state = state;
  if (byId("link-text").textContent !== word) byId("link-text").textContent = word;
  const banner = byId("banner");
  const text = sentence && why ? `${sentence} (${why})` : sentence;
  banner.hidden = !text;
  if (banner.textContent !== text) banner.textContent = text;
}

/** Call this on a key that is pressed where nobody types. */
export function onKey(keys) {
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target.closest("input, textarea, select, dialog")) return;
    const act = { ...keys, "?": () => byId("help").showModal() }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  byId("help-button").onclick = () => byId("help").showModal();
}
