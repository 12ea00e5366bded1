"use strict";
// How values are read: the language, numbers, dates, and what a chart holds as rows.

const language = () => document.documentElement.dataset.language;
const say = (both) => (both ? both[language()] : "");
const isNumber = (value) => value !== null && value !== undefined;

/** A value as its scale says, without its unit. */
function read(value, scale) {
  if (!isNumber(value)) return "–";
  const k = language() === "zh" ? 1 : 0;
  const number = value * scale.factor[k];
  const text = Math.abs(number).toFixed(scale.decimals[k]);
  const isZero = Number(text) === 0;
  const sign = isZero ? "" : number < 0 ? "−" : scale.differences ? "+" : "";
  return sign + text;
}

const unit = (scale) => say(scale.unit);

/** "0.12 [0.10 to 0.14] %" of place `i` of a series, with or without its unit. */
function withInterval(series, i, scale, { units = true } = {}) {
  if (!isNumber(series.mean[i])) return say(WORDS.none);
  const [low, high] = [series.low?.[i], series.high?.[i]];
  const interval =
    isNumber(low) && isNumber(high)
      ? ` [${read(low, scale)} ${say(WORDS.to)} ${read(high, scale)}]`
      : "";
  return `${read(series.mean[i], scale)}${interval}${units ? ` ${unit(scale)}` : ""}`;
}

/** What stands beside the axis of values. */
const axisName = (panel) => say(panel.axis ?? panel.scale.unit);

/** A change of policy: the policy, if there are several, and what changes. */
const changeName = (change) => (change.policy ? `${say(change.policy)}${say(WORDS.colon)}` : "") + say(change.label);

/** Month number `month` of a run that starts at "2017-01". */
function date(start, month) {
  const [year, first] = start.split("-").map(Number);
  const at = first - 1 + month;
  return `${year + Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, "0")}`;
}

/** Place `i` of a series: its month, its row, its row and column, or where it stands. */
function place(chart, panel, series, i) {
  if (panel.form === "lines") return date(chart.start, i);
  if (panel.form === "scatter") return panel.marks?.[i] ? say(panel.marks[i]) : String(series.across[i]);
  if (panel.form === "heat") {
    const across = panel.columns.length;
    return `${rowName(panel, Math.floor(i / across))} × ${say(panel.columns[i % across])}`;
  }
  return rowName(panel, i);
}

/** A row with the heading under which it stands. */
function rowName(panel, row) {
  const heading = panel.rows.slice(0, row + 1).findLast((r) => r.heading)?.heading;
  return heading ? `${say(heading)}: ${say(panel.rows[row].name)}` : say(panel.rows[row].name);
}

/** Everything that a chart holds, a row for each value: panel, series, place, value, interval. */
function* valuesOf(chart) {
  for (const panel of chart.panels) {
    for (const series of panel.series) {
      for (let i = 0; i < series.mean.length; i++) {
        if (isNumber(series.mean[i])) yield { panel, series, i };
      }
    }
  }
}

/** The chart as comma-separated values, as in the tables of the results. */
function csv(chart) {
  // A spreadsheet must not take a name for a formula.
  const text = (t) => `"${t.replace(/^[=+\-@\t\r]/, "'$&").replaceAll('"', '""')}"`;
  const number = (n) => (isNumber(n) ? String(n) : "");
  const lines = ["panel,series,at,across,value,ci95_low,ci95_high"];
  for (const { panel, series, i } of valuesOf(chart)) {
    const names = [say(panel.title) || say(chart.title), say(series.name), place(chart, panel, series, i)];
    const numbers = [series.across?.[i], series.mean[i], series.low?.[i], series.high?.[i]];
    lines.push([...names.map(text), ...numbers.map(number)].join(","));
  }
  // The mark at the beginning tells a spreadsheet that Chinese is in UTF-8.
  return `\ufeff${lines.join("\r\n")}\r\n`;
}
