// Opens reports in headless Chromium and uses them as people do.
//
//   node open-reports.mjs [--pictures FOLDER] REPORT…
//
// Fails at the first thing that does not hold: an error on the console, a request that leaves the page, a
// picture that is not drawn, a switch, key or file that does not work.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const SIZES = { desktop: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } };
/** Pixels that a page may have before anything is unfolded. */
const LONGEST = { desktop: 4340, phone: 9340 };
/** Bytes that a page may have. */
const LARGEST = 2_000_000;

const given = process.argv.slice(2);
const pictures = given[0] === "--pictures" ? given.splice(0, 2)[1] : null;
assert(given.length > 0, "name at least one report");

/** A page with everything that goes wrong on it. */
async function open(browser, report, size) {
  const context = await browser.newContext({ viewport: SIZES[size], acceptDownloads: true });
  const page = await context.newPage();
  const faults = [];
  page.on("console", (message) => message.type() === "error" && faults.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  const url = pathToFileURL(resolve(report)).href;
  page.on("request", (request) => {
    const within = request.url() === url || /^(data|blob):/.test(request.url());
    if (!within) faults.push(`request: ${request.url()}`);
  });
  await page.goto(url);
  await page.waitForSelector("html[data-ready]", { timeout: 30000 });
  return { context, page, faults };
}

/**
 * The first screen holds the sentence, the picture and the beginning of what is said on certainty, and the page is
 * short until something is unfolded.
 */
async function theAnswerComesFirst(page, size) {
  for (const to of ["en", "zh"]) {
    await page.click(`.switch button[data-to=${to}]`);
    const seen = await page.evaluate(() => {
      const of = (what) => [...document.querySelectorAll(`#answer ${what}`)].filter((one) => one.checkVisibility());
      const end = (one) => one.getBoundingClientRect().bottom + scrollY;
      return {
        sentences: of("h2").map((one) => [one.innerText, end(one)]),
        pictures: of("svg").map(end),
        certainty: of(".label strong").map(end),
        screen: innerHeight,
        whole: document.documentElement.scrollHeight,
      };
    });
    const { sentences, pictures: shown, certainty, screen, whole } = seen;
    assert(sentences.length === 1 && sentences[0][0].length > 10, `there is an answer (${to})`);
    assert.equal(shown.length, 1, `one picture goes with it (${to})`);
    for (const end of [sentences[0][1], ...shown, ...certainty]) {
      assert(end <= screen, `the answer is on the first screen of a ${size} (${Math.round(end)} of ${screen}, ${to})`);
    }
    assert(whole <= LONGEST[size], `the page is short on a ${size} (${whole} of ${LONGEST[size]}, ${to})`);
  }
}

/** Opens every fold. */
async function unfold(page) {
  for (const fold of await page.locator(".more > summary").all()) await fold.press("Enter");
  const shut = await page.locator(".more:not([open])").count();
  assert.equal(shut, 0, "every fold opens by keyboard");
  await page.waitForTimeout(300);
}

/** Every picture holds ink, and none is wider than the page. */
async function everythingIsDrawn(page, size) {
  const figures = await page.$$eval("figure[data-chart]", (all) =>
    all.map((figure) => {
      const inked = (canvas) => {
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        let ink = 0;
        for (let i = 3; i < data.length; i += 4) ink += data[i] > 0;
        return ink;
      };
      const plots = [...figure.querySelectorAll(".plot")];
      const ink = (plot) => {
        const canvas = plot.querySelector("canvas");
        return canvas ? inked(canvas) / 100 : plot.querySelectorAll("svg rect, svg circle, svg path, svg line").length;
      };
      return { id: figure.id, ink: plots.map(ink), width: figure.scrollWidth, room: figure.clientWidth };
    }),
  );
  assert(figures.length > 0, "there are pictures");
  for (const { id, ink, width, room } of figures) {
    assert(ink.length > 0 && ink.every((amount) => amount > 2), `${id} is drawn (${ink})`);
    assert(width <= room + 1, `${id} fits (${width} in ${room}, ${size})`);
  }
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert(wide <= 0, `the page fits a ${size} (${wide} too wide)`);
  return figures.length;
}

/** Only one language is seen at a time, and the switch changes it. */
async function theLanguageSwitches(page) {
  for (const [to, other, tag] of [["zh", "en", "zh-Hans"], ["en", "zh", "en"]]) {
    await page.click(`.switch button[data-to=${to}]`);
    assert.equal(await page.getAttribute("html", "lang"), tag);
    const seen = (of) => page.$$eval(`.${of}`, (all) => all.filter((one) => one.offsetParent !== null).length);
    assert((await seen(to)) > 10 && (await seen(other)) === 0, `only ${to} is seen`);
    // Names out of data, of policies, communities and streets, may be Chinese in both languages.
    const names = await page.evaluate(() =>
      JSON.parse(document.getElementById("charts").textContent)
        .flatMap(({ panels }) => panels.flatMap(({ rows, title, series }) => [title, ...(rows ?? []).flatMap((row) => [row.name, row.heading]), ...series.map((one) => one.name)]))
        .filter((name) => name && name.en === name.zh && name.en)
        .map((name) => name.en),
    );
    // The longest first, as one may be a part of another.
    const longest = [...new Set(names)].sort((a, b) => b.length - a.length);
    const words = longest.reduce((text, name) => text.replaceAll(name, ""), await page.innerText("main"));
    const chinese = (words.match(/[\u4e00-\u9fff]/g) ?? []).length;
    assert.equal(chinese > 100, to === "zh", `the words are ${to} (${chinese} Chinese characters)`);
    assert.equal(await page.getAttribute(`.switch button[data-to=${to}]`, "aria-pressed"), "true");
  }
}

/** One figure of each form. */
const ofEachForm = (page) =>
  page.evaluate(() => {
    const charts = JSON.parse(document.getElementById("charts").textContent);
    const first = {};
    charts.forEach((chart) => (first[chart.panels[0].form] ??= `#figure-${CSS.escape(chart.id)}`));
    return first;
  });

/** The pointer and the arrow keys show numbers. */
async function numbersAreShown(page, figure) {
  const plot = page.locator(`${figure} .plot`).first();
  await plot.scrollIntoViewIfNeeded();
  const area = plot.locator(".u-over, svg").first();
  const box = await area.boundingBox();
  let shown = "";
  const anywhere = [[0.5, 0.5], [0.3, 0.5], [0.6, 0.3], [0.9, 0.5], [0.2, 0.2], [0.7, 0.8]];
  // A few tiles, or a small map, leave most of their picture empty: there the pointer goes to what is drawn.
  const drawn = await plot.locator("svg g > :is(rect, circle, path)").evaluateAll((all) =>
    all.slice(0, 12).map((one) => {
      const { left, top, width, height } = one.getBoundingClientRect();
      return [left + width / 2, top + height / 2];
    }),
  );
  for (const [x, y] of [...anywhere.map(([x, y]) => [box.x + box.width * x, box.y + box.height * y]), ...drawn]) {
    await page.mouse.move(x, y, { steps: 3 });
    await page.waitForTimeout(60);
    if (await page.isVisible("#tip")) shown = await page.innerText("#tip");
    if (shown) break;
  }
  assert.match(shown, /\d/, `${figure} shows numbers under the pointer`);
  await page.mouse.move(2, 2);
  await plot.focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await page.waitForTimeout(60);
  assert.match(await page.innerText("#tip"), /\d/, `${figure} shows numbers by keys`);
  await page.keyboard.press("Escape");
  assert(!(await page.isVisible("#tip")), "Escape hides them");
  // What is shown is opened by keyboard too.
  await page.locator(`${figure} summary`).press("Enter");
  await page.waitForSelector(`${figure} details td`);
  assert((await page.locator(`${figure} details td`).count()) > 3, `${figure} has its numbers as a table`);
  await page.locator(`${figure} summary`).press("Enter");
}

/** What a figure looks like, as text. */
const looks = (page, figure) =>
  page.$$eval(`${figure} .plot`, (plots) =>
    plots.map((plot) => plot.querySelector("canvas")?.toDataURL() ?? plot.innerHTML).join(),
  );

/** Every figure with keys: each switches its series off and on again. */
async function seriesSwitch(page) {
  const figures = await page.$$eval("figure:has(.legend button)", (all) => all.map((one) => `#${CSS.escape(one.id)}`));
  for (const figure of figures) {
    const key = page.locator(`${figure} .legend button`).first();
    const before = await looks(page, figure);
    await key.click();
    await page.waitForTimeout(80);
    assert.equal(await key.getAttribute("aria-pressed"), "false");
    assert.notEqual(await looks(page, figure), before, `${figure} changes when a series is off`);
    await key.press("Enter");
    await page.waitForTimeout(80);
    assert.equal(await key.getAttribute("aria-pressed"), "true");
  }
  return figures.length;
}

/** Where one panel is seen at a time, keys choose which. */
async function choicesSwitch(page) {
  const figures = await page.$$eval("figure:has(.choice button)", (all) => all.map((one) => `#${CSS.escape(one.id)}`));
  for (const figure of figures) {
    const key = page.locator(`${figure} .choice button`).nth(1);
    const before = await looks(page, figure);
    assert.equal(await page.locator(`${figure} .plot`).count(), 1, `${figure} shows one panel`);
    await key.press("Enter");
    assert.equal(await key.getAttribute("aria-pressed"), "true");
    assert.notEqual(await looks(page, figure), before, `${figure} changes by its keys`);
    assert.equal(await page.locator(`${figure} .plot`).count(), 1);
  }
}

/** Every community is on a map once, all of it within its picture, and says its name and value. */
async function mapsAreWhole(page) {
  const maps = await page.evaluate(() =>
    figures.filter(({ chart }) => chart.map).map(({ box, chart }) => {
      const within = (one, svg) => {
        const [a, b] = [one.getBoundingClientRect(), svg.getBoundingClientRect()];
        return a.left >= b.left - 1 && a.right <= b.right + 1 && a.top >= b.top - 1 && a.bottom <= b.bottom + 1;
      };
      const plots = [...box.querySelectorAll(".plot svg")].map((svg) => {
        const places = [...svg.querySelectorAll("g > path, g > circle")].filter((one) => /^rgb|^#fff/.test(one.getAttribute("fill")));
        return { places: places.length, outside: places.filter((one) => !within(one, svg)).length };
      });
      return { id: box.id, communities: chart.map.places.length, plots };
    }),
  );
  for (const { id, communities, plots } of maps) {
    for (const { places, outside } of plots) assert.deepEqual([places, outside], [communities, 0], `${id} has every community once`);
  }
}

/** The files of a figure. */
async function filesAreTaken(page, figure) {
  const of = async (form) => {
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.locator(`${figure} .tools button`, { hasText: form }).click(),
    ]);
    assert(download.suggestedFilename().endsWith(`.${form.toLowerCase()}`));
    return readFileSync(await download.path());
  };
  const svg = (await of("SVG")).toString();
  // The font's own letters may spell anything.
  const drawn = svg.replace(/<style[^]*<\/style>/, "");
  assert(svg.startsWith("<svg") && svg.includes("@font-face") && !drawn.includes("NaN"), `${figure} as SVG`);
  // The words beneath the figure are all there, on as many lines as they take.
  const bare = (words) => words.replace(/\s/g, "");
  const note = await page.evaluate((id) => say(figures.find(({ box }) => box.id === id).chart.note), figure.slice(1).replaceAll("\\", ""));
  const words = await page.evaluate((text) => [...new DOMParser().parseFromString(text, "image/svg+xml").querySelectorAll("text")].map((one) => one.textContent).join(""), svg);
  assert(bare(words).includes(bare(note)), `${figure} has its whole note: ${note}`);
  const parsed = await page.evaluate((text) => {
    const made = new DOMParser().parseFromString(text, "image/svg+xml");
    return { fault: made.querySelector("parsererror")?.textContent, texts: made.querySelectorAll("text").length };
  }, svg);
  assert(!parsed.fault && parsed.texts > 3, `${figure}: ${parsed.fault}`);
  const png = await of("PNG");
  assert.equal(png.subarray(1, 4).toString(), "PNG");
  assert(png.length > 8000 && png.readUInt32BE(16) === 1920, `${figure} as PNG, ${png.length} bytes`);
  const csv = (await of("CSV")).toString();
  assert(csv.startsWith("\ufeffpanel,series,at,across,value,ci95_low,ci95_high\r\n"), `${figure} as CSV`);
  assert(csv.trim().split("\r\n").length > 2, `${figure} has rows`);
  return { svg, png };
}

/** The page on paper: every picture is there as vectors. */
async function prints(page, count) {
  const pdf = await page.pdf({ format: "A4" });
  assert(pdf.length > 20000 && pdf.subarray(0, 4).toString() === "%PDF");
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  assert.equal(await page.locator("figure > .printed").count(), count);
  await page.evaluate(() => dispatchEvent(new Event("afterprint")));
  assert.equal(await page.locator("figure > .printed").count(), 0);
  return pdf;
}

async function check(browser, report) {
  const size = statSync(report).size;
  assert(size < LARGEST, `${report} has ${size} bytes`);
  const name = basename(dirname(resolve(report)));
  let summary = "";
  for (const device of Object.keys(SIZES)) {
    const { context, page, faults } = await open(browser, report, device);
    await theAnswerComesFirst(page, device);
    if (pictures) {
      for (const colorScheme of ["light", "dark"]) {
        await page.emulateMedia({ colorScheme });
        for (const to of ["zh", "en"]) {
          await page.click(`.switch button[data-to=${to}]`);
          await page.screenshot({ path: join(pictures, `${name}-${device}-${to}-${colorScheme}-first.png`) });
        }
      }
      await page.emulateMedia({ colorScheme: "light" });
    }
    await unfold(page);
    const count = await everythingIsDrawn(page, device);
    await theLanguageSwitches(page);
    await mapsAreWhole(page);
    if (device === "desktop") {
      const forms = await ofEachForm(page);
      const switched = await seriesSwitch(page);
      await choicesSwitch(page);
      for (const figure of Object.values(forms)) {
        await numbersAreShown(page, figure);
        const files = await filesAreTaken(page, figure);
        if (pictures) keep(`${name}-${figure.slice(8)}.png`, files.png);
      }
      const pdf = await prints(page, count);
      if (pictures) keep(`${name}.pdf`, pdf);
      summary = `${count} pictures (${Object.keys(forms).join(", ")}), ${switched} with keys, ${size} bytes`;
    }
    if (pictures) {
      for (const to of ["en", "zh"]) {
        await page.click(`.switch button[data-to=${to}]`);
        await everythingIsDrawn(page, device);
        await page.evaluate(() => scrollTo(0, 0));
        await page.screenshot({ path: join(pictures, `${name}-${device}-${to}.png`), fullPage: true });
      }
    }
    assert.equal(await page.evaluate(() => window.injected), undefined, "no name is run");
    assert.deepEqual(faults.slice(0, 5), [], report);
    await context.close();
  }
  console.log(`${name}: ${summary}`);
}

function keep(name, bytes) {
  writeFileSync(join(pictures, name), bytes);
}


if (pictures) mkdirSync(pictures, { recursive: true });
const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
try {
  for (const report of given) await check(browser, report);
} finally {
  await browser.close();
}
