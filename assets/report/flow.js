"use strict";
// From one sum, the first row, to its parts: bands as wide as the money.

FORMS.flow = {
  size: (chart, panel, width) => ({ width, height: 220 }),

  draw(chart, panel, { width, height }) {
    const series = panel.series[0];
    const parts = panel.rows.map((row, r) => r).slice(1);
    const sum = Math.max(series.mean[0], parts.reduce((all, r) => all + (series.mean[r] ?? 0), 0)) || 1;
    const room = height - 60 - 14 * (parts.length - 1);
    const high = (value) => Math.max(1, ((value ?? 0) / sum) * room);
    const label = (r) => `${say(panel.rows[r].name)} ${read(series.mean[r], panel.scale)}`;
    const [from, to] = [14, width - 14 - Math.max(...parts.map((r) => widthOf(label(r), 12))) - 8];
    const group = element("g", {}, text(unit(panel.scale), 0, 12, { size: 11, fill: GREY }));
    group.append(element("rect", { x: 0, y: 40, width: from, height: high(series.mean[0]), fill: colour(4) }));
    group.append(text(label(0), 0, 33, { size: 12 }));
    const marks = [{ x: from / 2, y: 40 + high(series.mean[0]) / 2, series, i: 0 }];
    let [left, right] = [40, 40];
    parts.forEach((r, n) => {
      const h = high(series.mean[r]);
      const middle = (from + to) / 2;
      const d =
        `M${from} ${left}C${middle} ${left} ${middle} ${right} ${to} ${right}` +
        `V${right + h}C${middle} ${right + h} ${middle} ${left + h} ${from} ${left + h}z`;
      group.append(element("path", { d, fill: colour(n), "fill-opacity": 0.45 }));
      group.append(element("rect", { x: to, y: right, width: 10, height: h, fill: colour(n) }));
      group.append(text(label(r), to + 16, right + Math.max(h / 2 + 4, 9), { size: 12 }));
      marks.push({ x: to, y: right + h / 2, series, i: r });
      left += h;
      right += h + 14;
    });
    return { group, marks };
  },
};
