// A colour for each person: the same on every visit and in every place, and two people's own as long as there are enough.

const COLOURS = 24;
let mine = new Map();

function hash(id) {
  let found = 2166136261;
  for (const char of id) found = Math.imul(found ^ char.codePointAt(0), 16777619) >>> 0;
  return found;
}

/** Everybody's, from their ids alone: whoever finds their colour taken has the next one that is free. */
export function giveColours(ids) {
  const taken = new Set();
  mine = new Map([...ids].sort().map((id) => {
    let at = hash(id) % COLOURS;
    if (taken.size < COLOURS) while (taken.has(at)) at = (at + 5) % COLOURS; // five and COLOURS have no divisor in common
    taken.add(at);
    return [id, at];
  }));
}

/** The class that has this person's colour. */
export const colourOf = (id) => `of-${mine.get(id) ?? hash(id) % COLOURS}`;
