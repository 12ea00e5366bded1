// What axe-core finds on a page: WCAG 2.2 at level AA.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
/** Impacts that no page may have. */
export const GRAVE = ["serious", "critical"];

/** What axe finds on the page as it is now. */
export async function findings(page) {
  await page.evaluate(AXE);
  return page.evaluate(async (tags) => {
    const { violations, incomplete } = await axe.run(document, {
      runOnly: { type: "tag", values: tags },
      resultTypes: ["violations", "incomplete"],
    });
    const brief = ({ id, impact, help, nodes }) =>
      ({ id, impact, help, count: nodes.length, first: nodes[0].html.slice(0, 160) });
    return { violations: violations.map(brief), incomplete: incomplete.map(brief) };
  }, RULES);
}

/** A finding on one line. */
export const line = ({ id, impact, help, count, first }) => `${impact} ${id} (${count}): ${help}; ${first}`;
