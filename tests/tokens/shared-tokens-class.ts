import { build } from "esbuild";
import type { TokenRoom } from "../../www/glue/src/stores/shared-tokens.ts";

/** The class of the source, over a base class with the members of Cloudflare's. */
export async function sharedTokensClass(): Promise<new (context: object, bindings?: object) => Required<TokenRoom>> {
  const { outputFiles } = await build({
    entryPoints: ["www/glue/src/durable-object/index.ts"],
    bundle: true,
    write: false,
    format: "esm",
    plugins: [
      {
        name: "no-cloudflare",
        setup(context) {
          context.onResolve({ filter: /^cloudflare:/ }, ({ path }) => ({ path, namespace: "base" }));
          context.onLoad({ filter: /.*/, namespace: "base" }, () => ({
            contents: "export class DurableObject { constructor(ctx, env) { this.ctx = ctx; this.env = env; } }",
          }));
        },
      },
    ],
  });
  const { SharedTokens } = await import(`data:text/javascript,${encodeURIComponent(outputFiles[0]?.text ?? "")}`);
  return SharedTokens;
}
