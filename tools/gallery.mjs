// Takes one picture of each form out of reports, as SVG without its font: tools/gallery runs this.
//
//   node gallery.mjs RESULTS PICTURES

import assert from "node:assert/strict";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const [results, pictures] = process.argv.slice(2).map((path) => resolve(path));
mkdirSync(pictures, { recursive: true });

/** From a page: the name of the picture, the folder of the results, and the chart, by the beginning of its id. */
const CHARTS = [
  ["lines", "kinds/run", "trust"],
  ["bars", "kinds/run", "fund"],
  ["dots", "kinds/compare", "effects"],
  ["levels", "kinds/sweep", "main-effects"],
  ["tiles", "streets", "communities"],
  ["map", "compare", "communities-participation"],
  ["map-of-a-run", "run", "communities"],
  ["map-of-points", "points", "communities"],
  ["flow", "kinds/run", "fund-flow"],
  ["scatter", "kinds/search", "front"],
  ["heat", "kinds/sweep", "surface"],
];

/** Drawn by the program itself. */
const FILES = [
  ["ranking", "kinds/sensitivity", "plots/brief-parameters.svg"],
  ["course", "kinds/compare", "plots/brief-course.svg"],
];

/** The finished results in a folder, each in a folder of its own. */
const within = (folder) => readdirSync(join(results, folder)).map((name) => join(results, folder, name));

/** A font would be most of the file; readers have one of their own. */
const withoutFont = (svg) => svg.replace(/@font-face\s*\{[^}]*\}/g, "");

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  for (const [name, folder, id] of CHARTS) {
    let svg = null;
    for (const one of within(folder)) {
      await page.goto(pathToFileURL(join(one, "report.html")).href);
      await page.waitForSelector("html[data-ready]");
      await page.click(".switch button[data-to=en]");
      svg ??= await page.evaluate(
        (id) => {
          const figure = figures.find(({ chart }) => chart.id === id) ?? figures.find(({ chart }) => chart.id.startsWith(id));
          if (!figure) return null;
          // Two panels show the form.
          figure.chart = { ...figure.chart, panels: figure.chart.panels.slice(0, 2) };
          return new XMLSerializer().serializeToString(figure.picture(760));
        },
        id,
      );
    }
    assert(svg, `there is a picture of ${name} in ${folder}`);
    writeFileSync(join(pictures, `${name}.svg`), `${svg}\n`);
  }
} finally {
  await browser.close();
}
for (const [name, folder, file] of FILES) {
  writeFileSync(join(pictures, `${name}.svg`), withoutFont(readFileSync(join(within(folder)[0], file), "utf8")));
}
