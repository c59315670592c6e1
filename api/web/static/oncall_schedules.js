// Each schedule: its weeks drawn, who stands in, the feeds it reads, and its own feed.

import { now, since } from "./clock.js";
import { told } from "./oncall_now.js";
import { OURS, days, moment, span, zoneName } from "./oncall_zone.js";
import { timeline, tips } from "./oncall_timeline.js";
import { button, byId, el, icon, show, upper } from "./tools.js";

const found = new Map(); // what is known of each schedule: its line, its detail, whether it is near the screen
let view = { shift: 0, weeks: 2, ours: false, at: null };
let press = {};
let ask = () => {};

const zoneOf = (line) => (view.ours ? OURS : line.time_zone);
const daysOf = (line) => days(zoneOf(line), view.at ?? now(), view.shift, view.weeks);

const near = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    const known = found.get(entry.target.dataset.schedule);
    known.near = entry.isIntersecting;
    if (known.near) look(known);
  }
}, { rootMargin: "400px" });

const wide = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const known = found.get(target.closest("[data-schedule]").dataset.schedule);
    if (known.width !== target.clientWidth) draw(known);
  }
});

/** @param done what follows a press on a shift or an override; @param fetched gets a path's JSON. */
export function begin(pressed, fetched) {
  press = pressed;
  ask = fetched;
  tips(byId("schedules"), (shift) => told(shift, shift.zone));
}

/** These schedules, in this order. */
export function list(lines, matches) {
  byId("weeks").hidden = !lines.length;
  for (const line of lines) {
    const known = found.get(line.id) ?? place(line);
    known.line = line;
    known.section.hidden = !matches(line.name, ...line.people.map(({ name }) => name));
  }
  for (const [id, { section }] of found) if (!lines.some((line) => line.id === id)) { section.remove(); found.delete(id); }
}

function place(line) {
  const section = el("section", { class: "card schedule", id: `schedule-${line.id}`, "data-schedule": line.id, "aria-label": line.name },
    el("header", { class: "cap" }), el("div", { class: "said-at", "data-place": line.id }), el("div", { class: "drawing" }), el("div", { class: "beneath" }));
  const known = { line, section, near: false, asked: 0, detail: null, width: 0 };
  found.set(line.id, known);
  byId("schedules").append(section);
  near.observe(section);
  wide.observe(section.querySelector(".drawing"));
  return known;
}

/** Show other weeks, or by another clock. */
export function turn(next) {
  view = { ...view, ...next };
  refresh();
}

/** Ask again for what is near the screen, and for the rest once it is. */
export function refresh() {
  for (const known of found.values()) {
    known.stale = true;
    if (known.near) look(known);
  }
}

/** Draw again what is there: a minute has passed, or somebody said who they are. */
export const redraw = () => found.forEach((known) => known.near && draw(known));

async function look(known) {
  if (known.detail && !known.stale) return draw(known);
  const asked = ++known.asked;
  known.stale = false;
  const shown = daysOf(known.line);
  const [begins, ends] = [shown[0].begins, shown[shown.length - 1].ends].map((at) => new Date(at).toISOString());
  const detail = await ask(`/api/v1/schedules/${encodeURIComponent(known.line.id)}?begins=${begins}&ends=${ends}`);
  if (asked !== known.asked) return; // other weeks are wanted by now
  if (!detail) {
    known.stale = true;
    return;
  }
  known.detail = detail;
  known.days = shown;
  draw(known);
}

function draw(known) {
  const { section, detail, line } = known;
  show(section.querySelector(".cap"), ...header(line));
  if (!detail) return;
  const drawing = section.querySelector(".drawing");
  known.width = drawing.clientWidth;
  if (!known.width) return;
  const zone = zoneOf(line);
  const focused = drawing.contains(document.activeElement) ? document.activeElement.getAttribute("aria-label") : null;
  const marks = [{ at: now(), name: "now", kind: "present" }, ...(view.at ? [{ at: view.at, name: "asked", kind: "asked" }] : [])];
  drawing.replaceChildren(timeline({ label: `${line.name}, drawn`, rows: rows(detail, zone, known), days: known.days, zone, width: known.width, marks }));
  if (focused) [...drawing.querySelectorAll(".bar")].find((bar) => bar.getAttribute("aria-label") === focused)?.focus();
  show(section.querySelector(".beneath"), ...beneath(detail, zone));
}

function header(line) {
  const days = daysOf(line);
  const last = days[days.length - 1];
  return [
    el("h3", {}, line.name),
    el("span", { class: "count" }, `${days[0].date} ${days[0].month === last.month ? "" : days[0].month} – ${last.date} ${last.month}, ${view.ours ? "your clock, " : ""}${zoneOf(line)}`),
    el("a", { class: "go", href: line.feed_url, "aria-label": `Calendar feed of ${line.name}` }, icon("page"), "Calendar"),
    navigator.clipboard ? button("Copy address", "copy", { url: line.feed_url }) : null,
    button("Override…", "override", { schedule: line.id }),
  ];
}

/** As the drawing wants it: in milliseconds, and with its words. */
function prepared(stretch, detail, zone) {
  const shift = { ...stretch, begins: Date.parse(stretch.begins), ends: Date.parse(stretch.ends), zone };
  const [first, last] = [Date.parse(detail.begins), Date.parse(detail.ends)];
  shift.cut = shift.begins <= first || shift.ends >= last;
  // It may have begun before what is shown, and end after it.
  const before = shift.begins <= first && stretch.made_at === undefined;
  const beyond = shift.ends >= last && stretch.made_at === undefined;
  const name = (at) => `${moment(zone, at)} ${zoneName(zone, at)}`;
  shift.from = before && beyond ? "all the time shown" : before ? `until ${name(shift.ends)}` : beyond ? `from ${name(shift.begins)}` : span(zone, shift.begins, shift.ends);
  shift.told = [shift.person?.name ?? "Nobody", shift.from, shift.why, shift.reason].filter(Boolean).join(". ");
  return shift;
}

function rows(detail, zone, known) {
  const ready = (stretches) => stretches.map((stretch) => prepared(stretch, detail, zone));
  const standIns = detail.overrides.map((one) => ({ ...one, override: one.id, why: `arranged by ${one.by.name}` }));
  const layers = detail.layers.map((layer) => ({ name: layer.name, shifts: ready(layer.shifts) }));
  const act = (how) => (shift) => press[how](known.line, shift);
  return [
    { name: "On call", final: true, shifts: ready(detail.shifts), press: act("override") },
    ...(standIns.length ? [{ name: "Overrides", shifts: ready(standIns), press: act("callOff") }] : []),
    ...layers.reverse(), // a later layer counts before an earlier one
  ];
}

function beneath(detail, zone) {
  const coming = detail.overrides.filter((one) => Date.parse(one.ends) > now());
  return [
    detail.complete ? null : el("p", { class: "notice" }, "The database is away: overrides that are over are missing here. Who is on call now is not affected."),
    coming.length ? el("ul", { class: "stand-ins" }, coming.map((one) => el("li", { "data-key": `override-${one.id}` },
      el("span", {}, el("strong", {}, one.person.name), " stands in ", span(zone, Date.parse(one.begins), Date.parse(one.ends)),
        el("span", { class: "dim" }, `${one.reason ? `, “${one.reason}”` : ""}, arranged by ${one.by.name}`)),
      button("Cancel…", "call-off", { schedule: detail.id, number: one.id })))) : null,
    detail.feeds.length ? el("ul", { class: "feeds" }, detail.feeds.map(feed)) : null,
  ];
}

function feed(one) {
  const age = one.fetched_at ? [`calendar ${one.name}, read `, since(one.fetched_at), " ago"] : `calendar ${one.name} was never read`;
  const state = one.stale ? (one.fetched_at ? "soon" : "late") : "good";
  return el("li", { "data-key": `feed-${one.name}` },
    el("span", { class: `tag ${state}` }, age, one.stale && one.fetched_at ? ", stale" : ""),
    one.fault ? el("span", { class: "wrong" }, upper(one.fault)) : null,
    one.unknown.length ? el("span", { class: "warned" }, icon("warn"), `Names nobody of the configuration: ${one.unknown.slice(0, 5).join(", ")}${one.unknown.length > 5 ? ` and ${one.unknown.length - 5} more` : ""}`) : null);
}

/** The override with this number, as its schedule tells it. */
export function standIn(schedule, number) {
  const one = found.get(schedule)?.detail?.overrides.find(({ id }) => id === number);
  return one && { ...one, begins: Date.parse(one.begins), ends: Date.parse(one.ends) };
}

export const lineOf = (schedule) => found.get(schedule)?.line;
