// Moments, ages and countdowns, by the server's clock.

import { el } from "./tools.js";

let ahead = 0; // milliseconds by which the server's clock is ahead of ours

export const now = () => Date.now() + ahead;

/** Learn the server's time from an answer that was asked for at `asked`. */
export function setBy(answer, asked) {
  const told = Date.parse(answer.headers.get("Date") ?? "");
  if (Number.isNaN(told)) return;
  const found = told + 500 - (asked + Date.now()) / 2;
  // The header counts whole seconds: a smaller difference is its own.
  ahead = Math.abs(found) < 1500 ? 0 : found;
}

const two = (number) => String(number).padStart(2, "0");

/** A length of time as one reads it at a glance: 4:09, 1:02:03, 3d 4h. */
export function length(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const [d, h, m, s] = [Math.floor(seconds / 86400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60];
  if (d) return `${d}d ${h}h`;
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

const DAY = 86_400_000;
const format = (options) => new Intl.DateTimeFormat("en-GB", { hourCycle: "h23", ...options });
const TIME = format({ hour: "2-digit", minute: "2-digit", second: "2-digit" });
const ZONED = format({ hour: "2-digit", minute: "2-digit", second: "2-digit", timeZoneName: "short" });
const DATED = format({ day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", timeZoneName: "short" });
const DATE = format({ weekday: "long", day: "numeric", month: "long", year: "numeric" });
const UTC = (at) => `${new Date(at).toISOString().slice(0, 19).replace("T", " ")} UTC`;

/** A day, with the zone in which it is one. */
export function dayOf(at) {
  const zone = ZONED.formatToParts(new Date(at)).find((part) => part.type === "timeZoneName").value;
  return `${DATE.format(new Date(at))}, ${zone}`;
}

/** A moment: in the reader's zone, with the date if it is not near, and in UTC when one points at it. */
export function when(at, { zone = true } = {}) {
  const near = Math.abs(new Date(at) - now()) < DAY / 2;
  const text = !zone ? TIME.format(new Date(at)) : (near ? ZONED : DATED).format(new Date(at));
  return el("time", { class: "figures", datetime: at, title: UTC(at) }, text);
}

/** How long ago it was, ticking. */
export const since = (at) => paint(el("time", { class: "figures", datetime: at, title: UTC(at), "data-since": at }));

/** How long until then, ticking; amber when less than `soon` is left, red once it is late. */
export const due = (at, soon = 120_000) =>
  paint(el("time", { class: "figures due", datetime: at, title: UTC(at), "data-due": at, "data-soon": soon }));

function paint(node) {
  if (node.dataset.since) {
    set(node, length(now() - new Date(node.dataset.since)));
    return node;
  }
  const left = new Date(node.dataset.due) - now();
  const state = left < 0 ? "late" : left < Number(node.dataset.soon) ? "soon" : "ahead";
  if (node.dataset.state !== state) node.dataset.state = state;
  // Rounded up, so that nothing stands at zero before it is due.
  set(node, left < 0 ? `${length(-left)} late` : length(left + 999));
  return node;
}

function set(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function tick() {
  document.querySelectorAll("[data-since], [data-due]").forEach(paint);
  // On the second of the clock that is counted by, so that all of them move together.
  setTimeout(tick, 1000 - (((now() % 1000) + 1000) % 1000));
}

tick();
