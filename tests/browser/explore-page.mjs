// The page of `shequ explore` in headless Chromium: starting the program, opening its page, and moving a lever.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { chromium } from "playwright-core";
import { GRAVE, findings, line } from "./barriers.mjs";

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** Milliseconds for which levers rest before they are asked about, as on the page. */
export const REST = 120;

/** `[--pictures FOLDER] PROGRAM FOLDER` of the command line; both folders are made. */
export function asked() {
  const given = process.argv.slice(2);
  const pictures = given[0] === "--pictures" ? given.splice(0, 2)[1] : null;
  const [program, folder] = given.map((path) => resolve(path));
  mkdirSync(folder);
  if (pictures) mkdirSync(pictures, { recursive: true });
  return { pictures, program, folder };
}

/** Starts the program on a scenario, and waits for its address. */
export function start(program, file) {
  const process_ = spawn(program, ["explore", file, "--no-open"], { stdio: ["ignore", "pipe", "inherit"] });
  return new Promise((done) => process_.stdout.once("data", (text) => done({ process_, address: String(text).trim() })));
}

export const launch = () => chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu", "--no-first-run"] });

/** A page that notes what goes wrong on it, and whom else it asks. */
export async function open(browser, to, size = { width: 1280, height: 900 }, more = {}) {
  const context = await browser.newContext({ viewport: size, acceptDownloads: true, locale: "en-GB", ...more });
  const page = await context.newPage();
  page.faults = [];
  page.on("console", (message) => message.type() === "error" && page.faults.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => page.faults.push(`error: ${error.message}`));
  page.on("request", (request) => {
    if (!request.url().startsWith(new URL(to).origin) && !/^(data|blob):/.test(request.url())) page.faults.push(`request: ${request.url()}`);
  });
  await page.goto(to);
  await page.waitForSelector("html[data-ready]", { timeout: 30000 });
  return page;
}

export const finished = (page) => page.waitForSelector('#reply[data-state="done"]', { timeout: 120000 });
export const lever = (page, key) => page.locator(`#first .lever[data-key="${key}"]`);
export const settings = (page) => page.evaluate(() => location.hash);

/** Moves a lever by its number field. */
export async function move(page, key, value) {
  const field = lever(page, key).locator("input[type=number]");
  await field.fill(String(value));
  await field.press("Enter");
}

export async function picture(pictures, page, name) {
  if (!pictures) return;
  await page.screenshot({ path: join(pictures, `${name}.png`) });
  await page.screenshot({ path: join(pictures, `${name}-whole.png`), fullPage: true });
}

/** Nobody is kept out: no finding that is serious. */
export async function isOpenToAll(page, what) {
  const grave = (await findings(page)).violations.filter(({ impact }) => GRAVE.includes(impact));
  assert.deepEqual(grave.map(line), [], what);
}

export async function fits(page, what) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert(wide <= 0, `${what} fits (${wide} too wide)`);
}

/** Saves the scenario and runs it: participation in the last year is that of the page. Where the file was saved. */
export async function theSavedScenarioGivesTheSame(page, { program, folder }, name, { months, replicates }) {
  const means = await page.evaluate(() => last.means);
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("#save-scenario")]);
  const saved = join(folder, `${name}.toml`);
  const results = join(folder, `${name}-results`);
  await download.saveAs(saved);
  execFileSync(program, ["run", saved, "--quiet", "--out", results, "--no-report"]);
  const [run] = readdirSync(results);
  const rows = readFileSync(join(results, run, "monthly.csv"), "utf8").trim().split("\n").map((row) => row.split(","));
  const column = rows[0].indexOf("participation");
  const all = rows.slice(1).map((row) => Number(row[column]));
  // As the program has it: means over the last year of each replicate, then over replicates.
  const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;
  const years = [...Array(replicates).keys()].map((r) => mean(all.slice(months * r + months - 12, months * (r + 1))));
  assert.equal(mean(years), means[1], "the saved scenario gives the same numbers, to the bit");
  return saved;
}
