"use strict";
// A tile for each row: darker is more.

/** From pale to dark blue, with how far along a value is; dark enough at the end for white letters. */
function shade(share) {
  const [from, to] = [[233, 242, 248], [0, 68, 112]];
  const mixed = from.map((c, k) => Math.round(c + (to[k] - c) * share));
  return { fill: `rgb(${mixed.join(",")})`, ink: share > 0.5 ? "#ffffff" : INK };
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
    const [low, high] = extent({ ...panel, series: panel.series.map(({ mean }) => ({ mean })) }, new Set());
    const group = element("g", {}, text(unit(panel.scale), 0, 12, { size: 11, fill: GREY }));
    const marks = [];
    const series = panel.series[0];
    panel.rows.forEach((row, r) => {
      const [x, y] = [(r % across) * side, 22 + Math.floor(r / across) * side];
      const value = series.mean[r];
      const share = high > low ? (value * factor(panel) - low) / (high - low) : 0.5;
      const { fill, ink } = isNumber(value) ? shade(share) : { fill: "#ffffff", ink: GREY };
      const box = { x: x + 1, y: y + 1, width: side - 2, height: side - 2, rx: 3 };
      group.append(element("rect", { ...box, fill, stroke: GREY, "stroke-width": isNumber(value) ? 0 : 1 }));
      if (side >= 34) {
        group.append(text(read(value, panel.scale), x + side / 2, y + side / 2 + 4, { size: 11, anchor: "middle", fill: ink }));
      }
      marks.push({ x: x + side / 2, y: y + side / 2, series, i: r });
    });
    const y = 22 + side * Math.ceil(panel.rows.length / across) + 8;
    [0, 0.25, 0.5, 0.75, 1].forEach((share, n) => {
      group.append(element("rect", { x: n * 22, y, width: 22, height: 9, fill: shade(share).fill }));
    });
    const ends = [low, high].map((value) => read(value / factor(panel), panel.scale));
    group.append(text(`${ends[0]} – ${ends[1]}`, 118, y + 9, { size: 11, fill: GREY }));
    return { group, marks };
  },
};
