// The one dialog, and the small forms in it. What is refused is told in the dialog, and what was typed stays.

import { byId, el } from "./tools.js";
import { newKey } from "./api.js";

const MAKE = {
  text: (field) => el("input", { type: "text", autocomplete: "off", ...common(field) }),
  number: (field) => el("input", { type: "number", step: "any", min: 0, inputmode: "decimal", ...common(field) }),
  time: (field) => el("input", { type: "datetime-local", ...common(field) }),
  area: (field) => {
    const area = el("textarea", { rows: field.rows ?? 3, ...common(field) });
    area.value = field.value ?? "";
    return area;
  },
  select: (field) => {
    const options = field.options.map(([value, label]) => el("option", { value, selected: value === field.value }, label));
    return el("select", common(field), field.required && field.value === undefined ? el("option", { value: "" }, "choose…") : null, options);
  },
};

function common({ name, required, value, maximum }) {
  return { id: `field-${name}`, name, required, value: typeof value === "string" ? value : null, maxlength: maximum ?? null };
}

function shown(field) {
  const wrong = el("p", { class: "wrong", id: `wrong-${field.name}` });
  if (field.kind === "check") {
    const box = el("input", { type: "checkbox", id: `field-${field.name}`, name: field.name, checked: field.value === true });
    return el("div", { class: "field" }, el("label", { class: "choice" }, box, el("span", {}, field.label)), hint(field), wrong);
  }
  if (field.kind === "either") {
    const choice = ([value, label]) => el("label", { class: "choice" }, el("input", { type: "radio", name: field.name, value, required: true }), el("span", {}, label));
    return el("fieldset", { class: "field" }, el("legend", {}, field.label), el("div", { class: "either" }, field.options.map(choice)), wrong);
  }
  const label = el("label", { for: `field-${field.name}` }, field.label, field.required ? null : el("span", { class: "dim" }, " (optional)"));
  return el("div", { class: "field" }, label, hint(field), MAKE[field.kind ?? "text"](field), wrong);
}

const hint = (field) => (field.hint ? el("p", { class: "dim" }, field.hint) : null);

function valueOf(form, field) {
  const control = form.elements[field.name];
  if (field.kind === "check") return control.checked;
  const value = control.value.trim();
  if (field.kind === "either") return value === "yes";
  if (value === "") return field.empty;
  if (field.kind === "number") return Number(value);
  return field.kind === "time" ? new Date(value).toISOString() : value;
}

/**
 * Ask for something.
 * @param form its `title`, `note`, `fields`, the label `go`, `danger`, and `send`, which takes the values and the key
 *   of the request and gives what came of it; `done` takes that, once it was accepted.
 */
export function ask({ title, note, fields, go, danger = false, send, done }) {
  const dialog = byId("dialog");
  const key = newKey(); // one for as long as it is open: pressed twice, it is done once
  const wrong = el("p", { class: "wrong", role: "alert" });
  const submit = el("button", { class: danger ? "danger" : "primary" }, go);
  const cancel = el("button", { type: "button", class: "small" }, "Cancel");
  const form = el("form", {},
    el("h2", { id: "dialog-title" }, title),
    el("div", { class: "fields" }, note ? el("p", { class: "dim" }, note) : null, fields.map(shown)),
    wrong, el("p", { class: "row" }, cancel, submit));
  cancel.onclick = () => dialog.close();
  form.onsubmit = async (event) => {
    event.preventDefault();
    if (submit.getAttribute("aria-busy")) return;
    submit.setAttribute("aria-busy", "true");
    form.querySelectorAll(".wrong").forEach((line) => { line.textContent = ""; });
    form.querySelectorAll("[aria-invalid]").forEach((control) => control.removeAttribute("aria-invalid"));
    const outcome = await send(Object.fromEntries(fields.map((field) => [field.name, valueOf(form, field)])), key);
    submit.removeAttribute("aria-busy");
    if (!form.isConnected || !dialog.open) return done(outcome);
    if (outcome.ok) {
      dialog.close();
      done(outcome);
    } else tell(form, wrong, outcome);
  };
  dialog.replaceChildren(form);
  dialog.showModal();
  (form.querySelector(".field :is(input, textarea, select)") ?? submit).focus();
}

function tell(form, wrong, { text, faults }) {
  const rest = faults.filter(({ path, message }) => {
    const line = form.querySelector(`#wrong-${CSS.escape(path)}`);
    if (!line) return true;
    line.textContent = message;
    form.elements[path].setAttribute?.("aria-invalid", "true");
    return false;
  });
  wrong.textContent = faults.length ? rest.map(({ path, message }) => `${path}: ${message}`).join("; ") : text;
  (form.querySelector("[aria-invalid]") ?? form.querySelector(".row button:last-child")).focus();
}

/** A click beside a dialog closes it, unless somebody has begun to write. */
export function closeOnOutside() {
  for (const dialog of document.querySelectorAll("dialog")) {
    dialog.addEventListener("click", (event) => {
      const written = [...dialog.querySelectorAll("input[type=text], textarea")].some((field) => field.value);
      if (event.target === dialog && !written) dialog.close();
    });
  }
}
