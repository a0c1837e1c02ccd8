/** Every draw as a decision: recorded, and decided beforehand. */
import test from "ava";

import { bytesOfHex, hexOfBytes } from "../../src/base/hex.ts";
import {
  randomNetworkForSeed,
  type Decision,
  type DecisionKind,
  type SimWorldOptions,
} from "../../src/sim/index.ts";
import { busyClient, echo, ipA, ipB, worldOf } from "./support.ts";

/** A run with all kinds of draws: weather, ties, links, processes. */
async function run(options: Partial<SimWorldOptions>): Promise<{
  story: string;
  fingerprint: string;
  draws: number;
  decisions: readonly Decision[];
}> {
  const events: string[] = [];
  const world = worldOf({
    drawWeather: (random) => ({
      tieBreak: random.pick(["random"]),
      network: {
        ...randomNetworkForSeed(random),
        bitFlipEveryMs: 0,
        randomCloseEveryMs: 0,
        refuseProbability: 0,
        hangProbability: 0,
      },
    }),
    ...options,
  });
  // Not the sequence: events that were cancelled count in it.
  world.onEvent(({ atMs, owner, kind, operation }) =>
    events.push([atMs, owner, kind, operation].join(" ")),
  );
  world.boot(ipA, echo);
  const log = await world.run(() => busyClient(world.providers(ipB)));
  const { fingerprint, draws, decisions } = world;
  return { story: [log, ...events].join("\n"), fingerprint, draws, decisions };
}

test.serial(
  "every draw is recorded, and recording changes nothing",
  async (t) => {
    const plain = await run({});
    t.deepEqual(plain.decisions, []);
    const recorded = await run({ recordDecisions: true });
    t.is(recorded.fingerprint, plain.fingerprint);
    t.is(recorded.decisions.length, recorded.draws);
    t.true(recorded.draws > 100);
    const kinds = new Set(recorded.decisions.map(({ kind }) => kind));
    for (const kind of ["uint32", "ratio", "range", "pick", "bytes"] as const)
      t.true(kinds.has(kind), kind);
  },
);

test.serial("a decision says whose it is, and lies in its range", async (t) => {
  const { decisions } = await run({ recordDecisions: true });
  const sites = new Map<string, number>();
  for (const { stream, site, kind, range, value } of decisions) {
    t.is(site, sites.get(stream) ?? 0, stream);
    sites.set(stream, site + 1);
    if (typeof value === "number")
      t.true(value >= range[0] && value < range[1]);
    else t.is(value.length, 2 * range[0], kind);
  }
  t.true(sites.has(`link ${ipA}>${ipB}`) && sites.has("weather"));
});

test.serial(
  "another seed with the same decisions lives through the same story",
  async (t) => {
    const { story, decisions } = await run({ recordDecisions: true });
    const other = await run({ seed: 2 });
    t.not(other.story, story);
    const printed = JSON.parse(JSON.stringify(decisions)) as Decision[];
    const again = await run({ seed: 2, decisions: printed });
    t.is(again.story, story);
  },
);

test.serial(
  "the same decisions of the same seed leave the fingerprint alone",
  async (t) => {
    const { fingerprint, decisions } = await run({ recordDecisions: true });
    t.is((await run({ decisions })).fingerprint, fingerprint);
  },
);

test.serial(
  "one decision that differs is obeyed, recorded and in the fingerprint",
  async (t) => {
    for (const kind of [
      "uint32",
      "ratio",
      "below",
      "range",
      "bool",
      "pick",
    ] as const) {
      const draw = async (
        decisions: readonly Decision[],
      ): Promise<[unknown, Decision | undefined, string]> => {
        const world = worldOf({ recordDecisions: true, decisions });
        const random = world.random("some");
        const draws = {
          uint32: () => random.uint32(),
          ratio: () => random.ratio(),
          below: () => random.below(100),
          range: () => random.range(-50, 50),
          bool: () => Number(random.bool()),
          pick: () => random.pick(Array.from({ length: 100 }, (_, at) => at)),
        };
        const value = draws[kind]();
        return [value, world.decisions[0], world.fingerprint];
      };
      const [drawn, decision, plain] = await draw([]);
      const made = decision as Decision;
      t.is(made.value, drawn as number);
      const wish = wishFor(kind, Number(drawn));
      const [value, kept, other] = await draw([{ ...made, value: wish }]);
      t.is(value as number, wish, kind);
      t.is(kept?.value, wish);
      t.not(other, plain, kind);
      for (const absurd of [-51, 1e12, Number.NaN, "text"]) {
        const [same] = await draw([{ ...made, value: absurd }]);
        t.is(same, drawn, `${kind} ${absurd}`);
      }
    }
  },
);

/** Another value of that kind. */
function wishFor(kind: DecisionKind, drawn: number): number {
  if (kind === "ratio") return 0.5;
  if (kind === "bool") return 1 - drawn;
  return drawn === 7 ? 8 : 7;
}

test.serial("bytes are decided as a whole, or not at all", (t) => {
  const draw = (value?: string): string => {
    const given = {
      stream: "some",
      site: 0,
      kind: "bytes",
      range: [3, 3],
    } as const;
    const decisions = value === undefined ? [] : [{ ...given, value }];
    return hexOfBytes(worldOf({ decisions }).random("some").bytes(3));
  };
  t.is(draw("00ff7f"), "00ff7f");
  t.is(draw("00ff"), draw(), "too short");
  t.deepEqual(bytesOfHex("00ff7f"), new Uint8Array([0, 255, 127]));
});

test.serial(
  "decisions that are missing are drawn, and a run with a share of them goes to its end",
  async (t) => {
    const { decisions } = await run({ recordDecisions: true });
    for (const every of [2, 3, 10]) {
      const share = decisions.filter((_, at) => at % every === 0);
      const lenient = await run({ seed: 2, decisions: share });
      t.true(lenient.draws > 50);
      t.is(lenient.story, (await run({ seed: 2, decisions: share })).story);
    }
  },
);

test.serial(
  "decisions that are none are refused before anything starts",
  (t) => {
    const bad = [
      { stream: "some", site: -1, value: 1 },
      {},
      { site: 1, value: 2 },
    ];
    for (const decision of bad)
      t.throws(() => worldOf({ decisions: [decision as Decision] }), {
        code: "bad_option",
        message: /is no decision: it needs a stream/,
      });
  },
);
