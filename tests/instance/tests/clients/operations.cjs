// Counts the operations of a client's program. An operation that fails is printed with its reason, and the next one runs.
let passed = 0;
let failed = 0;

/** Runs the function once and counts it. */
async function operation(name, run) {
  try {
    await run();
    passed += 1;
  } catch (error) {
    console.error(`FAILED ${name}:`, error);
    failed += 1;
  }
}

/** Prints the counts. The process fails if an operation failed. */
function finish() {
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed === 0 ? 0 : 1);
}

module.exports = { finish, operation };
