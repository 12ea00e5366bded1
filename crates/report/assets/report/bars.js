"use strict";
// Upright bars side by side, a group for each row.

FORMS.bars = {
  size: (chart, panel, width) => ({ width, height: 250 }),

  draw(chart, panel, { width, height, hidden }) {
    const [low, high] = extent(panel, hidden);
    const upright = ticks(Math.min(low, 0), Math.max(high, 0), 4);
    const [top, bottom] = [24, height - 22];
    const { left, at, group } = uprightAxis(panel, upright, { top, bottom, right: width - 4 });
    const wide = (width - 4 - left) / panel.rows.length;
    const shown = panel.series.map((series, s) => s).filter((s) => !hidden.has(s));
    const marks = [];
    const every = Math.ceil(Math.max(...panel.rows.map((row) => widthOf(say(row.name), 11) + 6)) / wide);
    panel.rows.forEach((row, r) => {
      const from = left + r * wide;
      if (r % every === 0) {
        group.append(text(say(row.name), from + wide / 2, bottom + 15, { size: 11, anchor: "middle" }));
      }
      shown.forEach((s, n) => {
        const series = panel.series[s];
        if (!isNumber(series.mean[r])) return;
        const bar = (0.84 * wide) / shown.length;
        const x = from + 0.08 * wide + n * bar;
        const [a, b] = [at(0), at(series.mean[r])];
        const box = { x, y: Math.min(a, b), width: bar * 0.92, height: Math.abs(a - b) };
        group.append(element("rect", { ...box, fill: colour(s) }));
        const middle = x + bar * 0.46;
        if (isNumber(series.low?.[r])) {
          group.append(line(middle, at(series.low[r]), middle, at(series.high[r]), INK, 1.4));
        }
        marks.push({ x: middle, y: box.y, series, i: r });
      });
    });
    return { group, marks };
  },
};
