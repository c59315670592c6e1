// Making elements. Text only ever becomes text: nothing here reads markup.

const SVG = "http://www.w3.org/2000/svg";

/** An element. Attributes that are null, undefined or false are left out; so are children. */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `/static/icons.svg#${name}`);
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  svg.append(use);
  return svg;
}

/** A button that does something: what it does and about what are its data. */
export function button(label, act, args = {}, kind = "small") {
  const data = Object.entries(args).map(([name, value]) => [`data-${name}`, value]);
  return el("button", { type: "button", class: kind, "data-do": act, ...Object.fromEntries(data) }, label);
}

/** The head of a section, with what can be done there, and what came of it. */
export function cap(title, ...more) {
  return el("header", { class: "cap" }, el("h2", {}, title), ...more);
}

/** Where the answers to what is pressed in a section are shown; what is in it is not the section's to draw. */
export const saidAt = (place) => el("div", { class: "said-at", "data-place": place, "data-key": `said-${place}`, "data-kept": true });

export const tag = (text, kind = "") => el("span", { class: `tag ${kind}`.trim() }, text);
export const upper = (text) => text.charAt(0).toUpperCase() + text.slice(1);
export const byId = (id) => document.getElementById(id);

/** Show these nodes in place of those that are there, keeping whatever is the same: focus, scroll, selection. */
export function show(place, ...nodes) {
  const fresh = document.createElement(place.tagName);
  fresh.append(...nodes.flat(Infinity).filter(Boolean));
  const focused = place.contains(document.activeElement) ? document.activeElement : null;
  morph(place, fresh);
  // What has moved has lost it.
  if (focused?.isConnected && document.activeElement !== focused) focused.focus({ preventScroll: true });
}

const keyOf = (node) => node?.dataset?.key;

function morph(place, fresh) {
  const keyed = new Map([...place.children].filter(keyOf).map((child) => [keyOf(child), child]));
  let at = place.firstChild;
  for (const next of [...fresh.childNodes]) {
    const known = keyOf(next) ? keyed.get(keyOf(next)) : keyOf(at) ? null : at;
    if (!known || known.nodeName !== next.nodeName) {
      place.insertBefore(next, at);
      continue;
    }
    if (known === at) at = at.nextSibling;
    else place.insertBefore(known, at);
    adopt(known, next);
  }
  while (at) {
    const gone = at;
    at = at.nextSibling;
    gone.remove();
  }
}

function adopt(known, next) {
  if (known.isEqualNode(next) || next.dataset?.kept !== undefined) return; // what is kept is filled by somebody else
  if (known.nodeType !== Node.ELEMENT_NODE) {
    known.nodeValue = next.nodeValue;
    return;
  }
  const opened = (name) => name === "open" && known.nodeName === "DETAILS"; // that is the reader's
  for (const { name } of [...known.attributes]) if (!next.hasAttribute(name) && !opened(name)) known.removeAttribute(name);
  for (const { name, value } of next.attributes) if (known.getAttribute(name) !== value && !opened(name)) known.setAttribute(name, value);
  morph(known, next);
}
