/** The names of a simulated network, as a name server would know them. */
import type { RandomProvider } from "../../core/index.ts";

/** Names in lower case, each with the machines that it stands for. */
export class Names {
  readonly #ips = new Map<string, readonly string[]>();

  set(name: string, ips: readonly string[]): void {
    this.#ips.set(name.toLowerCase(), ips);
  }

  /** A machine that has this name, if any; drawn when there are several. */
  resolve(name: string, random: () => RandomProvider): string | undefined {
    const ips = this.#ips.get(name.toLowerCase()) ?? [];
    return ips.length > 1 ? random().pick(ips) : ips[0];
  }
}
