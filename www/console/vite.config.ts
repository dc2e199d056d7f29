import { defineConfig, type Plugin } from "vite";
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

export default defineConfig({
  root: import.meta.dirname,
  // Relative addresses let the built folder work under any path of a static host.
  base: "./",
  plugins: [policyInPage],
  build: {
    outDir: "dist",
    emptyOutDir: true,
    // No data: addresses, because the policy refuses them.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { host: "127.0.0.1" },
  preview: { host: "127.0.0.1", headers: securityHeaders },
});
