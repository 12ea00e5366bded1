"use strict";
// The page at work: every figure drawn, the language switched, paper served.

const charts = JSON.parse(document.getElementById("charts").textContent);
const figures = [...document.querySelectorAll("figure[data-chart]")].map(
  (box) => new Figure(box, charts[Number(box.dataset.chart)]),
);

const titles = { en: document.querySelector("h1 .en"), zh: document.querySelector("h1 .zh") };

function speak(to) {
  document.documentElement.dataset.language = to;
  document.documentElement.lang = to === "zh" ? "zh-Hans" : "en";
  if (titles[to]) document.title = titles[to].textContent;
  for (const one of document.querySelectorAll(".switch button")) {
    one.setAttribute("aria-pressed", String(one.dataset.to === to));
  }
  figures.forEach((figure) => figure.render());
}

/** As dark as the reader's other windows. */
const night = matchMedia("(prefers-color-scheme: dark)");
const follow = () => (document.documentElement.dataset.theme = night.matches ? "dark" : "light");
night.addEventListener("change", follow);
follow();

for (const one of document.querySelectorAll(".switch button")) {
  one.addEventListener("click", () => speak(one.dataset.to));
}
addEventListener("beforeprint", () => figures.forEach((figure) => figure.print()));
addEventListener("afterprint", () => figures.forEach((figure) => figure.unprint()));
addEventListener("scroll", quiet, { passive: true });

// Letters on a canvas do not wait for their font, so the first drawing does.
document.fonts.load('12px "Shequ Sans"', "社区 a").then(
  () => {
    speak(language());
    document.documentElement.dataset.ready = "true";
  },
);
