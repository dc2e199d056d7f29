"use client";
import { useEffect } from "react";
import { check } from "../../program.js";

export default function Page() {
  useEffect(() => {
    check(new URLSearchParams(location.search).get("instance"))
      .catch((error) => `failed: ${error}`)
      .then((said) => {
        document.title = said;
      });
  }, []);
  return <p>A client page</p>;
}
