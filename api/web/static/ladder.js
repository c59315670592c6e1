// The ladder, drawn: its rungs, who is on them, and every attempt to reach somebody.

import { due, length, since, when } from "./clock.js";
import { nameOf } from "./me.js";
import { button, cap, el, icon, saidAt, tag, upper } from "./tools.js";

const PURPOSE = {
  take: "for somebody to take it", rise: "because it got worse", help: "for help: no progress",
  role: "for somebody to take a role", duty: "for what is left undone",
};
const GOOD = ["acknowledged"];
const WORDS = { queued: "waits for the phone", unknown: "fate unknown", left: "on its way", ringing: "rings", answered: "is on the phone", delivered: "delivered" };
const ENDED = ["acknowledged", "passed on", "withdrawn"]; // words that are no failure

export function ladder(report, open) {
  const run = report.ladder;
  const more = open ? button("Escalate…", "escalate") : null;
  if (!run) return [cap("Ladder", more), saidAt("ladder"), el("p", { class: "dim" }, "Nobody has been paged.")];
  const over = run.ended_at !== null;
  return [
    cap("Ladder", tag(over ? "ended" : `round ${run.round}`, over ? "" : "soon"), more),
    saidAt("ladder"),
    el("p", { class: "state" }, over
      ? [upper(run.ended_why), " at ", when(run.ended_at)]
      : [`Paging ${run.role ? `for a ${run.role}` : PURPOSE[run.purpose] ?? ""}`, run.window_ends ? [". Next rung in ", due(run.window_ends, 60_000)] : "."]),
    run.asks ? el("p", {}, run.asks) : null,
    el("ol", { class: "rungs" }, rungsOf(run).map((rung, place) => drawn(rung, place, run, over))),
  ];
}

/** Reports from before rungs were told have only those on which somebody was tried. */
function rungsOf(run) {
  if (run.rungs?.length) return run.rungs;
  const most = Math.max(0, ...run.attempts.map((attempt) => attempt.rung));
  return Array.from({ length: most + 1 }, (_, place) => {
    const people = [...new Set(run.attempts.filter((attempt) => attempt.rung === place).map((attempt) => attempt.person))];
    return { name: `rung ${place + 1}`, people };
  });
}

function drawn(rung, place, run, over) {
  const attempts = run.attempts.filter((attempt) => attempt.rung === place);
  const state = place === run.at ? (over ? "last" : "here") : attempts.length ? "past" : "ahead";
  return el("li", { class: `rung ${state}`, "data-key": `rung-${place}`, "aria-current": state === "here" ? "step" : null },
    el("p", { class: "rung-name" }, el("strong", {}, upper(rung.name)), " ", el("span", { class: "dim" }, rung.people.map(nameOf).join(", ") || "nobody")),
    attempts.length ? el("ol", { class: "attempts" }, attempts.map((attempt) => tried(attempt, run.round > 1, over))) : null);
}

function tried(attempt, rounds, runOver) {
  const over = attempt.state === "ended";
  const waits = !over && !runOver; // a message that was delivered has no end of its own
  const result = over ? attempt.outcome ?? "ended" : WORDS[attempt.state] ?? attempt.state;
  const kind = waits ? "live" : GOOD.includes(attempt.outcome) ? "good" : !over || ENDED.includes(attempt.outcome) ? "" : "bad";
  return el("li", { class: `attempt ${kind}`, "data-key": `attempt-${attempt.id}` },
    icon(attempt.method === "call" ? "call" : "sms"),
    el("span", { class: "who" }, nameOf(attempt.person), el("span", { class: "dim" }, ` ${attempt.method === "call" ? "call" : "text message"}${rounds ? `, round ${attempt.round + 1}` : ""}`)),
    el("span", { class: "result" }, attempt.withdrawing && !over ? "is withdrawn" : result),
    el("span", { class: "took figures", title: steps(attempt) }, waits ? since(attempt.requested_at) : seconds(attempt)),
    attempt.detail || attempt.heard ? el("span", { class: "dim detail" }, attempt.heard ? `heard: “${attempt.heard}”` : attempt.detail) : null);
}

const seconds = ({ requested_at, ended_at }) => (ended_at ? length(new Date(ended_at) - new Date(requested_at)) : "");

/** What one sees by pointing at an attempt: when it came to each state. */
function steps({ requested_at, reached }) {
  return Object.entries(reached)
    .map(([state, at]) => `${state} after ${((new Date(at) - new Date(requested_at)) / 1000).toFixed(1)} s`)
    .join("\n");
}
