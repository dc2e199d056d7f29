export const CLIENT_ID: string;
export const CLIENT_SECRET: string;
export const TABLE: string;
export const PAGE_SIZE: number;
