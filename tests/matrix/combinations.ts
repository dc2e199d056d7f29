/** The bundlers and frameworks with which the package must work without configuration, each with the version that is tried. */

export interface Combination {
  /** The bundler or framework with its version, as the documentation shows it. */
  tool: string;
  /** What of it is tried. */
  use: string;
  /** What npm installs, exactly. */
  packages: string[];
  /** A folder of `projects` that is copied over `projects/shared`. */
  project?: string;
  /** Commands of a shell, before anything runs. */
  build?: string;
  /** A command that prints what the program says. */
  run?: string;
  /** What it says instead where it cannot work. */
  says?: string;
  /** A folder whose index.html is opened in Chromium. */
  folder?: string;
  /** A command that starts a server at $PORT. */
  server?: string;
  /** Addresses of that server whose text must hold what the program says. */
  texts?: string[];
  /** An address of that server that is opened in Chromium. */
  page?: string;
}

const NODE = "node@22.23.3";
const VITE = ["5.4.21", "6.4.6", "7.3.8", "8.3.8"];
const vite = (version: string): Combination[] => {
  const common = { tool: `Vite ${version}`, packages: [`vite@${version}`] };
  return [
    { ...common, use: "development", server: "vite --host 127.0.0.1 --port $PORT --strictPort", page: "/" },
    { ...common, use: "build", build: "vite build", folder: "dist" },
  ];
};

const PAGE = "cp index.html out";
const esbuild = { tool: "esbuild 0.28.2", packages: ["esbuild@0.28.2"] };
const ESBUILD = "esbuild --bundle --log-level=warning";
const bun = { tool: "Bun 1.4.5", packages: ["bun@1.4.5"] };
const jest = { tool: "Jest 30.5.2", packages: ["jest@30.5.2"], project: "unit-test" };
const JEST = "NODE_OPTIONS=--experimental-vm-modules jest --silent";
const vitest = { tool: "Vitest 5.1.2", packages: ["vitest@5.1.2", NODE], project: "unit-test" };
const VITEST = "vitest run --globals --silent --reporter dot --environment";
const webpack = { tool: "webpack 5.113.0", packages: ["webpack@5.113.0", "webpack-cli@7.3.1"] };
const WEBPACK = "webpack --mode production --no-optimization-minimize --no-stats --output-path out";
const next = {
  packages: ["next@16.4.6", "react@19.3.1", "react-dom@19.3.1"],
  project: "next",
  server: "next start --hostname 127.0.0.1 --port $PORT",
  page: "/client",
};
const NEXT_USES = "server component, route handler, edge, client page";
const NEXT_TEXTS = ["/", "/handler", "/edge"];

export const COMBINATIONS: Combination[] = [
  ...VITE.flatMap(vite),
  {
    ...esbuild,
    use: "page",
    build: `${ESBUILD} page.js --format=esm --splitting --outdir=out && ${PAGE}`,
    folder: "out",
  },
  {
    ...esbuild,
    use: "page, iife",
    build: `${ESBUILD} page.js --format=iife --outdir=out --log-override:empty-import-meta=silent && ${PAGE}`,
    folder: "out",
  },
  {
    ...esbuild,
    use: "Node, ESM",
    build: `${ESBUILD} main.js --platform=node --format=esm --outfile=out/main.mjs`,
    run: "node out/main.mjs",
  },
  {
    ...esbuild,
    use: "Node, CommonJS",
    build: `${ESBUILD} main.js --platform=node --format=cjs --outfile=out/main.cjs`,
    run: "node out/main.cjs",
  },
  {
    ...esbuild,
    use: "Lambda handler",
    build: `${ESBUILD} handler.js --platform=node --format=cjs --minify --outfile=out/handler.cjs`,
    run: `node -p 'require("./out/handler.cjs").handler({ instance: process.env.INSTANCE }).then(({ body }) => console.log(body)), ""'`,
  },
  {
    tool: "Rollup 4.68.8",
    use: "page",
    packages: ["rollup@4.68.8", "@rollup/plugin-node-resolve@16.0.3"],
    build: `rollup page.js --dir out --plugin 'node-resolve={browser:true}' --silent && ${PAGE}`,
    folder: "out",
  },
  {
    tool: "Rolldown 1.3.3",
    use: "page",
    packages: ["rolldown@1.3.3"],
    build: `rolldown page.js --dir out --platform browser && ${PAGE}`,
    folder: "out",
  },
  {
    ...webpack,
    use: "page",
    build: `${WEBPACK} --entry ./page.js --output-filename page.js && ${PAGE}`,
    folder: "out",
  },
  {
    ...webpack,
    use: "Node",
    build: `${WEBPACK} --entry ./main.js --target node --output-filename main.cjs`,
    run: "node out/main.cjs",
  },
  {
    tool: "Parcel 2.16.4",
    use: "page",
    packages: ["parcel@2.16.4"],
    build: "parcel build index.html --dist-dir out --no-cache --no-source-maps",
    folder: "out",
  },
  { ...bun, use: "page", build: `bun build page.js --outdir out && ${PAGE}`, folder: "out" },
  { ...bun, use: "Bun", build: "bun build main.js --target=bun --outfile out/main.js", run: "bun out/main.js" },
  {
    ...bun,
    use: "--compile",
    build: "bun build main.js --compile --outfile out/main",
    run: "cd / && $OLDPWD/out/main",
  },
  {
    ...next,
    tool: "Next.js 16.4.6, Turbopack",
    use: NEXT_USES,
    build: "next build --turbopack",
    texts: NEXT_TEXTS,
  },
  { ...next, tool: "Next.js 16.4.6, webpack", use: NEXT_USES, build: "next build --webpack", texts: NEXT_TEXTS },
  {
    tool: "SvelteKit 3.2.0",
    use: "server and page",
    packages: [
      "@sveltejs/kit@3.2.0",
      "@sveltejs/adapter-node@6.0.1",
      "@sveltejs/vite-plugin-svelte@7.3.1",
      "svelte@5.57.3",
      "vite@8.3.8",
      NODE,
    ],
    project: "sveltekit",
    build: "vite build",
    server: "HOST=127.0.0.1 node build",
    texts: ["/"],
    page: "/",
  },
  {
    tool: "Nuxt 4.5.2",
    use: "server and page",
    packages: ["nuxt@4.5.2", NODE],
    project: "nuxt",
    build: "nuxt build",
    server: "HOST=127.0.0.1 node .output/server/index.mjs",
    texts: ["/api/check", "/"],
    page: "/",
  },
  {
    tool: "Astro 7.3.5",
    use: "server and page",
    packages: ["astro@7.3.5", "@astrojs/node@11.1.6", NODE],
    project: "astro",
    build: "astro build",
    server: "HOST=127.0.0.1 node dist/server/entry.mjs",
    texts: ["/"],
    page: "/",
  },
  {
    ...jest,
    use: "happy-dom",
    packages: [...jest.packages, "@happy-dom/jest-environment@20.14.5"],
    run: `${JEST} --env @happy-dom/jest-environment >&2 && cat said`,
  },
  {
    ...jest,
    use: "jest-fixed-jsdom",
    packages: [...jest.packages, "jest-environment-jsdom@30.5.2", "jest-fixed-jsdom@0.0.11"],
    run: `${JEST} --env jest-fixed-jsdom >&2 && cat said`,
  },
  {
    ...jest,
    use: "jsdom: refused with the environment to use",
    packages: [...jest.packages, "jest-environment-jsdom@30.5.2"],
    run: `${JEST} --env jsdom >&2 && cat said`,
    says: "RequestError: This environment has no TextDecoder, TextEncoder, Response. In Jest use the environment jest-fixed-jsdom instead of jsdom.",
  },
  { ...vitest, use: "jsdom", packages: [...vitest.packages, "jsdom@31.0.1"], run: `${VITEST} jsdom >&2 && cat said` },
  {
    ...vitest,
    use: "happy-dom",
    packages: [...vitest.packages, "happy-dom@21.0.4"],
    run: `${VITEST} happy-dom >&2 && cat said`,
  },
  {
    tool: "Wrangler 4.164.0",
    use: "Worker",
    packages: ["wrangler@4.164.0", NODE],
    project: "wrangler",
    server: "wrangler dev --ip 127.0.0.1 --port $PORT --show-interactive-dev-session=false",
    texts: ["/"],
  },
];
