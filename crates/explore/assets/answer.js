"use strict";
// The answer: asked when levers rest, shown as it comes, and growing surer.

/** Milliseconds for which levers must rest. */
const REST = 120;

let stream = null;
let background = null;
let timer = 0;
/** The last answer, and how it came about. */
let last = null;
/** What was asked last, of which the answers are. */
let asked = "";
let history_ = [];
const drawn = new Map();

function askSoon() {
  clearTimeout(timer);
  byId("reply").dataset.state = "asking";
  timer = setTimeout(ask, REST);
}

/** Asks anew; what was under way for this page stops, because nobody listens to it any more. */
function ask() {
  stream?.close();
  background?.close();
  byId("under-theories").hidden = true;
  byId("under-theories").dataset.done = "";
  forget("theories-chart");
  byId("wrong").hidden = true;
  byId("reply").dataset.state = "asking";
  byId("progress").textContent = own("asking");
  showComing(null);
  history_ = [];
  asked = query().toString();
  showPinned();
  showOut();
  stream = listen("/answer", query(), take, () => {
    byId("reply").dataset.state = "done";
    showComing(null);
    showProgress();
    if (isMoved()) askTheories();
  }, showWaiting);
}

/** A stream of answers, and of how far the next is; it ends by saying so. */
function listen(path, fields, take, done, progress = () => {}) {
  const made = new EventSource(`${path}?${fields}`);
  made.addEventListener("answer", (event) => take(JSON.parse(event.data)));
  made.addEventListener("progress", (event) => progress(JSON.parse(event.data)));
  made.addEventListener("done", () => {
    made.close();
    done();
  });
  made.addEventListener("wrong", (event) => {
    made.close();
    byId("reply").dataset.state = "wrong";
    showComing(null);
    byId("progress").textContent = "";
    byId("wrong").replaceChildren(...JSON.parse(event.data).map((words) => node("li", {}, ...spoken(words))));
    byId("wrong").hidden = false;
  });
  made.onerror = () => {
    // A browser would ask again by itself, from the beginning.
    made.close();
    fetch("/levers").then(
      (response) => response.ok && setTimeout(ask, 1000),
      () => (byId("progress").textContent = own("lost")),
    );
  };
  return made;
}

function take(answer) {
  // A larger city is another question: its answers begin anew.
  if (last && last.stage !== answer.stage) history_ = [];
  last = answer;
  showComing(null);
  growPins(answer);
  const [mean, low, high] = answer.effect;
  history_.push({ done: answer.done, mean, low, high });
  showAnswer();
}

function showAnswer() {
  const answer = last;
  byId("headline").replaceChildren(...(isMoved() ? spoken(answer.headline) : spoken(OWN_WORDS.none)));
  byId("headline").className = isMoved() ? answer.line.claim : "";
  showProgress();
  byId("notes").replaceChildren(...answer.notes.map((words) => node("li", {}, ...spoken(words))));
  byId("lines").tBodies[0].replaceChildren(...[answer.line, ...answer.lines].map(lineRow));
  narrow();
  if (isMoved()) answer.charts.forEach((chart) => draw(byId("charts"), withPlaces(chart)));
  else forget("charts");
  showPinned();
  showTourAnswer();
}

/** The next answer takes long: how far it is. Until there is one, nothing stands that another policy was said of. */
function showWaiting(progress) {
  if (history_.length === 0 && isMoved()) {
    byId("headline").replaceChildren(...spoken(OWN_WORDS.nothingYet));
    byId("headline").className = "";
    byId("progress").textContent = "";
    byId("notes").replaceChildren();
    byId("lines").tBodies[0].replaceChildren();
    forget("charts");
    narrow();
  }
  showComing(progress);
}

/** What is being done, how far it is, and how large the city is. */
function showComing(progress) {
  byId("coming").hidden = !progress;
  if (!progress) return;
  const [done, all] = progress.months;
  byId("coming-bar").max = all;
  byId("coming-bar").value = done;
  const colon = say(WORDS.colon);
  const comma = language() === "zh" ? "，" : ", ";
  const many = (n) => n.toLocaleString("en");
  const size = ([communities, adults]) => `${many(communities)} ${own("communities")}${comma}${many(adults)} ${own("adults")}`;
  const doing = done > 0 ? `${own("simulating")}${colon}${many(done)} ${own("of")} ${many(all)}` : own("resting");
  const restOf = done === 0 && progress.burn_in > 0 ? ` (${progress.burn_in} ${own("months")})` : "";
  const asked_ = progress.stage === "asked" ? "" : ` · ${own("asked")}${colon}${size(progress.of)}`;
  byId("coming-said").textContent = `${own("coming")}${colon}${own(progress.stage)}${comma}${size(progress.city)} · ${doing}${restOf}${asked_}`;
}

function showProgress() {
  if (!last) return;
  const [communities, adults] = last.city;
  const of = language() === "zh" ? `${last.done} / ${last.of} ${own("pairs")}` : `${last.done} of ${last.of} ${own("pairs")}`;
  const numbers = [`${adults.toLocaleString("en")} ${own("adults")}`, `${communities.toLocaleString("en")} ${own("communities")}`];
  const city = own(last.stage);
  byId("progress").textContent =
    language() === "zh" ? `${of} · ${numbers.join("，")}（${city}）` : `${of} · ${numbers.join(", ")} (${city})`;
}

function lineRow(line) {
  const heads = [...byId("lines").tHead.rows[0].cells];
  const named = (n) => ({ "data-en": heads[n].querySelector(".en").textContent, "data-zh": heads[n].querySelector(".zh").textContent });
  const cell = (n, kind, both) => node("td", { class: kind, ...named(n) }, ...spoken(both));
  const head = node("th", { scope: "row" }, ...spoken(line.name), " ", node("span", { class: "label" }, ...spoken(line.unit)));
  const numbers = [line.base, line.policy, line.effect].map((both, n) => cell(n + 1, "number", both));
  return node("tr", {}, head, ...numbers, cell(4, line.claim, line.verdict));
}

/** A figure of a report, drawn anew with what it now shows; one whose numbers are being read is left alone. */
function draw(within, chart) {
  let figure = drawn.get(chart.id);
  if (!figure || !figure.box.isConnected) {
    const title = node("h2", { id: `title-${chart.id}` }, ...spoken(chart.title));
    const box = node("figure", { id: `figure-${chart.id}`, "aria-labelledby": `title-${chart.id}` });
    box.append(node("figcaption", {}, ...spoken(chart.note)));
    within.append(node("section", {}, title, box));
    figure = new Figure(box, chart);
    drawn.set(chart.id, figure);
    return;
  }
  figure.chart = chart;
  // It also says where the policy holds.
  figure.box.querySelector("figcaption").replaceChildren(...spoken(chart.note));
  if (figure.box.querySelector("details[open]")) return;
  // Who stands on a key of the figure stays on it.
  const keys = () => [...figure.box.querySelectorAll("button, summary, [tabindex]")];
  const place = keys().indexOf(document.activeElement);
  figure.render();
  if (place >= 0) keys()[place]?.focus();
}

/** Removes the figures within an element. */
function forget(id) {
  byId(id).replaceChildren();
  drawn.forEach((figure, key) => figure.box.isConnected || drawn.delete(key));
}

/** The interval as replicates come in. */
function narrow() {
  const box = byId("narrowing");
  const points = history_.filter(({ low }) => isNumber(low));
  if (points.length === 0 || !isMoved()) return box.replaceChildren();
  const panel = { scale: last.scale, series: [{ mean: points.map((p) => p.mean), low: points.map((p) => p.low), high: points.map((p) => p.high) }] };
  const [least, most] = extent(panel, new Set());
  const upright = ticks(Math.min(0, least), Math.max(0, most), 4);
  const [width, height] = [Math.max(240, box.clientWidth), 150];
  const frame = uprightAxis(panel, upright, { top: 22, bottom: height - 26, right: width - 4 });
  const x = scale(0, last.of, frame.left + 8, width - 14);
  for (const { done, mean, low, high } of points) {
    const isLast = done === points.at(-1).done;
    const paint = isLast ? colour(0) : "#8ab6d6";
    frame.group.append(line(x(done), frame.at(low), x(done), frame.at(high), paint, isLast ? 3 : 2));
    frame.group.append(element("circle", { cx: x(done), cy: frame.at(mean), r: isLast ? 5 : 3.5, fill: paint }));
  }
  frame.group.append(text(String(last.of), x(last.of), height - 8, { size: 11, anchor: "end" }));
  frame.group.append(text(own("pairs"), frame.left, height - 8, { size: 11, fill: GREY }));
  box.setAttribute("aria-label", `${own("narrowing")} ${say(last.headline)}`);
  box.replaceChildren(element("svg", { width, height, viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" }, frame.group));
}

/** The same policy under every theory, when the answer is there. */
function askTheories() {
  background = listen(
    "/theories",
    query(),
    (told) => {
      byId("under-theories").hidden = false;
      byId("theories-said").replaceChildren(...spoken(told.said));
      byId("under-theories").dataset.done = told.done.join("/");
      if (told.chart) draw(byId("theories-chart"), told.chart);
    },
    () => (byId("under-theories").dataset.state = "done"),
  );
}
