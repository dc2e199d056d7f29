import { check } from "./program.js";

export default {
  async fetch(request) {
    return new Response(await check(new URL(request.url).searchParams.get("instance")));
  },
};
