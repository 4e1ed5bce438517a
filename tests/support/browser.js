// Debian's Chromium, driven by playwright-core; pictures of pages; accessibility by axe-core.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

/** The widths that every page is looked at in: phone, desk and wall. */
export const SIZES = {
  phone: { width: 360, height: 740 },
  desk: { width: 1280, height: 800 },
  wall: { width: 1920, height: 1080 },
};

// No sandbox: CI runs as root in a container. The rest keeps the browser from calling home.
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  "--disable-quic",
];

const PICTURES = fileURLToPath(new URL("../../target/pictures/", import.meta.url));

/**
 * Starts a browser; close it with `await browser.close()` in `after`.
 * @returns {Promise<import("playwright-core").Browser>}
 */
export function browser() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: FLAGS });
}

/**
 * A page of a person with their own cookies, in the town's language and time zone.
 * @param {import("playwright-core").Browser} opened
 * @param {import("playwright-core").BrowserContextOptions} [options]
 * @returns {Promise<import("playwright-core").Page>}
 */
export async function person(opened, options = {}) {
  const context = await opened.newContext({
    viewport: SIZES.desk,
    locale: "zh-CN",
    timezoneId: "Asia/Shanghai",
    ...options,
  });
  return context.newPage();
}

/**
 * Keeps a picture of the whole page as `target/pictures/<name>.png`.
 * @param {import("playwright-core").Page} page
 * @param {string} name
 * @returns {Promise<string>} the picture's path
 */
export async function shot(page, name) {
  const path = `${PICTURES}${name}.png`;
  await page.screenshot({ path, fullPage: true });
  return path;
}

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/**
 * What axe-core finds wrong with the page, one line each with the element and where to read about it; none is good.
 * @param {import("playwright-core").Page} page
 * @returns {Promise<string[]>}
 */
export async function axe(page) {
  // Through the debugger and not a script element, so that a strict content security policy does not stop it.
  await page.evaluate(await readFile(AXE, "utf8"));
  return page.evaluate(async () => {
    const { violations } = await /** @type {any} */ (globalThis).axe.run();
    return violations.flatMap((/** @type {any} */ rule) =>
      rule.nodes.map((/** @type {any} */ node) => `${rule.id}: ${rule.help}: ${node.html} (${rule.helpUrl})`),
    );
  });
}

/**
 * By how many pixels the page is wider than its window: 0 means that nobody has to scroll sideways.
 * @param {import("playwright-core").Page} page
 * @returns {Promise<number>}
 */
export function overflow(page) {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return Math.max(0, scrollWidth - clientWidth);
  });
}
