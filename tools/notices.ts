/**
 * Collects the licences of the code that the package ships: every crate that is compiled into its WebAssembly files (from cargo's
 * dependency graph) and every npm package that esbuild put into its JavaScript. `make package` writes them into pkg/. A test compares
 * them with the reviewed copy in www/glue. (Rejected: cargo-about. It takes minutes to build and does not cover npm packages.)
 */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

export const NOTICES = "THIRD-PARTY-NOTICES.md";

const TARGET = "wasm32-unknown-unknown";

interface Package {
  name: string;
  version: string;
  license: string | null;
  authors: string[];
  repository: string | null;
  manifest_path: string;
  source: string | null;
}

interface Metadata {
  packages: Package[];
}

interface Notice {
  name: string;
  version: string;
  license: string;
  repository: string;
  text: string;
}

/** `crates` are the folders of the WebAssembly crates. `inputs` are the files that esbuild read for the entries. */
export function notices(crates: string[], inputs: string[]): string {
  const found = [standardLibrary(), ...shippedCrates(crates), ...shippedPackages(inputs)];
  const titles = new Map<string, string>();
  const sections = found.map(({ name, version, license, repository, text }) => {
    const title = [name, version].filter(Boolean).join(" ");
    const first = titles.get(text);
    titles.set(text, first ?? title);
    const body = first === undefined ? `\`\`\`text\n${text}\n\`\`\`` : `The licence text of ${first} word for word.`;
    return `## ${title}\n\n${license}, ${repository}\n\n${body}\n`;
  });
  const head = `# Third-party notices\n\nCode of these projects is part of the files in \`dist/\`.\n\n`;
  return `${head}${sections.join("\n")}`;
}

function shippedCrates(folders: string[]): Notice[] {
  const cargo = (...given: string[]) =>
    execFileSync("cargo", [...given, "--locked"], {
      encoding: "utf8",
      maxBuffer: 64 * 2 ** 20,
      stdio: ["ignore", "pipe", "inherit"],
    });
  const { packages } = JSON.parse(cargo("metadata", "--format-version", "1", "--filter-platform", TARGET)) as Metadata;
  const manifests = folders.map((folder) => join(process.cwd(), folder, "Cargo.toml"));
  const roots = packages.filter(({ manifest_path: path }) => manifests.includes(path)).map(({ name }) => name);
  if (roots.length !== folders.length) throw new Error(`cargo metadata lists ${roots.length} of ${folders.length}`);
  // A procedural macro runs in the compiler: its code is not shipped. cargo metadata would name the dependencies of features that only
  // other members of the workspace use.
  const edges = ["--edges", "normal,no-proc-macro", "--prefix", "none", "--format", "{p}"];
  const tree = cargo("tree", ...roots.flatMap((name) => ["--package", name]), "--target", TARGET, ...edges);
  const reached = new Set(tree.split("\n").map((line) => line.split(" ").slice(0, 2).join(" ")));
  return packages
    .filter(({ name, version, source }) => source !== null && reached.has(`${name} v${version}`))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, version, license, repository, authors, manifest_path: path }) => ({
      name,
      version,
      license: license ?? "no licence named",
      repository: repository ?? `https://crates.io/crates/${name}`,
      text: licenceText(dirname(path), authors, `${name} ${version}`),
    }));
}

function shippedPackages(inputs: string[]): Notice[] {
  const folders = inputs.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []);
  return [...new Set(folders)].sort().map((folder) => {
    const item = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    return {
      name: item.name,
      version: item.version,
      license: item.license ?? "no licence named",
      repository: `https://www.npmjs.com/package/${item.name}`,
      text: licenceText(folder, [item.author?.name ?? item.author ?? ""], `${item.name} ${item.version}`),
    };
  });
}

/** The MIT text if the folder has one, else its first licence file. */
function licenceText(folder: string, authors: string[], what: string): string {
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file));
  const chosen = files.find((file) => /mit/i.test(file)) ?? files.find((file) => /^licen[cs]e/i.test(file)) ?? files[0];
  if (chosen !== undefined) return readFileSync(join(folder, chosen), "utf8").trim();
  if (!existsSync(folder)) throw new Error(`${what}: its source is not on this machine; run cargo fetch`);
  // Some crates declare MIT in their manifest and ship no licence file.
  return mit(`Copyright (c) ${authors.map((author) => author.replace(/ <.*/, "")).join(", ")}`);
}

function standardLibrary(): Notice {
  return {
    name: "Rust standard library",
    version: "",
    license: "MIT OR Apache-2.0",
    repository: "https://github.com/rust-lang/rust",
    text: mit("Copyright (c) The Rust Project Contributors"),
  };
}

function mit(copyright: string): string {
  const own = readFileSync("LICENSE", "utf8");
  const terms = own.slice(own.indexOf("Permission is hereby granted"));
  return `MIT License\n\n${copyright}\n\n${terms.trim()}`;
}
