"use strict";
// The page at work.

function speak(to) {
  document.documentElement.dataset.language = to;
  document.documentElement.lang = to === "zh" ? "zh-Hans" : "en";
  document.title = to === "zh" ? "试设政策" : "Explore policies";
  localStorage.setItem("language", to);
  for (const one of document.querySelectorAll(".switch button[data-to]")) {
    one.setAttribute("aria-pressed", String(one.dataset.to === to));
  }
  showLevers();
  showSettings();
  showTour();
  showTimeline();
  showChangeForm();
  drawn.forEach((figure) => figure.render());
  if (last) showAnswer();
  showWatched();
  showOut();
}

function dark(is) {
  document.documentElement.dataset.theme = is ? "dark" : "light";
  byId("theme").setAttribute("aria-pressed", String(is));
}

/** Links that carry the settings, and the command that repeats them. */
function showOut() {
  for (const [id, path] of [["save-scenario", "/scenario"], ["save-report", "/report"], ["save-brief", "/brief"]]) {
    byId(id).href = `${path}?${inLanguage()}`;
  }
  const base = known.bases[state.base];
  const theories = [["theory.participation", state.theory], ["theory.trust", state.trust]].filter(([, value]) => value);
  const sets = [...base.options, ...theories.map(([key, value]) => `${key}=${value}`)].map((option) => ` --set '${option}'`).join("");
  const file = base.file ? `'${base.file}'` : null;
  byId("command").textContent = file
    ? `shequ compare ${file} explored.toml --window ${state.window} --primary ${state.outcome}${sets}`
    : "shequ run explored.toml";
}

/** One question at a time, and the levers for it. */
function showTour() {
  const step = Number(sessionStorage.getItem("tour") ?? -1);
  const go = (to) => {
    sessionStorage.setItem("tour", to);
    showTour();
    // The button that was pressed is gone: what is next is read, and Tab goes on from there.
    byId("tour").querySelector(to < 0 ? "button" : "h3").focus();
  };
  const button = (words, does, name = "") => {
    const made = node("button", { type: "button", class: name }, words);
    made.addEventListener("click", does);
    return made;
  };
  if (step < 0) return byId("tour").replaceChildren(button(own("tour"), () => go(0), "wide-button"));
  const { ask, text } = TOUR[step];
  const set = () => {
    state.changes = tourChanges(TOUR[step]);
    state.where = TOUR[step].where ?? "";
    showSettings();
    changed();
  };
  const next = step + 1 < TOUR.length ? [button(own("next"), () => go(step + 1))] : [];
  byId("tour").replaceChildren(
    node("h3", { tabindex: "-1" }, `${own("question")} ${step + 1}/${TOUR.length}${say(WORDS.colon)}${say(ask)}`),
    node("p", {}, say(text)),
    node("p", { id: "tour-answer", role: "status" }),
    node("p", { class: "row" }, button(own("set"), set), ...next, button(own("end"), () => go(-1))),
  );
  showTourAnswer();
}

/** What a step of the tour sets. A run that ends before the month of a step begins it in its middle. */
function tourChanges({ changes, inMonth = 0 }) {
  const month = inMonth < monthsThere() ? inMonth : Math.floor(monthsThere() / 2);
  const from = month > 0 ? monthDate(month) : "";
  return Object.entries(changes).map(([key, value]) => ({ key, value, from, to: "", where: null }));
}

/** The answer to the question of the tour, while that is what is set. */
function showTourAnswer() {
  const box = byId("tour-answer");
  if (!box) return;
  const step = TOUR[Number(sessionStorage.getItem("tour"))];
  const isSet = state.changes.map(addressed).join() === tourChanges(step).map(addressed).join() && state.where === (step.where ?? "");
  const words = isSet && isAnswered() ? `${own("answered")}${say(WORDS.colon)}${say(last.headline)}` : "";
  if (box.textContent !== words) box.textContent = words;
}

async function begin() {
  known = await (await fetch("/levers")).json();
  readAddress();
  readPins();
  dark(localStorage.getItem("theme") ? localStorage.getItem("theme") === "dark" : matchMedia("(prefers-color-scheme: dark)").matches);
  speak(localStorage.getItem("language") ?? (navigator.language.startsWith("zh") ? "zh" : "en"));
  for (const one of document.querySelectorAll(".switch button[data-to]")) one.addEventListener("click", () => speak(one.dataset.to));
  byId("theme").addEventListener("click", () => {
    const is = document.documentElement.dataset.theme !== "dark";
    localStorage.setItem("theme", is ? "dark" : "light");
    dark(is);
    drawn.forEach((figure) => figure.render());
  });
  byId("pin").addEventListener("click", pin);
  byId("reset").addEventListener("click", () => {
    state.changes = [];
    state.where = "";
    showSettings();
    changed();
  });
  byId("search").addEventListener("input", search);
  byId("add-change").addEventListener("click", () => (byId("change-form").hidden ? openChange(Math.min(12, monthsThere() - 1)) : closeChange()));
  byId("change-lever").addEventListener("change", showChangeFields);
  byId("change-form").addEventListener("submit", submitChange);
  byId("change-cancel").addEventListener("click", () => {
    closeChange();
    byId("add-change").focus();
  });
  byId("watch-start").addEventListener("click", startWatching);
  byId("play").addEventListener("click", play);
  byId("month").addEventListener("input", showMonth);
  byId("watch-what").addEventListener("change", showMonth);
  byId("resident-form").addEventListener("submit", follow);
  byId("copy-link").addEventListener("click", async () => {
    await navigator.clipboard.writeText(location.href);
    byId("progress").textContent = own("copied");
  });
  addEventListener("hashchange", () => {
    readAddress();
    readPins();
    showLevers();
    showSettings();
    showTimeline();
    askSoon();
  });
  addEventListener("storage", ({ key }) => {
    if (key !== pinsKept()) return;
    readPins();
    showPinned();
  });
  new ResizeObserver(narrow).observe(byId("narrowing"));
  let width = 0;
  new ResizeObserver(() => {
    if (byId("timeline").clientWidth === width) return;
    width = byId("timeline").clientWidth;
    showTimeline();
  }).observe(byId("timeline"));
  // On a phone the levers come first.
  byId("outcomes").open = innerWidth > 900;
  document.documentElement.dataset.ready = "true";
  ask();
}

document.fonts.load('12px "Shequ Sans"', "社区 a").then(begin);
