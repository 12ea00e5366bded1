"use strict";
// From one sum, the first row, to its parts, and from these to theirs: bands as wide as the money.

const FLOW_GAP = 8;
const FLOW_WIDE = 10;

/** How far from the first row a row is. */
const depthOf = (panel, r) => (r === 0 ? 0 : 1 + depthOf(panel, panel.parents[r]));

/** Where each row stands: its column, its top and its height. */
function flowPlaces(panel, values, height) {
  const rows = panel.rows.map((row, r) => r);
  const depths = rows.map((r) => depthOf(panel, r));
  const columns = [...Array(Math.max(...depths) + 1).keys()].map((depth) => rows.filter((r) => depths[r] === depth));
  const most = Math.max(...columns.map((column) => column.length));
  const sums = columns.map((column) => column.reduce((all, r) => all + values[r], 0));
  const room = height - 44 - FLOW_GAP * (most - 1);
  const high = (value) => Math.max(1, (value / (Math.max(...sums) || 1)) * room);
  const places = [];
  columns.forEach((column, depth) => {
    let y = 40;
    for (const r of column) {
      places[r] = { depth, y, h: high(values[r]), from: 0 };
      y += places[r].h + FLOW_GAP;
    }
  });
  return { places, depths: columns.length };
}

FORMS.flow = {
  size: (chart, panel, width) => ({ width, height: Math.max(220, 60 + 24 * panel.rows.length) }),

  draw(chart, panel, { width, height }) {
    const series = panel.series[0];
    const values = series.mean.map((value) => value ?? 0);
    const { places, depths } = flowPlaces(panel, values, height);
    const label = (r) => `${say(panel.rows[r].name)} ${read(series.mean[r], panel.scale)}`;
    const last = panel.rows.map((row, r) => r).filter((r) => places[r].depth === depths - 1);
    const right = Math.min(width * 0.5, 8 + Math.max(...last.map((r) => widthOf(label(r), 12))));
    const x = (depth) => (depth / Math.max(1, depths - 1)) * (width - right - FLOW_WIDE - 4);
    const group = element("g", {}, text(unit(panel.scale), 0, 12, { size: 11, fill: GREY }));
    const marks = [];
    const labels = [];
    // Words may stand on bands.
    const said = (words, x, y) => {
      const made = text(words, x, y, { size: 12 });
      for (const [key, value] of Object.entries({ stroke: "#ffffff", "stroke-width": 3, "paint-order": "stroke" })) made.setAttribute(key, value);
      labels.push(made);
    };
    panel.rows.forEach((row, r) => {
      const { depth, y, h } = places[r];
      const fill = r === 0 ? colour(4) : colour(r - 1);
      if (r > 0) {
        const parent = places[panel.parents[r]];
        const [left, to] = [x(parent.depth) + FLOW_WIDE, x(depth)];
        const top = parent.y + parent.from;
        const middle = (left + to) / 2;
        const d =
          `M${left} ${top}C${middle} ${top} ${middle} ${y} ${to} ${y}` +
          `V${y + h}C${middle} ${y + h} ${middle} ${top + h} ${left} ${top + h}z`;
        group.append(element("path", { d, fill, "fill-opacity": 0.4 }));
        parent.from += h;
      }
      group.append(element("rect", { x: x(depth), y, width: FLOW_WIDE, height: h, fill }));
      const words = fitting(label(r), width - x(depth) - FLOW_WIDE - 8, 12);
      if (r === 0) said(words, 0, 33);
      else said(words, x(depth) + FLOW_WIDE + 6, y + Math.max(h / 2 + 4, 9));
      marks.push({ x: x(depth) + FLOW_WIDE / 2, y: y + h / 2, series, i: r });
    });
    group.append(...labels);
    return { group, marks };
  },
};
