"use strict";
// A grid of rows and columns, coloured as tiles are.

/** Where the cells of a grid begin, how wide each is, and whether the names of columns stand level beneath them. */
function heatLayout(panel, width) {
  const names = panel.rows.map((row) => say(row.name));
  const left = Math.min(width * 0.4, 8 + Math.max(...names.map((name) => widthOf(name, 11))));
  const wide = (width - left - 4) / panel.columns.length;
  return { names, left, wide, level: wide > 60 };
}

FORMS.heat = {
  size(chart, panel, width) {
    const beneath = (heatLayout(panel, width).level ? 22 : 78) + (panel.across ? 18 : 0);
    return { width, height: 24 + 26 * panel.rows.length + beneath };
  },

  draw(chart, panel, { width, height }) {
    const series = panel.series[0];
    const across = panel.columns.length;
    const colours = shades(chart, panel);
    const { names, left, wide, level } = heatLayout(panel, width);
    const group = element("g", {}, text(unit(panel.scale), 0, 12, { size: 11, fill: GREY }));
    const marks = [];
    panel.rows.forEach((row, r) => {
      const y = 24 + r * 26;
      group.append(text(fitting(names[r], left - 6, 11), left - 6, y + 17, { size: 11, anchor: "end" }));
      panel.columns.forEach((column, c) => {
        const i = r * across + c;
        const value = series.mean[i];
        if (!isNumber(value)) return;
        const { fill, ink } = colours.of(value * factor(panel));
        const shape = element("rect", { x: left + c * wide + 0.5, y: y + 0.5, width: wide - 1, height: 25, fill });
        group.append(shape);
        const label = read(value, panel.scale);
        if (widthOf(label, 11) < wide - 4) {
          group.append(text(label, left + (c + 0.5) * wide, y + 17, { size: 11, anchor: "middle", fill: ink }));
        }
        marks.push({ x: left + (c + 0.5) * wide, y: y + 13, series, i, shape });
      });
    });
    const bottom = 24 + 26 * panel.rows.length;
    panel.columns.forEach((column, c) => {
      const [x, y] = [left + (c + 0.5) * wide, bottom + 12];
      const name = text(fitting(say(column), level ? wide : 80, 11), x, y, { size: 11, anchor: level ? "middle" : "end" });
      if (!level) name.setAttribute("transform", `rotate(-40 ${x} ${y})`);
      group.append(name);
    });
    if (panel.across) group.append(text(say(panel.across), width - 4, height - 6, { size: 11, anchor: "end", fill: GREY }));
    return { group, marks };
  },
};
