import { check } from "./program.js";

/** The shape of a Lambda function. */
export const handler = async ({ instance }) => ({ statusCode: 200, body: await check(instance) });
