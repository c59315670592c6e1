// The modal that is open before whoever one acts as: its fields, what is wrong with them, and its buttons.

import { blocks, choices, element, textOf } from "./slack_blocks.js";

const KEYS = {
  plain_text_input: "value", email_text_input: "value", url_text_input: "value", number_input: "value",
  static_select: "selected_option", radio_buttons: "selected_option", users_select: "selected_user",
  checkboxes: "selected_options", multi_static_select: "selected_options", multi_users_select: "selected_users",
  datetimepicker: "selected_date_time", datepicker: "selected_date", timepicker: "selected_time",
};
const TYPES = { email_text_input: "email", url_text_input: "url", number_input: "number", datetimepicker: "datetime-local", datepicker: "date", timepicker: "time" };

export class Modal {
  // `hands`: submit(view_id, values), close(view_id), click(view_id, action_id, value).
  constructor(dialog, names, hands) {
    this.dialog = dialog;
    this.names = names;
    this.hands = hands;
    this.record = null;
    // Escape closes it as its button does: by the simulator, which tells the application if it asked.
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      if (this.record) hands.close(this.record.id);
    });
  }

  show(record) {
    const before = this.record;
    this.record = record;
    if (!record) {
      this.dialog.close();
      return;
    }
    if (before?.id !== record.id || before.view.hash !== record.view.hash) {
      const typed = before?.id === record.id ? this.values() : {};
      this.build(record.view);
      this.fill(typed);
    }
    this.complain(record);
    if (!this.dialog.open) this.dialog.showModal();
  }

  build(view) {
    const form = element("form");
    form.noValidate = true;
    this.fields = [];
    const title = element("h2", view.title?.text || "");
    title.id = "modal-title";
    const body = element("div", null, "fields-of");
    const act = (action_id, value) => this.hands.click(view.id, action_id, value);
    body.append(...blocks(view.blocks, this.names, act, (block) => this.field(block, view.state.values)));
    this.trouble = element("p", null, "wrong");
    this.trouble.setAttribute("role", "alert");
    const row = element("div", null, "row");
    const close = element("button", view.close?.text || "Close");
    close.type = "button";
    close.onclick = () => this.hands.close(view.id);
    row.append(close);
    if (view.submit) row.append(element("button", view.submit.text, "primary"));
    form.append(title, body, this.trouble, row);
    form.onsubmit = (event) => {
      event.preventDefault();
      this.hands.submit(view.id, this.values());
    };
    this.dialog.replaceChildren(form);
  }

  field(block, state) {
    const one = block.element;
    const value = state[block.block_id]?.[one.action_id]?.[KEYS[one.type]];
    const grouped = one.type === "radio_buttons" || one.type === "checkboxes";
    const box = element(grouped ? "fieldset" : "div", null, "field");
    const label = element(grouped ? "legend" : "label");
    label.append(...textOf(block.label, this.names).childNodes);
    if (block.optional) label.append(" ", element("small", "(optional)"));
    box.append(label);
    const made = grouped ? this.group(one, value, box) : this.single(one, value, box, label);
    if (block.hint) box.append(textOf(block.hint, this.names, "hint"));
    const wrong = element("p", null, "wrong");
    wrong.id = `wrong-${block.block_id}`;
    box.append(wrong);
    this.fields.push({ block: block.block_id, action: one.action_id, wrong, ...made });
    return box;
  }

  single(one, value, box, label) {
    const several = one.type.startsWith("multi_");
    const isSelect = one.options || one.type.endsWith("users_select");
    const input = element(isSelect ? "select" : one.multiline ? "textarea" : "input");
    if (isSelect) {
      input.multiple = several;
      if (!several) input.append(new Option(one.placeholder?.text || "Choose", ""));
      input.append(...choices(one, this.names));
    } else if (one.multiline) input.rows = 4;
    else input.type = TYPES[one.type] || "text";
    if (one.placeholder && !isSelect) input.placeholder = one.placeholder.text;
    input.id = `field-${one.action_id}-${this.fields.length}`;
    label.htmlFor = input.id;
    box.append(input);
    const get = () => {
      if (several) return [...input.selectedOptions].map((option) => option.value);
      if (one.type === "datetimepicker") return input.value ? Math.floor(new Date(input.value).getTime() / 1000) : null;
      return input.value || null;
    };
    const set = (to) => {
      if (several) [...input.options].forEach((option) => { option.selected = to.includes(option.value); });
      else if (one.type === "datetimepicker") input.value = to ? local(to) : "";
      else input.value = to ?? "";
    };
    set(several ? (value || []).map((option) => option.value ?? option) : value?.value ?? value);
    return { get, set, focus: input };
  }

  group(one, value, box) {
    const single = one.type === "radio_buttons";
    const inputs = one.options.map((option) => {
      const label = element("label", null, "choice");
      const input = element("input");
      input.type = single ? "radio" : "checkbox";
      input.name = `group-${one.action_id}-${this.fields.length}`;
      input.value = option.value;
      label.append(input, textOf(option.text, this.names));
      box.append(label);
      return input;
    });
    const set = (to) => inputs.forEach((input) => { input.checked = single ? input.value === to : to.includes(input.value); });
    set(single ? value?.value : (value || []).map((option) => option.value));
    const checked = () => inputs.filter((input) => input.checked).map((input) => input.value);
    return { get: () => (single ? checked()[0] ?? null : checked()), set, focus: inputs[0] };
  }

  values() {
    const values = {};
    for (const { block, action, get } of this.fields) (values[block] ??= {})[action] = get();
    return values;
  }

  // What somebody is typing survives an update that comes meanwhile.
  fill(typed) {
    for (const { block, action, get, set } of this.fields) {
      const kept = typed[block]?.[action];
      const empty = (value) => value === null || value === undefined || value.length === 0;
      if (!empty(kept) && empty(get())) set(kept);
    }
  }

  complain(record) {
    this.trouble.textContent = record.trouble || "";
    let first = null;
    for (const { block, wrong, focus } of this.fields) {
      wrong.textContent = record.errors[block] || "";
      focus.setAttribute("aria-invalid", Boolean(record.errors[block]));
      focus.setAttribute("aria-describedby", wrong.id);
      if (record.errors[block]) first ??= focus;
    }
    first?.focus();
  }
}

function local(seconds) {
  const at = new Date(seconds * 1000);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
}
