// From a press to the answer: who acts, the form, the request, and what came of it beside what was pressed.

import { newKey, post } from "./api.js";
import { ask } from "./forms.js";
import { me, remember } from "./me.js";
import { button, byId, el } from "./tools.js";
import { VERBS, verbsOf } from "./verbs.js";

const SAID_MS = 30_000;

export class Acting {
  #address;
  #state; // gives the report
  #offered; // promises what can be chosen from
  #took;
  #keys = new Map(); // of presses whose fate is unknown
  #busy = new Set();

  /** @param took takes the report that came with an answer. */
  constructor(address, state, offered, took) {
    this.#address = address;
    this.#state = state;
    this.#offered = offered;
    this.#took = took;
    document.addEventListener("click", (event) => {
      const pressed = event.target.closest("[data-do]");
      if (pressed) this.press(pressed);
    });
  }

  press(pressed) {
    const { do: verb, ...data } = pressed.dataset;
    if (verb === "more") return this.menu();
    const place = pressed.closest("dialog") ? "acts" : pressed.closest("section[id]")?.id ?? "acts";
    this.#act(verb, data, place);
  }

  menu() {
    const report = this.#state();
    if (!report) return;
    const dialog = byId("dialog");
    dialog.replaceChildren(el("form", { method: "dialog" },
      el("h2", { id: "dialog-title" }, "What you can do"),
      el("div", { class: "menu" }, verbsOf(report.status).all.map(([verb, label]) => button(label, verb))),
      el("p", { class: "row" }, el("button", { class: "small" }, "Cancel"))));
    dialog.showModal();
  }

  async #act(verb, data, place) {
    byId("dialog").close();
    const offered = await this.#offered; // with it comes who is looking
    if (!me()) return this.#whoAreYou(offered, () => this.#act(verb, data, place));
    const report = this.#state();
    const take = verb === "take";
    const wanted = take ? { title: "Take", fixed: { role: data.role } } : VERBS[verb](report, data, offered);
    const path = `${this.#address}/${take ? "role" : verb}`;
    const send = (values, key) => post(path, { ...values, ...wanted.fixed, by: me() }, key);
    const done = (outcome) => this.#told(place, outcome);
    if (wanted.fields) ask({ ...wanted, send, done });
    else this.#atOnce(path + JSON.stringify(wanted.fixed ?? {}) + me(), send, done);
  }

  async #atOnce(press, send, done) {
    if (this.#busy.has(press)) return;
    this.#busy.add(press);
    const key = this.#keys.get(press) ?? newKey();
    this.#keys.set(press, key);
    const outcome = await send({}, key);
    this.#busy.delete(press);
    if (!outcome.again) this.#keys.delete(press);
    done(outcome);
  }

  #whoAreYou(offered, then) {
    ask({
      title: "Who are you?", note: "What you do is recorded under this name. This browser remembers it.", go: "That is me",
      fields: [{ name: "me", label: "I am", kind: "select", required: true, options: offered.people.map(({ id, name }) => [id, name]) }],
      send: async ({ me: id }) => { remember(id); return { ok: true }; },
      done: then,
    });
  }

  #told(place, outcome) {
    if (outcome.report) this.#took(outcome.report);
    const line = el("p", { class: `said ${outcome.ok ? "" : "refused"}`, role: outcome.ok ? "status" : "alert" }, outcome.text || "Done.");
    document.querySelector(`.said-at[data-place="${place}"]`)?.replaceChildren(line);
    setTimeout(() => line.remove(), SAID_MS);
  }
}
