"use strict";
// Courses over time. On the screen uPlot draws them; when they are taken from the page or printed, they are
// drawn here as vectors.

const HIGH = 230;

/** True where a value has no neighbour, so that a line would not show it. */
const isAlone = (values, i) => isNumber(values[i]) && !isNumber(values[i - 1]) && !isNumber(values[i + 1]);

/** Points, of a hundred, that an axis spans at least which does not begin at zero. */
const LEAST = 10;

/** A value where it is drawn: no interval of a share leaves nothing to all, which is `most`. */
const held = (panel, value, most) => (panel.scale.share ? Math.min(most, Math.max(0, value)) : value);

/** Ticks of the upright axis of courses, zero among them unless the scale is one of attitudes. */
function courseTicks(panel, least, greatest) {
  const [low, high] = [least, greatest].map((value) => held(panel, value, factor(panel)));
  if (!panel.scale.zoomed) return ticks(Math.min(low, 0), Math.max(high, 0), 4);
  const more = Math.max(0, LEAST - (high - low)) / 2;
  return ticks(Math.max(0, low - more), high + more, 4);
}

/** Where the axis begins, if that is not zero. */
function axisBegins(panel, hidden) {
  const [first] = courseTicks(panel, ...extent(panel, hidden));
  return panel.scale.zoomed && first.value !== 0 ? `${say(WORDS.begins)}${first.label}` : "";
}

FORMS.lines = {
  size: (chart, panel, width) => ({ width, height: HIGH }),

  draw(chart, panel, { width, height, hidden }) {
    const count = Math.max(...panel.series.map((series) => series.mean.length));
    const [low, high] = extent(panel, hidden);
    const upright = courseTicks(panel, low, high);
    const [top, bottom] = [24, height - 20];
    const { left, at, group } = uprightAxis(panel, upright, { top, bottom, right: width - 8 });
    const begins = text(axisBegins(panel, hidden), widthOf(axisName(panel), 11), 12, { size: 11, fill: GREY });
    group.append(begins);
    const x = scale(-0.5, count - 0.5, left, width - 8);
    for (const tick of months(chart.start, count, width / 60)) {
      group.append(line(x(tick.value), bottom, x(tick.value), bottom + 4));
      group.append(text(tick.label, x(tick.value), bottom + 16, { size: 11, anchor: "middle" }));
    }
    for (const change of chart.changes ?? []) {
      const px = x(change.month - 0.5);
      group.append(line(px, top, px, bottom, GREY, 1, [4, 3]));
    }
    panel.series.forEach((series, s) => {
      if (!hidden.has(s)) group.append(...curve(series, s, x, (value) => at(held(panel, value, 1))));
    });
    return { group, marks: [] };
  },
};

/** True of a series that comes now and then, such as that of elections. */
const isSparse = (series) => {
  const present = series.mean.map((value, i) => i).filter((i) => isNumber(series.mean[i]));
  return present.every((i) => isAlone(series.mean, i));
};

/** The stretches of a series that have values, as lists of places. */
function stretches(values) {
  const all = [];
  values.forEach((value, i) => {
    if (!isNumber(value)) return;
    if (isNumber(values[i - 1])) all.at(-1).push(i);
    else all.push([i]);
  });
  return all;
}

function curve(series, s, x, at) {
  const drawn = [];
  for (const stretch of stretches(series.mean)) {
    const banded = stretch.filter((i) => isNumber(series.low[i]) && isNumber(series.high[i]));
    if (stretch.length === 1) {
      const [i] = stretch;
      if (banded.length) drawn.push(line(x(i), at(series.low[i]), x(i), at(series.high[i]), colour(s), 1.5));
      drawn.push(mark(s, x(i), at(series.mean[i])));
      continue;
    }
    const point = (values) => (i) => `${x(i).toFixed(1)},${at(values[i]).toFixed(1)}`;
    const around = [...banded.map(point(series.high)), ...banded.toReversed().map(point(series.low))];
    drawn.push(element("polygon", { points: around.join(" "), fill: colour(s), "fill-opacity": 0.2 }));
    const path = { fill: "none", stroke: colour(s), "stroke-width": 1.8, "stroke-linejoin": "round" };
    const points = stretch.map(point(series.mean)).join(" ");
    drawn.push(element("polyline", { points, ...path, "stroke-dasharray": dash(s).join(" ") }));
  }
  return drawn;
}

/** The panel by uPlot within `box`; `tell(place)` says what stands under the cursor, `quiet()` that nothing does. */
function uplotLines(chart, panel, { box, width, hidden, tell, quiet }) {
  const count = Math.max(...panel.series.map((series) => series.mean.length));
  const by = factor(panel);
  const values = (list) => list.map((value) => (isNumber(value) ? held(panel, value, 1) * by : null));
  const data = [[...Array(count).keys()]];
  const series = [{}];
  const bands = [];
  panel.series.forEach((one, s) => {
    const at = series.length;
    data.push(values(one.mean), values(one.high), values(one.low));
    const show = !hidden.has(s);
    const edge = { show, stroke: "transparent", width: 0, points: { show: false } };
    series.push({ show, label: say(one.name), stroke: onScreen(colour(s)), width: 1.8, dash: dash(s), points: { show: false } });
    series.push({ ...edge }, { ...edge });
    bands.push({ series: [at + 1, at + 2], fill: `${onScreen(colour(s))}33` });
  });
  const font = `11px ${FAMILY}`;
  const [ink, grey, pale] = [INK, GREY, PALE].map(onScreen);
  const axis = { font, stroke: ink, grid: { stroke: pale, width: 1 }, ticks: { stroke: grey, width: 1, size: 4 } };
  const named = months(chart.start, count, width / 60);
  const options = {
    width,
    height: HIGH,
    legend: { show: false },
    cursor: { y: false, points: { size: 7 } },
    padding: [8, 8, 0, 0],
    scales: {
      x: { time: false, range: (u, low, high) => (low === 0 && high === count - 1 ? [-0.5, count - 0.5] : [low, high]) },
      y: {
        range: (u, low, high) => {
          const all = courseTicks(panel, low ?? 0, high ?? 1);
          return [all[0].value, all.at(-1).value];
        },
      },
    },
    axes: [
      { ...axis, size: 26, splits: () => named.map((tick) => tick.value), values: () => named.map((tick) => tick.label) },
      {
        ...axis,
        size: (u, labels) => 12 + Math.max(0, ...(labels ?? []).map((label) => widthOf(label, 11))),
        splits: (u, i, low, high) => ticks(low, high, 4).map((tick) => tick.value),
        values: (u, all) => ticks(all[0], all.at(-1), 4).map((tick) => tick.label),
      },
    ],
    series,
    bands,
    hooks: {
      draw: [(u) => drawChanges(u, chart), (u) => drawAlone(u, panel, hidden)],
      setCursor: [(u) => (isNumber(u.cursor.idx) && u.cursor.left >= 0 ? tell(u.cursor.idx, u) : quiet())],
    },
  };
  return new uPlot(options, data, box);
}

function drawChanges(u, chart) {
  const { ctx, bbox } = u;
  ctx.save();
  ctx.strokeStyle = onScreen(GREY);
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([4 * devicePixelRatio, 3 * devicePixelRatio]);
  for (const change of chart.changes ?? []) {
    const x = u.valToPos(change.month - 0.5, "x", true);
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
  }
  ctx.restore();
}

/** Values without neighbours, such as those of elections, with their intervals. */
function drawAlone(u, panel, hidden) {
  const { ctx } = u;
  const by = factor(panel);
  const at = (value) => u.valToPos(held(panel, value, 1) * by, "y", true);
  ctx.save();
  panel.series.forEach((series, s) => {
    if (hidden.has(s)) return;
    ctx.strokeStyle = ctx.fillStyle = onScreen(colour(s));
    ctx.lineWidth = 1.6 * devicePixelRatio;
    series.mean.forEach((value, i) => {
      if (!isAlone(series.mean, i)) return;
      const x = u.valToPos(i, "x", true);
      if (isNumber(series.low[i])) {
        ctx.beginPath();
        ctx.moveTo(x, at(series.low[i]));
        ctx.lineTo(x, at(series.high[i]));
        ctx.stroke();
      }
      canvasMark(ctx, s, x, at(value), 4.5 * devicePixelRatio);
    });
  });
  ctx.restore();
}

/** The same shapes as those of mark(). */
function canvasMark(ctx, s, x, y, size) {
  const corners = [
    [],
    [[-0.8, -0.8], [0.8, -0.8], [0.8, 0.8], [-0.8, 0.8]],
    [[0, -1], [1, 0.8], [-1, 0.8]],
    [[0, -1], [1, 0], [0, 1], [-1, 0]],
  ][s % 4];
  ctx.beginPath();
  if (corners.length === 0) ctx.arc(x, y, 0.9 * size, 0, 2 * Math.PI);
  corners.forEach(([dx, dy]) => ctx.lineTo(x + dx * size, y + dy * size));
  ctx.fill();
}
