"use strict";
// What is set: kept in the address after "#", so that a reload or a link brings it back.

const own = (word) => say(OWN_WORDS[word]);
const byId = (id) => document.getElementById(id);

/** Made once from what the program says of its keys. */
let known = null;

/**
 * A change has a key, a value, its first and last month, "" where those are the run's, and where it holds: null where
 * the policy as a whole does, else as `state.where`, "" everywhere. A lever moves the first change of its key.
 */
const state = { base: 0, changes: [], where: "", window: "last-year", outcome: "participation", theory: "", trust: "" };

/** A change as an address has it: "2019-01..2020-12:outreach.phone=0.2@kind=courtyard". */
function addressed({ key, value, from, to, where }) {
  const months = `${from}${to ? `..${to}` : ""}`;
  return `${months ? `${months}:` : ""}${key}=${value}${where === null ? "" : `@${where}`}`;
}

/** The same read; nothing, if it is no change of a lever that is there. */
function readChange(text) {
  const at = text.lastIndexOf("@");
  const [setting, where] = at < 0 ? [text, null] : [text.slice(0, at), text.slice(at + 1)];
  const [, from = "", to = "", key, value] = setting.match(/^(?:(\d{4}-\d{2})?(?:\.\.(\d{4}-\d{2}))?:)?([^=:]*)=(.*)$/) ?? [];
  return leverOf(key) ? [{ key, value, from, to, where }] : [];
}

/** What is asked, as the program reads it. */
function query() {
  const fields = new URLSearchParams();
  fields.set("base", state.base);
  for (const change of state.changes) fields.append("lever", addressed(change));
  if (state.where) fields.set("where", state.where);
  fields.set("window", state.window);
  fields.set("outcome", state.outcome);
  if (state.theory) fields.set("theory.participation", state.theory);
  if (state.trust) fields.set("theory.trust", state.trust);
  return fields;
}

/** The same with the language, for what is made in one. */
function inLanguage() {
  const fields = query();
  fields.set("language", language());
  return fields;
}

function readAddress() {
  const fields = new URLSearchParams(location.hash.slice(1));
  const base = Number(fields.get("base") ?? 0);
  state.base = base in known.bases ? base : 0;
  state.changes = fields.getAll("lever").flatMap(readChange);
  state.where = fields.get("where") ?? "";
  state.window = fields.get("window") ?? "last-year";
  state.outcome = fields.get("outcome") ?? "participation";
  state.theory = fields.get("theory.participation") ?? "";
  state.trust = fields.get("theory.trust") ?? "";
}

const writeAddress = () => history.replaceState(null, "", `#${query()}`);

const leverOf = (key) => known.keys.find((lever) => lever.key === key);
const baseValue = (lever) => known.bases[state.base].values[known.keys.indexOf(lever)];
const changeOf = (key) => state.changes.find((change) => change.key === key);
const valueOf = (lever) => changeOf(lever.key)?.value ?? baseValue(lever);
const isMoved = () => state.changes.length > 0;
const sameValue = (lever, a, b) => (lever.range ? Number(a) === Number(b) : a === b);

const isMonth = (text) => /^\d{4}-\d{2}$/.test(text);

/** A number as people write it: no more digits than it needs. */
const written = (number) => String(Number(Number(number).toPrecision(6)));

/** A value in words. */
function shownValue(lever, value) {
  if (!lever.range) return say(lever.words.find(({ word }) => word === value)?.name ?? { en: value, zh: value });
  return Number(value).toLocaleString(language() === "zh" ? "zh-Hans" : "en", { maximumSignificantDigits: 6 });
}

/** What changes nothing is no change, unless it says when or where. */
function isIdle({ key, value, from, to, where }) {
  const lever = leverOf(key);
  return !from && !to && where === null && sameValue(lever, value, baseValue(lever));
}

function setLever(lever, value) {
  const change = changeOf(lever.key);
  if (change) return setChange(change, { value });
  addChange({ key: lever.key, value, from: "", to: "", where: null });
}

function setChange(change, what) {
  Object.assign(change, what);
  if (isIdle(change)) return removeChange(change);
  changed(leverOf(change.key));
}

function addChange(change) {
  if (!isIdle(change)) state.changes.push(change);
  changed(leverOf(change.key));
}

function removeChange(change) {
  state.changes = state.changes.filter((other) => other !== change);
  changed(leverOf(change.key));
}

/** Removes all changes of a lever. */
function undoLever(lever) {
  state.changes = state.changes.filter(({ key }) => key !== lever.key);
  changed(lever);
}

/** Something was set: it is shown, kept in the address, and asked. */
function changed(lever) {
  writeAddress();
  document.querySelectorAll(".lever").forEach((box) => {
    if (!lever || box.dataset.key === lever.key) box.refresh();
  });
  showMoved();
  showTimeline();
  askSoon();
}

function node(name, attributes = {}, ...inside) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...inside);
  return made;
}

/** Both languages, of which the page shows one. */
const spoken = (both) => [node("span", { class: "en", lang: "en" }, both.en), node("span", { class: "zh", lang: "zh-Hans" }, both.zh)];

/** A lever: its name and value, what moves it, and what is known of it. */
function leverBox(lever, where) {
  const id = `${where}-${lever.key}`;
  const box = node("div", { class: "lever", "data-key": lever.key, role: "group", "aria-labelledby": `${id}-name` });
  const value = node("output", { for: id });
  const undo = node("button", { type: "button", class: "undo" });
  undo.addEventListener("click", () => {
    undoLever(lever);
    // The button is gone: what moves the lever is near.
    box.querySelector("input, select, .words button").focus();
  });
  box.append(
    node("div", { class: "name" }, node("span", { id: `${id}-name` }, ...spoken(lever.name)), value),
    node("div", { class: "label" }, ...spoken(lever.unit)),
  );
  const refreshers = [lever.range ? numberOf(lever, id, box) : wordsOf(lever, id, box)];
  refreshers.push(aboutOf(lever, id, box, undo));
  box.refresh = () => {
    const current = valueOf(lever);
    const changes = state.changes.filter(({ key }) => key === lever.key);
    value.textContent = shownValue(lever, current) + (changes.length > 1 ? ` (+${changes.length - 1})` : "");
    box.classList.toggle("moved", changes.length > 0);
    undo.hidden = changes.length === 0;
    undo.textContent = own("undo");
    refreshers.forEach((refresh) => refresh(current));
  };
  box.refresh();
  return box;
}

function numberOf(lever, id, box) {
  const [low, high] = lever.slider;
  const step = lever.whole ? 1 : (high - low) / 200;
  const name = `${id}-name`;
  const slider = node("input", { type: "range", min: low, max: high, step: lever.whole ? 1 : "any", id, "aria-labelledby": name });
  const number = node("input", { type: "number", min: lever.range[0], max: lever.range[1], step: lever.whole ? 1 : "any", "aria-labelledby": name });
  slider.addEventListener("input", () => {
    const rounded = low + Math.round((Number(slider.value) - low) / step) * step;
    setLever(lever, written(rounded));
  });
  number.addEventListener("change", () => number.value !== "" && setLever(lever, written(number.value)));
  box.append(node("div", { class: "row" }, slider, number));
  return (current) => {
    if (document.activeElement !== slider) slider.value = current;
    if (document.activeElement !== number) number.value = written(current);
    slider.setAttribute("aria-valuetext", `${shownValue(lever, current)} ${say(lever.unit)}`);
  };
}

function wordsOf(lever, id, box) {
  if (lever.words.length > 3) {
    const select = node("select", { id, "aria-labelledby": `${id}-name` });
    select.addEventListener("change", () => setLever(lever, select.value));
    box.append(select);
    return (current) => {
      select.replaceChildren(...lever.words.map(({ word, name }) => node("option", { value: word }, say(name))));
      select.value = current;
    };
  }
  const group = node("div", { class: "words", role: "group", "aria-labelledby": `${id}-name` });
  const buttons = lever.words.map(({ word, name }) => {
    const one = node("button", { type: "button" }, ...spoken(name));
    one.addEventListener("click", () => setLever(lever, word));
    return [word, one];
  });
  group.append(...buttons.map(([, one]) => one));
  box.append(group);
  return (current) => buttons.forEach(([word, one]) => one.setAttribute("aria-pressed", String(word === current)));
}

/** From which month it holds, and what is known of its default. */
function aboutOf(lever, id, box, undo) {
  const [first, last] = known.bases[state.base].months;
  const from = node("input", { type: "month", id: `${id}-from`, min: first, max: last });
  from.addEventListener("change", () => {
    const change = changeOf(lever.key);
    if (change) setChange(change, { from: isMonth(from.value) && from.value !== first ? from.value : "" });
  });
  const facts = node("p", { class: "label" });
  const label = node("label", { for: `${id}-from` });
  const summary = node("summary");
  box.append(node("details", {}, summary, node("p", {}, ...spoken(lever.meaning)), facts, node("p", { class: "row" }, label, from, undo)));
  return () => {
    const colon = say(WORDS.colon);
    const range = lever.range ? [`${own("range")}${colon}${lever.range.map(written).join(` ${say(WORDS.to)} `)}`] : [];
    const base = `${own("default")}${colon}${shownValue(lever, baseValue(lever))}`;
    const source = lever.source ? [`${own("source")}${colon}${lever.source}`] : [];
    summary.textContent = own("about");
    label.textContent = own("from");
    facts.textContent = [lever.key, base, ...range, say(lever.grade), ...source].join(" · ");
    from.value = changeOf(lever.key)?.from || first;
  };
}

/** What differs from the base stands by itself, wherever its lever is. */
function showMoved() {
  const first = new Set(known.keys.filter((lever) => lever.first).map(({ key }) => key));
  const moved = [...new Set(state.changes.map(({ key }) => key))].filter((key) => !first.has(key)).map(leverOf);
  const box = byId("moved");
  const shown = [...box.querySelectorAll(".lever")].map((one) => one.dataset.key);
  if (shown.join() === moved.map(({ key }) => key).join()) return;
  box.replaceChildren(...(moved.length > 0 ? [node("h3", {}, own("moved")), ...moved.map((lever) => leverBox(lever, "moved"))] : []));
}

/** The levers whose words or key hold what was searched for. */
function search() {
  const words = byId("search").value.trim().toLowerCase();
  const text = ({ key, name, meaning, chapter }) =>
    [key, name.en, name.zh, meaning.en, meaning.zh, chapter.en, chapter.zh].join(" ").toLowerCase();
  const found = words.length > 0 ? known.keys.filter((lever) => words.split(/\s+/).every((word) => text(lever).includes(word))) : [];
  const most = 8;
  const said = words.length > 0 ? [node("p", { class: "label", role: "status" }, `${found.length} ${own("found")}${found.length > most ? ` ${own("more")}` : ""}`)] : [];
  byId("found").replaceChildren(...said, ...found.slice(0, most).map((lever) => leverBox(lever, "found")));
}

/** What the policy is called: its levers with their values. */
function policyName() {
  const by = (k) => {
    const one = (change) => {
      const lever = leverOf(change.key);
      const word = lever.words.find(({ word }) => word === change.value);
      const about = [whenWords(change)[k], whereWords(whereOf(change))[k]].filter(Boolean);
      return `${lever.name[k]}: ${word ? word.name[k] : change.value}${about.length > 0 ? ` (${about.join(", ")})` : ""}`;
    };
    return state.changes.map(one).join("; ");
  };
  return { en: by("en"), zh: by("zh") };
}

function fillSelect(id, options, current, set) {
  const select = byId(id);
  select.replaceChildren(...options.map(([value, words]) => node("option", { value }, words)));
  select.value = current;
  select.onchange = () => {
    set(select.value);
    changed();
  };
}

/** Where a change can hold, with its words; communities that are chosen one by one stand apart. */
function areas() {
  const kinds = known.kinds.map(({ word, name }) => [`kind=${word}`, `${own("kind")}${say(WORDS.colon)}${say(name)}`]);
  return [["", own("everywhere")], ["share=0.5", own("half")], ...kinds];
}

/** What is compared, by selects. */
function showSettings() {
  const named = (all) => all.map(({ word, name }) => [word, say(name)]);
  const ofBase = [["", own("ofBase")]];
  fillSelect("base", known.bases.map(({ name }, n) => [String(n), say(name)]), String(state.base), (value) => {
    state.base = Number(value);
    // Communities of one table are none of another.
    if (state.where.startsWith(CHOSEN)) state.where = "";
    readPins();
    showLevers();
    showSettings();
  });
  fillSelect("outcome", named(known.outcomes), state.outcome, (value) => (state.outcome = value));
  const windows = [["last-year", own("lastYear")], ["first-year", own("firstYear")], ["whole", own("whole")]];
  fillSelect("window", windows, state.window, (value) => (state.window = value));
  const { communities: names, map } = known.bases[state.base];
  const byName = names.length > 0 ? [[CHOSEN, own(map ? "onMap" : "onTiles")]] : [];
  const where = state.where.startsWith(CHOSEN) ? CHOSEN : state.where;
  fillSelect("where", [...areas(), ...byName], where, (value) => {
    state.where = value;
    showPlaces();
  });
  showPlaces();
  fillSelect("theory", [...ofBase, ...named(known.theories[0])], state.theory, (value) => (state.theory = value));
  fillSelect("trust", [...ofBase, ...named(known.theories[1])], state.trust, (value) => (state.trust = value));
}

function showLevers() {
  byId("first").replaceChildren(...known.keys.filter((lever) => lever.first).map((lever) => leverBox(lever, "first")));
  byId("moved").replaceChildren();
  showMoved();
  search();
  byId("base-name").textContent = ` · ${say(known.bases[state.base].name)}`;
}
