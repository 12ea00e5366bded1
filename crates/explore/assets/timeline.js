"use strict";
// Dated changes on a line of months: those of the base, those of the policy, elections, and the months looked at.

/** Heights of the heading, of each change with its name, and of what stands beneath. */
const [LINE_TOP, LINE_ROW, LINE_END] = [24, 44, 26];

const monthsThere = () => monthNumber(known.bases[state.base].months[1]) + 1;

/** "2018-06" as a month number of the base. */
function monthNumber(date) {
  const [[year, month], [first, from]] = [date, known.bases[state.base].months[0]].map((text) => text.split("-").map(Number));
  return 12 * (year - first) + month - from;
}

const monthDate = (number) => date(known.bases[state.base].months[0], number);
const firstMonth = ({ from }) => (from ? monthNumber(from) : 0);
/** The month after the last in which a change holds, unless another comes over it. */
const monthAfter = ({ to }) => (to ? Math.min(monthNumber(to) + 1, monthsThere()) : monthsThere());

/** The value of a key in a month, of changes that hold everywhere, as those of elections do. */
function valueIn(key, month) {
  const ofBase = known.bases[state.base].changes.filter((change) => change.key === key && !change.where);
  const own = state.changes.filter((change) => change.key === key && month < monthAfter(change));
  const all = [...ofBase.map(({ from, value }) => ({ month: monthNumber(from), value })), ...own.map((change) => ({ month: firstMonth(change), value: change.value }))];
  return all.sort((a, b) => a.month - b.month).findLast((change) => change.month <= month)?.value ?? baseValue(leverOf(key));
}

/** Months of elections. */
function elections() {
  const held = (month) => {
    const [first, every] = ["election.first_month", "election.term_months"].map((key) => Number(valueIn(key, month)));
    return every > 0 && month >= first && (month - first) % every === 0;
  };
  return [...Array(monthsThere()).keys()].filter(held);
}

/** The months that are looked at: the first, and that after the last. */
function windowMonths() {
  const count = monthsThere();
  return { "first-year": [0, Math.min(12, count)], whole: [0, count] }[state.window] ?? [Math.max(0, count - 12), count];
}

/** Rows of the line: of each key what the base changes, apart by place, then each change of the policy. */
function lineRows() {
  const ofBase = known.bases[state.base].changes;
  const keys = [...new Set([...state.changes, ...ofBase].map(({ key }) => key))].filter(leverOf);
  return keys.flatMap((key) => [...baseRows(key), ...state.changes.filter((change) => change.key === key).map(ownRow)]);
}

function baseRows(key) {
  const changes = known.bases[state.base].changes.filter((change) => change.key === key);
  const places = [...new Set(changes.map(({ where }) => where?.en ?? ""))];
  return places.map((place) => {
    const here = changes.filter(({ where }) => (where?.en ?? "") === place);
    const starts = here.map(({ from }) => Math.max(0, monthNumber(from)));
    const bars = here.map(({ value }, n) => ({ month: starts[n], end: starts[n + 1] ?? monthsThere(), value }));
    return { key, change: null, place: here[0].where ?? { en: "", zh: "" }, bars };
  });
}

function ownRow(change) {
  const month = firstMonth(change);
  // The base may change the key again, and a later change of the policy may come over this one.
  const ofBase = known.bases[state.base].changes.filter(({ key, where }) => key === change.key && !where).map(({ from }) => monthNumber(from));
  const over = (other) => other !== change && other.key === change.key && (!whereOf(other) || whereOf(other) === whereOf(change));
  const later = [...ofBase, ...state.changes.filter(over).map(firstMonth)].filter((start) => start > month);
  const end = Math.min(monthAfter(change), ...later);
  return { key: change.key, change, place: whereWords(whereOf(change)), bars: [{ month, end, value: change.value }] };
}

function setStart(change, month) {
  const at = Math.max(0, Math.min(monthAfter(change) - 1, month));
  setChange(change, { from: at === 0 ? "" : monthDate(at) });
}

/** `month` is the last in which the change holds. */
function setEnd(change, month) {
  const at = Math.max(firstMonth(change), Math.min(monthsThere() - 1, month));
  setChange(change, { to: at === monthsThere() - 1 ? "" : monthDate(at) });
}

function showTimeline() {
  const box = byId("timeline");
  const hadFocus = box.contains(document.activeElement) ? document.activeElement.dataset.part : null;
  const rows = lineRows();
  const width = Math.max(240, box.clientWidth);
  const bottom = LINE_TOP + LINE_ROW * Math.max(1, rows.length) + 6;
  const count = monthsThere();
  const x = scale(0, count, 2, width - 14);
  const group = element("g");
  const [from, to] = windowMonths();
  group.append(element("rect", { class: "window", x: x(from), y: LINE_TOP, width: x(to) - x(from), height: bottom - LINE_TOP }));
  for (const month of elections()) {
    group.append(line(x(month + 0.5), LINE_TOP, x(month + 0.5), bottom, GREY, 1, [3, 3]));
    group.append(element("path", { d: `M${x(month + 0.5)} ${LINE_TOP}l4 -8h-8z`, fill: GREY }));
  }
  group.append(line(x(0), bottom, x(count), bottom, GREY));
  for (const tick of months(known.bases[state.base].months[0], count, width / 60)) {
    group.append(line(x(tick.value), bottom, x(tick.value), bottom + 4));
    group.append(text(tick.label, x(tick.value), bottom + 17, { size: 11, anchor: tick.value === 0 ? "start" : "middle" }));
  }
  group.append(groundOf(x, width, bottom));
  rows.forEach((row, n) => group.append(...changeRow(row, LINE_TOP + LINE_ROW * n, x, width)));
  box.replaceChildren(element("svg", { width, height: bottom + LINE_END, viewBox: `0 0 ${width} ${bottom + LINE_END}`, role: "group", "aria-labelledby": "timeline-title" }, group));
  if (hadFocus) box.querySelector(`[data-part="${hadFocus}"]`)?.focus();
  byId("timeline-said").textContent = timelineWords(rows);
  showTimelineKeys();
}

/** The month under the pointer. */
function monthUnder(event, shape, x) {
  const left = shape.ownerSVGElement.getBoundingClientRect().left;
  const at = (event.clientX - left - x(0)) / (x(1) - x(0));
  return Math.max(0, Math.min(monthsThere(), at));
}

/** The empty line: pressed at a month, or drawn over several, it begins a change there. */
function groundOf(x, width, bottom) {
  const ground = element("rect", { class: "ground", x: x(0), y: LINE_TOP, width: width - 16, height: bottom - LINE_TOP });
  let begun = 0;
  const month = (event) => Math.min(monthsThere() - 1, Math.floor(monthUnder(event, ground, x)));
  ground.addEventListener("pointerdown", (event) => {
    begun = month(event);
    ground.setPointerCapture(event.pointerId);
  });
  ground.addEventListener("pointerup", (event) => {
    const [from, to] = [begun, month(event)].sort((a, b) => a - b);
    openChange(from, to > from ? to : null);
  });
  return ground;
}

/** A key over its months: each value as a bar as long as it holds, dashed where it does in some communities only; both ends of the policy's own can be moved. */
function changeRow({ key, change, place, bars }, top, x, width) {
  const lever = leverOf(key);
  const where = say(place);
  const made = [text(fitting(say(lever.name) + (where ? ` · ${where}` : ""), width - 8, 12), 4, top + 16, { size: 12, weight: "bold" })];
  const paint = change ? colour(0) : GREY;
  for (const { month, end, value } of bars) {
    if (end <= month) continue;
    made.push(line(x(month), top + 26.5, x(end), top + 26.5, paint, 5, where ? [7, 3] : []));
    made.push(text(fitting(shownValue(lever, value), Math.max(24, x(end) - x(month) - 12), 11), Math.min(x(month) + 12, width - 40), top + 41, { size: 11, fill: paint }));
  }
  if (change) made.push(startHandle(change, x, top + 26.5), endHandle(change, x, top + 26.5));
  // What is drawn lets the pointer through to the line beneath.
  made.forEach((shape) => shape.classList.contains("handle") || shape.setAttribute("pointer-events", "none"));
  return made;
}

/** The month from which a change of the policy holds. */
function startHandle(change, x, y) {
  const month = firstMonth(change);
  const shape = element("circle", { cx: x(month), cy: y, r: 9, fill: colour(0) });
  const words = (at) => `${own("from")} ${monthDate(at)}`;
  return handle(change, "start", shape, { at: month, last: monthsThere() - 1, words, to: (to) => setStart(change, to), place: (to) => shape.setAttribute("cx", x(to)), remove: () => removeChange(change), x });
}

/** The last month in which it holds; drawn hollow while that is the last of all. */
function endHandle(change, x, y) {
  const month = monthAfter(change) - 1;
  const shape = element("rect", { x: x(month + 1) - 7, y: y - 7, width: 14, height: 14, fill: change.to ? colour(0) : "#ffffff", stroke: colour(0), "stroke-width": 2 });
  const words = (at) => (at === monthsThere() - 1 ? own("toTheEnd") : `${own("until")} ${monthDate(at)}`);
  return handle(change, "end", shape, { at: month, last: monthsThere() - 1, words, to: (to) => setEnd(change, to), place: (to) => shape.setAttribute("x", x(to + 1) - 7), remove: () => setChange(change, { to: "" }), x });
}

/** One end of a change, moved by pointer or keys. */
function handle(change, part, shape, { at, last, words, to, place, remove, x }) {
  const lever = leverOf(change.key);
  const name = `${say(lever.name)}${say(WORDS.colon)}${shownValue(lever, change.value)}, ${own(part === "start" ? "begins" : "ends")}`;
  const said = { tabindex: 0, role: "slider", "aria-label": name, "aria-valuemin": 0, "aria-valuemax": last, "aria-valuenow": at, "aria-valuetext": words(at) };
  for (const [key, value] of Object.entries({ class: `handle ${part}`, "data-part": `${part}-${state.changes.indexOf(change)}`, ...said })) shape.setAttribute(key, value);
  shape.addEventListener("keydown", (event) => {
    const next = { ArrowRight: at + 1, ArrowUp: at + 1, ArrowLeft: at - 1, ArrowDown: at - 1, PageUp: at + 12, PageDown: at - 12, Home: 0, End: last }[event.key];
    if (event.key === "Delete") remove();
    else if (next !== undefined) to(next);
    else return;
    event.preventDefault();
  });
  // An end stands behind its month, a start before it.
  const under = (event) => Math.max(0, Math.min(last, Math.round(monthUnder(event, shape, x)) - (part === "end" ? 1 : 0)));
  shape.addEventListener("pointerdown", (event) => shape.setPointerCapture(event.pointerId));
  shape.addEventListener("pointermove", (event) => {
    if (!shape.hasPointerCapture(event.pointerId)) return;
    place(under(event));
    byId("timeline-said").textContent = `${say(lever.name)}${say(WORDS.colon)}${words(under(event))}`;
  });
  shape.addEventListener("pointerup", (event) => to(under(event)));
  return shape;
}

/** When a change holds; nothing, where it is all the time. */
function whenWords({ from, to }) {
  if (!from && !to) return { en: "", zh: "" };
  const [en, zh] = ["en", "zh"].map((k) => [from && `${OWN_WORDS.from[k]} ${from}`, to && `${OWN_WORDS.until[k]} ${to}`].filter(Boolean).join(" "));
  return { en, zh };
}

/** What is said beside something, in brackets; nothing, where there is nothing to say. */
function bracketed(words) {
  if (words.length === 0) return "";
  return language() === "zh" ? `（${words.join("，")}）` : ` (${words.join(", ")})`;
}

/** All that is on the line, in words. */
function timelineWords(rows) {
  const colon = say(WORDS.colon);
  const bar = ({ key, change, place }) => ({ month, value }) => {
    const lever = leverOf(key);
    const about = [change ? "" : own("default"), change?.to ? `${own("until")} ${change.to}` : "", say(place)].filter(Boolean);
    return `${monthDate(month)} ${say(lever.name)}${colon}${shownValue(lever, value)}${bracketed(about)}`;
  };
  const [from, to] = windowMonths();
  const held = elections().map(monthDate).join(", ");
  const burnIn = known.bases[state.base].burn_in;
  return [
    ...rows.flatMap((row) => row.bars.map(bar(row))),
    `${own("lookedAt")}${colon}${monthDate(from)} ${say(WORDS.to)} ${monthDate(to - 1)}`,
    ...(held ? [`${own("elections")}${colon}${held}`] : []),
    ...(burnIn > 0 ? [`${own("burnIn")}${colon}${burnIn}`] : []),
  ].join(" · ");
}

/** The exact months and the place of each change, as fields, and a key that removes it. */
function showTimelineKeys() {
  const box = byId("timeline-months");
  // A month that is being written stays under the hand.
  if (box.contains(document.activeElement) && document.activeElement.type === "month") return;
  const at = [...box.querySelectorAll("select, button")].indexOf(document.activeElement);
  box.replaceChildren(...state.changes.map(changeFields));
  if (at >= 0) (box.querySelectorAll("select, button")[at] ?? byId("add-change")).focus();
}

function changeFields(change) {
  const lever = leverOf(change.key);
  const [first, last] = known.bases[state.base].months;
  const about = (word) => `${say(lever.name)}, ${own(word)}`;
  const from = node("input", { type: "month", min: first, max: last, value: change.from || first, "aria-label": about("from") });
  from.addEventListener("change", () => isMonth(from.value) && setStart(change, monthNumber(from.value)));
  const to = node("input", { type: "month", min: first, max: last, value: change.to || last, "aria-label": about("until") });
  to.addEventListener("change", () => isMonth(to.value) && setEnd(change, monthNumber(to.value)));
  const where = placeSelect(lever, change.where);
  where.setAttribute("aria-label", about("somePlaces"));
  where.addEventListener("change", () => setChange(change, { where: placeChosen(where) }));
  const remove = node("button", { type: "button", "aria-label": `${own("remove")}${say(WORDS.colon)}${say(lever.name)}` }, own("remove"));
  remove.addEventListener("click", () => removeChange(change));
  const name = `${say(lever.name)}${say(WORDS.colon)}${shownValue(lever, change.value)}`;
  return node("li", { class: "row" }, node("span", {}, name), from, own("until"), to, where, remove);
}

/** Stands for "where the policy holds", which no address holds. */
const AS_POLICY = "as policy";

/** Where a change can hold; what is decided for the whole city holds everywhere. */
function placeSelect(lever, chosen) {
  const select = node("select");
  const all = lever.citywide ? [["", own("everywhere")]] : [[AS_POLICY, own("asPolicy")], ...areas()];
  select.append(...all.map(([value, words]) => node("option", { value }, words)));
  select.value = lever.citywide ? "" : (chosen ?? AS_POLICY);
  return select;
}

const placeChosen = (select) => (select.value === AS_POLICY ? null : select.value);

/** The form of a new change, from a month on and, if it is given, to another. */
function openChange(from, to = null) {
  const form = byId("change-form");
  form.hidden = false;
  byId("add-change").setAttribute("aria-expanded", "true");
  showChangeForm();
  const [first, last] = known.bases[state.base].months;
  for (const id of ["change-from", "change-to"]) Object.assign(byId(id), { min: first, max: last });
  byId("change-from").value = monthDate(from);
  byId("change-to").value = to === null ? last : monthDate(to);
  byId("change-lever").focus();
}

function closeChange() {
  byId("change-form").hidden = true;
  byId("add-change").setAttribute("aria-expanded", "false");
}

/** The levers to choose from, chapter by chapter, and the fields of the one that is chosen. */
function showChangeForm() {
  if (byId("change-form").hidden) return;
  const select = byId("change-lever");
  const chosen = select.value;
  const chapters = new Map();
  for (const lever of known.keys) {
    const chapter = lever.first ? own("firstLevers") : say(lever.chapter);
    chapters.set(chapter, [...(chapters.get(chapter) ?? []), lever]);
  }
  const options = (levers) => levers.map(({ key, name }) => node("option", { value: key }, say(name)));
  select.replaceChildren(...[...chapters].map(([chapter, levers]) => node("optgroup", { label: chapter }, ...options(levers))));
  select.value = chosen || known.keys[0].key;
  showChangeFields();
}

function showChangeFields() {
  const lever = leverOf(byId("change-lever").value);
  const of = lever.range
    ? node("input", { type: "number", min: lever.range[0], max: lever.range[1], step: lever.whole ? 1 : "any", value: written(valueOf(lever)), required: "" })
    : node("select", {}, ...lever.words.map(({ word, name }) => node("option", { value: word }, say(name))));
  of.id = "change-value";
  of.setAttribute("aria-labelledby", "change-value-name");
  if (!lever.range) of.value = valueOf(lever);
  byId("change-value-box").replaceChildren(of);
  byId("change-unit").textContent = say(lever.unit);
  const where = placeSelect(lever, null);
  where.id = "change-where";
  where.setAttribute("aria-labelledby", "change-where-name");
  byId("change-where-box").replaceChildren(where);
}

/** What the form says becomes a change, and its start stands ready to be moved. */
function submitChange(event) {
  event.preventDefault();
  const lever = leverOf(byId("change-lever").value);
  const [first, last] = known.bases[state.base].months;
  const month = (id, plain) => (isMonth(byId(id).value) && byId(id).value !== plain ? byId(id).value : "");
  const value = byId("change-value").value;
  addChange({ key: lever.key, value: lever.range ? written(value) : value, from: month("change-from", first), to: month("change-to", last), where: placeChosen(byId("change-where")) });
  closeChange();
  const made = document.querySelector(`#timeline [data-part="start-${state.changes.length - 1}"]`);
  (made ?? byId("add-change")).focus();
}
