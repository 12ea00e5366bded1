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

/** When a key changes, and to what: by the base, then by the policy; each holds until the next. */
function changesOf(key) {
  const ofBase = known.bases[state.base].changes.filter((change) => change.key === key);
  const own = state.levers.get(key);
  const all = ofBase.map(({ from, value }) => ({ month: Math.max(0, monthNumber(from)), value, own: false }));
  if (own) all.push({ month: own.from ? monthNumber(own.from) : 0, value: own.value, own: true });
  return all.sort((a, b) => a.month - b.month || a.own - b.own);
}

/** The value of a key in a month. */
const valueIn = (key, month) => changesOf(key).findLast((change) => change.month <= month)?.value ?? baseValue(leverOf(key));

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

function setMonth(key, month) {
  const at = Math.max(0, Math.min(monthsThere() - 1, month));
  const lever = leverOf(key);
  setLever(lever, valueOf(lever), at === 0 ? "" : monthDate(at));
}

function showTimeline() {
  const box = byId("timeline");
  const hadFocus = box.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  const keys = [...new Set([...state.levers.keys(), ...known.bases[state.base].changes.map(({ key }) => key)])].filter(leverOf);
  const width = Math.max(240, box.clientWidth);
  const bottom = LINE_TOP + LINE_ROW * keys.length + 6;
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
  keys.forEach((key, n) => group.append(...changeRow(key, LINE_TOP + LINE_ROW * n, x, width)));
  box.replaceChildren(element("svg", { width, height: bottom + LINE_END, viewBox: `0 0 ${width} ${bottom + LINE_END}`, role: "group", "aria-labelledby": "timeline-title" }, group));
  if (hadFocus) box.querySelector(`[data-key="${hadFocus}"]`)?.focus();
  byId("timeline-said").textContent = timelineWords(keys);
  showTimelineKeys();
}

/** A key over its months: each value as a bar as long as it holds; the start of the policy's own can be moved. */
function changeRow(key, top, x, width) {
  const lever = leverOf(key);
  const all = changesOf(key);
  const made = [text(fitting(say(lever.name), width - 8, 12), 4, top + 16, { size: 12, weight: "bold" })];
  all.forEach(({ month, value, own: isOwn }, n) => {
    const end = all[n + 1]?.month ?? monthsThere();
    if (end <= month) return;
    const paint = isOwn ? colour(0) : GREY;
    made.push(element("rect", { x: x(month), y: top + 24, width: x(end) - x(month), height: 5, fill: paint }));
    made.push(text(fitting(shownValue(lever, value), Math.max(24, x(end) - x(month) - 12), 11), Math.min(x(month) + 12, width - 40), top + 41, { size: 11, fill: paint }));
    if (isOwn) made.push(handle(key, month, x, top + 26.5));
  });
  return made;
}

/** The month from which a change of the policy holds, moved by pointer or keys. */
function handle(key, month, x, y) {
  const lever = leverOf(key);
  const last = monthsThere() - 1;
  const made = element("circle", {
    cx: x(month), cy: y, r: 9, fill: colour(0), class: "handle", "data-key": key, tabindex: 0, role: "slider",
    "aria-label": `${say(lever.name)}${say(WORDS.colon)}${shownValue(lever, valueOf(lever))}`,
    "aria-valuemin": 0, "aria-valuemax": last, "aria-valuenow": month, "aria-valuetext": `${own("from")} ${monthDate(month)}`,
  });
  made.addEventListener("keydown", (event) => {
    const to = { ArrowRight: month + 1, ArrowUp: month + 1, ArrowLeft: month - 1, ArrowDown: month - 1, PageUp: month + 12, PageDown: month - 12, Home: 0, End: last }[event.key];
    if (event.key === "Delete") setLever(lever, baseValue(lever), "");
    else if (to !== undefined) setMonth(key, to);
    else return;
    event.preventDefault();
  });
  const at = (event) => {
    const left = made.ownerSVGElement.getBoundingClientRect().left;
    return Math.max(0, Math.min(last, Math.round(((event.clientX - left - x(0)) / (x(last) - x(0))) * last)));
  };
  made.addEventListener("pointerdown", (event) => made.setPointerCapture(event.pointerId));
  made.addEventListener("pointermove", (event) => {
    if (!made.hasPointerCapture(event.pointerId)) return;
    made.setAttribute("cx", x(at(event)));
    byId("timeline-said").textContent = `${say(lever.name)}${say(WORDS.colon)}${own("from")} ${monthDate(at(event))}`;
  });
  made.addEventListener("pointerup", (event) => setMonth(key, at(event)));
  return made;
}

/** All that is on the line, in words. */
function timelineWords(keys) {
  const colon = say(WORDS.colon);
  const change = (lever) => ({ month, value, own: isOwn }) => `${monthDate(month)} ${say(lever.name)}${colon}${shownValue(lever, value)}${isOwn ? "" : ` (${own("default")})`}`;
  const [from, to] = windowMonths();
  const held = elections().map(monthDate).join(", ");
  const burnIn = known.bases[state.base].burn_in;
  return [
    ...keys.flatMap((key) => changesOf(key).map(change(leverOf(key)))),
    `${own("lookedAt")}${colon}${monthDate(from)} ${say(WORDS.to)} ${monthDate(to - 1)}`,
    ...(held ? [`${own("elections")}${colon}${held}`] : []),
    ...(burnIn > 0 ? [`${own("burnIn")}${colon}${burnIn}`] : []),
  ].join(" · ");
}

/** The exact months, as fields, and a key that removes each change. */
function showTimelineKeys() {
  const [first, last] = known.bases[state.base].months;
  const row = ([key, { from }]) => {
    const lever = leverOf(key);
    const field = node("input", { type: "month", min: first, max: last, value: from || first });
    field.addEventListener("change", () => /^\d{4}-\d{2}$/.test(field.value) && setMonth(key, monthNumber(field.value)));
    const remove = node("button", { type: "button", "aria-label": `${own("remove")}${say(WORDS.colon)}${say(lever.name)}` }, own("remove"));
    remove.addEventListener("click", () => setLever(lever, baseValue(lever), ""));
    return node("li", { class: "row" }, node("label", {}, `${say(lever.name)}, ${own("from")} `, field), remove);
  };
  const box = byId("timeline-months");
  // A month that is being written stays under the hand.
  if (box.contains(document.activeElement) && document.activeElement.type === "month") return;
  box.replaceChildren(...[...state.levers].map(row));
}
