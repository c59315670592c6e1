// The timeline: every entry once, in order, newest or oldest first, and only the kinds one asks for.

import { dayOf, when } from "./clock.js";
import { byId, el, icon } from "./tools.js";

const GROUPS = {
  paging: ["Paging", "bell", ["alert", "ladder", "rung", "page", "carrier", "acknowledged", "passed"]],
  status: ["Status", "life", ["opened", "severity", "impact", "status", "resolved", "closed", "reopened"]],
  people: ["People", "person", ["commander", "role", "war room", "asked"]],
  work: ["Work", "flag", ["checkpoint", "hypothesis", "decision", "announcement", "mitigation"]],
  told: ["Updates", "send", ["update"]],
  after: ["Aftermath", "page", ["postmortem", "action item", "review", "document"]],
  fault: ["Faults", "warn", ["fault"]],
};
const GROUP_OF = Object.fromEntries(Object.entries(GROUPS).flatMap(([group, [, , kinds]]) => kinds.map((kind) => [kind, group])));
const SIGNS = { page: "call", acknowledged: "check", passed: "cross", resolved: "check", closed: "check", document: "page" };
const ORDER = "midwatch.newest-first";
const SPOKEN = ["opened", "acknowledged", "severity", "status", "commander", "role", "mitigation", "update", "checkpoint", "resolved", "closed", "fault"];

const entries = new Map(); // sequence → {entry, node}
const counts = {};
let latest = 0;
let only = "";
let newestFirst = localStorage.getItem(ORDER) !== "no";

/** Show further entries; those that happened after `since` are also spoken. */
export function add(fresh, since) {
  let late = false; // one that belongs between those that are shown
  for (const entry of [...fresh].sort((a, b) => a.sequence - b.sequence)) {
    if (entries.has(entry.sequence)) continue;
    const group = GROUP_OF[entry.kind] ?? "status";
    const node = drawn(entry, group);
    entries.set(entry.sequence, { entry, node });
    counts[group] = (counts[group] ?? 0) + 1;
    late ||= entry.sequence < latest;
    latest = Math.max(latest, entry.sequence);
    if (!late) put(entry, node);
    if (SPOKEN.includes(entry.kind) && new Date(entry.at) > since) byId("news").replaceChildren(el("p", {}, entry.text));
  }
  if (late) putAll();
  showFilter();
}

function drawn(entry, group) {
  const node = el("li", { class: `entry of-${group}`, "data-group": group },
    el("span", { class: "sign" }, icon(SIGNS[entry.kind] ?? GROUPS[group][1])),
    when(entry.at, { zone: false }),
    el("span", { class: "kind" }, entry.kind),
    el("p", {}, entry.text));
  node.hidden = Boolean(only) && only !== group;
  return node;
}

/** Into the list of its day, at the end that is the newest. */
function put(entry, node) {
  const box = byId("entries");
  const name = dayOf(entry.at);
  let day = newestFirst ? box.firstElementChild : box.lastElementChild;
  if (day?.dataset.day !== name) {
    day = el("section", { class: "day", "data-day": name }, el("h3", {}, name), el("ol"));
    if (newestFirst) box.prepend(day);
    else box.append(day);
  }
  if (newestFirst) day.lastElementChild.prepend(node);
  else day.lastElementChild.append(node);
}

function showFilter() {
  byId("count").textContent = String(entries.size);
  const chip = (group, label, count) => el("button", { type: "button", class: `chip of-${group}`, "data-only": group, "aria-pressed": String(only === group) }, label, el("span", { class: "count" }, String(count)));
  const chips = [chip("", "All", entries.size), ...Object.entries(GROUPS).filter(([group]) => counts[group]).map(([group, [label]]) => chip(group, label, counts[group]))];
  const box = byId("filter");
  const focused = box.contains(document.activeElement) ? document.activeElement.dataset.only : null;
  box.replaceChildren(...chips);
  if (focused !== null) chips.find((one) => one.dataset.only === focused)?.focus();
}

export function turn() {
  newestFirst = !newestFirst;
  localStorage.setItem(ORDER, newestFirst ? "yes" : "no");
  showOrder();
  putAll();
}

function putAll() {
  byId("entries").replaceChildren();
  [...entries.values()].sort((a, b) => a.entry.sequence - b.entry.sequence).forEach(({ entry, node }) => put(entry, node));
}

function showOrder() {
  byId("order").textContent = newestFirst ? "Newest first" : "Oldest first";
  byId("order").setAttribute("aria-pressed", String(newestFirst));
}

export function begin() {
  showOrder();
  byId("order").onclick = turn;
  byId("filter").onclick = (event) => {
    const chip = event.target.closest("[data-only]");
    if (!chip) return;
    only = chip.dataset.only;
    entries.forEach(({ node }) => { node.hidden = Boolean(only) && only !== node.dataset.group; });
    showFilter();
  };
}
