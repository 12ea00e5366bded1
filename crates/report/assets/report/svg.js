"use strict";
// Drawing: elements, scales, axes, colours. Everything is said by attributes, so that a picture that is
// taken from the page looks as it does in it.

const FAMILY = '"Shequ Sans", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif';
const INK = "#282828";
const GREY = "#5c5c5c";
const PALE = "#e4e4e4";
// Okabe and Ito 2008, which colour-blind people tell apart, as in the static pictures.
const COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#3c3c3c", "#e69f00", "#56b4e9"];
const DASHES = [[], [9, 4], [2, 3], [9, 3, 2, 3], [16, 4], [5, 2.5], [16, 3, 3, 3]];
const colour = (i) => COLOURS[i % COLOURS.length];
/** A colour as a canvas of this page shows it: where the page is dark, it may have another as `--dark-…`. */
const onScreen = (colour) => getComputedStyle(document.documentElement).getPropertyValue(`--dark-${colour.slice(1)}`).trim() || colour;
const dash = (i) => DASHES[(i + Math.floor(i / COLOURS.length)) % DASHES.length];

/** How each form of chart is drawn: `size(panel, width)` and `draw(chart, panel, look)`. */
const FORMS = {};

/** An element of a picture. */
function element(name, attributes = {}, ...inside) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...inside);
  return made;
}

function text(words, x, y, { size = 12, anchor = "start", fill = INK, weight = "normal" } = {}) {
  const attributes = { x, y, fill, "font-size": size, "font-weight": weight, "text-anchor": anchor };
  return element("text", { ...attributes, "font-family": FAMILY }, words);
}

const line = (x1, y1, x2, y2, stroke = GREY, width = 1, dashes = []) =>
  element("line", { x1, y1, x2, y2, stroke, "stroke-width": width, "stroke-dasharray": dashes.join(" ") });

const pen = document.createElement("canvas").getContext("2d");

/** Width of words in pixels. */
function widthOf(words, size = 12) {
  pen.font = `${size}px ${FAMILY}`;
  return pen.measureText(words).width;
}

/** As much of `words` as `width` holds. */
function fitting(words, width, size = 12) {
  if (widthOf(words, size) <= width) return words;
  const letters = [...words];
  while (letters.length > 1 && widthOf(`${letters.join("")}…`, size) > width) letters.pop();
  return `${letters.join("")}…`;
}

/** A piece in parts that `width` holds, of a letter at least. */
function broken(piece, width, size) {
  if (widthOf(piece.trimEnd(), size) <= width) return [piece];
  const parts = [""];
  for (const letter of piece) {
    if (parts.at(-1) !== "" && widthOf(parts.at(-1) + letter, size) > width) parts.push("");
    parts[parts.length - 1] += letter;
  }
  return parts;
}

/** The words in lines that `width` holds; a line ends behind a space or before a Chinese character, and a word only where it is wider. */
function inLines(words, width, size = 12) {
  const lines = [];
  const pieces = words.match(/[\u4e00-\u9fff][^\u4e00-\u9fff\s]*\s*|[^\u4e00-\u9fff\s]+\s*|\s+/g) ?? [""];
  for (const piece of pieces.flatMap((piece) => broken(piece, width, size))) {
    const longer = (lines.at(-1) ?? "") + piece;
    if (lines.length > 0 && widthOf(longer.trimEnd(), size) <= width) lines[lines.length - 1] = longer;
    else lines.push(piece);
  }
  return lines.map((line) => line.trimEnd());
}

/** Round numbers from below `low` to above `high`, about `most` of them. */
function ticks(low, high, most) {
  if (!(high > low)) [low, high] = [low - (low === 0 ? 0 : Math.abs(low) / 2), low + (Math.abs(low) / 2 || 1)];
  const raw = (high - low) / Math.max(most, 1);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((n) => n * power).find((s) => s >= raw * 0.999);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.ceil(high / step - 1e-9);
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const all = [];
  for (let n = first; n <= last; n++) all.push(Number((n * step).toFixed(decimals)));
  return all.map((value) => ({ value, label: value.toFixed(decimals).replace("-", "−") }));
}

/** From values to pixels. */
const scale = (from, to, start, end) => (value) => start + ((value - from) / (to - from)) * (end - start);

/** Least and greatest of all values and ends of intervals, as people read them. */
function extent(panel, hidden) {
  const k = language() === "zh" ? 1 : 0;
  let [low, high] = [Infinity, -Infinity];
  panel.series.forEach((series, s) => {
    if (hidden.has(s)) return;
    for (const values of [series.mean, series.low ?? [], series.high ?? []]) {
      for (const value of values) {
        if (!isNumber(value)) continue;
        low = Math.min(low, value * panel.scale.factor[k]);
        high = Math.max(high, value * panel.scale.factor[k]);
      }
    }
  });
  return low > high ? [0, 1] : [low, high];
}

const factor = (panel) => panel.scale.factor[language() === "zh" ? 1 : 0];

/**
 * The upright axis of a panel: `left`, where what it measures begins; `at`, from values of the panel to pixels; and a
 * group that holds its name, its numbers and a line at each up to `right`, those that are `strong` darker.
 */
function uprightAxis(panel, upright, { top, bottom, right, strong = (value) => value === 0 }) {
  const left = 8 + Math.max(...upright.map((tick) => widthOf(tick.label, 11)));
  const y = scale(upright[0].value, upright.at(-1).value, bottom, top);
  const group = element("g", {}, text(axisName(panel), 0, 12, { size: 11, fill: GREY }));
  for (const { value, label } of upright) {
    group.append(line(left, y(value), right, y(value), strong(value) ? GREY : PALE));
    group.append(text(label, left - 5, y(value) + 4, { size: 11, anchor: "end" }));
  }
  return { left, at: (value) => y(value * factor(panel)), group };
}

/** Ticks beside months: years, or months of a short run. */
function months(start, count, most) {
  const [year, first] = start.split("-").map(Number);
  const all = [...Array(count).keys()];
  const calendar = (m) => first - 1 + m;
  if (count >= 36) {
    const years = count / 12;
    const step = [1, 2, 5, 10, 20, 50, 100].find((s) => years / s <= most) ?? 100;
    const named = all.filter((m) => calendar(m) % 12 === 0 && (year + calendar(m) / 12) % step === 0);
    return named.map((m) => ({ value: m, label: String(year + calendar(m) / 12) }));
  }
  const step = [1, 2, 3, 6, 12].find((s) => count / s <= most) ?? 12;
  return all.filter((m) => calendar(m) % step === 0).map((m) => ({ value: m, label: date(start, m) }));
}

/** The mark of series `i`: a shape of its own beside its colour. */
function mark(i, x, y, { filled = true, size = 5 } = {}) {
  const paint = { fill: filled ? colour(i) : "#ffffff", stroke: colour(i), "stroke-width": 1.6 };
  switch (i % 4) {
    case 0:
      return element("circle", { cx: x, cy: y, r: size - 0.5, ...paint });
    case 1:
      return element("rect", { x: x - size + 1, y: y - size + 1, width: 2 * size - 2, height: 2 * size - 2, ...paint });
    case 2:
      return element("path", { d: `M${x} ${y - size}l${size} ${1.8 * size}h${-2 * size}z`, ...paint });
    default:
      return element("path", { d: `M${x} ${y - size}l${size} ${size}l${-size} ${size}l${-size} ${-size}z`, ...paint });
  }
}
