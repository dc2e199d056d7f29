/** What a server's address may be. It is published, so it holds no credential. */
export const ADDRESS = {
  expects: "an address without user, query and fragment, such as https://dev12345.service-now.com",
  accepts: (value: unknown) => typeof value === "string" && /^https?:\/\/[^\s?#]+$/.test(value) && isPlain(value),
};

function isPlain(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { username, password } = new URL(address);
  return username === "" && password === "";
}
