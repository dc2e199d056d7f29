/** Text of the design keeps 4.5 : 1 and edges of controls 3 : 1 on every surface (WCAG 2.2, 1.4.3 and 1.4.11). */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

type Theme = "light" | "dark";

const tokens = readTokens(readFileSync(new URL("../src/style/tokens.css", import.meta.url), "utf8"));
const SURFACES = ["canvas", "surface", "surface-sunk", "surface-over", "hover", "selected"];
const MEANINGS = ["ok", "warn", "error", "info"];

const TEXT: [string[], string[]][] = [
  [
    ["text", "text-2", "text-3", "accent-text"],
    [...SURFACES, ...MEANINGS.map((name) => `${name}-tint`)],
  ],
  ...MEANINGS.map((name): [string[], string[]] => [[name], [...SURFACES, `${name}-tint`]]),
  [["method-read", "method-write", "method-delete"], SURFACES],
  [
    ["key", "string", "number", "atom", "punct", "join"].map((name) => `syn-${name}`),
    ["surface", "surface-sunk", "selected"],
  ],
  [["on-accent"], ["accent", "accent-hover"]],
  [["on-env"], ["env-practice", "env-dev", "env-test", "env-prod"]],
  [
    ["text", "text-2"],
    ["env-practice-tint", "env-dev-tint", "env-test-tint", "env-prod-tint"],
  ],
];

const EDGES: [string[], string[]][] = [
  [
    ["line-control", "focus", "accent-line"],
    ["canvas", "surface", "surface-sunk", "surface-over"],
  ],
  [MEANINGS.map((name) => `${name}-mark`), ["surface"]],
];

for (const theme of ["light", "dark"] as const) {
  test(`text of the ${theme} theme keeps 4.5 : 1`, () => {
    assert.deepEqual(below(4.5, TEXT, theme), []);
  });

  test(`edges of controls of the ${theme} theme keep 3 : 1`, () => {
    assert.deepEqual(below(3, EDGES, theme), []);
  });
}

test("contrast is that of WCAG's formula", () => {
  assert.equal(contrast("#000000", "#ffffff"), 21);
  assert.equal(contrast("#777777", "#ffffff").toFixed(2), "4.48");
});

function below(least: number, pairs: [string[], string[]][], theme: Theme): string[] {
  const low: string[] = [];
  for (const [fronts, backs] of pairs)
    for (const front of fronts)
      for (const back of backs) {
        const ratio = contrast(colour(front, theme), colour(back, theme));
        if (ratio < least) low.push(`--${front} on --${back}: ${ratio.toFixed(2)}`);
      }
  return low;
}

function colour(name: string, theme: Theme): string {
  const found = tokens.get(name);
  assert.ok(found, `tokens.css has no colour --${name}`);
  return found[theme];
}

function readTokens(css: string): Map<string, Record<Theme, string>> {
  const found = css.matchAll(/--([\w-]+):\s*light-dark\((#[0-9a-f]{6}),\s*(#[0-9a-f]{6})\)/g);
  return new Map([...found].map(([, name = "", light = "", dark = ""]) => [name, { light, dark }]));
}

/** WCAG 2.2, "contrast ratio". */
function contrast(a: string, b: string): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

/** WCAG 2.2, "relative luminance". */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
