// Uses the page of `shequ explore` in headless Chromium as people do.
//
//   node explore.mjs [--pictures FOLDER] PROGRAM FOLDER
//
// PROGRAM is shequ; in FOLDER, which must be new, what it saves is run again. Fails at the first thing that does not
// hold.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { chromium } from "playwright-core";
import { GRAVE, findings, line } from "./barriers.mjs";

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const given = process.argv.slice(2);
const pictures = given[0] === "--pictures" ? given.splice(0, 2)[1] : null;
const [program, folder] = given.map((path) => resolve(path));
mkdirSync(folder);
if (pictures) mkdirSync(pictures, { recursive: true });

/** Milliseconds for which levers rest before they are asked about, as on the page. */
const REST = 120;

/** A city that is small enough to be asked for as it is, and one that is shown small first. */
const BASE = `name = "Own base"\nname_zh = "自设基准"\nmonths = 60\nburn_in = 24\nreplicates = 8
population.communities = 6\npopulation.adults = 3000\npopulation.streets = 2\npopulation.districts = 1\n`;
const base = join(folder, "base.toml");
writeFileSync(base, BASE);

/** Communities that have outlines, where this runs at the root of the repository. */
const outlines = resolve("scenarios/communities/outlines.geojson");

/** Starts the program on a scenario, and waits for its address. */
function start(file) {
  const process_ = spawn(program, ["explore", file, "--no-open"], { stdio: ["ignore", "pipe", "inherit"] });
  return new Promise((done) => process_.stdout.once("data", (text) => done({ process_, address: String(text).trim() })));
}

const { process_, address } = await start(base);
const origin = new URL(address).origin;
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu", "--no-first-run"] });

async function open(to = address, size = { width: 1280, height: 900 }, more = {}) {
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

const finished = (page) => page.waitForSelector('#reply[data-state="done"]', { timeout: 120000 });
const lever = (page, key) => page.locator(`#first .lever[data-key="${key}"]`);
const settings = (page) => page.evaluate(() => location.hash);

/** Moves a lever by its number field. */
async function move(page, key, value) {
  const field = lever(page, key).locator("input[type=number]");
  await field.fill(String(value));
  await field.press("Enter");
}

async function picture(page, name) {
  if (!pictures) return;
  await page.screenshot({ path: join(pictures, `${name}.png`) });
  await page.screenshot({ path: join(pictures, `${name}-whole.png`), fullPage: true });
}

/** Nobody is kept out: no finding that is serious. */
async function isOpenToAll(page, what) {
  const grave = (await findings(page)).violations.filter(({ impact }) => GRAVE.includes(impact));
  assert.deepEqual(grave.map(line), [], what);
}

async function fits(page, what) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert(wide <= 0, `${what} fits (${wide} too wide)`);
}

/** Saves the scenario and runs it: participation in the last year is that of the page. */
async function theSavedScenarioGivesTheSame(page, name, { months, replicates }) {
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
  assert(Math.abs(mean(years) - means[1]) < 1e-12, `the saved scenario gives the same numbers (${mean(years)}, ${means[1]})`);
  return saved;
}

/** Width of the interval of "+1.2 (+0.9 to +1.5)". */
function widthOf(effect) {
  const [low, high] = effect.match(/\((.+) to (.+)\)/).slice(1).map((end) => Number(end.replace("−", "-").replaceAll(",", "")));
  return high - low;
}

/** The answer comes, narrows, and is that of the scenario that is saved. */
async function theAnswerIsThatOfTheModel(page) {
  await finished(page);
  assert.match(await page.innerText("#headline"), /Move a lever/);
  const widths = [];
  await page.exposeFunction("narrowed", (isAsked, effects) => widths.push({ isAsked, of: effects.map(widthOf) }));
  await page.evaluate(() => {
    const plain = take;
    take = (answer) => {
      plain(answer);
      narrowed(answer.asked, [answer.line, ...answer.lines].map(({ effect }) => effect.en));
    };
  });
  await move(page, "outreach.wechat_group", 1);
  await page.waitForFunction(() => /raises participation/.test(document.getElementById("headline").innerText), null, { timeout: 60000 });
  await finished(page);
  const small = widths.filter(({ isAsked }) => !isAsked);
  const large = widths.filter(({ isAsked }) => isAsked);
  assert(small.length > 1 && large.length > 1, `a small city, then the asked one (${JSON.stringify(widths)})`);
  // How far four pairs lie apart is chance: one outcome may widen, most narrow.
  const narrower = large.at(-1).of.filter((width, k) => width < large[0].of[k]).length;
  assert(narrower > large[0].of.length / 2, `intervals narrow (${JSON.stringify(large)})`);
  assert.match(await page.innerText("#progress"), /8 of 8 pairs/);
  for (const id of ["figure-over-time", "figure-groups", "figure-where"]) assert(await page.isVisible(`#${id}`), `${id} is there`);
  const saved = await theSavedScenarioGivesTheSame(page, "explored", { months: 60, replicates: 8 });
  // The command that stands on the page compares the same.
  const command = (await page.innerText("#command")).replaceAll("'", "").split(" ").slice(1);
  execFileSync(program, [...command.map((word) => (word === "explored.toml" ? saved : word)), "--quiet", "--no-report", "--out", join(folder, "compared")]);
  const [compared] = readdirSync(join(folder, "compared"));
  const effects = readFileSync(join(folder, "compared", compared, "effects.csv"), "utf8").split("\n").map((row) => row.split(","));
  const effect = effects.find((row) => row.includes("participation"))[effects[0].indexOf("effect")];
  const own = await page.evaluate(() => last.effect[0]);
  assert(Math.abs(Number(effect) - own) < 1e-12, `compare says the same (${effect}, ${own})`);
}

async function aReloadKeepsTheSettings(page) {
  const before = await settings(page);
  await page.reload();
  await page.waitForSelector("html[data-ready]");
  assert.equal(await settings(page), before);
  assert.equal(await lever(page, "outreach.wechat_group").locator("input[type=number]").inputValue(), "1");
  assert(await lever(page, "outreach.wechat_group").evaluate((box) => box.classList.contains("moved")), "what differs is marked");
}

/** Two pages ask different things, and each has its own answer. */
async function twoTabsDoNotDisturbEachOther(page) {
  const other = await page.context().newPage();
  await other.goto(origin);
  await other.waitForSelector("html[data-ready]");
  await move(other, "outreach.wechat_group", 0.5);
  await move(page, "outreach.home_visits", 0.3);
  await Promise.all([finished(page), finished(other)]);
  const [a, b] = await Promise.all([page, other].map((one) => one.evaluate(() => last.effect[0])));
  assert(a > b, `each has its own answer (${a}, ${b})`);
  await other.close();
}

/**
 * A lever that moves is answered as soon as a city so small can be run: beside the wait for the hand to rest, in no more
 * than three times what the program takes for four replicates of the small city, begun from nothing.
 */
async function theFirstAnswerIsSoon(page) {
  const adults = await page.evaluate(async () => {
    const stream = new EventSource(`/answer?${query()}`);
    const first = await new Promise((done) => stream.addEventListener("answer", (event) => done(JSON.parse(event.data)), { once: true }));
    stream.close();
    return first.city[1] / first.city[0];
  });
  const small = ["run", base, "--set", `population.adults=${adults}`, "--replicates", "4", "--no-report", "--quiet", "--out", join(folder, "small")];
  const begun = performance.now();
  execFileSync(program, small);
  const plain = performance.now() - begun;
  await finished(page);
  const asked_ = performance.now();
  await move(page, "staff.professional_share", 0.7);
  await page.waitForFunction(() => asked.includes("professional_share%3D0.7") && history_.length > 0, null, { polling: 10 });
  const answered = performance.now() - asked_;
  console.log(`a first answer after ${answered.toFixed(0)} ms; a plain run of the small city takes ${plain.toFixed(0)} ms`);
  assert(answered - REST < 3 * plain, `the first answer is soon (${answered} ms beside ${plain} ms)`);
}

/** Twenty moves in a second: one question is left, and the page says its answer. */
async function movesDoNotPileUp(page) {
  let streams = 0;
  page.on("request", (request) => (streams += /\/answer\?/.test(request.url())));
  const slider = lever(page, "outreach.phone").locator("input[type=range]");
  await slider.focus();
  for (let n = 1; n <= 20; n++) {
    await page.evaluate((value) => {
      const moved = document.querySelector('#first .lever[data-key="outreach.phone"] input[type=range]');
      moved.value = value;
      moved.dispatchEvent(new Event("input", { bubbles: true }));
    }, n / 40);
    await page.waitForTimeout(50);
  }
  await finished(page);
  assert(streams <= 3, `moves do not pile up (${streams} questions)`);
  assert.match(await settings(page), /outreach\.phone%3D0\.5/);
}

async function whatIsWrongIsSaid(page) {
  await page.evaluate(() => (location.hash = "lever=outreach.phone%3D7&lever=council.selection%3Dnobody"));
  await page.waitForSelector("#wrong:not([hidden])");
  assert.equal(await page.locator("#wrong li").count(), 2);
  await picture(page, "wrong");
  await page.click("#reset");
  await finished(page);
}

/** A lever that holds from a later month on is on the chart of months, and in words beneath it. */
async function datesAreDrawn(page) {
  await page.evaluate(() => (location.hash = "lever=2019-07%3Aoutreach.phone%3D0.2"));
  await page.waitForFunction(() => /2019-07/.test(document.querySelector("#figure-over-time .changes")?.innerText ?? ""), null, { timeout: 60000 });
  await page.click("#reset");
  await finished(page);
}

/** A change stands on the time line at its month, and is moved by keys and pointer, and removed. */
async function changesAreMovedOnTheLine(page) {
  await page.evaluate(() => (location.hash = "lever=2019-07%3Aoutreach.phone%3D0.2"));
  const handle = page.locator("#timeline .handle");
  await handle.waitFor();
  // Sixty months from 2017-01: the thirtieth month ends in the middle of the axis.
  const middle = async () => {
    const [dot, axis] = await Promise.all([handle.boundingBox(), page.locator("#timeline svg").boundingBox()]);
    return (dot.x + dot.width / 2 - axis.x - 2) / (axis.width - 16);
  };
  assert(Math.abs((await middle()) - 0.5) < 0.005, `it stands at its month (${await middle()})`);
  await handle.focus();
  await page.keyboard.press("ArrowRight");
  assert.match(await settings(page), /lever=2019-08%3Aoutreach\.phone/);
  await page.keyboard.press("PageDown");
  assert.match(await settings(page), /lever=2018-08%3Aoutreach\.phone/);
  assert.equal(await handle.getAttribute("aria-valuenow"), "19");
  const [dot, axis] = await Promise.all([handle.boundingBox(), page.locator("#timeline svg").boundingBox()]);
  await page.mouse.move(dot.x + dot.width / 2, dot.y + dot.height / 2);
  await page.mouse.down();
  await page.mouse.move(axis.x + 2 + (axis.width - 16) * 0.6, dot.y + dot.height / 2, { steps: 4 });
  await page.mouse.up();
  assert.match(await settings(page), /lever=2020-01%3Aoutreach\.phone/);
  await page.locator("#timeline-months input").fill("2018-03");
  assert.match(await settings(page), /lever=2018-03%3Aoutreach\.phone/);
  // Elections are held in month 6 and every 36 months, if nothing else is said.
  assert.match(await page.innerText("#timeline-said"), /elections: 2017-07, 2020-07/);
  await picture(page, "timeline");
  await handle.focus();
  await page.keyboard.press("Delete");
  assert.equal(await page.locator("#timeline .handle").count(), 0);
  assert.doesNotMatch(await settings(page), /lever/);
  await finished(page);
}

async function pinsSearchAndTheories(page) {
  await move(page, "outreach.wechat_group", 1);
  await finished(page);
  await page.click("#pin");
  await page.fill("#search", "deliberation rounds");
  const found = page.locator("#found .lever").first();
  assert.equal(await found.getAttribute("data-key"), "council.deliberation_rounds");
  await page.fill("#search", "");
  await move(page, "outreach.home_visits", 0.4);
  await finished(page);
  await page.click("#pin");
  assert.equal(await page.locator(".pins li").count(), 2);
  const pins = await page.evaluate(() => pinned.map(({ effect }) => effect[0]));
  assert(pins[0] > 0 && pins[1] > pins[0], `pins have the answers that they had (${pins})`);
  await pinsLast(page);
  await page.waitForFunction(() => /theories \(6\/6\)|others \(6\/6\)/.test(document.getElementById("theories-said").innerText), null, { timeout: 120000 });
  assert(await page.isVisible("#figure-theories"), "the theories are drawn");
  await picture(page, "desktop-en");
}

/** A reload and another tab have the pins, with a name, and with an interval for every outcome. */
async function pinsLast(page) {
  await page.locator(".pins li input").first().fill("Groups");
  await page.locator(".pins li input").first().press("Enter");
  await page.reload();
  await page.waitForSelector("html[data-ready]");
  await finished(page);
  assert.equal(await page.locator(".pins li").count(), 2);
  assert.equal(await page.locator(".pins li input").first().inputValue(), "Groups");
  assert.match(await page.innerText("#pin-table thead"), /Groups\s+B/);
  const rows = await page.locator("#pin-table tbody tr").count();
  assert.equal(rows, await page.locator("#lines tbody tr").count(), "every outcome is there");
  const shown = await page.$$eval("#pin-table tbody tr:first-child td .en", (all) => all.map((one) => one.textContent));
  assert(shown.length === 2 && shown.every((one) => /\(.+ to .+\)/.test(one)), `with intervals (${shown})`);
  const kept = await page.evaluate(() => JSON.stringify(localStorage));
  assert(!kept.includes(new URL(address).searchParams.get("key")), "nothing secret is kept");
  const other = await page.context().newPage();
  await other.goto(origin);
  await other.waitForSelector(".pins li");
  await other.click("#clear-pins");
  await page.waitForFunction(() => document.querySelectorAll(".pins li").length === 0);
  await other.close();
}

async function monthsAndResidents(page) {
  await page.click("#watch-start");
  await page.waitForSelector("#tiles li", { timeout: 60000 });
  assert.equal(await page.locator("#tiles li").count(), 18);
  const units = await page.$$eval("#tiles h3", (all) => all.map((one) => one.textContent));
  assert.ok(units[1].includes("(%)") && units[2].includes("(percentage points)"), units.join());
  const before = await page.innerText("#month-name");
  await page.click("#play");
  await page.waitForFunction((was) => document.getElementById("month-name").innerText !== was, before);
  await page.click("#play");
  await page.click("#resident-form button");
  await page.waitForSelector("#resident:not([hidden])", { timeout: 60000 });
  assert.match(await page.innerText("#resident"), /2017-12/);
  await isOpenToAll(page, "everything open, light, English");
  await picture(page, "watch-en");
}

async function theReportIsThatOfCompare(page) {
  const [report] = await Promise.all([page.context().waitForEvent("page"), page.click("#save-report")]);
  await report.waitForSelector("html[data-ready]", { timeout: 120000 });
  assert.match(await report.innerText("h1"), /This policy|Own base/);
  await report.close();
}

/** Charts have colours of their own in the dark: nothing is turned around, and words can be read. */
async function chartsAreDark(page) {
  await move(page, "outreach.wechat_group", 1);
  await finished(page);
  await page.click("#theme");
  const filters = await page.$$eval(".plot, #narrowing, .plot svg, .legend svg", (all) => all.map((one) => getComputedStyle(one).filter));
  assert(filters.length > 4 && filters.every((filter) => filter === "none"), "no filter");
  const inks = await page.$$eval("#figure-groups .plot text, #narrowing text, #timeline text", (all) => all.map((one) => getComputedStyle(one).fill));
  // Each is light: half of full in every channel at least.
  assert(inks.length > 10 && inks.every((ink) => ink.match(/\d+/g).every((channel) => channel >= 100)), inks.join());
  // The canvas of the courses holds light letters on what is clear.
  const lightest = await page.$eval("#figure-over-time canvas", (canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return data.reduce((most, value, i) => (i % 4 === 0 && data[i + 3] === 255 ? Math.max(most, Math.min(value, data[i + 1], data[i + 2])) : most), 0);
  });
  assert(lightest > 200, `letters on the canvas are light (${lightest})`);
  await isOpenToAll(page, "a desktop, dark, English");
  await picture(page, "desktop-dark");
  await page.click("#theme");
  await page.click("#reset");
  await finished(page);
}

async function phoneChineseAndDark() {
  const page = await open(address, { width: 390, height: 844 }, { locale: "zh-CN", colorScheme: "dark" });
  assert.equal(await page.getAttribute("html", "lang"), "zh-Hans");
  assert.equal(await page.getAttribute("html", "data-theme"), "dark");
  await move(page, "outreach.wechat_group", 1);
  await finished(page);
  await fits(page, "the page on a phone");
  assert.match(await page.innerText("#headline"), /参与率上升/);
  await isOpenToAll(page, "a phone, dark, Chinese");
  await picture(page, "phone-zh-dark");
  assert.deepEqual(page.faults, []);
  await page.context().close();
}

/** Everything can be reached and moved by the keyboard alone. */
async function byKeyboard(page) {
  await page.click("#reset");
  const slider = lever(page, "outreach.wechat_group").locator("input[type=range]");
  await slider.focus();
  await page.keyboard.press("End");
  assert.match(await settings(page), /outreach\.wechat_group%3D1/);
  await finished(page);
}

/** By pointer and keys; kept by a reload; marked in the answer; saved by name, to the same numbers. */
async function communitiesAreChosen(page) {
  await page.click("#settings summary");
  await page.selectOption("#where", "places=");
  await page.waitForSelector("#wrong:not([hidden])");
  assert.match(await page.innerText("#wrong"), /no community is chosen/);
  const places = page.locator("#places .place");
  assert.equal(await places.count(), 24);
  await places.nth(3).click();
  await places.nth(7).click();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Space");
  const names = await page.$$eval('#places .place[aria-checked="true"]', (all) => all.map((one) => one.getAttribute("aria-label")));
  assert.equal(names.length, 3);
  assert.match(await page.innerText("#places-said"), /^3 of 24 communities chosen: /);
  assert.match(await settings(page), /where=places%3D4/);
  await page.waitForTimeout(REST);
  await finished(page);
  assert.equal(await page.locator("#figure-where .holds").count(), 3, "the answer shows where it holds");
  const before = await settings(page);
  await page.reload();
  await page.waitForSelector("html[data-ready]");
  await finished(page);
  assert.equal(await settings(page), before);
  assert.equal(await page.locator('#places .place[aria-checked="true"]').count(), 3);
  const saved = await theSavedScenarioGivesTheSame(page, "chosen", { months: 24, replicates: 4 });
  const within = readFileSync(saved, "utf8").match(/^where = \{ name = (\[.*\]) \}$/m);
  assert.deepEqual(JSON.parse(within[1]).sort(), [...names].sort(), "the saved scenario names them");
  await page.click("#settings summary");
  await isOpenToAll(page, "communities chosen");
  await picture(page, "chosen");
  await places.nth(3).click();
  await page.click("#settings summary");
  await page.waitForTimeout(REST);
  await finished(page);
}

/** Where communities have outlines, effects and months are on a map of them. */
async function communitiesAreOnAMap() {
  const file = join(folder, "map.toml");
  writeFileSync(file, `name = "Map"\nname_zh = "地图"\nmonths = 24\nburn_in = 0\nreplicates = 4\npopulation.table = "${outlines}"\n`);
  const other = await start(file);
  try {
    const page = await open(other.address);
    await move(page, "outreach.wechat_group", 1);
    await finished(page);
    assert.equal(await page.locator("#figure-where .plot path[fill^=rgb]").count(), 24, "every community is on the map once");
    const first = await page.evaluate(async () => {
      const stream = new EventSource(`/answer?${query()}`);
      const answer = await new Promise((done) => stream.addEventListener("answer", (event) => done(JSON.parse(event.data)), { once: true }));
      stream.close();
      return answer;
    });
    assert(!first.asked && first.city[0] === 24, "a table has a small city too, of the same communities");
    await communitiesAreChosen(page);
    await page.click("#watch-start");
    await page.waitForSelector("#tiles svg", { timeout: 60000 });
    assert.equal(await page.locator("#tiles svg").count(), 3);
    const colours = () => page.$$eval("#tiles svg path[fill^=rgb]", (all) => all.map((one) => one.getAttribute("fill")).join());
    const before = await colours();
    await page.fill("#month", "23");
    assert.notEqual(await colours(), before, "months differ");
    await fits(page, "a page with maps");
    await isOpenToAll(page, "maps");
    await picture(page, "maps");
    assert.deepEqual(page.faults, []);
  } finally {
    other.process_.kill("SIGINT");
  }
}

let failed = true;
try {
  const page = await open();
  assert.equal(new URL(page.url()).search, "", "the secret does not stay in the address");
  await theAnswerIsThatOfTheModel(page);
  await fits(page, "the page");
  // The parts of the answer have the width of their column: no words stand letter beneath letter.
  for (const id of ["headline", "progress", "narrowing", "outcomes"]) {
    const { width } = await page.locator(`#${id}`).boundingBox();
    assert(width > 500, `${id} is as wide as its column (${width})`);
  }
  await aReloadKeepsTheSettings(page);
  await twoTabsDoNotDisturbEachOther(page);
  await movesDoNotPileUp(page);
  await theFirstAnswerIsSoon(page);
  await whatIsWrongIsSaid(page);
  await datesAreDrawn(page);
  await changesAreMovedOnTheLine(page);
  await chartsAreDark(page);
  await pinsSearchAndTheories(page);
  await monthsAndResidents(page);
  await theReportIsThatOfCompare(page);
  await byKeyboard(page);
  assert.deepEqual(page.faults, []);
  await phoneChineseAndDark();
  await communitiesAreOnAMap();
  failed = false;
} finally {
  await browser.close();
  process_.kill("SIGINT");
  if (failed) process.exitCode = 1;
}
const [code] = await new Promise((done) => process_.once("exit", (...all) => done(all)));
assert.equal(code, 130, "Ctrl-C ends it");
console.log("explore: the answer, its settings, tabs, levers, pins, months, residents, report, phone, keyboard, dark, time line and maps hold");
