// Block Kit and mrkdwn as elements of the page. Nothing that comes from outside is ever taken as HTML.

const EMOJI = {
  fire: "🔥", rotating_light: "🚨", warning: "⚠️", white_check_mark: "✅", heavy_check_mark: "✔️", x: "❌", pushpin: "📌",
  memo: "📝", telephone_receiver: "📞", phone: "☎️", eyes: "👀", hourglass: "⌛", alarm_clock: "⏰", red_circle: "🔴",
  large_orange_circle: "🟠", large_yellow_circle: "🟡", large_green_circle: "🟢", large_blue_circle: "🔵", mega: "📣",
  link: "🔗", clipboard: "📋", bust_in_silhouette: "👤", busts_in_silhouette: "👥", tada: "🎉", bell: "🔔", lock: "🔒",
  arrow_up: "⬆️", arrow_down: "⬇️", wrench: "🔧", bulb: "💡", speech_balloon: "💬", information_source: "ℹ️",
};
const INLINE = /```([\s\S]+?)```|`([^`\n]+)`|<([^<>\n]+)>|(?<![\w*])\*(\S(?:[^*\n]*\S)?)\*(?![\w*])|(?<![\w_])_(\S(?:[^_\n]*\S)?)_(?![\w_])|(?<![\w~])~(\S(?:[^~\n]*\S)?)~(?![\w~])|:([a-z0-9_+-]+):/g;

export function element(name, text = null, className = "") {
  const node = document.createElement(name);
  if (text !== null) node.textContent = text;
  if (className) node.className = className;
  return node;
}

const plainly = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

// Lines that begin with > stand together as a quotation.
export function mrkdwn(text, names, box = element("div", null, "text")) {
  let quote = null;
  for (const line of splitLines(text)) {
    const quoted = /^(?:>|&gt;) ?/.exec(line);
    if (quoted && !quote) box.append((quote = element("blockquote")));
    if (!quoted) quote = null;
    const into = quote || box;
    if (into.childNodes.length && into.lastChild.nodeName !== "BLOCKQUOTE" && into.lastChild.nodeName !== "PRE") into.append(element("br"));
    inline(quoted ? line.slice(quoted[0].length) : line, names, into);
  }
  return box;
}

// A code block keeps its line ends and is one line here.
const splitLines = (text) => text.match(/```[\s\S]+?```|(?:(?!```)[^\n])+|\n/g)?.reduce((lines, part) => {
  if (part === "\n") lines.push("");
  else lines[lines.length - 1] += part;
  return lines;
}, [""]) ?? [];

function inline(text, names, into) {
  let from = 0;
  for (const found of text.matchAll(INLINE)) {
    into.append(plainly(text.slice(from, found.index)));
    from = found.index + found[0].length;
    const [whole, block, code, reference, bold, italic, struck, emoji] = found;
    if (block) into.append(element("pre", plainly(block.trim())));
    else if (code) into.append(element("code", plainly(code)));
    else if (reference) into.append(refer(reference, names));
    else if (bold) inline(bold, names, into.appendChild(element("strong")));
    else if (italic) inline(italic, names, into.appendChild(element("em")));
    else if (struck) inline(struck, names, into.appendChild(element("s")));
    else into.append(EMOJI[emoji] || whole);
  }
  into.append(plainly(text.slice(from)));
}

function refer(reference, names) {
  const [target, label] = reference.split(/\|(.*)/s);
  if (target.startsWith("@")) return element("span", `@${names.user(target.slice(1))}`, "mention");
  if (target.startsWith("#")) return element("span", `#${label || names.channel(target.slice(1))}`, "mention");
  if (target.startsWith("!date^")) {
    const at = new Date(Number(target.split("^")[1]) * 1000);
    const node = element("time", Number.isNaN(at.getTime()) ? label : target.split("^")[2].replace(/\{(\w+)\}/g, (_, part) =>
      part.startsWith("time") ? at.toLocaleTimeString([], { hour12: false }) : at.toLocaleDateString()));
    return node;
  }
  if (target.startsWith("!")) return element("span", label || `@${target.slice(1)}`, "mention");
  if (!/^(https?|mailto|tel):/.test(target)) return document.createTextNode(plainly(`<${reference}>`));
  const link = element("a", plainly(label || target));
  link.href = plainly(target);
  link.target = "_blank";
  link.rel = "noopener";
  return link;
}

export function textOf(text, names, className = "text") {
  if (text.type === "mrkdwn") return mrkdwn(text.text, names, element("div", null, className));
  const withEmoji = text.text.replace(/:([a-z0-9_+-]+):/g, (whole, name) => EMOJI[name] || whole);
  return element("div", withEmoji, className);
}

// `act(action_id, value, element)` is called by buttons and selects; `field(block)` makes an input.
export function blocks(list, names, act, field) {
  return list.map((block) => {
    const box = element("div", null, `block ${block.type}`);
    if (block.type === "header") box.append(textOf(block.text, names));
    else if (block.type === "divider") box.append(element("hr"));
    else if (block.type === "section") section(block, box, names, act);
    else if (block.type === "context") {
      block.elements.forEach((one) => box.append(one.type === "image" ? image(one) : textOf(one, names)));
    } else if (block.type === "actions") block.elements.forEach((one) => box.append(control(one, names, act)));
    else if (block.type === "input") box.append(field(block));
    else if (block.type === "image") box.append(image(block));
    else box.append(element("em", `(${block.type})`));
    return box;
  });
}

function section(block, box, names, act) {
  const body = element("div", null, "body");
  if (block.text) body.append(textOf(block.text, names));
  if (block.fields) {
    const fields = element("div", null, "fields");
    block.fields.forEach((one) => fields.append(textOf(one, names)));
    body.append(fields);
  }
  box.append(body);
  if (block.accessory) box.append(block.accessory.type === "image" ? image(block.accessory) : control(block.accessory, names, act));
}

// Pictures would come from other hosts.
const image = (one) => element("span", `[${one.alt_text || "picture"}]`, "picture");

function control(one, names, act) {
  if (one.type === "button") {
    const button = element("button", null, `act ${one.style || ""}`);
    button.type = "button";
    button.append(...textOf(one.text, names).childNodes);
    button.dataset.action = one.action_id;
    if (one.url) button.title = one.url;
    button.onclick = () => {
      if (one.confirm && !window.confirm(one.confirm.text?.text || "Are you sure?")) return;
      if (one.url) window.open(one.url, "_blank", "noopener");
      act(one.action_id, one.value, button);
    };
    return button;
  }
  if (one.options || one.type === "users_select") {
    const select = element("select", null, "act");
    const label = one.placeholder?.text || "Choose";
    select.append(new Option(label, ""), ...choices(one, names));
    select.value = one.initial_option?.value || one.initial_user || "";
    select.setAttribute("aria-label", label);
    select.dataset.action = one.action_id;
    select.onchange = () => { if (select.value) act(one.action_id, select.value, select); };
    return select;
  }
  return element("em", `(${one.type})`);
}

export function choices(one, names) {
  if (one.options) return one.options.map((option) => new Option(option.text.text, option.value));
  return names.people().map((user) => new Option(user.name, user.id));
}
