/** Labels of processes: how they take turns, and who can ask for them. */
import test from "ava";

import {
  ProcessTags,
  SimulationBuilder,
  TagRegistry,
  type SimContext,
} from "../../src/runner/index.ts";
import { isSimulationError } from "../../src/sim/index.ts";
import { succeeded, workload } from "./support.ts";

test("ProcessTags answers for its keys, in the order in which they were given", (t) => {
  const tags = new ProcessTags([
    ["role", "leader"],
    ["rack", "b"],
  ]);
  t.is(tags.get("rack"), "b");
  t.is(tags.get("row"), undefined);
  t.true(tags.matches("role", "leader"));
  t.false(tags.matches("role", "b"));
  t.false(tags.isEmpty);
  t.true(new ProcessTags().isEmpty);
  t.deepEqual(
    [...tags],
    [
      ["role", "leader"],
      ["rack", "b"],
    ],
  );
});

test("TagRegistry knows all processes, and selects them by a label", (t) => {
  const tags = new TagRegistry([
    ["10.0.1.1", new ProcessTags([["rack", "a"]])],
    ["10.0.1.2", new ProcessTags()],
    ["10.0.1.3", new ProcessTags([["rack", "a"]])],
  ]);
  t.deepEqual(tags.allIps, ["10.0.1.1", "10.0.1.2", "10.0.1.3"]);
  t.deepEqual(tags.ipsTagged("rack", "a"), ["10.0.1.1", "10.0.1.3"]);
  t.deepEqual(tags.ipsTagged("rack", "z"), []);
  t.is(tags.tagsFor("10.0.1.1")?.get("rack"), "a");
  t.is(tags.tagsFor("10.0.1.9"), undefined);
});

test("a key that nobody has is refused with the keys that there are", (t) => {
  const tags = new TagRegistry([
    ["10.0.1.1", new ProcessTags([["rack", "a"]])],
  ]);
  const error = t.throws(() => tags.ipsTagged("rakc", "a"));
  t.true(isSimulationError(error, "bad_option"));
  t.regex(error?.message ?? "", /no process has a tag "rakc" here, only rack$/);
});

/** `name: key=value …` as each process says of itself, and one line of what the workload sees. */
async function labels(): Promise<string[]> {
  const said: string[] = [];
  const say = ({ name, tags }: SimContext): void => {
    const pairs = [...tags].map(([key, value]) => `${key}=${value}`);
    said.push(`${name}: ${pairs.join(" ")}`);
  };
  const look = ({ tags, topology }: SimContext): Promise<void> => {
    said.push(`${tags.isEmpty} ${topology.tags.ipsTagged("rack", "a").join()}`);
    return Promise.resolve();
  };
  const report = await new SimulationBuilder()
    .processes(
      "bank",
      { count: 5, tags: { rack: ["a", "b"], role: ["x", "y", "z"] } },
      say,
    )
    .processes("web", {}, say)
    .workload(workload({ run: look }))
    .fault({
      name: "look",
      inject: ({ tags }) => {
        said.push(`rack b: ${tags.ipsTagged("rack", "b").join()}`);
        return Promise.resolve();
      },
    })
    .run({ seeds: 1 });
  succeeded(report);
  return said;
}

test.serial(
  "the values of each key take turns by themselves, and everybody can see them",
  async (t) => {
    t.deepEqual(await labels(), [
      "bank-0: rack=a role=x",
      "bank-1: rack=b role=y",
      "bank-2: rack=a role=z",
      "bank-3: rack=b role=x",
      "bank-4: rack=a role=y",
      "web: ",
      "rack b: 10.0.1.2,10.0.1.4",
      "true 10.0.1.1,10.0.1.3,10.0.1.5",
    ]);
  },
);

for (const values of [[], "ab", [1], undefined]) {
  test(`tags ${JSON.stringify(values)} are refused`, (t) => {
    const tags = { rack: values } as unknown as Record<string, string[]>;
    const error = t.throws(() =>
      new SimulationBuilder().processes("bank", { tags }, () => undefined),
    );
    t.true(isSimulationError(error, "bad_option"));
    t.regex(error?.message ?? "", /tag "rack" of process "bank" cannot be/);
  });
}
