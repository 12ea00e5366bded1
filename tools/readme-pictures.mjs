// Takes a report's first screen, on a desktop in English and on a phone in Chinese: tools/readme-pictures runs this.
//
//   node readme-pictures.mjs REPORT PICTURES

import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const [report, pictures] = process.argv.slice(2).map((path) => resolve(path));
const SHOTS = [
  ["report.png", { width: 1280, height: 760 }, "en"],
  ["report-phone.png", { width: 390, height: 844 }, "zh"],
];

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
try {
  for (const [name, viewport, language] of SHOTS) {
    const page = await browser.newPage({ viewport });
    await page.goto(pathToFileURL(report).href);
    await page.waitForSelector("html[data-ready]");
    await page.click(`.switch button[data-to=${language}]`);
    // Without the ring around what was pressed.
    await page.evaluate(() => document.activeElement.blur());
    await page.screenshot({ path: join(pictures, name) });
    await page.close();
  }
} finally {
  await browser.close();
}
