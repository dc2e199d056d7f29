import { defineConfig, type Plugin } from "vite";
import { pagePolicy, securityHeaders } from "./policy.ts";

/** Built pages only: Vite's development server injects styles inline, which the policy rightly refuses. */
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

export default defineConfig({
  root: import.meta.dirname,
  // Relative addresses: the built folder works under any path of a static host.
  base: "./",
  plugins: [policyInPage],
  build: {
    outDir: "dist",
    emptyOutDir: true,
    // Nothing becomes a data: address; the policy would refuse it.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { host: "127.0.0.1" },
  preview: { host: "127.0.0.1", headers: securityHeaders },
});
