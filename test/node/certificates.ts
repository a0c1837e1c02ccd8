/** The certificates of the tests: see `certificates/make`. */
import type { TlsConfig } from "../../src/node/index.ts";
import { readRootFile } from "../tidy/source.ts";

/** `node` and `guest` trust each other; nobody trusts the `stranger`, who trusts those of another authority. */
export function tlsOf(name: "node" | "guest" | "stranger"): TlsConfig {
  const authority = name === "stranger" ? "other-authority" : "authority";
  return {
    key: pem(`${name}.key`),
    cert: pem(`${name}.crt`),
    ca: pem(`${authority}.crt`),
  };
}

function pem(file: string): string {
  const text = readRootFile(`test/node/certificates/${file}`);
  if (text === undefined) throw new Error(`there is no ${file}`);
  return text;
}
