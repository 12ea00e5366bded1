"use strict";
// A figure: its panels, its keys, what stands under the pointer, and its files.

const tip = document.getElementById("tip");

function quiet() {
  tip.hidden = true;
}

/** Says `lines` beside a point of the window. */
function tell(lines, x, y) {
  tip.replaceChildren(
    ...lines.map((words, i) => {
      const one = document.createElement(i === 0 ? "strong" : "div");
      one.textContent = words;
      return one;
    }),
  );
  tip.hidden = false;
  const { width, height } = tip.getBoundingClientRect();
  const left = x + 14 + width > innerWidth ? Math.max(4, x - 14 - width) : x + 14;
  const top = y + 14 + height > innerHeight ? Math.max(4, y - 14 - height) : y + 14;
  tip.style.left = `${left}px`;
  tip.style.top = `${top}px`;
}

function button(words, does) {
  const made = document.createElement("button");
  made.type = "button";
  made.append(words);
  made.addEventListener("click", does);
  return made;
}

function save(name, type, content) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

class Figure {
  constructor(box, chart) {
    this.box = box;
    this.chart = chart;
    this.hidden = new Set();
    this.chosen = 0;
    this.plots = [];
    this.body = document.createElement("div");
    this.box.append(this.body);
    this.width = 0;
    new ResizeObserver(() => this.fit()).observe(this.box);
  }

  /** Draws anew where there is another width than before; paper is served by print(). */
  fit() {
    if (this.box.clientWidth !== this.width && !matchMedia("print").matches) this.render();
  }

  /** Draws everything anew, in the language of the page and the width that there is. */
  render() {
    this.width = this.box.clientWidth;
    // Nothing can be drawn where nothing can be seen.
    if (this.width < 100) return;
    this.plots.forEach((plot) => plot.destroy());
    this.plots = [];
    const panels = document.createElement("div");
    panels.className = "panels";
    const { wide, across } = this.layout(this.width);
    panels.style.gridTemplateColumns = `repeat(${across}, minmax(0, 1fr))`;
    this.body.replaceChildren(this.choice(), this.legend(), panels, this.changes(), this.tools(), this.table());
    this.shown().forEach((panel) => panels.append(this.panel(panel, wide)));
    quiet();
  }

  /** The panels that are seen: all, or the one that is chosen. */
  shown() {
    return this.chart.one ? [this.chart.panels[this.chosen]] : this.chart.panels;
  }

  /** One key for each panel, where one is seen at a time. */
  choice() {
    const choice = document.createElement("div");
    if (!this.chart.one || this.chart.panels.length < 2) return choice;
    choice.className = "choice";
    choice.setAttribute("role", "group");
    choice.setAttribute("aria-label", say(WORDS.choice));
    this.chart.panels.forEach((panel, p) => {
      const key = button(say(panel.title), () => {
        this.chosen = p;
        this.render();
        this.body.querySelectorAll(".choice button")[p].focus();
      });
      key.setAttribute("aria-pressed", String(p === this.chosen));
      choice.append(key);
    });
    return choice;
  }

  /** How many panels stand side by side, and how wide each is. */
  layout(width) {
    const panels = this.shown();
    const least = { lines: 270, dots: 290, levels: 270, tiles: 250, heat: 400 }[panels[0].form] ?? 300;
    const across = Math.max(1, Math.min(panels.length, 3, Math.floor((width + 20) / (least + 20))));
    return { across, wide: Math.floor((width - 20 * (across - 1)) / across) };
  }

  /** One key for each series, which switches it on and off; none where no panel has several. */
  legend() {
    const legend = document.createElement("div");
    const most = this.chart.panels.reduce((a, b) => (b.series.length > a.series.length ? b : a));
    if (most.series.length < 2) return legend;
    legend.className = "legend";
    legend.setAttribute("role", "group");
    legend.setAttribute("aria-label", say(WORDS.series));
    most.series.forEach((series, s) => {
      const sample = element("svg", { width: 26, height: 12, "aria-hidden": "true" }, ...this.sample(s, 0, 6));
      const key = button(sample, () => {
        this.hidden.has(s) ? this.hidden.delete(s) : this.hidden.add(s);
        this.render();
        this.body.querySelectorAll(".legend button")[s].focus();
      });
      key.append(say(series.name));
      key.setAttribute("aria-pressed", String(!this.hidden.has(s)));
      legend.append(key);
    });
    return legend;
  }

  /** The series of a panel that are switched off; one alone has no switch. */
  hiddenOf(panel) {
    return panel.series.length > 1 ? this.hidden : new Set();
  }

  /** The sample of a series in a legend, as the panel with most series draws it. */
  sample(s, x, y) {
    const most = this.chart.panels.find((panel) => panel.series[s]);
    const isLine = (panel) => panel.form === "lines" && panel.series[s] && !isSparse(panel.series[s]);
    if (this.chart.panels.some(isLine) && most.form !== "bars") return [line(x, y, x + 26, y, colour(s), 2, dash(s))];
    if (most.series[s].mark === "limit") return [line(x + 13, y - 6, x + 13, y + 6, GREY, 1.5, [4, 3])];
    if (most.form === "bars" || most.series[s].mark === "bar") {
      return [element("rect", { x: x + 7, y: y - 5, width: 11, height: 11, fill: colour(s) })];
    }
    return [mark(s, x + 13, y)];
  }

  panel(panel, width) {
    const made = document.createElement("div");
    made.className = "panel";
    if (say(panel.title)) {
      const title = document.createElement("h4");
      title.textContent = say(panel.title);
      made.append(title);
    }
    const plot = document.createElement("div");
    plot.className = "plot";
    plot.tabIndex = 0;
    plot.setAttribute("role", "group");
    plot.setAttribute("aria-label", `${say(panel.title) || say(this.chart.title)}. ${say(WORDS.keys)}`);
    plot.addEventListener("blur", quiet);
    made.append(plot);
    if (panel.form === "lines") this.lines(panel, plot, width);
    else this.drawn(panel, plot, width);
    return made;
  }

  lines(panel, plot, width) {
    const label = document.createElement("div");
    label.className = "unit";
    label.textContent = axisName(panel) + axisBegins(panel, this.hiddenOf(panel));
    plot.append(label);
    const say_at = (i, u) => {
      const box = u.over.getBoundingClientRect();
      tell(this.atMonth(panel, i), box.left + u.valToPos(i, "x"), box.top + box.height / 3);
    };
    const u = uplotLines(this.chart, panel, { box: plot, width, hidden: this.hiddenOf(panel), tell: say_at, quiet });
    this.plots.push(u);
    const count = u.data[0].length;
    let at = -1;
    this.keys(plot, (step) => {
      at = Math.max(0, Math.min(count - 1, at < 0 ? (step > 0 ? 0 : count - 1) : at + step));
      u.setCursor({ left: u.valToPos(at, "x"), top: 10 });
    });
  }

  /** What every series that is shown has in month `i`. */
  atMonth(panel, i) {
    const shown = panel.series.filter((series, s) => !this.hiddenOf(panel).has(s) && isNumber(series.mean[i]));
    const value = (series) => {
      const name = panel.series.length > 1 ? `${say(series.name)}: ` : "";
      return name + withInterval(series, i, panel.scale, { units: false });
    };
    const values = shown.length > 0 ? shown.map(value) : [say(WORDS.none)];
    return [`${date(this.chart.start, i)}, ${unit(panel.scale)}`, ...values];
  }

  drawn(panel, plot, width) {
    const size = FORMS[panel.form].size(this.chart, panel, width);
    const { group, marks } = FORMS[panel.form].draw(this.chart, panel, { ...size, hidden: this.hiddenOf(panel) });
    const svg = element("svg", { ...size, viewBox: `0 0 ${size.width} ${size.height}`, "aria-hidden": "true" }, group);
    const ring = element("circle", { r: 9, fill: "none", stroke: INK, "stroke-width": 1.5, visibility: "hidden" });
    svg.append(ring);
    plot.append(svg);
    const show = (one) => {
      const box = svg.getBoundingClientRect();
      ring.setAttribute("cx", one.x);
      ring.setAttribute("cy", one.y);
      ring.setAttribute("visibility", "visible");
      const names = panel.series.length > 1 ? [say(one.series.name)] : [];
      const lines = [place(this.chart, panel, one.series, one.i), ...names, withInterval(one.series, one.i, panel.scale)];
      tell(one.note ? [...lines, one.note] : lines, box.left + one.x, box.top + one.y);
    };
    const hide = () => {
      ring.setAttribute("visibility", "hidden");
      quiet();
    };
    svg.addEventListener("pointermove", (event) => {
      const box = svg.getBoundingClientRect();
      const [x, y] = [event.clientX - box.left, event.clientY - box.top];
      // Anywhere along a row, or a band, means its mark.
      const along = ["dots", "flow"].includes(panel.form) ? 0.15 : 1;
      const far = (one) => Math.hypot((one.x - x) * along, one.y - y);
      const over = marks.find((one) => one.shape?.isPointInFill(new DOMPoint(x, y)));
      const near = over ?? marks.reduce((a, b) => (far(b) < far(a) ? b : a), marks[0]);
      near && (over || far(near) < 60) ? show(near) : hide();
    });
    svg.addEventListener("pointerleave", hide);
    let at = -1;
    this.keys(plot, (step) => {
      at = (at + step + marks.length) % marks.length;
      show(marks[at]);
    });
  }

  keys(plot, go) {
    plot.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (event.key === "Escape") quiet();
      if (!step) return;
      event.preventDefault();
      go(step);
    });
  }

  /** The dates of changes of policy, in words. */
  changes() {
    const list = document.createElement("ul");
    list.className = "changes";
    for (const change of this.chart.changes ?? []) {
      const one = document.createElement("li");
      one.textContent = `${say(WORDS.change)} ${date(this.chart.start, change.month)}: ${changeName(change)}`;
      list.append(one);
    }
    return list;
  }

  tools() {
    const tools = document.createElement("div");
    tools.className = "tools";
    const files = { SVG: () => this.svgFile(), PNG: () => this.pngFile(), CSV: () => this.csvFile() };
    for (const [form, does] of Object.entries(files)) {
      const made = button(form, does);
      made.setAttribute("aria-label", `${say(WORDS.download)} ${say(this.chart.title)}, ${form}`);
      made.title = `${say(WORDS.download)} ${form}`;
      tools.append(made);
    }
    return tools;
  }

  /** The values in words, made when somebody opens them. */
  table() {
    const details = document.createElement("details");
    const summary = document.createElement("summary");
    summary.textContent = say(WORDS.numbers);
    details.append(summary);
    details.addEventListener("toggle", () => details.children.length < 2 && details.append(this.numbers()), { once: true });
    return details;
  }

  numbers() {
    const box = document.createElement("div");
    box.className = "wide";
    box.tabIndex = 0;
    const table = document.createElement("table");
    const row = (kind, cells) => {
      const made = document.createElement("tr");
      cells.forEach((words, i) => {
        const cell = document.createElement(kind);
        cell.textContent = words;
        if (kind === "td" && i >= 3) cell.className = "number";
        made.append(cell);
      });
      return made;
    };
    table.append(row("th", [WORDS.panel, WORDS.shown, WORDS.where, WORDS.value].map(say)));
    for (const { panel, series, i } of valuesOf(this.chart)) {
      const names = [say(panel.title) || say(this.chart.title), say(series.name), place(this.chart, panel, series, i)];
      table.append(row("td", [...names, withInterval(series, i, panel.scale)]));
    }
    box.append(table);
    return box;
  }

  /** The whole figure as one picture. */
  picture(width = 960) {
    const { across, wide } = this.layout(width - 32);
    const svg = element("svg", { xmlns: "http://www.w3.org/2000/svg", width });
    let y = 30;
    svg.append(text(say(this.chart.title), 16, y, { size: 17 }));
    y += 10;
    const most = this.chart.panels.reduce((a, b) => (b.series.length > a.series.length ? b : a));
    if (most.series.length > 1) {
      let x = 16;
      y += 14;
      most.series.forEach((series, s) => {
        if (this.hidden.has(s)) return;
        const need = 34 + widthOf(say(series.name), 12) + 18;
        if (x > 16 && x + need > width - 16) [x, y] = [16, y + 18];
        svg.append(...this.sample(s, x, y - 4), text(say(series.name), x + 32, y));
        x += need;
      });
      y += 8;
    }
    let tallest = 0;
    this.shown().forEach((panel, p) => {
      if (p > 0 && p % across === 0) [y, tallest] = [y + tallest + 16, 0];
      const x = 16 + (p % across) * (wide + 20);
      const size = FORMS[panel.form].size(this.chart, panel, wide);
      const title = say(panel.title) ? 22 : 6;
      if (say(panel.title)) svg.append(text(say(panel.title), x, y + 18, { size: 13, weight: "bold" }));
      const { group } = FORMS[panel.form].draw(this.chart, panel, { ...size, hidden: this.hiddenOf(panel) });
      group.setAttribute("transform", `translate(${x} ${y + title})`);
      svg.append(group);
      tallest = Math.max(tallest, title + size.height);
    });
    y += tallest + 20;
    const changes = (this.chart.changes ?? []).map((change) => `${date(this.chart.start, change.month)}: ${changeName(change)}`);
    for (const words of [...changes, say(this.chart.note)].flatMap((words) => inLines(words, width - 32, 11))) {
      svg.append(text(words, 16, y, { size: 11, fill: GREY }));
      y += 15;
    }
    const height = y - 1;
    svg.prepend(element("rect", { width, height, fill: "#ffffff" }));
    svg.prepend(element("title", {}, say(this.chart.title)));
    svg.setAttribute("height", height);
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    return svg;
  }

  /** The picture as the text of a file, the font within it. */
  svgText() {
    const svg = this.picture();
    svg.prepend(element("style", {}, document.getElementById("font").textContent));
    return new XMLSerializer().serializeToString(svg);
  }

  svgFile() {
    save(`${this.chart.id}.svg`, "image/svg+xml", this.svgText());
  }

  csvFile() {
    save(`${this.chart.id}.csv`, "text/csv", csv(this.chart));
  }

  async pngFile() {
    const image = new Image();
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(this.svgText())}`;
    await image.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [2 * image.width, 2 * image.height];
    const context = canvas.getContext("2d");
    context.scale(2, 2);
    context.drawImage(image, 0, 0);
    canvas.toBlob((blob) => save(`${this.chart.id}.png`, "image/png", blob), "image/png");
  }

  /** On paper, vectors stand in for what uPlot draws. */
  print() {
    const svg = this.picture(680);
    svg.setAttribute("class", "printed");
    this.box.append(svg);
  }

  unprint() {
    this.box.querySelector(".printed")?.remove();
  }
}
