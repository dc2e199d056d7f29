import { defineConfig, type Plugin } from "vite";
import { serviceWorker } from "./offline/plugin.ts";
import { pagePolicy, securityHeaders } from "./policy.ts";

/** For built pages only, because Vite's development server injects inline styles, which the policy refuses. */
const policyInPage: Plugin = {
  name: "sysparm-page-policy",
  apply: "build",
  transformIndexHtml: () => [
    {
      tag: "meta",
      attrs: { "http-equiv": "Content-Security-Policy", content: pagePolicy },
      injectTo: "head-prepend",
    },
  ],
};

/** The page calls `load()` at once. Without this line the WebAssembly is requested after the script has arrived, and not with it. */
const wasmWithScript: Plugin = {
  name: "sysparm-wasm-with-script",
  apply: "build",
  transformIndexHtml: {
    order: "post",
    handler: (_, { bundle = {} }) => {
      const file = Object.values(bundle).find((output) => output.type === "asset" && output.names.includes(CLIENT));
      if (!file) throw new Error(`the build has no ${CLIENT}`);
      const attrs = {
        rel: "preload",
        as: "fetch",
        type: "application/wasm",
        crossorigin: true,
        href: `./${file.fileName}`,
      };
      return [{ tag: "link", attrs, injectTo: "head" }];
    },
  },
};

const CLIENT = "sysparm.wasm";

export default defineConfig({
  root: import.meta.dirname,
  // Relative addresses let the built folder work under any path of a static host.
  base: "./",
  plugins: [policyInPage, wasmWithScript, serviceWorker],
  build: {
    outDir: "dist",
    emptyOutDir: true,
    // No data: addresses, because the policy refuses them.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  // Its Workers load readers of formats on demand.
  worker: { format: "es" },
  server: { host: "127.0.0.1" },
  preview: { host: "127.0.0.1", headers: securityHeaders },
});
