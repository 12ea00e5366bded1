"use strict";
// Where the policy holds, chosen community by community: on the map, or on tiles where nothing says where they lie.

const CHOSEN = "places=";

/** Communities of the table of the base; none where they have no names. */
const communities = () => known.bases[state.base].communities;

/** "places=1-3,7" as places from 0. */
function chosen(where = state.where) {
  const all = new Set();
  if (!where.startsWith(CHOSEN)) return all;
  for (const part of where.slice(CHOSEN.length).split(",")) {
    const [first, last = first] = part.split("-").map(Number);
    for (let n = first; n >= 1 && n <= Math.min(last, communities().length); n++) all.add(n - 1);
  }
  return all;
}

/** The same the other way, neighbours in the table as one range. */
function writtenPlaces(all) {
  const ranges = [];
  for (const n of [...all].sort((a, b) => a - b)) {
    if (ranges.at(-1)?.[1] === n - 1) ranges.at(-1)[1] = n;
    else ranges.push([n, n]);
  }
  return CHOSEN + ranges.map(([a, b]) => (a === b ? a + 1 : `${a + 1}-${b + 1}`)).join(",");
}

function choose(all) {
  state.where = writtenPlaces(all);
  markChosen();
  changed();
}

function toggle(n) {
  const all = chosen();
  if (!all.delete(n)) all.add(n);
  choose(all);
}

/** Tiles in the order of the table, as a map. */
function tilesAsMap(count) {
  const across = Math.ceil(Math.sqrt(count * 1.4));
  const side = 2000 / across;
  const tile = (n) => {
    const [x, y] = [(n % across) * side, Math.floor(n / across) * side];
    const [a, b] = [0.04 * side, 0.96 * side];
    return { at: [x + side / 2, y + side / 2], rings: [[x + a, y + a, x + b, y + a, x + b, y + b, x + a, y + b]] };
  };
  return { size: [2000, Math.ceil(count / across) * side], places: [...Array(count).keys()].map(tile) };
}

/** The place that an arrow key leads to: the nearest that lies more in its direction than aside. */
function beside(map, from, [dx, dy]) {
  const [x, y] = map.places[from].at;
  const far = map.places.map(({ at: [a, b] }) => {
    const [along, aside] = [(a - x) * dx + (b - y) * dy, Math.abs((a - x) * dy) + Math.abs((b - y) * dx)];
    return along > 0 && aside <= along ? along + 2 * aside : Infinity;
  });
  const nearest = Math.min(...far);
  return nearest < Infinity ? far.indexOf(nearest) : from;
}

const ARROWS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };

/** The map on which communities are chosen, while that is how the policy's place is said. */
function showPlaces() {
  const box = byId("places");
  box.hidden = !state.where.startsWith(CHOSEN);
  if (box.hidden) return box.replaceChildren();
  const names = communities();
  const map = known.bases[state.base].map ?? tilesAsMap(names.length);
  const radius = Math.max(28, Math.min(70, 500 / Math.sqrt(names.length)));
  const shapes = names.map((name, n) => placeShape(map, radius, name, n));
  const around = 2 * radius;
  const [wide, high] = map.size.map((side) => side + 2 * around);
  const svg = element("svg", { viewBox: `${-around} ${-around} ${wide} ${high}`, role: "group", "aria-label": own("chooseHelp") }, ...shapes);
  svg.addEventListener("keydown", (event) => {
    const n = shapes.indexOf(document.activeElement);
    if (event.key === " " || event.key === "Enter") toggle(n);
    else if (ARROWS[event.key]) goTo(shapes, beside(map, n, ARROWS[event.key]));
    else return;
    event.preventDefault();
  });
  shapes[0].setAttribute("tabindex", 0);
  const button = (word, all) => {
    const made = node("button", { type: "button" }, own(word));
    made.addEventListener("click", () => choose(all));
    return made;
  };
  box.replaceChildren(
    node("p", { class: "label" }, own("chooseHelp")),
    svg,
    node("p", { id: "place-name", "aria-hidden": "true" }, "\u00a0"),
    node("p", { id: "places-said", role: "status" }),
    node("p", { class: "row" }, button("all", names.keys()), button("noneOfThem", [])),
  );
  markChosen();
}

function placeShape(map, radius, name, n) {
  const { at: [x, y], rings } = map.places[n];
  const plain = { class: "place", role: "checkbox", tabindex: -1, "aria-label": name };
  const d = () => rings.map((ring) => `M${corners(ring, (at) => at).map((at) => at.join(" ")).join("L")}Z`).join("");
  const shape = rings ? element("path", { d: d(), ...plain }) : element("circle", { cx: x, cy: y, r: radius, ...plain });
  shape.append(element("title", {}, name));
  shape.addEventListener("click", () => {
    goTo([...shape.parentNode.children], n);
    toggle(n);
  });
  for (const event of ["focus", "pointerenter"]) shape.addEventListener(event, () => (byId("place-name").textContent = name));
  return shape;
}

/** One community at a time is on the way of the Tab key. */
function goTo(shapes, n) {
  shapes.forEach((shape, m) => shape.setAttribute("tabindex", m === n ? 0 : -1));
  shapes[n].focus();
}

/** Which are chosen: on the map, as a number, and by name. */
function markChosen() {
  if (byId("places").hidden) return;
  const all = chosen();
  byId("places").querySelectorAll(".place").forEach((shape, n) => shape.setAttribute("aria-checked", String(all.has(n))));
  const names = [...all].sort((a, b) => a - b).map((n) => communities()[n]);
  const [count, of] = [names.length, communities().length];
  const said = language() === "zh" ? `${of} 个社区中已选 ${count} 个` : `${count} of ${of} communities chosen`;
  byId("places-said").textContent = said + (count > 0 ? say(WORDS.colon) + names.join(language() === "zh" ? "、" : ", ") : "");
}

/** On the map or tiles of the answer, where the policy holds has a heavy edge. */
for (const form of [FORMS.map, FORMS.tiles]) {
  const plain = form.draw;
  form.draw = (chart, panel, look) => {
    const drawn = plain(chart, panel, look);
    for (const { i, shape } of drawn.marks) {
      if (!chart.holds?.has(panel.rows[i].name.en)) continue;
      const edge = shape.cloneNode();
      for (const [key, value] of Object.entries({ class: "holds", fill: "none", stroke: INK, "stroke-width": 3, "stroke-dasharray": "" })) edge.setAttribute(key, value);
      drawn.group.append(edge);
    }
    return drawn;
  };
}

/** Names that are listed; of more there is only their number. */
const FEW_NAMES = 5;

/** Where something holds, in words; nothing, where it is everywhere. */
function whereWords(where) {
  if (!where) return { en: "", zh: "" };
  if (where.startsWith(CHOSEN)) return chosenWords(where);
  if (where === "share=0.5") return OWN_WORDS.half;
  const kind = known.kinds.find(({ word }) => where === `kind=${word}`);
  return kind ? { en: `${OWN_WORDS.kind.en}: ${kind.name.en}`, zh: `${OWN_WORDS.kind.zh}：${kind.name.zh}` } : { en: where, zh: where };
}

/** Communities that were chosen one by one: how many, and by name where they are few. */
function chosenWords(where) {
  const names = [...chosen(where)].sort((a, b) => a - b).map((n) => communities()[n]);
  const [count, of] = [names.length, communities().length];
  const listed = (between) => (count > 0 && count <= FEW_NAMES ? names.join(between) : "");
  const [en, zh] = [listed(", "), listed("、")];
  return { en: `${count} of ${of} communities${en ? `: ${en}` : ""}`, zh: `${of} 个社区中的 ${count} 个${zh ? `：${zh}` : ""}` };
}

/** Where a change holds: where it says itself, or where the policy does. */
const whereOf = (change) => change.where ?? state.where;

/** The chart of communities with what it is to mark, and words for it. */
function withPlaces(chart) {
  const where = state.changes.map(whereOf).find((where) => where.startsWith(CHOSEN));
  if (chart.id !== "where" || !where) return chart;
  const holds = new Set([...chosen(where)].map((n) => communities()[n]));
  const [{ en, zh }, words] = [OWN_WORDS.holds, chosenWords(where)];
  return { ...chart, holds, note: { en: `${chart.note.en} ${en}: ${words.en}.`, zh: `${chart.note.zh}${zh}：${words.zh}。` } };
}
