/** Processes share no memory, whatever kind of bytes they write. */
import test from "ava";

import { SimWorld } from "../../src/sim/index.ts";

test.serial(
  "a Buffer that is changed after the write arrives as it was",
  async (t) => {
    const world = new SimWorld({ seed: 1 });
    const here = world.providers("10.0.1.1");
    const there = world.providers("10.0.1.2");
    await world.run(async () => {
      const listener = await there.network.bind("10.0.1.2:80");
      const accepted = listener.accept();
      const connection = await here.network.connect("10.0.1.2:80");
      const bytes = Buffer.from("before");
      await connection.write(bytes);
      bytes.write("after!");
      const arrived = await (await accepted).read();
      t.is(new TextDecoder().decode(arrived), "before");
    });
  },
);
