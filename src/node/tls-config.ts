/** What a process shows of itself, and whom it believes. */
import { createSecureContext } from "node:tls";

import { refuseUnknownOptions } from "../base/known-options.ts";

/** PEM, as text or bytes. */
export type Pem = string | Uint8Array;

/** One process among those that know each other by certificates. */
export interface TlsConfig {
  /**
   * Our private key. Who listens needs one; without it and `cert` one can call servers that ask nobody for a certificate.
   */
  readonly key?: Pem | undefined;
  /** Our certificate, with whatever stands between it and the authority. */
  readonly cert?: Pem | undefined;
  /** The authorities whose word we take, and nobody else's: the system's own are not asked. */
  readonly ca: Pem | readonly Pem[];
  /**
   * Whether those who connect to us must show a certificate of these authorities: mutual TLS. Default true. Without
   * it anybody may connect, and only we prove who we are.
   */
  readonly requireClientCertificate?: boolean | undefined;
  /**
   * The name that certificates of those we connect to must bear. Default: the address or name that was dialed, which
   * must be among the alternative names of the certificate.
   */
  readonly serverName?: string | undefined;
}

/** Refuse what TLS could not work with. Throws `TypeError`, before anything starts. */
export function checkTlsConfig(config: TlsConfig): void {
  refuseUnknownOptions("tls", config, optionNames);
  const { key, cert, ca } = config;
  if (ca === undefined) throw new TypeError("tls needs ca: whom to believe");
  if ((key === undefined) !== (cert === undefined))
    throw new TypeError(
      `tls has a ${cert === undefined ? "key and no cert" : "cert and no key"}: give both, or neither to call only`,
    );
  try {
    createSecureContext(contextOf(config));
  } catch (cause) {
    const reason = (cause as Error).message;
    throw new TypeError(
      `tls cannot be used: ${reason}; key, cert and ca must be PEM that belongs together`,
      { cause },
    );
  }
}

const optionNames: readonly (keyof TlsConfig)[] = [
  ...(["key", "cert", "ca", "requireClientCertificate", "serverName"] as const),
];

/** The configuration for listening at an address with the TLS flag. Throws `TypeError` when there is none. */
export function neededTls(
  config: TlsConfig | undefined,
  address: { readonly key: string },
): TlsConfig {
  if (config?.key !== undefined) return config;
  throw new TypeError(needsTls(address.key));
}

/** What is missing, in words. */
export function needsTls(key: string): string {
  return `tls://${key} needs certificates: give nodeProviders({ tls: { key, cert, ca } })`;
}

/** The part of Node's options that is the same on both sides. */
export function contextOf({ key, cert, ca }: TlsConfig): {
  key?: Buffer;
  cert?: Buffer;
  ca: Buffer[];
} {
  const all = typeof ca === "string" || ca instanceof Uint8Array ? [ca] : ca;
  const believed = { ca: all.map(bytesOf) };
  if (key === undefined || cert === undefined) return believed;
  return { key: bytesOf(key), cert: bytesOf(cert), ...believed };
}

function bytesOf(pem: Pem): Buffer {
  return Buffer.from(pem as Uint8Array);
}
