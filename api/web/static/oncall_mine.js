// What concerns whoever looks: the gaps first, then their own duty, the next one, and their calendar.

import { due, now } from "./clock.js";
import { me } from "./me.js";
import { get } from "./oncall_api.js";
import { clock } from "./oncall_now.js";
import { button, el, icon } from "./tools.js";

const AHEAD_DAYS = 60;
const HOUR = 3_600_000;

/** When the reader is on call; null as long as nobody says who that is. */
export const own = async () => (me() ? get(`/api/v1/people/${encodeURIComponent(me())}/on-call?days=${AHEAD_DAYS}`) : null);

export function mine(board, duty) {
  const gaps = board.schedules.filter(({ person }) => !person);
  const there = board.asked ? "then" : "now";
  return [
    gaps.length ? el("p", { class: "notice bad", role: "alert" }, icon("warn"), el("span", {}, el("strong", {}, `Nobody is on call ${there}`), ` for ${list(gaps.map((one) => one.schedule.name))}.`)) : null,
    me() ? el("div", { class: "yours" }, icon("bell"), el("p", {}, present(board, there), board.asked || !duty ? null : coming(duty)), duty ? calendar(duty) : null) : null,
  ];
}

function present(board, there) {
  const held = board.schedules.filter(({ person }) => person?.id === me());
  if (!held.length) return `You are not on call ${there}.`;
  return [el("strong", {}, `You are on call ${there}`), ": ", held.map((one, place) => `${place ? ", " : ""}${one.schedule.name}${one.next ? ` until ${clock(one.until)}` : ""}`), "."];
}

function coming({ person, shifts }) {
  const next = person.id === me() ? shifts.find(({ begins }) => Date.parse(begins) > now()) : null;
  if (person.id !== me()) return null; // somebody else looks by now
  return next ? [" Next: ", el("strong", {}, next.schedule.name), ` from ${clock(next.begins)}, in `, due(next.begins, HOUR), "."] : ` Nothing follows in the next ${AHEAD_DAYS} days.`;
}

function calendar({ feed_url: address }) {
  return el("span", { class: "do" }, el("a", { class: "go", href: address }, icon("page"), "Your calendar"),
    navigator.clipboard ? button("Copy address", "copy", { url: address }) : null);
}

/** Two names, or the first and how many more. */
function list(names) {
  if (names.length < 4) return names.join(", ").replace(/, ([^,]*)$/, " and $1");
  return `${names.slice(0, 2).join(", ")} and ${names.length - 2} more`;
}
