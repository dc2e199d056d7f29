import type { NextConfig } from "next";

const configuration: NextConfig = {
  // As in the projects of create-next-app: what is not read at request time is part of the built page.
  cacheComponents: true,
};

export default configuration;
