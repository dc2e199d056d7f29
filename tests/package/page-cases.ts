/**
 * Whether a browser's network sends the requests, with preflights. Test environments have a document too: with jsdom Node sends, and
 * happy-dom does as a browser does.
 */
export const IN_PAGE = "document" in globalThis && ("happyDOM" in globalThis || !("process" in globalThis));
