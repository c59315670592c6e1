// What responders have recorded: checkpoints, hypotheses, decisions, mitigations, announced actions.

import { due, since, when } from "./clock.js";
import { confidence } from "./living.js";
import { button, cap, el, saidAt, tag } from "./tools.js";

const entry = (kind, one, open, head, ...rest) => el("li", { class: open ? "open" : "", "data-key": `${kind}-${one.number}` },
  el("p", { class: "entry-head" }, el("span", { class: "number" }, String(one.number)), head), rest);
const by = (person, at) => el("p", { class: "dim" }, `${person?.name ?? "nobody"}, `, when(at));
const none = (text) => el("p", { class: "dim" }, text);

const SHOWN = 4; // of each list; the rest is folded away

/** The latest first: what is old is rarely what one looks for. */
function listed(id, title, label, list, drawn, empty, open) {
  const rows = [...list].reverse().map(drawn);
  return [
    cap(title, list.length ? el("span", { class: "count" }, String(list.length)) : null, open && label ? button(label[1], label[0]) : null),
    saidAt(id),
    rows.length ? el("ol", { class: "records" }, rows.slice(0, SHOWN)) : none(empty),
    rows.length > SHOWN ? el("details", {}, el("summary", {}, `${rows.length - SHOWN} earlier`), el("ol", { class: "records" }, rows.slice(SHOWN))) : null,
  ];
}

export function checkpoints(report, open) {
  const isOpen = (one) => !one.answered_at && !one.missed;
  const drawn = (one) => {
    const state = one.missed ? tag("missed", "late") : one.answered_at ? tag("answered", "good") : one.asked_at ? tag("asked", "soon") : tag("next");
    const asked = ([title, text]) => (text ? el("div", {}, el("dt", {}, title), el("dd", {}, text)) : null);
    const said = one.answered_at
      ? el("dl", { class: "answers" }, [["Known", one.known], ["Next step", one.next_step], ["People", one.need_people], ["Status page", one.status_page_current ? "current" : "not current"]].map(asked))
      : null;
    return entry("checkpoint", one, isOpen(one) && open, [state, isOpen(one) && open ? due(one.due_at) : null],
      one.answered_at ? by(one.by, one.answered_at) : el("p", { class: "dim" }, "due at ", when(one.due_at)), said,
      isOpen(one) && open ? el("p", {}, button("Answer the four questions…", "checkpoint", { number: one.number }, one.asked_at ? "small primary" : "small")) : null);
  };
  const missed = report.checkpoints_missed ? `${report.checkpoints_missed} missed so far.` : "";
  const drawnOut = listed("checkpoints", "Checkpoints", null, report.checkpoints, drawn, "None was asked yet.", open);
  return missed ? [...drawnOut.slice(0, 2), el("p", { class: "late" }, missed), ...drawnOut.slice(2)] : drawnOut;
}

export function hypotheses(report, open) {
  const kind = { confirmed: "good", refuted: "off", open: "soon" };
  const drawn = (one) => entry("hypothesis", one, one.state === "open", el("span", { class: one.state === "refuted" ? "struck" : "" }, one.text),
    el("p", { class: "tags" }, tag(one.state, kind[one.state]), confidence(one.confidence), open ? button("Change…", "hypothesis", { number: one.number }) : null),
    by(one.owner, one.at));
  return listed("hypotheses", "Hypotheses", ["hypothesis", "State one…"], report.hypotheses, drawn, "Nobody has said what the cause may be.", open);
}

export function decisions(report, open) {
  const drawn = (one) => entry("decision", one, !one.result, el("span", {}, one.text),
    one.reason ? el("p", {}, el("span", { class: "dim" }, "Because "), one.reason) : null,
    one.result
      ? el("p", {}, el("span", { class: "dim" }, "Result "), one.result)
      : el("p", { class: "tags" }, tag("result missing", "soon"), open ? button("Add the result…", "decision", { number: one.number }) : null),
    by(one.owner, one.at));
  return listed("decisions", "Decisions", ["decision", "Log one…"], report.decisions, drawn, "None was logged.", open);
}

export function mitigations(report, open) {
  const kind = { worked: "good", failed: "off", refused: "off", begun: "soon", "awaiting authorisation": "late" };
  const drawn = (one) => entry("mitigation", one, ["begun", "awaiting authorisation"].includes(one.state), el("span", {}, one.text),
    el("p", { class: "tags" }, tag(one.state, kind[one.state]), one.high_impact ? tag("high impact", "late") : null,
      one.authorised_by ? el("span", { class: "dim" }, `allowed by ${one.authorised_by.name}`) : null,
      open ? mitigating(one) : null),
    by(one.owner, one.changed_at));
  return listed("mitigations", "Mitigations", ["mitigate", "Begin one…"], report.mitigations, drawn, "None has begun.", open);
}

function mitigating({ number, state }) {
  if (state === "begun") return [button("It worked", "mitigate", { number, state: "worked" }), button("It failed", "mitigate", { number, state: "failed" })];
  if (state === "awaiting authorisation") return [button("Allow", "authorise", { number, granted: "true" }), button("Refuse…", "authorise", { number, granted: "false" })];
  return null;
}

export function announcements(report, open) {
  const drawn = (one) => entry("announcement", one, !one.ended_at, el("span", {}, one.text),
    el("p", { class: "tags" }, tag(one.kind), one.ended_at ? tag("over") : [tag("going on", "soon"), el("span", { class: "dim" }, since(one.at))],
      one.same_as ? tag(`same as ${one.same_as}`, "late") : null,
      open && !one.ended_at ? button("It is over", "announce", { number: one.number }) : null),
    by(one.owner, one.at));
  return listed("announcements", "Announced actions", ["announce", "Announce…"], report.announcements, drawn, "Nobody has announced anything.", open);
}

export function updates(report, open) {
  const drawn = (one) => {
    const [state, kind] = one.published_at ? [one.out ? "published" : "being published", "good"] : one.approved_at ? ["approved", "soon"] : ["draft", "soon"];
    const next = open && !one.published_at && (one.approved_at
      ? button("Publish", "publish", { number: one.number }, "small primary")
      : button("Approve", "approve", { number: one.number }, "small primary"));
    const last = one.published_at ? by(one.published_by, one.published_at) : one.approved_at ? by(one.approved_by, one.approved_at) : by(one.drafted_by, one.drafted_at);
    return entry("update", one, !one.published_at, [tag(one.audience, one.audience), tag(one.phase), tag(state, kind), next || null],
      el("blockquote", {}, one.text), one.next_update_at ? el("p", { class: "dim" }, "next at ", when(one.next_update_at)) : null, last);
  };
  return listed("updates", "Updates", ["draft", "Draft one…"], report.updates, drawn, "None was drafted.", open);
}

