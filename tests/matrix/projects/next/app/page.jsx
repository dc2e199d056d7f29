import { check } from "../program.js";

export default async function Page({ searchParams }) {
  return <p>{await check((await searchParams).instance)}</p>;
}
