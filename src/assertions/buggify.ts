/** Places where a program offers to misbehave, so that simulations reach rare states often. */
import { assertionListener } from "./table.ts";

/** How often an active site strikes, if the caller does not say. */
const strikeProbability = 0.25;

/**
 * True when the program should take its rare path here. Always false in production.
 *
 * Two coins, after FoundationDB: the first decides once a run whether the site is active at all, the second each time
 * whether it strikes. A site is known by its name, so that a seed keeps its meaning when lines move.
 */
export function buggify(site: string): boolean {
  return assertionListener()?.buggify(site, strikeProbability) ?? false;
}

/** `buggify` with a probability of its own for the second coin. */
export function buggifyWithProb(site: string, probability: number): boolean {
  return assertionListener()?.buggify(site, probability) ?? false;
}
