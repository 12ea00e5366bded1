"use strict";
// Marks or bars with their intervals beside the names of rows. Hollow ones are not significant.

const ROW = 17;

/** Limits stand across a row, all other series beneath each other. */
const isLimit = (series) => series.mark === "limit";

/** The name of each row, whole, on as many lines as it takes beside a picture of this width. */
const rowNames = (panel, width) => panel.rows.map((row) => inLines(say(row.name), width * 0.46 - 10, 12));

/** Height of a row of a panel: of its marks, or of its name. */
const rowHeight = (panel, width) => {
  const marks = panel.series.filter((series) => !isLimit(series)).length * 10;
  return Math.max(20, 6 + marks, 5 + 14 * Math.max(...rowNames(panel, width).map((lines) => lines.length)));
};

/** The middle of each row. */
const rowMiddles = (panel, width) => {
  const each = rowHeight(panel, width);
  let y = 30;
  return panel.rows.map((row) => {
    if (row.heading) y += ROW + 4;
    y += each;
    return y - each / 2;
  });
};

FORMS.dots = {
  size(chart, panel, width) {
    return { width, height: rowMiddles(panel, width).at(-1) + 44 };
  },

  draw(chart, panel, { width, height, hidden }) {
    const shown = panel.series.map((series, s) => s).filter((s) => !hidden.has(s));
    const names = rowNames(panel, width);
    const left = 10 + Math.max(...names.flat().map((name) => widthOf(name, 12)));
    let [low, high] = extent(panel, hidden);
    if (panel.scale.differences || panel.scale.from_zero) [low, high] = [Math.min(low, 0), Math.max(high, 0)];
    const across = (most) => ticks(low, high, most);
    const widest = Math.max(...across(4).map((tick) => widthOf(tick.label, 11)));
    const along = across(Math.max(2, Math.floor((width - left) / Math.max(70, 1.6 * widest))));
    // So that the last number is not cut off.
    const x = scale(along[0].value, along.at(-1).value, left + 14, width - Math.max(14, widest / 2 + 2));
    const at = (value) => x(value * factor(panel));
    const middles = rowMiddles(panel, width);
    const half = rowHeight(panel, width) / 2;
    const bottom = middles.at(-1) + 14;
    const group = element("g", {}, text(axisName(panel), 0, 12, { size: 11, fill: GREY }));
    for (const tick of along) {
      const strong = tick.value === 0 && panel.scale.differences;
      group.append(line(x(tick.value), 22, x(tick.value), bottom, strong ? GREY : PALE));
      group.append(text(tick.label, x(tick.value), bottom + 14, { size: 11, anchor: "middle" }));
    }
    const marks = [];
    panel.rows.forEach((row, r) => {
      const y = middles[r];
      if (row.heading) {
        group.append(text(say(row.heading), 0, y - half - 3, { size: 12, weight: "bold" }));
      }
      names[r].forEach((name, n) => group.append(text(name, left, y + 4 + 14 * (n - (names[r].length - 1) / 2), { size: 12, anchor: "end" })));
      const placed = shown.filter((s) => !isLimit(panel.series[s]));
      shown.forEach((s) => {
        const series = panel.series[s];
        if (!isNumber(series.mean[r])) return;
        const px = at(series.mean[r]);
        if (isLimit(series)) {
          group.append(line(px, y - half, px, y + half, GREY, 1.5, [4, 3]));
          marks.push({ x: px, y, series, i: r, note: "" });
          return;
        }
        const aside = y + (placed.indexOf(s) - (placed.length - 1) / 2) * 10;
        const isBar = series.mark === "bar";
        if (isBar) {
          const box = { x: Math.min(at(0), px), y: aside - 5, width: Math.abs(px - at(0)), height: 10 };
          group.append(element("rect", { ...box, fill: colour(s), "fill-opacity": 0.55 }));
        }
        if (isNumber(series.low?.[r])) {
          group.append(line(at(series.low[r]), aside, at(series.high[r]), aside, colour(s), 2));
        }
        const filled = series.significant ? series.significant[r] : true;
        if (!isBar) group.append(mark(s, px, aside, { filled, size: placed.length > 2 ? 4 : 5 }));
        marks.push({ x: px, y: aside, series, i: r, note: filled ? "" : say(WORDS.unclear) });
      });
    });
    return { group, marks };
  },
};
