import { check } from "../../program.js";

export const load = async ({ url }) => ({ said: await check(url.searchParams.get("instance")) });
