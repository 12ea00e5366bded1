"use strict";
// Marks over two axes of numbers.

FORMS.scatter = {
  size: (chart, panel, width) => ({ width, height: 250 }),

  draw(chart, panel, { width, height, hidden }) {
    const [low, high] = extent(panel, hidden);
    const upright = ticks(low, high, 4);
    const places = panel.series.filter((series, s) => !hidden.has(s)).flatMap((series) => series.across);
    const along = ticks(Math.min(...places, Infinity), Math.max(...places, -Infinity), Math.max(2, width / 90));
    const [top, bottom] = [24, height - 40];
    const strong = (value) => value === 0 && panel.scale.differences;
    const { left, at, group } = uprightAxis(panel, upright, { top, bottom, right: width - 8, strong });
    // So that the last number is not cut off.
    const right = width - Math.max(14, widthOf(along.at(-1).label, 11) / 2 + 2);
    const x = scale(along[0].value, along.at(-1).value, left + 4, right);
    group.append(line(left, bottom, width - 8, bottom));
    for (const tick of along) {
      group.append(line(x(tick.value), bottom, x(tick.value), bottom + 4));
      group.append(text(tick.label, x(tick.value), bottom + 16, { size: 11, anchor: "middle" }));
    }
    group.append(text(fitting(say(panel.across), width - left), width - 8, height - 6, { size: 11, anchor: "end", fill: GREY }));
    const marks = [];
    const small = panel.series.some((series) => series.mean.length > 60);
    panel.series.forEach((series, s) => {
      if (hidden.has(s)) return;
      series.mean.forEach((value, i) => {
        if (!isNumber(value)) return;
        const px = x(series.across[i]);
        if (isNumber(series.low?.[i])) {
          group.append(element("g", { opacity: small ? 0.3 : 1 }, line(px, at(series.low[i]), px, at(series.high[i]), colour(s), 1.4)));
        }
        group.append(mark(s, px, at(value), { size: small ? 3 : 5 }));
        marks.push({ x: px, y: at(value), series, i });
      });
    });
    return { group, marks };
  },
};
