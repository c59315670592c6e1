// What can be done to an incident: each verb with its form, or at once if there is nothing to say.

import { me } from "./me.js";

const text = (name, label, more = {}) => ({ name, label, kind: "area", maximum: 2000, ...more });
const need = (name, label, more = {}) => text(name, label, { required: true, ...more });
const select = (name, label, options, more = {}) => ({ name, label, kind: "select", options: options.map((one) => (Array.isArray(one) ? one : [one, one])), ...more });
const check = (name, label, more = {}) => ({ name, label, kind: "check", ...more });
const persons = (offered) => offered.people.map(({ id, name }) => [id, name]);
const numbered = (list, number) => list.find((one) => one.number === Number(number));

const CONFIDENCE = ["low", "medium", "high"];
const COMPONENT = [["", "as it follows from the severity"], ["degraded_performance", "degraded performance"], ["partial_outage", "partial outage"], ["major_outage", "major outage"], ["operational", "operational"]];

/** By verb, given the report, the button's data and what can be chosen from: what to ask, and how to send it. `fixed`
 * is sent with what was asked; without `fields` nothing is asked. */
export const VERBS = {
  acknowledge: () => ({ title: "Acknowledge" }),
  escalate: (report) => ({
    title: "Escalate", go: "Page the next rung", note: report.ladder ? `The ladder is at: ${report.ladder.rung}.` : null,
    fields: [text("reason", "Why", { rows: 2, maximum: 1000 })],
  }),
  severity: (report, _data, offered) => ({
    title: "Set the severity", go: "Set it", note: "The same severity again confirms it. A worse one calls people at once.",
    fields: [
      select("severity", "Severity", offered.severities.map(({ name, meaning }) => [name, `${name}: ${meaning}`]), { value: report.severity }),
      text("reason", "Why", { rows: 2 }),
      check("data_loss", "Data loss is suspected", { hint: "Makes it the worst severity at once." }),
      check("data_exposure", "Data may be exposed", { hint: "Asks for a security lead." }),
    ],
  }),
  impact: (report) => ({
    title: "Impact now", go: "Record it",
    fields: [
      need("impact", "Who suffers, and how", { value: report.living?.impact || report.impact }),
      select("trend", "It is", ["growing", "steady", "shrinking", "over"], { value: report.living?.trend ?? "steady" }),
      check("customer_impact", "Customers notice it", { value: report.customer_impact }),
    ],
  }),
  role: (report, { role }, offered) => ({
    title: role ? `Who is ${role}?` : "Give a role", go: "Give it", fixed: role ? { role } : {},
    fields: [
      ...(role ? [] : [select("role", "Role", offered.roles, { required: true })]),
      select("person", "Person", persons(offered), { required: true, value: me() || undefined }),
      text("brief", "Brief for whoever takes over", { hint: "Left empty, it is written from the report." }),
    ],
  }),
  checkpoint: (report, { number }) => {
    const open = numbered(report.checkpoints, number) ?? report.checkpoints.find((one) => !one.answered_at && !one.missed);
    return {
      title: open ? `Checkpoint ${open.number}` : "Checkpoint", go: "Answer it", fixed: number ? { number: Number(number) } : {},
      fields: [
        need("known", "What do we know now?"),
        text("next_step", "What is the next step?", { rows: 2 }),
        text("need_people", "Whom do we need?", { rows: 2 }),
        { name: "status_page_current", label: "Is the status page current?", kind: "either", options: [["yes", "Yes"], ["no", "No"]] },
      ],
    };
  },
  hypothesis: (report, { number }) => {
    const known = numbered(report.hypotheses, number);
    if (!known) return { title: "A hypothesis", go: "State it", fields: [need("text", "What do you believe is the cause?"), select("confidence", "How sure?", CONFIDENCE, { value: "low" })] };
    return {
      title: `Hypothesis ${number}`, note: known.text, go: "Record it", fixed: { number: known.number },
      fields: [select("state", "It is", ["open", "confirmed", "refuted"], { value: known.state }), select("confidence", "How sure?", CONFIDENCE, { value: known.confidence })],
    };
  },
  decision: (report, { number }, offered) => {
    const known = numbered(report.decisions, number);
    if (known) return { title: `Result of decision ${number}`, note: known.text, go: "Record it", fixed: { number: known.number }, fields: [need("result", "What came of it?")] };
    return {
      title: "A decision", go: "Log it",
      fields: [need("text", "What was decided?"), need("reason", "Why?", { rows: 2 }), select("owner", "Who does it?", persons(offered), { value: me() || undefined })],
    };
  },
  mitigate: (_report, { number, state }) => number
    ? { title: `Mitigation ${number}`, fixed: { number: Number(number), state } }
    : { title: "A mitigation", go: "Begin it", fields: [need("text", "What is done to end the harm?"), check("high_impact", "It is of high impact itself", { hint: "Waits until the executive allows it." })] },
  authorise: (_report, { number, granted }) => granted === "true"
    ? { title: `Mitigation ${number}`, fixed: { number: Number(number), granted: true } }
    : { title: `Refuse mitigation ${number}`, go: "Refuse it", danger: true, fixed: { number: Number(number), granted: false }, fields: [text("reason", "Why?")] },
  announce: (_report, { number }) => number
    ? { title: `Action ${number}`, fixed: { number: Number(number) } }
    : { title: "Announce an action", go: "Announce it", note: "Tell it before you begin, so that nobody does the same or the opposite.",
      fields: [select("kind", "It is", [["command", "a command against production"], ["investigation", "an investigation"]], { value: "command" }), need("text", "What will you do?")] },
  draft: () => ({
    title: "Draft an update", go: "Draft it", note: "Left empty, the text is filled from the report.",
    fields: [
      select("audience", "For", [["public", "the public: status page"], ["internal", "everybody inside"]], { value: "public" }),
      select("phase", "Phase", [["", "as it is now"], "investigating", "identified", "monitoring", "resolved"], { value: "" }),
      text("text", "Text", { rows: 5 }),
      select("component", "The component is", COMPONENT, { value: "" }),
      { name: "next_update_at", label: "Next update", kind: "time", hint: "Left empty, as the rules say." },
    ],
  }),
  approve: (_report, { number }) => ({ title: `Approve update ${number}`, fixed: { number: Number(number) } }),
  publish: (_report, { number }) => ({ title: `Publish update ${number}`, fixed: { number: Number(number) } }),
  "war-room": () => ({ title: "Open the war room", go: "Open it", fields: [text("reason", "Why now?", { rows: 2 })] }),
  resolve: (report, _data, offered) => ({
    title: "Resolve", go: "Resolve it",
    fields: [
      need("resolution", "What ended it?", { maximum: 4000 }),
      text("cause", "The root cause, in one sentence", { rows: 2, value: report.cause }),
      check("fix_deployed", "The fix is deployed, not only a mitigation"),
      check("metrics_recovering", "The metrics are recovering"),
      select("postmortem_owner", "Who writes the postmortem?", [["", "nobody yet"], ...persons(offered)], { value: report.postmortem_owner?.id ?? "" }),
      { name: "engineer_hours", label: "Hours of work that went into it", kind: "number", value: report.engineer_hours === null ? undefined : String(report.engineer_hours ?? "") },
      check("recurs", "The same cause as an earlier incident"),
    ],
  }),
  confirm: (report, _data, offered) => ({
    title: "Confirm for closing", go: "Confirm",
    fields: [
      check("fix_deployed", "The fix is deployed"),
      check("metrics_recovering", "The metrics are recovering"),
      select("postmortem_owner", "Who writes the postmortem?", [["", "as it is"], ...persons(offered)], { value: "" }),
    ],
  }),
  close: () => ({ title: "Close", go: "Close it", note: "The room closes and the last documents are written.", fields: [] }),
};

const EVERY = [
  ["acknowledge", "Acknowledge", ["unresolved"]], ["escalate", "Escalate", ["unresolved"]], ["severity", "Severity…", ["unresolved"]],
  ["impact", "Impact…", ["unresolved", "resolved"]], ["role", "Give a role…", ["unresolved", "resolved"]], ["checkpoint", "Checkpoint…", ["unresolved"]],
  ["hypothesis", "Hypothesis…", ["unresolved"]], ["decision", "Decision…", ["unresolved", "resolved"]], ["mitigate", "Mitigation…", ["unresolved"]],
  ["announce", "Announce an action…", ["unresolved"]], ["draft", "Update…", ["unresolved", "resolved"]], ["war-room", "War room…", ["unresolved"]],
  ["resolve", "Resolve…", ["unresolved"]], ["confirm", "Confirm…", ["resolved"]], ["close", "Close…", ["resolved"]],
];
const FIRST = {
  detected: ["acknowledge", "escalate"],
  triaged: ["severity", "mitigate", "escalate"],
  responding: ["mitigate", "decision", "escalate", "resolve"],
  mitigated: ["resolve", "draft", "decision"],
  resolved: ["confirm", "draft", "close"],
};
const UNRESOLVED = ["detected", "triaged", "responding", "mitigated"];

/** The verbs that make sense now: those one needs most, and all of them. Whether one is allowed, the API decides. */
export function verbsOf(status) {
  const group = UNRESOLVED.includes(status) ? "unresolved" : status;
  const all = EVERY.filter(([, , groups]) => groups.includes(group)).map(([verb, label]) => [verb, label]);
  const first = (FIRST[status] ?? []).map((verb) => all.find(([known]) => known === verb)).filter(Boolean);
  return { first, all };
}
