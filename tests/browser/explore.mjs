// Uses the page of `shequ explore` in headless Chromium as people do.
//
//   node explore.mjs [--pictures FOLDER] PROGRAM FOLDER
//
// PROGRAM is shequ; in FOLDER, which must be new, what it saves is run again. Fails at the first thing that does not
// hold.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import * as shared from "./explore-page.mjs";
import { REST, finished, fits, isOpenToAll, lever, move, settings } from "./explore-page.mjs";

const { pictures, program, folder } = shared.asked();

/** A city that is small enough to be asked for as it is, and one that is shown small first. */
const BASE = `name = "Own base"\nname_zh = "自设基准"\nmonths = 60\nburn_in = 24\nreplicates = 8
population.communities = 6\npopulation.adults = 3000\npopulation.streets = 2\npopulation.districts = 1\n`;
const base = join(folder, "base.toml");
writeFileSync(base, BASE);

/** Communities that have outlines, where this runs at the root of the repository. */
const outlines = resolve("scenarios/communities/outlines.geojson");

const start = (file) => shared.start(program, file);
const { process_, address } = await start(base);
const origin = new URL(address).origin;
const browser = await shared.launch();
const open = (to = address, ...more) => shared.open(browser, to, ...more);
const picture = (page, name) => shared.picture(pictures, page, name);
const theSavedScenarioGivesTheSame = (page, ...more) => shared.theSavedScenarioGivesTheSame(page, { program, folder }, ...more);

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
  // A link is the address: whoever opens it has the same.
  const other = await page.context().newPage();
  await other.goto(page.url());
  await other.waitForSelector("html[data-ready]");
  assert.equal(await settings(other), before);
  await other.close();
}

/** What is known of a lever is at hand: its key, the base's value, range, grade and source, in both languages. */
async function whatIsKnownOfALeverIsAtHand(page) {
  const box = lever(page, "staff.per_10000");
  await box.locator("summary").click();
  assert.match(await box.innerText(), /^Staff for 10,000 residents\s+15\.3\s+persons per 10,000 residents/);
  assert.match(await box.locator("details").innerText(), /staff\.per_10000 · base: 15\.3 · range: 0 to 1000 · .*fitted.* · source: .*Ningbo/);
  await page.click('.switch button[data-to="zh"]');
  assert.match(await lever(page, "staff.per_10000").innerText(), /^每万名居民（含儿童）配备的工作人员数\s+15\.3/);
  // No lever is called by a word of the program, in either language.
  const names = await page.evaluate(() => known.keys.flatMap(({ key, name }) => [name.en, name.zh].filter((words) => words.includes(key) || /[a-z]_[a-z]/.test(words))));
  assert.deepEqual(names, []);
  await page.fill("#search", "抽签");
  assert(await page.locator("#found .lever").count() > 0, "levers are found in Chinese");
  await page.fill("#search", "");
  await picture(page, "desktop-zh");
  await page.click('.switch button[data-to="en"]');
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

/**
 * Twenty moves in a second: a question for each rest between them that is as long as the page waits, which a machine that
 * is busy may make, and one at the end; one stream alone is open, and the page says its answer.
 */
async function movesDoNotPileUp(page) {
  let streams = 0;
  page.on("request", (request) => (streams += /\/answer\?/.test(request.url())));
  const rests = await page.evaluate(async (rest) => {
    const moved = document.querySelector('#first .lever[data-key="outreach.phone"] input[type=range]');
    moved.focus();
    let [rests, before] = [0, performance.now()];
    for (let n = 1; n <= 20; n++) {
      moved.value = n / 40;
      moved.dispatchEvent(new Event("input", { bubbles: true }));
      await new Promise((done) => setTimeout(done, 50));
      rests += performance.now() - before > rest;
      before = performance.now();
    }
    return rests;
  }, REST);
  await finished(page);
  assert(streams <= rests + 1, `moves do not pile up (${streams} questions, ${rests} rests)`);
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
  const handle = page.locator("#timeline .handle.start");
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
  await page.locator("#timeline-months input").first().fill("2018-03");
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

/** A change is added on the line: by the pointer over some months, and by keys alone; one that ends is run as it is saved. */
async function changesAreAddedOnTheLine(page) {
  const ground = await page.locator("#timeline .ground").boundingBox();
  // Sixty months: from the middle of the 13th to the middle of the 24th.
  const at = (month) => ground.x + (ground.width * (month + 0.5)) / 60;
  await page.mouse.move(at(12), ground.y + 5);
  await page.mouse.down();
  await page.mouse.move(at(23), ground.y + 5, { steps: 4 });
  await page.mouse.up();
  assert.equal(await page.inputValue("#change-from"), "2018-01");
  assert.equal(await page.inputValue("#change-to"), "2018-12");
  await page.selectOption("#change-lever", "outreach.phone");
  await page.fill("#change-value", "0.3");
  await page.selectOption("#change-where", "kind=courtyard");
  await picture(page, "adding");
  await isOpenToAll(page, "the form of a change");
  await page.click("#change-form button[type=submit]");
  assert.match(await settings(page), /lever=2018-01\.\.2018-12%3Aoutreach\.phone%3D0\.3%40kind%3Dcourtyard/);
  // By keys: the second change of the same lever, from the start, everywhere.
  await page.focus("#add-change");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "change-lever");
  await page.selectOption("#change-lever", "outreach.phone");
  await page.keyboard.press("Tab");
  await page.keyboard.type("0.1");
  await page.locator("#change-from").fill("2019-07");
  await page.selectOption("#change-where", "");
  await page.focus("#change-value");
  await page.keyboard.press("Enter");
  assert.match(await settings(page), /lever=2019-07%3Aoutreach\.phone%3D0\.1%40(&|$)/);
  assert.equal(await page.locator("#timeline .handle.start").count(), 2);
  // The new one is ready to be moved; its end comes after its start.
  assert.equal(await page.evaluate(() => document.activeElement.dataset.part), "start-1");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.dataset.part), "end-1");
  await page.keyboard.press("ArrowLeft");
  assert.match(await settings(page), /lever=2019-08\.\.2021-11%3Aoutreach\.phone%3D0\.1%40/);
  assert.match(await page.innerText("#timeline-said"), /until 2018-12, communities of the kind/);
  await page.waitForTimeout(REST);
  await finished(page);
  assert.match(await page.innerText("#figure-over-time .changes"), /2019-01.+ends/);
  const saved = await theSavedScenarioGivesTheSame(page, "ended", { months: 60, replicates: 8 });
  assert.equal(readFileSync(saved, "utf8").match(/^from = /gm).length, 4, "two begin and two end");
  await picture(page, "added");
  // Delete takes the end away, and then the change.
  await page.locator('#timeline [data-part="end-1"]').focus();
  await page.keyboard.press("Delete");
  assert.match(await settings(page), /lever=2019-08%3Aoutreach\.phone%3D0\.1%40/);
  await page.click("#reset");
  await finished(page);
}

/** What the base changes in some communities only says so, on the line and in words, in both languages. */
async function placesOfTheBaseAreNamed() {
  const file = join(folder, "somewhere.toml");
  writeFileSync(file, `${BASE}[[change]]\nfrom = "2018-01"\nwhere = { kind = "courtyard" }\noutreach.phone = 0.2\n[[change]]\nfrom = "2019-01"\nwhere = { share = 0.5 }\noutreach.phone = 0.3\n`);
  const other = await start(file);
  try {
    const page = await open(other.address);
    await finished(page);
    const said = await page.innerText("#timeline-said");
    assert.match(said, /2018-01 .+ 0\.2 \(base, communities of the kind .+\) · 2019-01 .+ 0\.3 \(base, 50 % of the communities by lot\)/);
    assert.equal(await page.locator('#timeline line[stroke-width="5"][stroke-dasharray="7 3"]').count(), 2, "dashed bars");
    assert(await page.locator("#timeline text", { hasText: "50 % of the communities by lot" }).count() === 1, "named on the line");
    await page.click('.switch button[data-to="zh"]');
    assert.match(await page.innerText("#timeline-said"), /（?基准.*类型为.+的社区.*随机 50%/);
    await picture(page, "somewhere-zh");
    await page.click('.switch button[data-to="en"]');
    // A lever that the base moves again somewhere is told where.
    await move(page, "outreach.phone", 0.1);
    await finished(page);
    assert.match(await page.innerText("#notes"), /again in 2018-01 \(communities of the kind/);
    assert.deepEqual(page.faults, []);
  } finally {
    other.process_.kill("SIGINT");
  }
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
  await page.waitForSelector('#under-theories[data-done="6/6"]', { timeout: 120000 });
  assert.match(await page.innerText("#theories-said"), /all 6 theories/);
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
  const [brief] = await Promise.all([page.context().waitForEvent("page"), page.click("#save-brief")]);
  await brief.waitForSelector("h1", { timeout: 120000 });
  assert.match(await brief.innerText("h1"), /[Tt]his policy/);
  await brief.close();
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

async function phoneEnglish() {
  const page = await open(address, { width: 390, height: 844 });
  await move(page, "outreach.wechat_group", 1);
  await finished(page);
  await fits(page, "the page on a phone in English");
  await isOpenToAll(page, "a phone, light, English");
  await picture(page, "phone-en");
  assert.deepEqual(page.faults, []);
  await page.context().close();
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
  assert((await page.innerText("#figure-where figcaption")).includes(`3 of 24 communities: ${names.join(", ")}`), "and names them");
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
  await whatIsKnownOfALeverIsAtHand(page);
  await twoTabsDoNotDisturbEachOther(page);
  await movesDoNotPileUp(page);
  await theFirstAnswerIsSoon(page);
  await whatIsWrongIsSaid(page);
  await datesAreDrawn(page);
  await changesAreMovedOnTheLine(page);
  await changesAreAddedOnTheLine(page);
  await chartsAreDark(page);
  await pinsSearchAndTheories(page);
  await monthsAndResidents(page);
  await theReportIsThatOfCompare(page);
  await byKeyboard(page);
  assert.deepEqual(page.faults, []);
  await phoneEnglish();
  await phoneChineseAndDark();
  await communitiesAreOnAMap();
  await placesOfTheBaseAreNamed();
  failed = false;
} finally {
  await browser.close();
  process_.kill("SIGINT");
  if (failed) process.exitCode = 1;
}
const [code] = await new Promise((done) => process_.once("exit", (...all) => done(all)));
assert.equal(code, 130, "Ctrl-C ends it");
console.log("explore: the answer, its settings, tabs, levers, pins, months, residents, report, phone, keyboard, dark, time line and maps hold");
