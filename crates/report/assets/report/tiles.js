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

/** The colours of a panel, by value, and the values at the ends of its key; differences share those of a chart. */
function shades(chart, panel) {
  const shown = panel.scale.differences ? chart.panels : [panel];
  const [low, high] = extent({ ...panel, series: shown.flatMap(({ series }) => series.map(({ mean }) => ({ mean }))) }, new Set());
  if (panel.scale.differences) {
    const most = Math.max(Math.abs(low), Math.abs(high)) || 1;
    return { ends: [-most, most], of: (value) => shade(Math.abs(value) / most, value < 0 ? "down" : "up") };
  }
  const from = panel.scale.from_zero ? 0 : low;
  return { ends: [from, high], of: (value) => shade(high > from ? Math.max(0, value - from) / (high - from) : 0.5) };
}

/** What the colours of a panel mean, at `y`. */
function shadesKey(panel, { ends, of }, y) {
  const group = element("g");
  [0, 0.25, 0.5, 0.75, 1].forEach((share, n) => {
    group.append(element("rect", { x: n * 22, y, width: 22, height: 9, fill: of(ends[0] + share * (ends[1] - ends[0])).fill }));
  });
  const words = ends.map((value) => read(value / factor(panel), panel.scale)).join(" – ");
  group.append(text(words, 118, y + 9, { size: 11, fill: GREY }));
  return group;
}

FORMS.tiles = {
  across: (panel) => Math.ceil(Math.sqrt(panel.rows.length * 1.6)),

  size(chart, panel, width) {
    const across = this.across(panel);
    const side = Math.min(54, width / across);
    return { width, height: 54 + side * Math.ceil(panel.rows.length / across) };
  },

  draw(chart, panel, { width }) {
    const across = this.across(panel);
    const side = Math.min(54, width / across);
    const colours = shades(chart, panel);
    const group = element("g", {}, text(unit(panel.scale), 0, 12, { size: 11, fill: GREY }));
    const marks = [];
    const series = panel.series[0];
    panel.rows.forEach((row, r) => {
      const [x, y] = [(r % across) * side, 22 + Math.floor(r / across) * side];
      const value = series.mean[r];
      const { fill, ink } = isNumber(value) ? colours.of(value * factor(panel)) : { fill: "#ffffff", ink: GREY };
      const box = { x: x + 1, y: y + 1, width: side - 2, height: side - 2, rx: 3 };
      const frame = series.significant?.[r] ? { stroke: INK, "stroke-width": 2 } : { stroke: GREY, "stroke-width": isNumber(value) ? 0 : 1 };
      group.append(element("rect", { ...box, fill, ...frame }));
      const words = read(value, panel.scale);
      if (widthOf(words, 11) < side - 4) {
        group.append(text(words, x + side / 2, y + side / 2 + 4, { size: 11, anchor: "middle", fill: ink }));
      }
      const note = series.significant && !series.significant[r] ? say(WORDS.unclear) : "";
      marks.push({ x: x + side / 2, y: y + side / 2, series, i: r, note });
    });
    group.append(shadesKey(panel, colours, 22 + side * Math.ceil(panel.rows.length / across) + 8));
    return { group, marks };
  },
};
