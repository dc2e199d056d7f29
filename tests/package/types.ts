/** The contract, as a user's compiler sees it. A line under `@ts-expect-error` must not compile. */
import {
  AuthenticationError,
  connect,
  type Instance,
  load,
  type Page,
  RateLimitError,
  type Row,
  SysparmError,
} from "sysparm";

export async function use(): Promise<void> {
  await load();
  const instance: Instance = await connect({
    url: "https://dev12345.service-now.com",
    auth: { grant: "client_credentials", clientId: "id", clientSecret: "secret", clientAuth: "basic" },
    timeLimits: { callMs: 1000 },
  });
  await connect({ url: "https://x.example", auth: { token: "t", expiresAt: 1 } });
  await connect({ url: "https://x.example", auth: { token: async (refused?: string) => ({ token: refused ?? "t" }) } });
  // @ts-expect-error a grant needs its secret
  await connect({ url: "https://x.example", auth: { grant: "client_credentials", clientId: "id" } });
  // @ts-expect-error no such grant
  await connect({ url: "https://x.example", auth: { grant: "implicit", clientId: "id", clientSecret: "s" } });
  // @ts-expect-error an address is needed
  await connect({ auth: { token: "t" } });

  const token: string = await instance.token();
  const page: Page = await instance
    .table("incident")
    .list({ query: "active=true", fields: ["number"], displayValue: "all" });
  const total: number | null = page.total;
  for await (const row of instance.table("incident").rows({ limit: 10 }))
    console.log((row satisfies Row).number, token, total);
  // @ts-expect-error a count that is unknown is null
  const known: number = page.total;
  // @ts-expect-error a page size is a number
  instance.table("incident").pages({ pageSize: "many" });
  const reply: Response = await instance.request("/api/now/table/incident", { method: "POST", body: "{}" });
  console.log(reply.status, known);

  try {
    await instance.table("incident").get("id");
  } catch (thrown) {
    if (thrown instanceof RateLimitError) console.log(thrown.resumesAt satisfies number | undefined);
    if (thrown instanceof AuthenticationError)
      console.log(thrown.diagnosis.causes[0]?.fix[0] satisfies string | undefined);
    if (thrown instanceof SysparmError)
      console.log(thrown.code satisfies string, thrown.response satisfies Response | undefined);
  }
  // @ts-expect-error only sysparm makes its errors
  new SysparmError("mine");
  instance.close();
}
