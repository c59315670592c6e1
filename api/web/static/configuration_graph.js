// Services and what they need, drawn: whoever needs stands left of what it needs.

const SVG = "http://www.w3.org/2000/svg";
const [WIDE, TALL, ACROSS, BETWEEN, EDGE] = [176, 46, 74, 16, 6];
const LETTERS = 20;

function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== null && value !== undefined) node.setAttribute(name, value);
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return node;
}

const short = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

/** Which of the needs close a circle: they are drawn, but do not decide who stands where. */
function circles(services) {
  const needs = new Map(services.map(({ id, depends_on }) => [id, depends_on]));
  const [state, found] = [new Map(), new Set()];
  const visit = (id) => {
    state.set(id, "open");
    for (const other of needs.get(id) ?? []) {
      if (state.get(other) === "open") found.add(`${id} ${other}`);
      else if (!state.has(other)) visit(other);
    }
    state.set(id, "done");
  };
  for (const { id } of services) if (!state.has(id)) visit(id);
  return found;
}

/** How many steps each stands from those that nobody needs. */
function depths(services, edges) {
  const depth = new Map(services.map(({ id }) => [id, 0]));
  for (let pass = 0, moved = true; moved && pass <= services.length; pass++) {
    moved = false;
    for (const { from, to, circular } of edges) {
      if (circular || depth.get(to) > depth.get(from)) continue;
      depth.set(to, depth.get(from) + 1);
      moved = true;
    }
  }
  return depth;
}

/**
 * The columns, from those that nobody needs to those that need nobody; in each, near to what they are joined with.
 * A line that passes a column gets a place of its own in it, so that it runs behind nothing: `edge.by` names them.
 */
function columns(services, edges) {
  const depth = depths(services, edges);
  const found = Array.from({ length: Math.max(0, ...depth.values()) + 1 }, () => []);
  for (const { id } of services) found[depth.get(id)].push(id);
  const beside = new Map(services.map(({ id }) => [id, []]));
  for (const edge of edges) {
    const step = Math.sign(depth.get(edge.to) - depth.get(edge.from)) || 1;
    edge.by = [];
    for (let at = depth.get(edge.from) + step; at !== depth.get(edge.to) && found[at]; at += step) {
      edge.by.push(`${edge.from} ${edge.to} ${at}`); // no name of a service has a blank
      found[at].push(edge.by.at(-1));
      beside.set(edge.by.at(-1), []);
    }
    const way = [edge.from, ...edge.by, edge.to];
    way.slice(1).forEach((id, place) => { beside.get(id).push(way[place]); beside.get(way[place]).push(id); });
  }
  const rank = new Map();
  const number = () => found.forEach((column) => column.forEach((id, place) => rank.set(id, place - column.length / 2)));
  number();
  for (let pass = 0; pass < 8; pass++) {
    for (const column of pass % 2 ? [...found].reverse() : found) {
      const mean = new Map(column.map((id) => [id, beside.get(id).reduce((sum, one) => sum + rank.get(one), 0) / (beside.get(id).length || 1)]));
      column.sort((one, other) => mean.get(one) - mean.get(other));
      number();
    }
  }
  return found;
}

/**
 * Draw those services that need others or are needed.
 * @param state gives the worst that was found about a service: error, warning or nothing.
 */
export function graph(services, state, teamOf) {
  const known = new Map(services.map((service) => [service.id, service]));
  const closing = circles(services);
  const edges = services.flatMap(({ id, depends_on }) => depends_on.filter((to) => known.has(to)).map((to) => ({ from: id, to, circular: closing.has(`${id} ${to}`) })));
  const joined = services.filter(({ id }) => edges.some(({ from, to }) => from === id || to === id));
  if (!joined.length) return null;
  const placed = columns(joined, edges);
  const tall = (id) => (known.has(id) ? TALL : 0);
  const sum = (column) => column.reduce((found, id) => found + tall(id) + BETWEEN, -BETWEEN);
  const height = Math.max(...placed.map(sum)) + 2 * EDGE;
  const width = placed.length * (WIDE + ACROSS) - ACROSS + 2 * EDGE;
  const spots = new Map();
  placed.forEach((column, across) => {
    let y = (height - sum(column)) / 2;
    for (const id of column) {
      spots.set(id, { x: EDGE + across * (WIDE + ACROSS), y });
      y += tall(id) + BETWEEN;
    }
  });
  const curve = ({ from, by, to }) => {
    let [x, y] = [spots.get(from).x + WIDE, spots.get(from).y + TALL / 2];
    let path = `M${x},${y}`;
    const bend = (x2, y2) => {
      const pull = Math.max(36, Math.abs(x2 - x) / 2);
      path += ` C${x + pull},${y} ${x2 - pull},${y2} ${x2},${y2}`;
      [x, y] = [x2, y2];
    };
    const backwards = spots.get(to).x < spots.get(from).x;
    for (const id of backwards ? [] : by) {
      const spot = spots.get(id);
      bend(spot.x, spot.y);
      x += WIDE;
      path += ` H${x}`;
    }
    bend(spots.get(to).x - 6, spots.get(to).y + TALL / 2);
    return path;
  };
  const arrow = (id) => svg("marker", { id, viewBox: "0 0 8 8", refX: 4, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto" }, svg("path", { d: "M0,0 L8,4 L0,8 z", class: id }));
  const picture = svg("svg", { class: "graph", width, height, viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": "Services and what they need" },
    svg("defs", {}, arrow("arrow"), arrow("arrow-circle")),
    edges.map((edge) => svg("path", { d: curve(edge), class: `need${edge.circular ? " circular" : ""}`, "data-from": edge.from, "data-to": edge.to, "marker-end": `url(#${edge.circular ? "arrow-circle" : "arrow"})` },
      svg("title", {}, `${known.get(edge.from).name} needs ${known.get(edge.to).name}`))),
    joined.map((service) => node(service, spots.get(service.id), state(service.id), teamOf(service), joined.filter(({ depends_on }) => depends_on.includes(service.id)).map(({ name }) => name), known)));
  light(picture, edges);
  return picture;
}

function node({ id, name, depends_on }, { x, y }, state, team, neededBy, known) {
  const needs = depends_on.map((other) => known.get(other)?.name ?? other);
  const words = [name, team, needs.length ? `needs ${needs.join(", ")}` : "", neededBy.length ? `needed by ${neededBy.join(", ")}` : ""].filter(Boolean).join("; ");
  return svg("a", { href: `#service-${id}`, class: `service ${state}`, "data-service": id, "aria-label": words },
    svg("title", {}, words),
    svg("rect", { x, y, width: WIDE, height: TALL, rx: 9 }),
    svg("text", { x: x + 12, y: y + 18, class: "name" }, short(name, LETTERS)),
    svg("text", { x: x + 12, y: y + 34, class: "team" }, short(team || "no team", 25)),
    state ? svg("circle", { cx: x + WIDE - 13, cy: y + 13, r: 5 }) : null);
}

/** Whoever points at a service, or comes to it, sees what it is joined with. */
function light(picture, edges) {
  const look = (event) => {
    const id = event.target.closest?.("[data-service]")?.dataset.service;
    picture.classList.toggle("lit", Boolean(id));
    const near = new Set([id, ...edges.filter(({ from, to }) => from === id || to === id).flatMap(({ from, to }) => [from, to])]);
    for (const one of picture.querySelectorAll("[data-service]")) one.classList.toggle("near", near.has(one.dataset.service));
    for (const one of picture.querySelectorAll(".need")) one.classList.toggle("near", one.dataset.from === id || one.dataset.to === id);
  };
  for (const kind of ["pointerover", "focusin"]) picture.addEventListener(kind, look);
  for (const kind of ["pointerleave", "focusout"]) picture.addEventListener(kind, () => picture.classList.remove("lit"));
}
