"use strict";
// Months as they go by, by community, and the months of one resident.

let watched = null;
let playing = 0;

async function startWatching() {
  const button = byId("watch-start");
  button.disabled = true;
  byId("watch-said").textContent = own("simulating");
  try {
    const response = await fetch(`/watch?${query()}`);
    watched = response.ok ? await response.json() : null;
  } finally {
    const hadFocus = document.activeElement === document.body;
    button.disabled = false;
    // A button that is out of use loses the keyboard.
    if (hadFocus) button.focus();
    byId("watch-said").textContent = "";
  }
  if (!watched) return;
  byId("watch").hidden = false;
  byId("month").max = watched.metrics[0].base.length - 1;
  byId("month").value = 0;
  showWatched();
}

function showWatched() {
  if (!watched) return;
  const what = byId("watch-what");
  const chosen = Number(what.value || 0);
  what.replaceChildren(...watched.metrics.map(({ name }, n) => node("option", { value: n }, say(name))));
  what.value = chosen;
  showMonth();
}

/** The least and the most of all months and both sides, so that colours do not change their meaning. */
function endsOf(course) {
  const all = [course.base, course.policy].flat(2).filter(isNumber);
  return [Math.min(...all), Math.max(...all)];
}

function showMonth() {
  const month = Number(byId("month").value);
  byId("month-name").textContent = date(watched.start, month);
  const course = watched.metrics[Number(byId("watch-what").value || 0)];
  const minus = (value, base) => (isNumber(value) && isNumber(base) ? value - base : null);
  const differs = course.policy[month].map((value, c) => minus(value, course.base[month][c]));
  const most = Math.max(...course.policy.flatMap((row, m) => row.map((v, c) => Math.abs(minus(v, course.base[m][c]) ?? 0)))) || 1;
  const ends = endsOf(course);
  const sides = [
    ["without", course.base[month], ends, course.scale],
    ["with", course.policy[month], ends, course.scale],
    ["differs", differs, [-most, most], course.differences],
  ];
  const drawn = watched.map ? mapOf : tileRow;
  byId("tiles").replaceChildren(...sides.map(([word, values, ends, scale]) => drawn(own(word), values, ends, scale)));
}

/** A panel of one side, whose colours go from one end to the other in every month. */
function panelOf(values, ends, scale) {
  const rows = watched.names.map((name) => ({ name: { en: name, zh: name } }));
  const panel = { form: "map", scale, rows, series: [{ mean: values }] };
  return { ...panel, ends: ends.map((end) => end * factor(panel)) };
}

function mapOf(title, values, ends, scale) {
  const panel = panelOf(values, ends, scale);
  const chart = { map: watched.map, panels: [panel] };
  const size = FORMS.map.size(chart, panel, Math.min(340, byId("watch").clientWidth));
  const { group, marks } = FORMS.map.draw(chart, panel, size);
  for (const { i, shape } of marks) shape.append(element("title", {}, `${watched.names[i]}: ${read(values[i], scale)}`));
  const words = values.map((value, c) => `${watched.names[c]} ${read(value, scale)}`).join(", ");
  const svg = element("svg", { ...size, viewBox: `0 0 ${size.width} ${size.height}`, role: "img", "aria-label": `${title}: ${words}` }, group);
  return node("div", { class: "side" }, node("h3", {}, title), node("div", { class: "plot" }, svg));
}

function tileRow(title, values, ends, scale) {
  const panel = panelOf(values, ends, scale);
  const colours = shades({ panels: [panel] }, panel);
  const tiles = values.map((value, c) => {
    const { fill, ink } = isNumber(value) ? colours.of(value * factor(panel)) : { fill: "#ffffff", ink: GREY };
    const tile = node("li", {}, node("span", {}, watched.names[c]), node("strong", {}, read(value, scale)));
    tile.style.background = fill;
    tile.style.color = ink;
    return tile;
  });
  return node("div", {}, node("h3", {}, `${title} (${say(scale.unit)})`), node("ol", { class: "tiles" }, ...tiles));
}

/** Goes through the months while the button is pressed. */
function play() {
  const button = byId("play");
  const isPlaying = button.getAttribute("aria-pressed") === "true";
  button.setAttribute("aria-pressed", String(!isPlaying));
  clearInterval(playing);
  if (isPlaying) return;
  playing = setInterval(() => {
    const month = byId("month");
    if (Number(month.value) === Number(month.max)) {
      if (button.getAttribute("aria-pressed") === "true") play();
      return;
    }
    month.value = Number(month.value) + 1;
    showMonth();
  }, 180);
}

async function follow(event) {
  event.preventDefault();
  const fields = inLanguage();
  fields.set("community", byId("resident-community").value - 1);
  fields.set("resident", byId("resident-number").value);
  fields.set("month", byId("resident-month").value - 1);
  const response = await fetch(`/resident?${fields}`);
  const told = byId("resident");
  told.textContent = response.ok ? await response.text() : (await response.json()).map(say).join("\n");
  told.hidden = false;
}
