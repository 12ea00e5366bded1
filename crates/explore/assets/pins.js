"use strict";
// Policies that are kept in view beside each other. The browser keeps them for each base, so that a reload, and another
// tab, has them too.

/** Pins of a base, at most: each has a letter. */
const MOST_PINS = 26;
/** Letters of a name, at most. */
const LONGEST_NAME = 40;

let pinned = [];

const pinsKept = () => `pins ${known.bases[state.base].id}`;

/** What the browser kept; nothing, where it keeps nothing or something else. */
function readPins() {
  try {
    const kept = JSON.parse(localStorage.getItem(pinsKept()) ?? "[]");
    pinned = kept.filter(({ query, frame, effect, lines, name }) => query && frame && name && effect?.length === 3 && Array.isArray(lines));
  } catch {
    pinned = [];
  }
}

function keepPins() {
  try {
    localStorage.setItem(pinsKept(), JSON.stringify(pinned));
  } catch {
    // A browser that keeps nothing shows them as long as the page lives.
  }
}

/** What is asked, but for the number of the base, which another start of the program may give to another. */
function policyQuery() {
  const fields = query();
  fields.delete("base");
  return fields.toString();
}

/** Policies that can be compared: of the same outcome, months and theory. */
function frameOf() {
  const fields = query();
  ["base", "lever", "where"].forEach((name) => fields.delete(name));
  return fields.toString();
}

/** What stands of an answer beside others. */
const standing = ({ effect, scale, done, of, stage, line, lines }) => ({
  effect, scale, done, of, stage,
  lines: [line, ...lines].map(({ name, unit, effect, claim }) => ({ name, unit, effect, claim })),
});

/** What is asked anew just now has no numbers until they come. */
const WAITING = { effect: [null, null, null], lines: [] };

const isAnswered = () => last && history_.length > 0 && query().toString() === asked;

function pin() {
  if (!last || !isMoved()) return;
  const fields = policyQuery();
  pinned = pinned.filter((other) => other.query !== fields).slice(1 - MOST_PINS);
  const now = isAnswered() ? standing(last) : { ...WAITING, scale: last.scale };
  pinned.push({ query: fields, frame: frameOf(), name: policyName(), given: "", ...now });
  keepPins();
  showPinned();
}

/** An answer grows; a pin of the same question with it. */
function growPins(answer) {
  const own = pinned.filter((one) => `base=${state.base}&${one.query}` === asked);
  own.forEach((one) => Object.assign(one, standing(answer)));
  if (own.length > 0) keepPins();
}

function showPinned() {
  const box = byId("pinned");
  const all = pinned.filter(({ frame }) => frame === frameOf());
  if (all.length === 0) return forget("pinned");
  const short = all.map((one, n) => (one.given ? { en: one.given, zh: one.given } : letter(n)));
  const columns = all.map((one, n) => ({ ...one, short: short[n] }));
  const isPinned = all.some((one) => one.query === policyQuery());
  if (isAnswered() && isMoved() && !isPinned) columns.push({ ...standing(last), short: OWN_WORDS.now });
  const rows = columns.toSorted((a, b) => (b.effect[0] ?? -Infinity) - (a.effect[0] ?? -Infinity));
  // Their names are long: the picture has letters, the list beneath it says what they are.
  const of = (k) => rows.map(({ effect }) => effect[k]);
  const series = [{ name: OWN_WORDS.policy, mean: of(0), low: of(1), high: of(2) }];
  const panel = { title: { en: "", zh: "" }, form: "dots", scale: all[0].scale, rows: rows.map(({ short }) => ({ name: short })), series };
  draw(box, { id: "pinned", title: OWN_WORDS.pinned, note: { en: "", zh: "" }, panels: [panel] });
  // A name that is being written stays under the hand.
  if (document.activeElement?.closest(".pins")) return;
  let list = box.querySelector(".pins");
  if (!list) {
    list = node("ul", { class: "pins" });
    const clear = node("button", { type: "button", id: "clear-pins" });
    clear.addEventListener("click", clearPins);
    box.append(list, node("p", {}, clear), node("div", { class: "wide beside", tabindex: "0" }));
  }
  byId("clear-pins").textContent = own("clear");
  list.replaceChildren(...all.map((one, n) => pinRow(one, letter(n))));
  box.querySelector(".beside").replaceChildren(pinTable(columns));
}

function clearPins() {
  const frame = frameOf();
  pinned = pinned.filter((one) => one.frame !== frame);
  keepPins();
  showPinned();
  byId("pin").focus();
}

/** Every outcome of every pinned policy, with its interval. */
function pinTable(columns) {
  const lines = columns.find(({ lines }) => lines.length > 0)?.lines ?? [];
  const head = columns.map(({ short }) => node("th", { scope: "col" }, ...spoken(short)));
  const cell = ({ lines, short }, k) => {
    const at = { "data-en": short.en, "data-zh": short.zh };
    return lines[k] ? node("td", { class: `number ${lines[k].claim}`, ...at }, ...spoken(lines[k].effect)) : node("td", at, own("asking"));
  };
  const row = ({ name, unit }, k) =>
    node("tr", {}, node("th", { scope: "row" }, ...spoken(name), " ", node("span", { class: "label" }, ...spoken(unit))), ...columns.map((one) => cell(one, k)));
  return node("table", { class: "records", id: "pin-table" },
    node("caption", {}, own("beside")),
    node("thead", {}, node("tr", {}, node("th", { scope: "col" }, ...spoken(OWN_WORDS.outcome)), ...head)),
    node("tbody", {}, ...lines.map(row)),
  );
}

const letter = (n) => ({ en: String.fromCharCode(65 + n), zh: String.fromCharCode(65 + n) });

function pinRow(one, short) {
  const name = node("input", { type: "text", maxlength: LONGEST_NAME, "aria-label": `${own("nameOf")} ${say(short)}`, placeholder: own("nameOf"), value: one.given });
  name.addEventListener("change", () => {
    one.given = name.value.trim();
    keepPins();
    name.blur();
    showPinned();
  });
  const show = node("button", { type: "button" }, own("show"));
  show.addEventListener("click", () => {
    location.hash = `base=${state.base}&${one.query}`;
  });
  const remove = node("button", { type: "button" }, own("remove"));
  remove.addEventListener("click", () => {
    pinned = pinned.filter((other) => other !== one);
    keepPins();
    showPinned();
    byId("pin").focus();
  });
  const pairs = isNumber(one.done) ? ` (${one.done} / ${one.of} ${own("pairs")}${["few", "small"].includes(one.stage) ? say(WORDS.colon) + own(one.stage) : ""})` : "";
  return node("li", {},
    node("strong", {}, `${say(short)}${say(WORDS.colon)}`), ...spoken(one.name), node("span", { class: "label" }, pairs),
    node("div", { class: "row" }, name, show, remove));
}
