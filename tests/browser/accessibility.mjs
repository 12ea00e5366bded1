// Looks for barriers on reports and briefs with axe-core: WCAG 2.2 at level AA, light and dark, in both languages.
//
//   node accessibility.mjs PAGE…
//
// Fails at findings that are serious or critical; prints the others, and what only a person can judge.

import { basename, dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { GRAVE, findings, line } from "./barriers.mjs";

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run"];
/** The languages that a page can be switched to; a brief has one. */
const languages = async (page) => page.$$eval(".switch button[data-to]", (all) => all.map((one) => one.dataset.to));

async function check(browser, path) {
  const name = `${basename(dirname(resolve(path)))}/${basename(path)}`;
  const unsure = new Set();
  let grave = 0;
  for (const theme of ["light", "dark"]) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, colorScheme: theme });
    const page = await context.newPage();
    await page.goto(pathToFileURL(resolve(path)).href);
    const switches = await languages(page);
    // Reports are drawn by their script, briefs are there at once.
    if (switches.length > 0) await page.waitForSelector("html[data-ready]", { timeout: 30000 });
    for (const to of switches.length > 0 ? switches : [null]) {
      if (to) await page.click(`.switch button[data-to=${to}]`);
      const { violations, incomplete } = await findings(page);
      for (const one of violations) {
        console.log(`${name}, ${theme}, ${to ?? "its language"}: ${line(one)}`);
        grave += GRAVE.includes(one.impact);
      }
      incomplete.forEach((one) => unsure.add(`${one.id} (${one.help})`));
    }
    await context.close();
  }
  const rest = unsure.size > 0 ? `; for a person to judge: ${[...unsure].join(", ")}` : "";
  console.log(`${name}: ${grave} serious${rest}`);
  return grave;
}

const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
let grave = 0;
try {
  for (const path of process.argv.slice(2)) grave += await check(browser, path);
} finally {
  await browser.close();
}
if (grave > 0) process.exitCode = 1;
