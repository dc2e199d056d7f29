import { check } from "../../program.js";

export default defineEventHandler((event) => check(getQuery(event).instance));
