"use strict";
// Marks with their intervals beside the names of rows. Hollow ones are not significant.

const ROW = 17;

const rowHeights = (panel, shown) => {
  const each = Math.max(20, 6 + shown * 10);
  let y = 30;
  return panel.rows.map((row) => {
    if (row.heading) y += ROW + 4;
    y += each;
    return y - each / 2;
  });
};

FORMS.dots = {
  size(chart, panel, width) {
    return { width, height: rowHeights(panel, panel.series.length).at(-1) + 44 };
  },

  draw(chart, panel, { width, height, hidden }) {
    const shown = panel.series.map((series, s) => s).filter((s) => !hidden.has(s));
    const names = panel.rows.map((row) => say(row.name));
    const left = Math.min(width * 0.46, 10 + Math.max(...names.map((name) => widthOf(name, 12))));
    let [low, high] = extent(panel, hidden);
    if (panel.scale.differences || panel.scale.from_zero) [low, high] = [Math.min(low, 0), Math.max(high, 0)];
    const across = (most) => ticks(low, high, most);
    const widest = Math.max(...across(4).map((tick) => widthOf(tick.label, 11)));
    const along = across(Math.max(2, Math.floor((width - left) / Math.max(70, 1.6 * widest))));
    // So that the last number is not cut off.
    const x = scale(along[0].value, along.at(-1).value, left + 14, width - Math.max(14, widest / 2 + 2));
    const at = (value) => x(value * factor(panel));
    const heights = rowHeights(panel, panel.series.length);
    const bottom = heights.at(-1) + 14;
    const group = element("g", {}, text(unit(panel.scale), 0, 12, { size: 11, fill: GREY }));
    for (const tick of along) {
      const strong = tick.value === 0 && panel.scale.differences;
      group.append(line(x(tick.value), 22, x(tick.value), bottom, strong ? GREY : PALE));
      group.append(text(tick.label, x(tick.value), bottom + 14, { size: 11, anchor: "middle" }));
    }
    const marks = [];
    panel.rows.forEach((row, r) => {
      const y = heights[r];
      if (row.heading) {
        group.append(text(say(row.heading), 0, y - Math.max(20, 6 + panel.series.length * 10) / 2 - 3, { size: 12, weight: "bold" }));
      }
      group.append(text(fitting(names[r], left, 12), left, y + 4, { size: 12, anchor: "end" }));
      shown.forEach((s, n) => {
        const series = panel.series[s];
        if (!isNumber(series.mean[r])) return;
        const aside = y + (n - (shown.length - 1) / 2) * 10;
        if (panel.scale.from_zero && s === 0) {
          const box = { x: Math.min(at(0), at(series.mean[r])), y: aside - 5, height: 10 };
          group.append(element("rect", { ...box, width: Math.abs(at(series.mean[r]) - at(0)), fill: colour(s), "fill-opacity": 0.35 }));
        }
        if (isNumber(series.low?.[r])) {
          group.append(line(at(series.low[r]), aside, at(series.high[r]), aside, colour(s), 2));
        }
        const filled = series.claimed ? series.claimed[r] : true;
        group.append(mark(s, at(series.mean[r]), aside, { filled, size: shown.length > 2 ? 4 : 5 }));
        marks.push({ x: at(series.mean[r]), y: aside, series, i: r, note: filled ? "" : say(WORDS.unclear) });
      });
    });
    return { group, marks };
  },
};
