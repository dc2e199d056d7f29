/** What every program gets: a client of the instance, and the page of rows to read. */
export const CLIENT_ID = "practice-client";
export const CLIENT_SECRET = "practice-secret";
export const TABLE = "incident";
export const PAGE_SIZE = 20;
