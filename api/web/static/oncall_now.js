// Who is on call at a moment, and whom each service's ladder would page.

import { due, now, since } from "./clock.js";
import { me } from "./me.js";
import { colourOf } from "./oncall_colours.js";
import { OURS, moment, span, zoneName } from "./oncall_zone.js";
import { button, cap, el, icon, saidAt, tag, upper } from "./tools.js";

const HOUR = 3_600_000;
const LONG = 100 * 24 * HOUR;
const FEW = 12; // what a screen or two hold; the rest is a press or a word in the search away

/** A person, in their colour. */
export const who = (person) => el("span", { class: `person ${colourOf(person.id)}` }, el("i"), person.name, person.id === me() ? tag("you", "drill") : null);
const nobody = () => el("span", { class: "person none" }, icon("warn"), "Nobody");
export const clock = (at) => `${moment(OURS, at)} ${zoneName(OURS, at)}`;

/** The first few of them, and the press that shows the rest. */
function few(rows, all, what) {
  return all || rows.length <= FEW ? [rows, null] : [rows.slice(0, FEW), el("p", { class: "rest" }, button(`Show all ${rows.length} ${what}`, "all"))];
}

/** Why, without the end that stands beside it. */
const reason = (why) => why.replace(/, until [^,:]*\d\d:\d\d[^,:]*$/, "");

/** Until when, and how long that is. Where nobody follows, the end is only as far as anybody looked. */
function lasting({ person, since: began, until, next }, asked) {
  if (!next) return el("p", { class: "until" }, person ? "with no end in sight" : "and nobody is to follow");
  const recent = person && now() - Date.parse(began) < LONG;
  return [
    el("p", { class: "until" }, person ? "until " : "somebody again ", el("strong", {}, clock(until))),
    asked ? null : el("p", { class: "left" }, due(until, person ? HOUR : 0), el("span", { class: "dim" }, " left", recent ? [", on duty for ", since(began)] : null)),
  ];
}

function card(line, asked) {
  const { schedule, person, next } = line;
  return el("li", { class: `duty card${person ? "" : " uncovered"}`, "data-key": `duty-${schedule.id}` },
    el("h3", {}, el("a", { href: `#schedule-${schedule.id}` }, schedule.name), line.override ? tag("override", "soon") : null),
    el("p", { class: "holder" }, person ? who(person) : nobody()),
    lasting(line, asked),
    person && line.why ? el("p", { class: "dim why" }, upper(reason(line.why))) : null,
    el("p", { class: "then" }, el("span", { class: "dim" }, "then "), next ? (next.person ? who(next.person) : nobody()) : el("span", { class: "dim" }, "nobody else"),
      Date.parse(line.until) > now() ? button("Take over…", "take", { schedule: schedule.id }) : null),
    saidAt(`duty-${schedule.id}`));
}

/** The cards: first where nobody is, then where the reader is. */
export function duties(board, matches, all) {
  const order = (line) => (!line.person ? 0 : line.person.id === me() ? 1 : 2);
  const shown = board.schedules
    .filter((line) => matches(line.schedule.name, line.person?.name))
    .sort((one, other) => order(one) - order(other) || one.schedule.name.localeCompare(other.schedule.name));
  const [rows, rest] = few(shown, all, "schedules");
  const title = board.asked ? `On call at ${clock(board.at)}` : "On call now";
  const none = board.schedules.length
    ? el("p", { class: "dim" }, "No schedule fits what you look for.")
    : el("div", { class: "card empty" }, el("p", {}, el("strong", {}, "There is no schedule.")),
      el("p", { class: "dim" }, "The ladders below name people themselves, who are paged at any hour. Schedules are a section of the configuration: ", el("code", {}, "schedules"), "."));
  return [cap(title, el("span", { class: "count" }, shown.length ? String(shown.length) : "")), rows.length ? el("ul", { class: "duties" }, rows.map((line) => card(line, board.asked))) : none, rest];
}

function rung(one, place, most) {
  const people = one.people.map(({ person, schedule }) => el("li", {}, who(person), schedule ? el("small", { class: "dim" }, schedule.name) : null));
  const missing = one.unfilled.map((schedule) => el("li", {}, nobody(), el("small", { class: "dim" }, schedule.name)));
  const only = one.severities.length < most ? tag(`only ${one.severities.join(", ")}`) : null;
  return el("li", { class: `step${one.people.length ? "" : " uncovered"}` },
    el("p", { class: "step-name" }, el("b", {}, String(place + 1)), el("span", {}, upper(one.name)), only),
    people.length || missing.length ? el("ul", { class: "on-step" }, people, missing) : el("p", {}, nobody()));
}

/** Per service, its whole ladder. Services that page the same people stand together. */
export function ladders(board, matches, all) {
  const most = Math.max(0, ...board.services.flatMap(({ rungs }) => rungs.map(({ severities }) => severities.length)));
  const groups = new Map();
  for (const line of board.services) {
    if (!matches(line.service.name, line.team?.name, ...line.rungs.flatMap((one) => one.people.map(({ person }) => person.name)))) continue;
    const same = JSON.stringify(line.rungs);
    groups.set(same, [...(groups.get(same) ?? []), line]);
  }
  const [shown, rest] = few([...groups.values()], all, "ladders");
  const rows = shown.map((lines) => el("li", { class: "climb card", "data-key": `climb-${lines[0].service.id}` },
    el("div", { class: "of" },
      el("h3", {}, lines.map(({ service }) => el("span", {}, service.name))),
      el("p", { class: "dim" }, [...new Set(lines.map(({ team }) => team?.name).filter(Boolean))].join(", ") || "no team", `, ladder ${lines[0].ladder}`)),
    el("ol", { class: "steps" }, lines[0].rungs.map((one, place) => rung(one, place, most)))));
  return [
    cap(board.asked ? "Who would have been paged, or will be" : "Who would be paged now", el("span", { class: "count" }, "rung by rung, if nobody acknowledges")),
    rows.length ? el("ul", { class: "climbs" }, rows) : el("p", { class: "dim" }, "No service fits what you look for."),
    rest,
  ];
}

/** What is told of a shift by pointing at it. */
export function told(shift, zone) {
  const line = (...content) => el("p", {}, ...content);
  return [
    line(el("strong", {}, shift.person?.name ?? "Nobody"), shift.cut ? "" : el("span", { class: "dim" }, `  ${length(shift.ends - shift.begins)}`)),
    line(shift.from),
    zone === OURS ? null : el("p", { class: "dim" }, `yours: ${span(OURS, shift.begins, shift.ends)}`),
    shift.why && shift.person ? el("p", { class: "dim" }, upper(reason(shift.why))) : null,
    shift.reason ? el("p", {}, `“${shift.reason}”`) : null,
  ].filter(Boolean);
}

function length(ms) {
  const hours = Math.round(ms / 360_000) / 10;
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 2.4) / 10} days`;
}
