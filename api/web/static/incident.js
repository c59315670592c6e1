// One incident, live.

import { Acting } from "./acting.js";
import { aftermath, closing } from "./aftermath.js";
import { choices } from "./api.js";
import { now } from "./clock.js";
import { closeOnOutside } from "./forms.js";
import { acts, deadlines, head, notices } from "./head.js";
import { ladder } from "./ladder.js";
import { living } from "./living.js";
import { offer, onKey, tellLink } from "./me.js";
import { people, room } from "./people.js";
import { announcements, checkpoints, decisions, hypotheses, mitigations, updates } from "./records.js";
import { Stream } from "./stream.js";
import * as timeline from "./timeline.js";
import { byId, el, show } from "./tools.js";

const PARTS = { head, notices, acts, closing, aftermath, living, ladder, checkpoints, hypotheses, decisions, mitigations, announcements, updates, deadlines, people, room };
const UNRESOLVED = ["detected", "triaged", "responding", "mitigated"];
const UNTIL_CLOSED = ["living", "people", "decisions", "updates"]; // what goes on after the resolution

const address = `/api/v1/incidents/${encodeURIComponent(byId("main").dataset.incident)}`;
const begun = now();
let latest = null; // report
const waiting = []; // entries that came since the last frame
let asked = false;
let away = false; // the database

function draw() {
  asked = false;
  const report = latest;
  if (waiting.length) timeline.add(waiting.splice(0), begun - 5_000);
  if (!report) return;
  document.title = `${report.severity} ${report.title} · Midwatch`;
  const open = UNRESOLVED.includes(report.status);
  for (const [id, part] of Object.entries(PARTS)) {
    const nodes = id === "notices" ? notices(report, away) : part(report, open || (report.status === "resolved" && UNTIL_CLOSED.includes(id)));
    byId(id).hidden = nodes === null;
    show(byId(id), nodes ?? []);
  }
}

/** Draw at the next frame, once for all that has come until then. */
function drawSoon() {
  if (asked) return;
  asked = true;
  requestAnimationFrame(draw);
}

function take(report) {
  latest = report;
  drawSoon();
}

function hear(event, data) {
  if (event === "incident") take(data);
  else if (event === "database") {
    if (away && !data.away) stream.again();
    away = data.away;
    drawSoon();
  }
  else if (event === "timeline") {
    waiting.push(data);
    drawSoon();
  }
}

function tell(how, why) {
  tellLink(how, why);
  if (how === "unknown") {
    byId("head").replaceChildren(el("h1", {}, "There is no such incident"), el("p", {}, el("a", { href: "/" }, "All incidents")));
    document.querySelector(".columns").hidden = true;
  }
}

const offered = choices();
const acting = new Acting(address, () => latest, offered, take);
timeline.begin();
onKey({ a: () => acting.menu(), n: timeline.turn, u: () => location.assign("/") });
closeOnOutside();
offered.then(({ people: known }) => {
  offer(known);
  byId("me").addEventListener("change", drawSoon);
  drawSoon();
});
const stream = new Stream(`${address}/stream`, hear, tell);
stream.follow(() => latest?.status === "closed");
