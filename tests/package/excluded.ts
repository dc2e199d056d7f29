/**
 * Cases that cannot pass in a runtime, with the reason. They run there all the same: where one passes after all, or another one fails, the
 * test of that runtime fails.
 */
export const EXCLUDED: { runtime: string; reason: string; cases: string[] }[] = [
  {
    runtime: "Bun",
    reason: "JavaScriptCore names the function that awaits an error only where nothing but `await` lies between",
    cases: ["stack of an error names the calling function"],
  },
  {
    runtime: "Firefox",
    reason: "SpiderMonkey names the function that awaits an error only where nothing but `await` lies between",
    cases: ["stack of an error names the calling function"],
  },
  {
    runtime: "Vitest with jsdom",
    reason: "jsdom's Blob has no stream()",
    cases: [
      "file goes up and comes down as it was, with its progress",
      "body that fetch cannot send is refused and nothing is sent",
      "upload with a lost answer is found, or sent again",
    ],
  },
  {
    runtime: "Vitest with jsdom",
    reason:
      "jsdom has a document and a location, so the doctor examines the page's origin, and Node sends no preflights",
    cases: ["CORS fault of the API differs from one of the token endpoint"],
  },
  {
    runtime: "Vitest with happy-dom",
    reason:
      "happy-dom's own fetch empties replies that are copied (capricorn86/happy-dom#2353), checks neither headers nor bodies, and blocks as a browser does with no explanation",
    cases: [
      "file goes up and comes down as it was, with its progress",
      "findings come one by one, and unknown is never a pass",
      "body that fetch cannot send is refused and nothing is sent",
      "raw request returns the reply, also a failing one, unread",
      "upload with a lost answer is found, or sent again",
      "import that the target refuses is no success",
      "working instance is examined and nothing is found wrong",
      "record that refuses a token is named without secrets",
      "release that issues guest tokens is recognized",
      "hibernating instance differs from an unreachable one",
      "CORS fault of the API differs from one of the token endpoint",
      "unknown table is the instance's error, an invalid name ours",
      "only a page's errors name CORS",
      "connection headers are refused before anything is sent",
      "what a call sets itself is refused by name",
      "headers are read once and sent with every attempt",
      "headers that are none are refused without their values",
      "write that fetch itself refuses has not happened",
      "echo shows no secret in the doctor's findings and report",
      "practice instance in memory refuses what it does not know",
      "sleeping instance is named, for rows and for raw requests",
    ],
  },
];

export const excludedIn = (runtime: string): string[] =>
  EXCLUDED.filter((one) => one.runtime === runtime).flatMap(({ cases }) => cases);
