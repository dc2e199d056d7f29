import { RateLimitError, SysparmError } from "sysparm";
import { serviceNow } from "../../service-now";

/** Files an incident: POST /incidents with `{ "description": "…", "key": "…" }`. The key makes a repeated form file it once. */
export async function POST(request: Request): Promise<Response> {
  const { description, key } = (await request.json()) as { description?: unknown; key?: unknown };
  if (typeof description !== "string" || typeof key !== "string") {
    return Response.json({ error: "Send { description, key }." }, { status: 400 });
  }
  try {
    const instance = await serviceNow();
    const correlation = { field: "correlation_id", value: key, lookFirst: true };
    const made = await instance.table("incident").create({ short_description: description }, { correlation });
    return Response.json({ number: made.number }, { status: 201 });
  } catch (error) {
    if (!(error instanceof SysparmError)) throw error;
    console.error(error.message, error.diagnosis.causes);
    const status = error instanceof RateLimitError ? 503 : 502;
    return Response.json({ error: "ServiceNow did not answer as expected.", code: error.code }, { status });
  }
}
