// Every text colour of web/css/tokens.css reads on every ground it stands on, by light and by dark.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test from "node:test";

/** @param {string} name */
const sheet = (name) => readFile(new URL(`../web/css/${name}`, import.meta.url), "utf8");

/**
 * The colours a rule sets: `--name: #rrggbb` of the first block after `opening`.
 * @param {string} css
 * @param {string} opening
 * @returns {Record<string, string>}
 */
function colours(css, opening) {
  const start = css.indexOf(opening);
  assert.notEqual(start, -1, `tokens.css has no rule ${opening}`);
  const block = css.slice(start, css.indexOf("}", start));
  return Object.fromEntries([...block.matchAll(/--([a-z-]+): (#[0-9a-f]{6});/g)].map(([, name, hex]) => [name, hex]));
}

/**
 * Relative luminance as WCAG 2 defines it.
 * @param {string} hex
 */
function luminance(hex) {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/**
 * @param {string} a
 * @param {string} b
 */
function contrast(a, b) {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

const tokens = await sheet("tokens.css");
const light = colours(tokens, ":root {");
const modes = {
  light,
  dark: colours(tokens, ":root:not([data-scheme=light]) {"),
  wall: colours(tokens, ":root[data-scheme=dark] {"),
};

/**
 * A text or mark, the ground it stands on, and the least contrast.
 * @param {string} text
 * @param {string} ground
 * @param {number} least
 * @returns {[text: string, ground: string, least: number]}
 */
const pair = (text, ground, least) => [text, ground, least];

/** @type {[text: string, ground: string, least: number][]} */
const pairs = [
  ...["ink", "muted", "accent", "accent-deep", "done", "late", "silent", "alert"].flatMap((text) =>
    ["paper", "sheet", "wash"].map((ground) => pair(text, ground, 4.5)),
  ),
  ...["ink", "alert"].map((text) => pair(text, "alert-wash", 4.5)),
  ["on-accent", "accent", 4.5],
  ["on-accent", "accent-deep", 4.5],
  ["on-alert", "alert", 4.5],
  ["muted", "line", 4.5],
  ["paper", "ink", 4.5],
  ...["edge", "accent", "done", "late"].flatMap((mark) => ["paper", "sheet"].map((ground) => pair(mark, ground, 3))),
];

for (const [mode, set] of Object.entries(modes)) {
  test(`text_and_marks_stand_out_in_${mode}`, () => {
    const faint = pairs
      .map(([text, ground, least]) => ({ text, ground, least, got: contrast(set[text], set[ground]) }))
      .filter(({ least, got }) => !(got >= least))
      .map(({ text, ground, least, got }) => `${text} on ${ground}: ${got.toFixed(2)}, needs ${least}`);
    assert.deepEqual(faint, []);
  });
}

test("wall_is_the_dark_mode", () => assert.deepEqual(modes.wall, modes.dark));

test("dark_mode_sets_every_colour", () => assert.deepEqual(Object.keys(modes.dark).sort(), Object.keys(light).sort()));
