import { check } from "./program.js";

check(process.env.INSTANCE).then(console.log);
