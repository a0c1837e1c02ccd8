/** Which server to ask. */
import type { RandomProvider } from "../../core/index.ts";
import type { PoolMember } from "./pool-member.ts";

export interface Choice {
  readonly first: PoolMember;
  /** Whom to ask as well if that takes long; `undefined` when there is nobody else. */
  readonly other: PoolMember | undefined;
}

export interface ChoiceTerms {
  /** Not these. */
  readonly tried: ReadonlySet<PoolMember>;
  readonly nearUnfitMax: number;
  readonly nowMs: number;
  readonly random: RandomProvider;
}

/**
 * The better one of two that are drawn from those that are near and fit: almost as good as the best of all, and callers
 * that know the same do not all run to the same server. Those who want to be left alone are asked only when there is
 * nobody else; those out of reach never, but they are tried, so that one learns when they are back.
 *
 * After FoundationDB's `loadBalance` (`fdbrpc/LoadBalance.actor.h`), which scans all of the nearest.
 */
export function choose(
  members: readonly PoolMember[],
  terms: ChoiceTerms,
): Choice | undefined {
  const fit: PoolMember[] = [];
  const suspended: PoolMember[] = [];
  for (const member of members) {
    if (terms.tried.has(member)) continue;
    const fitness = member.fitness(terms.nowMs);
    if (fitness === "fit") fit.push(member);
    else if (fitness === "suspended") suspended.push(member);
    else if (fitness === "failed") member.nudge();
  }
  if (fit.length === 0) return betterOfTwo(suspended, terms);
  const near = nearest(members, fit, terms.nearUnfitMax);
  const choice = betterOfTwo(near, terms);
  if (choice?.other !== undefined || near.length === fit.length) return choice;
  return choice && { ...choice, other: fit[near.length] };
}

/**
 * The fit ones of the nearest tier, as long as no more than so many of it are unfit; else those of the next as well, and
 * so on. Both lists are sorted by distance.
 */
function nearest(
  members: readonly PoolMember[],
  fit: readonly PoolMember[],
  unfitMax: number,
): readonly PoolMember[] {
  // Nearly always: all are fit, and equally far.
  if (fit.length === members.length && isOneTier(members)) return fit;
  let start = 0;
  let fitCount = 0;
  while (fitCount < fit.length) {
    const { distance } = members[start] as PoolMember;
    const fitBefore = fitCount;
    let end = start;
    while (members[end]?.distance === distance) end += 1;
    while (fit[fitCount]?.distance === distance) fitCount += 1;
    const unfitCount = end - start - (fitCount - fitBefore);
    if (fitCount > 0 && unfitCount <= unfitMax) break;
    start = end;
  }
  return fit.slice(0, fitCount);
}

function isOneTier(members: readonly PoolMember[]): boolean {
  return members[0]?.distance === members[members.length - 1]?.distance;
}

function betterOfTwo(
  members: readonly PoolMember[],
  { random, nowMs }: ChoiceTerms,
): Choice | undefined {
  const [only] = members;
  if (only === undefined) return undefined;
  if (members.length === 1) return { first: only, other: undefined };
  const at = random.below(members.length);
  const next = random.below(members.length - 1);
  const one = members[at] as PoolMember;
  const two = members[next < at ? next : next + 1] as PoolMember;
  return two.load.score(nowMs) < one.load.score(nowMs)
    ? { first: two, other: one }
    : { first: one, other: two };
}
