/** What the core wants done, apart from what tokens need of the host (`token-effects.ts`); the numbers are the core's. */
export enum Due {
  fetch = 1,
  askSource = 2,
  cancel = 3,
  sleep = 4,
  reply = 5,
  token = 6,
  failed = 7,
  tell = 12,
  signedOut = 13,
  fetchAlike = 14,
  fetchBatch = 15,
}
