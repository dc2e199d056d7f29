/** Builds the console from this tree and serves it with Vite's preview server and the security headers. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, preview } from "vite";

export interface Site {
  /** `http://127.0.0.1:PORT` */
  origin: string;
  stop(): Promise<void>;
}

export async function serveConsole(): Promise<Site> {
  const root = fileURLToPath(new URL("../../../www/console/", import.meta.url));
  const outDir = await mkdtemp(join(tmpdir(), "sysparm-console-"));
  const configFile = join(root, "vite.config.ts");
  const common = { root, configFile, logLevel: "warn", clearScreen: false } as const;
  await build({ ...common, build: { outDir, emptyOutDir: true } });
  const server = await preview({ ...common, build: { outDir }, preview: { port: 0 } });
  const address = server.resolvedUrls?.local[0];
  if (!address) throw new Error("the preview server has no local address");
  return {
    origin: new URL(address).origin,
    stop: async () => {
      await server.close();
      await rm(outDir, { recursive: true, force: true });
    },
  };
}
