"use strict";
// Months as they go by, by community, and the months of one resident.

let watched = null;
let playing = 0;

async function startWatching() {
  const button = byId("watch-start");
  button.disabled = true;
  try {
    const response = await fetch(`/watch?${query()}`);
    watched = response.ok ? await response.json() : null;
  } finally {
    button.disabled = false;
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

/** From pale to dark between the least and the most of all months and both sides, so that colours do not change their meaning. */
function coloursOf(course) {
  const all = [course.base, course.policy].flat(2).filter(isNumber);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  return (value) => (isNumber(value) ? shade(high > low ? (value - low) / (high - low) : 0.5) : { fill: "#ffffff", ink: GREY });
}

function showMonth() {
  const month = Number(byId("month").value);
  byId("month-name").textContent = date(watched.start, month);
  const course = watched.metrics[Number(byId("watch-what").value || 0)];
  const colours = coloursOf(course);
  const differs = course.policy[month].map((value, c) => (isNumber(value) && isNumber(course.base[month][c]) ? value - course.base[month][c] : null));
  const most = Math.max(...course.policy.flatMap((row, m) => row.map((v, c) => Math.abs((v ?? 0) - (course.base[m][c] ?? 0))))) || 1;
  const ofDifference = (value) => (isNumber(value) ? shade(Math.abs(value) / most, value < 0 ? "down" : "up") : { fill: "#ffffff", ink: GREY });
  const sides = [
    ["without", course.base[month], colours, course.scale],
    ["with", course.policy[month], colours, course.scale],
    ["differs", differs, ofDifference, { ...course.scale, differences: true }],
  ];
  byId("tiles").replaceChildren(...sides.map(([word, values, paint, scale]) => tileRow(own(word), values, paint, scale)));
}

function tileRow(title, values, paint, scale) {
  const tiles = values.map((value, c) => {
    const { fill, ink } = paint(value);
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
