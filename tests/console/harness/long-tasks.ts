/** Measures how long a page was held: its tasks of 50 ms and more, as the browser reports them. Both functions run in the page. */

interface Tasks {
  longestTask: number;
  observer?: PerformanceObserver;
}

export function forgetTasks(): void {
  const page = globalThis as unknown as Tasks;
  page.longestTask = 0;
  page.observer ??= new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) page.longestTask = Math.max(page.longestTask, duration);
  });
  page.observer.observe({ type: "longtask" });
}

/** Milliseconds; 0 if no task took 50 ms. */
export function longestTask(): number {
  return Math.round((globalThis as unknown as Tasks).longestTask);
}
