/** What may be chosen about a process in the real world. */
import { refuseUnknownOptions } from "../base/known-options.ts";
import { type Given, withDefaults } from "../base/with-defaults.ts";
import { checkTlsConfig, type TlsConfig } from "./tls-config.ts";

/** How the real providers behave. Sizes are bytes, times are milliseconds. */
export interface NodeConfig {
  /**
   * The folder that storage lives in; it is made when the first file is.
   * Relative to the working directory. Default `data`.
   */
  dataFolder: string;
  /**
   * How long a connection that was closed may go on: to send what was written,
   * and to wait until the other side ends too. After that it is reset, so a
   * peer that never reads cannot keep a socket for ever. Default 10 000.
   */
  lingerMs: number;
  /**
   * How much a connection takes from the kernel before somebody reads it. Above
   * it the sender is made to wait; reading to half of it lets it go on. Larger
   * saves pauses, smaller saves memory. Default 256 KiB.
   */
  readAheadBytes: number;
  /**
   * How much may wait to be sent before `write()` makes its caller wait.
   * Default 64 KiB, about what one system call sends.
   */
  writeBufferBytes: number;
  /**
   * How many connections may wait to be accepted; further ones are reset. They
   * cost a socket each and no buffer. Default 1024.
   */
  acceptQueueLengthMax: number;
  /**
   * Who we are, and whom we believe, at addresses with the TLS flag
   * (`tls://10.0.0.1:4500`). Default none: such addresses are refused.
   *
   * A reset that arrives together with bytes can look like an end there,
   * because Node does not tell TLS about it: trust lengths, not ends.
   */
  tls: TlsConfig | undefined;
  /** How long a TLS handshake may take that somebody begins with us. Default 5 000. */
  tlsHandshakeTimeoutMs: number;
}

export const defaultNodeConfig: Readonly<NodeConfig> = Object.freeze({
  dataFolder: "data",
  lingerMs: 10_000,
  readAheadBytes: 262_144,
  writeBufferBytes: 65_536,
  acceptQueueLengthMax: 1_024,
  tls: undefined,
  tlsHandshakeTimeoutMs: 5_000,
});

/** Fill in defaults, refuse nonsense, freeze. */
export function resolveNodeConfig(
  given: Given<NodeConfig> = {},
): Readonly<NodeConfig> {
  refuseUnknownOptions("nodeProviders", given, Object.keys(defaultNodeConfig));
  const options = withDefaults(defaultNodeConfig, given);
  if (typeof options.dataFolder !== "string" || options.dataFolder === "") {
    throw new TypeError(
      `dataFolder must name a folder, not ${JSON.stringify(options.dataFolder)}`,
    );
  }
  for (const [option, [least, most]] of Object.entries(bounds)) {
    const value = options[option as keyof typeof bounds];
    if (Number.isSafeInteger(value) && value >= least && value <= most)
      continue;
    throw new RangeError(
      `${option} must be a whole number from ${least} to ${most}, not ${value}`,
    );
  }
  if (options.tls !== undefined) checkTlsConfig(options.tls);
  return Object.freeze(options);
}

/** The longest that one timer of Node can wait. */
const timerMsMax = 2_147_483_647;

const bounds: Readonly<
  Record<
    Exclude<keyof NodeConfig, "dataFolder" | "tls">,
    readonly [least: number, most: number]
  >
> = {
  lingerMs: [0, timerMsMax],
  readAheadBytes: [1, Number.MAX_SAFE_INTEGER],
  writeBufferBytes: [1, Number.MAX_SAFE_INTEGER],
  acceptQueueLengthMax: [1, Number.MAX_SAFE_INTEGER],
  tlsHandshakeTimeoutMs: [1, timerMsMax],
};
