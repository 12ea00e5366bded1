// Walks through the page of `shequ explore` from beginning to end: the guided tour in both languages, everything by the
// keyboard alone, and a city so large that its answer takes long.
//
//   node explore-walks.mjs [--pictures FOLDER] PROGRAM FOLDER
//
// Runs at the root of the repository. PROGRAM is shequ, FOLDER must be new. Fails at the first thing that does not hold.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import * as shared from "./explore-page.mjs";
import { finished, isOpenToAll, move, settings } from "./explore-page.mjs";

const { pictures, program, folder } = shared.asked();
const browser = await shared.launch();
const picture = (page, name) => shared.picture(pictures, page, name);

const BASE = `name = "Own base"\nname_zh = "自设基准"\nmonths = 60\nburn_in = 24\nreplicates = 8
population.communities = 6\npopulation.adults = 1200\npopulation.streets = 2\npopulation.districts = 1\n`;

/** Uses the page of a scenario, and ends its program. */
async function on(file, use, ...more) {
  const { process_, address } = await shared.start(program, file);
  try {
    const page = await shared.open(browser, address, ...more);
    await use(page);
    assert.deepEqual(page.faults, []);
    await page.context().close();
  } finally {
    process_.kill("SIGINT");
  }
}

const text = (page, id) => page.innerText(`#${id}`);
const button = (page, words) => page.locator("#tour button", { hasText: words });

/** What each step of the tour leads the eye to. */
const LOOKED_AT = [
  (page) => page.waitForSelector("#figure-groups"),
  (page) => page.waitForFunction(() => last.lines.some(({ name }) => name.en === "trust in the committee" || name.zh.includes("居委会"))),
  (page) => page.waitForFunction(() => last.lines.some(({ name }) => name.en === "cost") && last.lines.some(({ name }) => /load/.test(name.en))),
  (page) => page.waitForSelector('#under-theories[data-done="6/6"]', { timeout: 120000 }),
  async (page) => {
    await page.waitForSelector("#figure-where");
    // Sixty months from 2017-01: the fifth year begins in 2021.
    assert.match(await text(page, "figure-over-time .changes"), /2021-01/);
    assert.match(await settings(page), /lever=2021-01%3Aoutreach\.phone%3D0\.2&where=share%3D0\.5/);
  },
];

/** Every step sets what it asks about, and leaves an answer. */
async function theTour(page, language, { begin, set, next, end, question, answer }) {
  await page.click(`.switch button[data-to="${language}"]`);
  await button(page, begin).click();
  for (const [n, look] of LOOKED_AT.entries()) {
    assert.match(await page.innerText("#tour h3"), new RegExp(`^${question} ${n + 1}/5`));
    // The fourth question is about the policy of the third.
    if (n !== 3) assert.equal(await text(page, "tour-answer"), "");
    await button(page, set).click();
    await page.waitForFunction((words) => document.getElementById("tour-answer").textContent.startsWith(words), answer, { timeout: 60000 });
    await finished(page);
    assert.equal(await text(page, "tour-answer"), `${answer}${await page.evaluate(() => say(last.headline))}`);
    await look(page);
    await picture(page, `tour-${language}-${n + 1}`);
    await button(page, n < 4 ? next : end).click();
    assert.equal(await page.evaluate(() => document.activeElement.closest("#tour") !== null), true, "the keyboard stays in the tour");
  }
  assert(await button(page, begin).isVisible(), "the tour has ended");
  await page.click("#reset");
  await finished(page);
}

/** Where the keyboard is, and whether that can be seen. */
const focused = (page) =>
  page.evaluate(() => {
    const one = document.activeElement;
    if (one === document.body) return null;
    const { outlineStyle, outlineWidth, strokeWidth } = getComputedStyle(one);
    const isSeen = (outlineStyle !== "none" && parseFloat(outlineWidth) >= 1) || (one instanceof SVGElement && parseFloat(strokeWidth) >= 4);
    const { x, y, width, height } = one.getBoundingClientRect();
    const isThere = width > 0 && height > 0 && x + width > 0 && y + height > 0 && x < innerWidth && y < innerHeight;
    return { name: one.id || one.dataset.part || one.className?.baseVal || one.className || one.tagName, key: one.closest(".lever")?.dataset.key ?? null, isSeen, isThere };
  });

/** Tab until the keyboard is on what the selector names; every place on the way can be seen. */
async function tabTo(page, selector, key = "Tab") {
  for (let n = 0; n < 300; n++) {
    await page.keyboard.press(key);
    const place = await focused(page);
    assert(!place || (place.isSeen && place.isThere), `the keyboard can be seen on ${JSON.stringify(place)}`);
    if (await page.evaluate((wanted) => document.activeElement.matches(wanted), selector)) return;
  }
  assert.fail(`Tab leads to ${selector}`);
}

/** Everything that a pointer can do, by keys alone. */
async function byKeyboardAlone(page) {
  const press = (...keys) => keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve());
  const focusedOn = (selector) => page.evaluate((wanted) => document.activeElement.matches(wanted), selector);
  await finished(page);
  // From the top to the bottom, every lever has its controls.
  const seen = new Set();
  const levers = new Set();
  for (let n = 0; n < 300; n++) {
    await press("Tab");
    const place = await focused(page);
    if (!place) break;
    assert(place.isSeen && place.isThere, `the keyboard can be seen on ${JSON.stringify(place)}`);
    seen.add(place.name);
    if (place.key) levers.add(place.key);
  }
  for (const id of ["skip", "theme", "pin", "reset", "search", "add-change", "watch-start", "resident-community", "save-scenario", "save-report", "save-brief", "copy-link"]) {
    assert(seen.has(id), `Tab leads to ${id} (${[...seen]})`);
  }
  const first = await page.evaluate(() => known.keys.filter((lever) => lever.first).map(({ key }) => key));
  assert.deepEqual([...levers].sort(), first.sort(), "Tab leads to every lever");
  // Skipping leads to the answer.
  await page.evaluate(() => document.activeElement.blur());
  await page.reload();
  await page.waitForSelector("html[data-ready]");
  await tabTo(page, "a.skip");
  await press("Enter");
  // A slider, a choice, and its undoing.
  await tabTo(page, '.lever[data-key="outreach.wechat_group"] input[type=range]');
  await press("End");
  assert.match(await settings(page), /outreach\.wechat_group%3D1/);
  await tabTo(page, '.lever[data-key="council.enabled"] .words button:first-child', "Shift+Tab");
  await press("Enter");
  assert.match(await settings(page), /council\.enabled%3D/);
  await tabTo(page, '.lever[data-key="council.enabled"] summary');
  await press("Enter");
  await tabTo(page, '.lever[data-key="council.enabled"] .undo');
  await press("Enter");
  assert.doesNotMatch(await settings(page), /council\.enabled/);
  assert(await focusedOn('.lever[data-key="council.enabled"] *'), "the keyboard stays at the lever");
  await finished(page);
  // Pins.
  await tabTo(page, "#pin", "Shift+Tab");
  await press("Enter");
  assert.equal(await page.locator(".pins li").count(), 1);
  await tabTo(page, ".pins input", "Shift+Tab");
  await page.keyboard.type("By hand");
  await press("Enter");
  assert.match(await text(page, "pinned"), /By hand/);
  // Search, the theory, and communities one by one on their map.
  await tabTo(page, "#search");
  await page.keyboard.type("deliberation rounds");
  await tabTo(page, '#found .lever[data-key="council.deliberation_rounds"] input[type=range]');
  await tabTo(page, "#settings summary");
  await press("Enter");
  await tabTo(page, "#where");
  await press("End");
  assert.match(await settings(page), /where=places/);
  await tabTo(page, "#places .place");
  await press("Space", "ArrowRight", "Space");
  assert.match(await text(page, "places-said"), /^2 of 24 communities chosen/);
  await tabTo(page, "#theory");
  await press("ArrowDown");
  assert.match(await settings(page), /theory\.participation=/);
  await finished(page);
  // A change on the time line: added, moved, ended, removed.
  await tabTo(page, "#add-change");
  await press("Enter");
  assert(await focusedOn("#change-lever"));
  await press("ArrowDown", "ArrowDown");
  const chosen = await page.inputValue("#change-lever");
  await tabTo(page, "#change-value");
  if (await page.evaluate(() => document.activeElement.tagName === "SELECT")) await press("ArrowDown");
  else await page.keyboard.type("0.4");
  await tabTo(page, "#change-form button[type=submit]");
  await press("Enter");
  assert(await focusedOn("#timeline .handle.start"), "the new change is under the hand");
  assert.match(await settings(page), new RegExp(`lever=[\\d-]+%3A${chosen.replace(".", "\\.")}`));
  await press("ArrowRight", "Tab", "PageDown");
  assert.match(await settings(page), new RegExp(`lever=[\\d-]+\\.\\.[\\d-]+%3A${chosen.replace(".", "\\.")}`));
  await press("Shift+Tab", "Delete");
  assert.doesNotMatch(await settings(page), new RegExp(chosen));
  await finished(page);
  // Charts, months, a resident.
  await tabTo(page, "#figure-over-time .legend button");
  await press("Enter");
  assert(await focusedOn("#figure-over-time .legend button"), "the keyboard stays on the key of a chart");
  await tabTo(page, "#watch-start");
  await press("Enter");
  await page.waitForSelector("#tiles svg, #tiles li", { timeout: 60000 });
  await tabTo(page, "#month");
  await press("ArrowRight");
  assert.equal(await page.inputValue("#month"), "1");
  await tabTo(page, "#resident-form button");
  await press("Enter");
  await page.waitForSelector("#resident:not([hidden])", { timeout: 60000 });
  // The tour, and what is taken along.
  await tabTo(page, "#save-scenario");
  const [download] = await Promise.all([page.waitForEvent("download"), press("Enter")]);
  assert.equal(download.suggestedFilename(), "explored.toml");
  await tabTo(page, "#tour button", "Shift+Tab");
  await press("Enter");
  assert(await focusedOn("#tour h3"), "the question is under the keyboard");
  await tabTo(page, "#tour button");
  await press("Enter");
  await page.waitForFunction(() => /^The answer: /.test(document.getElementById("tour-answer").textContent), null, { timeout: 60000 });
  await isOpenToAll(page, "after a walk by keyboard");
}

/** Of a city of millions a few communities answer first; then it says how far the next answer is, and levers still move it. */
async function aLargeCitySaysHowFarItIs(page) {
  const file = resolve("scenarios/chengdu.toml");
  const few = ["population.communities=20", "population.adults=200", "population.streets=1", "population.districts=1"];
  const begun = performance.now();
  execFileSync(program, ["run", file, ...few.flatMap((option) => ["--set", option]), "--replicates", "4", "--no-report", "--quiet", "--out", join(folder, "few")]);
  const plain = performance.now() - begun;
  // The base of the few is there before the lever moves, as with every city.
  await page.waitForFunction(() => last?.stage === "few", null, { timeout: 60000 });
  const moved = performance.now();
  await move(page, "outreach.wechat_group", 1);
  await page.waitForFunction(() => asked.includes("wechat_group%3D1") && history_.length > 0, null, { polling: 10, timeout: 60000 });
  const answered = performance.now() - moved;
  console.log(`a first answer of all Chengdu after ${answered.toFixed(0)} ms; a plain run of twenty of its communities takes ${plain.toFixed(0)} ms`);
  // Its base may be on its way on the same processors, so twice what a city that is small has.
  assert(answered < 6 * plain, `the first answer is soon (${answered} ms beside ${plain} ms)`);
  assert.equal(await page.evaluate(() => last.city[0]), 20);
  assert.match(await text(page, "progress"), /of 12 pairs of replicates · 4,000 adults, 20 communities \(a few communities for a first answer\)/);
  await page.waitForSelector("#coming:not([hidden])", { timeout: 60000 });
  await page.waitForFunction(() => /a small city .+3,040 communities, 608,000 adults .+ 3,040 communities, 18,240,000 adults/.test(document.getElementById("coming-said").textContent), null, { timeout: 60000 });
  assert.match(await text(page, "coming-said"), /Months are being simulated: [\d,]+ of [\d,]+|The city is being built and comes to rest \(\d+ months\)/);
  await isOpenToAll(page, "a large city on its way");
  await picture(page, "large");
  // Meanwhile another lever moves, and has its own first answer.
  await move(page, "outreach.wechat_group", 0.8);
  await page.waitForFunction(() => asked.includes("wechat_group%3D0.8") && history_.length > 0, null, { polling: 10, timeout: 60000 });
  assert.equal(await page.evaluate(() => last.stage), "few");
  // While nothing is known of a policy, nothing stands there of another.
  const said = await page.evaluate(() => {
    ask();
    showWaiting({ stage: "few", city: [20, 4000], of: [3040, 18240000], months: [0, 960], burn_in: 24 });
    return ["headline", "coming-said"].map((id) => document.getElementById(id).innerText).concat(document.querySelectorAll("#lines tbody tr, #charts figure").length);
  });
  assert.match(said[0], /Nothing can be told of this policy yet. Other levers can be moved meanwhile/);
  assert.match(said[1], /comes to rest \(24 months\)/);
  assert.equal(said[2], 0);
  await picture(page, "nothing-yet");
}

let failed = true;
try {
  const base = join(folder, "base.toml");
  writeFileSync(base, BASE);
  await on(base, async (page) => {
    await theTour(page, "en", { begin: "A first hour", set: "Set the levers", next: "Next question", end: "End the tour", question: "Question", answer: "The answer: " });
    await theTour(page, "zh", { begin: "入门一小时", set: "设置手段", next: "下一个问题", end: "结束导览", question: "问题", answer: "答案：" });
  });
  const map = join(folder, "map.toml");
  writeFileSync(map, `name = "Map"\nmonths = 36\nburn_in = 0\nreplicates = 4\npopulation.table = "${resolve("scenarios/communities/outlines.geojson")}"\n`);
  await on(map, byKeyboardAlone);
  await on(resolve("scenarios/chengdu.toml"), aLargeCitySaysHowFarItIs);
  failed = false;
} finally {
  await browser.close();
  if (failed) process.exitCode = 1;
}
console.log("explore: the tour in both languages, the keyboard alone, and a large city hold");
