// What Midwatch goes by, and what is wrong with it.

import { choices } from "./api.js";
import { closeOnOutside } from "./forms.js";
import { offer, onKey } from "./me.js";
import { graph } from "./configuration_graph.js";
import * as parts from "./configuration_parts.js";
import { get } from "./oncall_api.js";
import { byId, cap, el, show } from "./tools.js";

const AGAIN_MS = 10_000;
let now = null; // how it stands
let level = "all";
let drawn = ""; // the services and their states, as they were drawn

function shown() {
  const word = byId("find").value.trim().toLowerCase();
  const text = (one) => [one.rule, one.message, one.mend, one.place.join("."), one.spot ? `${one.spot.file}:${one.spot.line}` : ""].join(" ").toLowerCase();
  return now.findings.filter((one) => (level === "all" || one.level === level) && text(one).includes(word));
}

function drawFindings() {
  if (!now) return;
  const errors = now.findings.filter((one) => one.level === "error").length;
  byId("findings").hidden = false;
  byId("find").hidden = byId("levels").hidden = !now.findings.length;
  byId("counts").replaceChildren(now.refused_at ? "in what is in force; their lines are told once the change is mended" : "in what is in force");
  show(byId("levels"), ...parts.levels(now.findings, level));
  show(byId("files"), parts.files(shown(), now.findings));
  document.title = now.refused_at ? "Change refused · Midwatch" : errors ? `${errors} to mend · Midwatch` : "Configuration · Midwatch";
}

function drawServices() {
  const { services, teams } = now.organisation;
  const known = JSON.stringify([services, services.map(({ id }) => parts.state(now, "services", id))]);
  if (known === drawn) return; // whoever is about to press a service must not lose it
  drawn = known;
  const names = new Map(teams.map(({ id, name }) => [id, name]));
  const picture = graph(services, (id) => parts.state(now, "services", id), ({ team }) => names.get(team) ?? "");
  byId("services").replaceChildren(
    cap("Services", el("span", { class: "count" }, picture ? "an arrow leads to what is needed" : String(services.length))),
    ...(picture ? [el("div", { class: "card drawing", tabindex: "0", role: "group", "aria-label": "Drawn services" }, picture)] : []),
    parts.services(now));
}

function draw() {
  show(byId("standing"), ...parts.standing(now));
  drawFindings();
  drawServices();
  show(byId("teams"), parts.teams(now) ?? []);
  show(byId("ladders"), parts.ladders(now));
}

let timer;
async function follow() {
  clearTimeout(timer);
  const found = await get("/api/v1/configuration");
  if (found) {
    now = found;
    draw();
  }
  timer = setTimeout(follow, document.hidden ? 6 * AGAIN_MS : AGAIN_MS);
}

function choose(next) {
  level = next;
  drawFindings();
}

function move(step) {
  const all = [...document.querySelectorAll(".finding")];
  const place = all.indexOf(document.activeElement);
  all[place < 0 ? 0 : Math.max(0, Math.min(all.length - 1, place + step))]?.focus();
}

byId("levels").onclick = ({ target }) => {
  const chip = target.closest("[data-level]");
  if (chip) choose(chip.dataset.level);
};
byId("find").oninput = drawFindings;
byId("find").addEventListener("keydown", (event) => event.key === "Escape" && event.target.blur());
onKey({
  "/": () => byId("find").focus(), e: () => choose(level === "error" ? "all" : "error"), j: () => move(1), k: () => move(-1), u: () => location.assign("/"),
});
closeOnOutside();
choices().then(({ people }) => offer(people));
document.addEventListener("visibilitychange", () => document.hidden || follow());
follow().then(() => location.hash && document.getElementById(location.hash.slice(1))?.scrollIntoView());
