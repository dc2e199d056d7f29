import { check } from "./program.js";

check(new URLSearchParams(location.search).get("instance"))
  .catch((error) => `failed: ${error}`)
  .then((said) => {
    document.title = said;
  });
