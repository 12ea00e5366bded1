"use strict";
// Marks with their intervals above the names of rows, held against a dashed line; all panels on one scale.

FORMS.levels = {
  size: (chart, panel, width) => ({ width, height: 190 }),

  draw(chart, panel, { width, height, hidden }) {
    const all = chart.panels.map((one) => extent(one, hidden));
    const held = chart.panels.map((one) => one.middle).filter(isNumber).map((value) => value * factor(panel));
    const upright = ticks(Math.min(...all.map(([low]) => low), ...held), Math.max(...all.map(([, high]) => high), ...held), 4);
    const [top, bottom] = [24, height - 36];
    const { left, at, group } = uprightAxis(panel, upright, { top, bottom, right: width - 4 });
    if (isNumber(panel.middle)) group.append(line(left, at(panel.middle), width - 4, at(panel.middle), GREY, 1, [4, 3]));
    const names = panel.rows.map((row) => say(row.name));
    const wide = (width - 4 - left) / names.length;
    const x = (r) => left + wide * (r + 0.5);
    // Two lines where one is too narrow.
    const alternate = Math.max(...names.map((name) => widthOf(name, 11))) + 6 > wide;
    names.forEach((name, r) => {
      const lower = alternate && r % 2 === 1 ? 13 : 0;
      group.append(text(fitting(name, alternate ? 2 * wide : wide, 11), x(r), bottom + 15 + lower, { size: 11, anchor: "middle" }));
    });
    const marks = [];
    panel.series.forEach((series, s) => {
      if (hidden.has(s)) return;
      const present = [...names.keys()].filter((r) => isNumber(series.mean[r]));
      // Numbers have an order that a line may follow; words have none.
      if (series.across) {
        const points = present.map((r) => `${x(r).toFixed(1)},${at(series.mean[r]).toFixed(1)}`).join(" ");
        group.append(element("polyline", { points, fill: "none", stroke: colour(s), "stroke-width": 1.5 }));
      }
      for (const r of present) {
        if (isNumber(series.low?.[r])) group.append(line(x(r), at(series.low[r]), x(r), at(series.high[r]), colour(s), 1.5));
        group.append(mark(s, x(r), at(series.mean[r]), { size: 4.5 }));
        marks.push({ x: x(r), y: at(series.mean[r]), series, i: r });
      }
    });
    return { group, marks };
  },
};
