/** Health, by generated clients: the same in a simulated world and over TCP. */
import test from "ava";

import {
  createClient,
  isRpcError,
  RpcError,
  serve,
  type ServerHandle,
} from "../../src/rpc/index.ts";
import {
  createHealth,
  type Health,
  type HealthClient,
  HealthRpc,
  type HealthStatus,
  ServingStatus,
} from "../../src/services/index.ts";
import { NotesRpc, plainHandler } from "../rpc/notes.ts";
import { type Place, places } from "./places.ts";

interface Ward extends Place {
  readonly health: Health;
  readonly handle: ServerHandle;
  readonly client: Place["client"];
  readonly doctor: HealthClient;
}

/** A place where health is served, and a client asks for it. */
function withHealth(
  main: (ward: Ward) => Promise<void>,
): (place: Place) => Promise<void> {
  return (place) => {
    const health = createHealth();
    const handle = serve(place.server, HealthRpc, health);
    const doctor = createClient(HealthRpc, place.client, place.address);
    return main({ ...place, health, handle, doctor });
  };
}

/** Watch a service, and write down what comes. */
function watching(
  doctor: HealthClient,
  service: string,
  signal?: AbortSignal,
): { seen: ServingStatus[]; over: Promise<unknown> } {
  const seen: ServingStatus[] = [];
  const read = async (): Promise<void> => {
    for await (const { status } of doctor.watch({ service }, { signal }))
      seen.push(status);
  };
  return { seen, over: read().catch((error: unknown) => error) };
}

/** Wait until so many have come. */
async function until({ sleep }: Place, isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await sleep(1);
}

const { SERVING, NOT_SERVING, UNKNOWN, SERVICE_UNKNOWN } = ServingStatus;

for (const [where, inPlace] of places) {
  test.serial(`Check tells what was set, ${where}`, (t) =>
    inPlace(
      withHealth(async ({ health, doctor }) => {
        t.is((await doctor.check({})).status, SERVING);
        health.set("bank.v1.BankService", "serving");
        health.set(NotesRpc, "not_serving");
        health.set("", "unknown");
        const check = async (service: string): Promise<ServingStatus> =>
          (await doctor.check({ service })).status;
        t.deepEqual(
          [
            await check("bank.v1.BankService"),
            await check("test.v1.Notes"),
            await check(""),
          ],
          [SERVING, NOT_SERVING, UNKNOWN],
        );
      }),
    ),
  );

  test.serial(
    `Check knows no service that was never set or was removed, ${where}`,
    (t) =>
      inPlace(
        withHealth(async ({ health, doctor }) => {
          health.set("a", "serving");
          health.remove("a");
          for (const service of ["a", "b"]) {
            const error = await t.throwsAsync(doctor.check({ service }));
            t.true(isRpcError(error, "not_found"));
            t.is(health.get(service), undefined);
          }
        }),
      ),
  );

  test.serial(`List tells of every service that is known, ${where}`, (t) =>
    inPlace(
      withHealth(async ({ health, doctor }) => {
        health.set("a", "not_serving");
        const { statuses } = await doctor.list({});
        t.deepEqual(
          Object.entries(statuses).map(([name, { status }]) => [name, status]),
          [
            ["", SERVING],
            ["a", NOT_SERVING],
          ],
        );
      }),
    ),
  );

  test.serial(
    `Watch tells how a service is at once, and then of each change, ${where}`,
    (t) =>
      inPlace(
        withHealth(async (ward) => {
          const { health, doctor } = ward;
          const { seen, over } = watching(doctor, "a");
          const steps: [() => void, ServingStatus][] = [
            [() => undefined, SERVICE_UNKNOWN],
            [() => health.set("a", "not_serving"), NOT_SERVING],
            [() => health.set("a", "serving"), SERVING],
            [() => health.set("a", "unknown"), UNKNOWN],
            [() => health.remove("a"), SERVICE_UNKNOWN],
          ];
          for (const [index, [change]] of steps.entries()) {
            change();
            await until(ward, () => seen.length > index);
          }
          t.deepEqual(
            seen,
            steps.map(([, status]) => status),
          );
          await ward.handle.stop();
          t.true(isRpcError(await over, "unavailable"));
        }),
      ),
  );

  test.serial(
    `Watch is silent about other services and about what is no news, ${where}`,
    (t) =>
      inPlace(
        withHealth(async (ward) => {
          const { health, doctor } = ward;
          health.set("a", "serving");
          const { seen } = watching(doctor, "a");
          await until(ward, () => seen.length > 0);
          health.set("a", "serving");
          health.set("b", "not_serving");
          await doctor.check({});
          health.set("a", "not_serving");
          await until(ward, () => seen.length > 1);
          t.deepEqual(seen, [SERVING, NOT_SERVING]);
        }),
      ),
  );

  test.serial(
    `Watch ends when the watcher gives up, and the server keeps nothing of it, ${where}`,
    (t) =>
      inPlace(
        withHealth(async (ward) => {
          const { doctor, handle } = ward;
          const controller = new AbortController();
          const { seen, over } = watching(doctor, "a", controller.signal);
          await until(ward, () => seen.length > 0);
          t.is(handle.runningCount, 1);
          controller.abort();
          t.true(isRpcError(await over, "cancelled"));
          await until(ward, () => handle.runningCount === 0);
          for await (const { status } of doctor.watch({})) {
            t.is(status, SERVING);
            break;
          }
          await until(ward, () => handle.runningCount === 0);
        }),
      ),
  );

  test.serial(
    `draining lets every service be not_serving, whatever is set later, ${where}`,
    (t) =>
      inPlace(
        withHealth(async (ward) => {
          const { health, doctor } = ward;
          health.set("a", "serving");
          const { seen } = watching(doctor, "");
          await until(ward, () => seen.length > 0);
          health.drain();
          health.set("a", "serving");
          health.set("b", "serving");
          await until(ward, () => seen.length > 1);
          t.deepEqual(seen, [SERVING, NOT_SERVING]);
          const { statuses } = await doctor.list({});
          t.deepEqual(
            Object.entries(statuses).map(([name, { status }]) => [
              name,
              status,
            ]),
            ["", "a", "b"].map((name) => [name, NOT_SERVING]),
          );
        }),
      ),
  );

  test.serial(
    `a service that is followed is not_serving once it is stopped, ${where}`,
    (t) =>
      inPlace(
        withHealth(async ({ server, health, doctor }) => {
          const notes = health.follow(
            NotesRpc,
            serve(server, NotesRpc, plainHandler),
          );
          const service = NotesRpc.name;
          t.is((await doctor.check({ service })).status, SERVING);
          t.is(notes.runningCount, 0);
          t.is(notes.endpoint.address.key, server.address?.key ?? "");
          await notes[Symbol.asyncDispose]();
          t.is((await doctor.check({ service })).status, NOT_SERVING);
        }),
      ),
  );
}

test("a status that nobody knows is refused where it is set", (t) => {
  const health = createHealth();
  t.throws(() => health.set("a", "SERVING" as HealthStatus), {
    instanceOf: TypeError,
    message: /one of serving, not_serving, unknown, not SERVING/,
  });
});

/** Watch without a network between, so that the pace of the reader is known. */
function watchByHand(
  health: Health,
  signal: AbortSignal,
): AsyncIterator<{ status?: ServingStatus }> {
  type Parameters = globalThis.Parameters<Health["watch"]>;
  const iterable = health.watch(
    { service: "a" } as Parameters[0],
    { signal } as Parameters[1],
  );
  return iterable[Symbol.asyncIterator]();
}

test("a watcher that is slow finds the latest status, and not what it missed", async (t) => {
  const health = createHealth();
  const watch = watchByHand(health, new AbortController().signal);
  t.is((await watch.next()).value.status, SERVICE_UNKNOWN);
  for (let round = 0; round < 1_000; round += 1)
    health.set("a", round % 2 === 0 ? "serving" : "not_serving");
  t.is((await watch.next()).value.status, NOT_SERVING);
  const next = watch.next();
  health.set("a", "serving");
  t.is((await next).value.status, SERVING);
});

test("a watch whose signal fires ends, also one that waits and one that never began", async (t) => {
  const health = createHealth();
  const controller = new AbortController();
  const watch = watchByHand(health, controller.signal);
  await watch.next();
  const waiting = watch.next();
  controller.abort(new RpcError("cancelled", "enough"));
  t.true((await waiting).done);
  t.true((await watch.next()).done);
  t.true((await watchByHand(health, controller.signal).next()).done);
  health.set("a", "serving");
});
