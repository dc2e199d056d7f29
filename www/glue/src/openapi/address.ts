/** What a server's address may be. */
export const ADDRESS = {
  expects: "an address, such as https://dev12345.service-now.com",
  accepts: (value: unknown) => typeof value === "string" && /^https?:\/\/\S+$/.test(value) && URL.canParse(value),
};
