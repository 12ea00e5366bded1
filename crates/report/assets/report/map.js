"use strict";
// A map, north up: outlines where they are known, points where they are not. What is not significant is hatched, or
// a hollow point.

/** Space around a map, so that points at its edge are whole. */
const AROUND = 12;
/** Height of the bar of the scale. */
const BAR_HIGH = 16;
/** Names every hatching, as a pattern of a picture that is hidden fills nothing. */
let hatchings = 0;

/** How much larger the map is drawn, in both directions, and where it begins. */
function mapLayout({ map }, width) {
  const [wide, high] = map.size.map((side) => Math.max(side, 1));
  const times = Math.min((width - 2 * AROUND) / wide, (1.1 * width - 2 * AROUND) / high, 520 / high);
  const height = high * times + 2 * AROUND;
  const left = (width - wide * times) / 2;
  return { height, times, at: ([x, y]) => [left + x * times, AROUND + y * times], area: wide * high * times * times };
}

/** The corners of a ring. */
const corners = (ring, at) => Array.from({ length: ring.length / 2 }, (_, n) => at([ring[2 * n], ring[2 * n + 1]]));

/** Width of what can be written level around a place within a ring. */
function roomAround([x, y], ring) {
  let [west, east] = [-Infinity, Infinity];
  ring.forEach(([ax, ay], n) => {
    const [bx, by] = ring[(n + 1) % ring.length];
    if (ay <= y === by <= y) return;
    const crossing = ax + ((y - ay) / (by - ay)) * (bx - ax);
    if (crossing < x) west = Math.max(west, crossing);
    else east = Math.min(east, crossing);
  });
  return 2 * Math.min(x - west, east - x) - 8;
}

/** A length on the map with what it is on the ground. */
function scaleBar({ length, label }, times, y) {
  const right = 1 + length * times;
  const path = element("path", { d: `M1 ${y - 4}V${y}H${right.toFixed(1)}V${y - 4}`, fill: "none", stroke: GREY });
  return [path, text(say(label), right + 6, y + 2, { size: 11, fill: GREY })];
}

/** Height of the bar of a map, if it has one. */
const barHigh = ({ map }) => (map.bar ? BAR_HIGH : 0);

/** Lines aslant over what letters of the colour `ink` can be read on: seen, and quieter than what is significant. */
function hatching(group, ink) {
  const id = `hatching-${++hatchings}`;
  const lines = element("path", { d: "M-1 8L8 -1M-1 1L1 -1M6 8L8 6", stroke: ink, "stroke-opacity": 0.5, "stroke-width": 0.9 });
  group.append(element("pattern", { id, width: 7, height: 7, patternUnits: "userSpaceOnUse" }, lines));
  return `url(#${id})`;
}

FORMS.map = {
  size: (chart, panel, width) => ({ width, height: mapLayout(chart, width).height + barHigh(chart) + KEY_HIGH + 8 }),

  draw(chart, panel, { width }) {
    const { height, times, at, area } = mapLayout(chart, width);
    const colours = shades(chart, panel);
    const group = element("g");
    const hatch = { "#000000": hatching(group, "#000000"), "#ffffff": hatching(group, "#ffffff") };
    const marks = [];
    const series = panel.series[0];
    const radius = Math.max(3.5, Math.min(9, 0.3 * Math.sqrt(area / panel.rows.length)));
    const names = element("g");
    panel.rows.forEach((row, r) => {
      const { at: point, rings } = chart.map.places[r];
      const [x, y] = at(point);
      const value = series.mean[r];
      const isKnown = isNumber(value);
      const isClear = series.significant ? Boolean(series.significant[r]) : true;
      const { fill, ink } = isKnown ? colours.of(value * factor(panel)) : { fill: "#ffffff", ink: "#000000" };
      const note = isClear ? "" : say(WORDS.unclear);
      let shape;
      if (rings) {
        const shapes = rings.map((ring) => corners(ring, at));
        const d = shapes.map((ring) => `M${ring.map(([a, b]) => `${a.toFixed(1)} ${b.toFixed(1)}`).join("L")}Z`).join("");
        shape = element("path", { d, fill, stroke: GREY, "stroke-width": 0.8, "stroke-dasharray": isKnown ? "" : "3 3" });
        group.append(shape);
        if (isKnown && !isClear) group.append(element("path", { d, fill: hatch[ink] }));
        const name = say(row.name);
        const room = roomAround([x, y], shapes[0]);
        if (isClear && rings.length === 1 && widthOf(name, 10) < room) names.append(text(name, x, y + 3.5, { size: 10, anchor: "middle", fill: ink }));
      } else {
        const isFull = isKnown && isClear;
        const paint = isFull ? { fill, stroke: GREY, "stroke-width": 0.8 } : { fill: "#ffffff", stroke: isKnown ? fill : GREY, "stroke-width": isKnown ? radius / 2.5 : 0.8 };
        if (!isFull && isKnown) group.append(element("circle", { cx: x, cy: y, r: radius + 0.6, fill: GREY }));
        shape = element("circle", { cx: x, cy: y, r: isFull || !isKnown ? radius : radius * 0.8, ...paint });
        group.append(shape);
      }
      marks.push({ x, y, series, i: r, note, shape });
    });
    if (chart.map.bar) group.append(...scaleBar(chart.map.bar, times, height + 6));
    group.append(names, shadesKey(panel, colours, height + barHigh(chart) + 4));
    return { group, marks };
  },
};
