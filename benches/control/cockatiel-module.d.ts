/** cockatiel is installed when the benchmarks run, so the repository has no types of it. */
declare module "cockatiel" {
  const library: import("./cockatiel.ts").Cockatiel;
  export = library;
}
