// Standing in for somebody, and calling it off.

import { now } from "./clock.js";
import { ask } from "./forms.js";
import { me, remember } from "./me.js";
import { send } from "./oncall_api.js";
import { OURS, moment, span, typed, zoneName } from "./oncall_zone.js";
import { byId, el } from "./tools.js";

const SAID_MS = 30_000;
const HOUR = 3_600_000;

const address = (schedule) => `/api/v1/schedules/${encodeURIComponent(schedule.id)}/overrides`;

/** What came of it, where it was asked for. */
export function say(place, outcome) {
  const line = el("p", { class: `said ${outcome.ok ? "" : "refused"}`, role: outcome.ok ? "status" : "alert" }, outcome.text || "Done.");
  const found = document.querySelector(`.said-at[data-place="${CSS.escape(place)}"]`) ?? document.querySelector(".said-at[data-place=page]");
  found.replaceChildren(line);
  setTimeout(() => line.remove(), SAID_MS);
}

/** The times that were typed, as the schedule's clock shows them: whoever stands in may live elsewhere. */
function echo(schedule) {
  if (schedule.time_zone === OURS) return;
  for (const name of ["begins", "ends"]) {
    const field = byId(`field-${name}`);
    const line = el("p", { class: "dim echo" });
    const tell = () => {
      const at = new Date(field.value);
      line.textContent = Number.isNaN(at.valueOf()) ? "" : `By the schedule's clock: ${moment(schedule.time_zone, at)} ${zoneName(schedule.time_zone, at)}`;
    };
    field.after(line);
    field.addEventListener("input", tell);
    tell();
  }
}

/**
 * Have somebody stand in.
 * @param shift whose begin and end are offered; without one the next eight hours.
 */
export function override(schedule, people, done, shift = null, person = undefined) {
  const begins = Math.max(shift?.begins ?? 0, now());
  const ends = Math.max(shift?.ends ?? 0, begins) > begins ? shift.ends : begins + 8 * HOUR;
  const instead = shift?.person ? `${shift.person.name} is on call ${span(OURS, shift.begins, shift.ends)}. ` : shift ? "Nobody is on call then. " : "";
  const taking = person !== undefined;
  ask({
    title: taking ? `Take over ${schedule.name}` : `Override ${schedule.name}`,
    note: `${instead}Whoever stands in is paged in place of whoever would be. Times by your clock, ${zoneName(OURS, begins)}.`,
    go: taking ? "Take over" : "Override",
    fields: [
      { name: "person", label: "Who stands in", kind: "select", required: true, value: person || undefined, options: people.map(({ id, name }) => [id, name]) },
      { name: "begins", label: "From", kind: "time", required: true, value: typed(begins) },
      { name: "ends", label: "Until", kind: "time", required: true, value: typed(ends) },
      { name: "reason", label: "Why", maximum: 200, empty: "" },
      { name: "by", label: "I am", kind: "select", required: true, value: me() || undefined, options: people.map(({ id, name }) => [id, name]) },
      { name: "despite_rest", label: "All the same: nobody else can", kind: "check" },
    ],
    send: async (values, key) => {
      remember(values.by);
      // The field knows minutes only: what is to begin now has begun by then.
      const from = Math.max(Date.parse(values.begins), now());
      // A press after a refusal is another one, though its key is that of the form.
      const outcome = await send("POST", address(schedule), { ...values, begins: new Date(from).toISOString() }, `${key}${values.despite_rest ? "-despite" : ""}`);
      if (outcome.code !== "rest_refused") return outcome;
      despite().hidden = false;
      return { ...outcome, text: outcome.text.replace(/ \(despite_rest[^)]*\)$/, "") };
    },
    done,
  });
  despite().hidden = true; // nobody is offered to break a rule before it stands in their way
  echo(schedule);
}

const despite = () => byId("field-despite_rest").closest(".field");

/** Call an override off, after asking once more. */
export function callOff(schedule, standIn, people, done) {
  ask({
    title: "Cancel this override",
    note: `${standIn.person.name} would no longer stand in, ${span(OURS, standIn.begins, standIn.ends)}.`,
    go: "Cancel the override", danger: true,
    fields: [{ name: "by", label: "I am", kind: "select", required: true, value: me() || undefined, options: people.map(({ id, name }) => [id, name]) }],
    send: async ({ by }, key) => {
      remember(by);
      const outcome = await send("DELETE", `${address(schedule)}/${standIn.id}?by=${encodeURIComponent(by)}`, null, key);
      return { ...outcome, text: outcome.text || "The override is cancelled." };
    },
    done,
  });
}

/** Ask for a moment. */
export function askMoment(at, done) {
  ask({
    title: "Who is on call at another moment?",
    note: `By your clock, ${zoneName(OURS, at)}. The whole page then shows that moment.`,
    go: "Show it",
    fields: [{ name: "at", label: "When", kind: "time", required: true, value: typed(at) }],
    send: async ({ at: chosen }) => ({ ok: true, at: Date.parse(chosen) }),
    done: ({ at: chosen }) => done(chosen),
  });
}
