import { check } from "../../program.js";

export const runtime = "edge";

export async function GET(request) {
  return new Response(await check(new URL(request.url).searchParams.get("instance")));
}
