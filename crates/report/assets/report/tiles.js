"use strict";
// A tile for each row: darker is more. Of differences, blue is above zero and orange below, and a frame says
// that one is significant.

const PALEST = [240, 243, 245];
const DARKEST = { up: [0, 68, 112], down: [150, 62, 0] };

/** How light a colour is, from 0 to 1, by the standard for contrast (WCAG 2). */
function lightness(colour) {
  const linear = colour.map((c) => (c <= 10 ? c / 3295 : ((c / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
}

/** From pale to dark, with how far along a value is, and letters with a contrast of at least 4.5 to it. */
function shade(share, direction = "up") {
  const mixed = PALEST.map((c, k) => Math.round(c + (DARKEST[direction][k] - c) * share));
  return { fill: `rgb(${mixed.join(",")})`, ink: lightness(mixed) > 0.18 ? "#000000" : "#ffffff" };
}

/**
 * The colours of a panel, by value, and the values at the ends of its key: those that the panel says, or of what it
 * shows; differences share those of a chart.
 */
function shades(chart, panel) {
  const shown = panel.scale.differences ? chart.panels : [panel];
  const all = shown.flatMap(({ series }) => series.map(({ mean }) => ({ mean })));
  const [low, high] = panel.ends ?? extent({ ...panel, series: all }, new Set());
  if (panel.scale.differences) {
    const most = Math.max(Math.abs(low), Math.abs(high)) || 1;
    return { ends: [-most, most], of: (value) => shade(Math.abs(value) / most, value < 0 ? "down" : "up") };
  }
  const from = panel.scale.from_zero ? 0 : low;
  return { ends: [from, high], of: (value) => shade(high > from ? Math.max(0, value - from) / (high - from) : 0.5) };
}

/** What the colours of a panel mean, at `y`: the values at both ends, and zero between them where there are differences. */
function shadesKey(panel, { ends, of }, y) {
  const group = element("g");
  const [steps, wide] = [9, 16];
  for (let n = 0; n < steps; n++) {
    const { fill } = of(ends[0] + (n / (steps - 1)) * (ends[1] - ends[0]));
    group.append(element("rect", { x: n * wide, y, width: wide, height: 9, fill }));
  }
  const at = (value, x, anchor) => group.append(text(read(value / factor(panel), panel.scale), x, y + 21, { size: 11, fill: GREY, anchor }));
  at(ends[0], 0, "start");
  if (panel.scale.differences) at(0, (steps * wide) / 2, "middle");
  at(ends[1], steps * wide, panel.scale.differences ? "end" : "middle");
  group.append(text(unit(panel.scale), steps * wide + 8, y + 9, { size: 11, fill: GREY }));
  return group;
}

/** Height of what the colours mean. */
const KEY_HIGH = 32;

/** Where each tile stands: named ones are wider, for their names, and streets begin a line of their own. */
function tilesLayout(panel, width) {
  const isNamed = panel.rows.some((row) => !/^\d+$/.test(say(row.name)));
  const most = Math.max(1, Math.floor(width / (isNamed ? 84 : 40)));
  const across = Math.min(most, Math.ceil(Math.sqrt(panel.rows.length * (isNamed ? 1 : 1.6))));
  const wide = Math.min(isNamed ? 110 : 54, width / across);
  const high = isNamed ? 40 : wide;
  let [column, top] = [0, 0];
  const places = panel.rows.map((row, r) => {
    if (row.heading) [column, top] = [0, top + (column > 0 ? high : 0) + ROW];
    else if (column === across) [column, top] = [0, top + high];
    column++;
    return { x: (column - 1) * wide, y: top };
  });
  return { isNamed, wide, high, places, bottom: top + high };
}

FORMS.tiles = {
  size: (chart, panel, width) => ({ width, height: tilesLayout(panel, width).bottom + 14 + KEY_HIGH }),

  draw(chart, panel, { width }) {
    const { isNamed, wide, high, places, bottom } = tilesLayout(panel, width);
    const colours = shades(chart, panel);
    const group = element("g");
    const marks = [];
    const series = panel.series[0];
    panel.rows.forEach((row, r) => {
      const { x, y } = places[r];
      const value = series.mean[r];
      const { fill, ink } = isNumber(value) ? colours.of(value * factor(panel)) : { fill: "#ffffff", ink: GREY };
      if (row.heading) group.append(text(fitting(say(row.heading), width, 11), x, y - 5, { size: 11, weight: "bold" }));
      const box = { x: x + 1, y: y + 1, width: wide - 2, height: high - 2, rx: 3 };
      const frame = series.significant?.[r] ? { stroke: INK, "stroke-width": 2 } : { stroke: GREY, "stroke-width": isNumber(value) ? 0 : 1 };
      const shape = element("rect", { ...box, fill, ...frame });
      group.append(shape);
      const words = read(value, panel.scale);
      const say_at = (said, down) => group.append(text(said, x + wide / 2, y + down, { size: 11, anchor: "middle", fill: ink }));
      if (isNamed) say_at(fitting(say(row.name), wide - 8, 11), high / 2 - 4);
      if (widthOf(words, 11) < wide - 4) say_at(words, isNamed ? high / 2 + 11 : high / 2 + 4);
      const note = series.significant && !series.significant[r] ? say(WORDS.unclear) : "";
      marks.push({ x: x + wide / 2, y: y + high / 2, series, i: r, note, shape });
    });
    group.append(shadesKey(panel, colours, bottom + 8));
    return { group, marks };
  },
};
