// Who is on call: now or at a moment, and in the weeks around it.

import { choices } from "./api.js";
import { now } from "./clock.js";
import { closeOnOutside } from "./forms.js";
import { me, offer, onKey } from "./me.js";
import { get } from "./oncall_api.js";
import { giveColours } from "./oncall_colours.js";
import { askMoment, callOff, override, say } from "./oncall_forms.js";
import { mine, own } from "./oncall_mine.js";
import { duties, ladders } from "./oncall_now.js";
import { answer, offers } from "./oncall_offers.js";
import * as schedules from "./oncall_schedules.js";
import { OURS, moment, zoneName } from "./oncall_zone.js";
import { byId, el, show } from "./tools.js";

const AGAIN_MS = 15_000;
const CLOCK = "midwatch.clock";
const SPANS = [1, 2, 4];

const asked = new URLSearchParams(location.search);
const chosen = (name, known, otherwise) => (known.includes(Number(asked.get(name))) ? Number(asked.get(name)) : otherwise);
const state = {
  at: Date.parse(asked.get("at") ?? "") || null,
  shift: Math.trunc(Number(asked.get("from"))) || 0,
  weeks: chosen("weeks", SPANS, innerWidth < 700 ? 1 : 2),
  ours: localStorage.getItem(CLOCK) === "ours",
};
let board = null;
let lines = [];
let duty = null; // the reader's own
let people = [];
let all = false; // of many schedules and services, the first few are enough for most

const words = () => byId("find").value.trim().toLowerCase();
const matches = (...texts) => !words() || texts.some((text) => text?.toLowerCase().includes(words()));

function draw() {
  if (!board) return;
  show(byId("elsewhen"), state.at ? elsewhen() : []);
  show(byId("mine"), ...mine(board, duty));
  show(byId("now"), ...duties(board, matches, all));
  show(byId("ladders"), ...ladders(board, matches, all));
  schedules.list(lines, matches);
}

function elsewhen() {
  const back = el("button", { type: "button", class: "small", id: "back" }, "Back to now");
  back.onclick = () => go({ at: null, shift: 0 });
  return el("p", { class: "notice asked", role: "status" }, el("span", {}, "You are looking at ", el("strong", {}, `${moment(OURS, state.at)} ${zoneName(OURS, state.at)}`), ", not at now."), back);
}

let drawing = 0;
let known = ""; // who was on call when last looked
async function look() {
  const turn = ++drawing;
  const at = state.at ? `?at=${new Date(state.at).toISOString()}` : "";
  const [found, listed, held] = await Promise.all([get(`/api/v1/on-call${at}`), get("/api/v1/schedules"), own()]);
  if (turn !== drawing || !found || !listed) return;
  const told = JSON.stringify(found.schedules);
  if (known && known !== told) schedules.refresh(); // somebody else stands in, or a duty has ended
  known = told;
  board = { ...found, asked: state.at !== null };
  lines = listed;
  duty = held;
  draw();
}

let timer;
/** Look now, and then again and again: at the latest when somebody's duty ends. */
async function follow() {
  clearTimeout(timer);
  await Promise.all([look(), offers(byId("offers"))]);
  const ends = (board?.schedules ?? []).map(({ until }) => Date.parse(until) - now() + 500).filter((left) => left > 0);
  timer = setTimeout(follow, document.hidden ? 60_000 : Math.min(AGAIN_MS, ...ends));
}

/** Show something else, under an address that shows it again. */
function go(next) {
  Object.assign(state, next);
  const query = new URLSearchParams();
  if (state.at) query.set("at", new Date(state.at).toISOString());
  if (state.shift) query.set("from", state.shift);
  if (asked.has("weeks") || "weeks" in next) query.set("weeks", state.weeks);
  history.replaceState(null, "", `${location.pathname}${query.size ? `?${query}` : ""}${location.hash}`);
  steer();
  schedules.turn(state);
  if ("at" in next) follow();
}

function steer() {
  for (const button of byId("span").children) button.setAttribute("aria-pressed", Number(button.dataset.weeks) === state.weeks);
  for (const button of byId("clock").children) button.setAttribute("aria-pressed", (button.dataset.clock === "ours") === state.ours);
  byId("today").textContent = state.at ? "That week" : "This week";
  byId("today").setAttribute("aria-pressed", state.shift === 0);
}

function setClock(ours) {
  localStorage.setItem(CLOCK, ours ? "ours" : "theirs");
  go({ ours });
}

const done = (place) => (outcome) => {
  say(place, outcome);
  changed();
};

function changed() {
  follow();
  schedules.refresh();
}

const stand = (schedule, shift) => override(schedule, people, done(schedule.id), shift);

function take(id) {
  const duty = board.schedules.find(({ schedule }) => schedule.id === id);
  const ends = Date.parse(duty.until);
  // Somebody who is on call for months is not relieved for months by one press.
  const shift = { person: duty.person, begins: Math.max(now(), state.at ?? 0), ends: Math.min(ends, now() + 7 * 86_400_000) };
  override(schedules.lineOf(id), people, done(`duty-${id}`), shift, me());
}

const ACTS = {
  take: ({ schedule }) => take(schedule),
  override: ({ schedule }) => stand(schedules.lineOf(schedule)),
  all: () => { all = true; draw(); },
  accept: ({ offer }) => answer(offer, "accept", changed),
  decline: ({ offer }) => answer(offer, "decline", changed),
  "call-off": ({ schedule, number }) => stop(schedules.lineOf(schedule), Number(number)),
  copy: ({ url, schedule }, pressed) => navigator.clipboard.writeText(url).then(
    () => { pressed.textContent = "Copied"; },
    () => say(schedule ?? "page", { ok: false, text: `The browser does not allow it. This is the address: ${url}` })),
};

function stop(schedule, number) {
  const standIn = schedules.standIn(schedule.id, number);
  if (standIn && standIn.ends > now()) callOff(schedule, standIn, people, done(schedule.id));
}

document.addEventListener("click", (event) => {
  const pressed = event.target.closest("[data-do]");
  const { do: act, ...data } = pressed?.dataset ?? {};
  if (ACTS[act]) ACTS[act](data, pressed);
});
byId("span").replaceChildren(...SPANS.map((weeks) => el("button", { type: "button", class: "small", "data-weeks": weeks }, weeks === 1 ? "1 week" : `${weeks} weeks`)));
byId("span").onclick = ({ target }) => target.dataset.weeks && go({ weeks: Number(target.dataset.weeks) });
byId("clock").onclick = ({ target }) => target.dataset.clock && setClock(target.dataset.clock === "ours");
const turn = (by) => go({ shift: by ? state.shift + by : 0 });
byId("before").onclick = () => turn(-1);
byId("today").onclick = () => turn(0);
byId("after").onclick = () => turn(1);
const another = () => askMoment(state.at ?? now(), (at) => go({ at, shift: 0 }));
byId("moment").onclick = another;
byId("find").oninput = draw;
onKey({
  p: () => turn(-1), n: () => turn(1), t: () => turn(0), w: () => go({ weeks: state.weeks === 2 ? 4 : 2 }), z: () => setClock(!state.ours),
  m: another, "/": () => byId("find").focus(), u: () => location.assign("/"),
});
byId("find").addEventListener("keydown", (event) => event.key === "Escape" && event.target.blur());
closeOnOutside();
schedules.begin({
  override: (schedule, shift) => (shift.ends > now() ? stand(schedule, shift) : null),
  callOff: (schedule, shift) => stop(schedule, shift.id),
}, get);
schedules.turn(state);
steer();
choices().then(({ people: known }) => {
  people = known;
  offer(known);
  giveColours(known.map(({ id }) => id));
  byId("me").addEventListener("change", () => { draw(); schedules.redraw(); follow(); });
  schedules.redraw();
  follow();
});
document.addEventListener("visibilitychange", () => document.hidden || follow());
setInterval(schedules.refresh, 60_000);
follow().then(() => location.hash && document.getElementById(location.hash.slice(1))?.scrollIntoView());
