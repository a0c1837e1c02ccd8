/** What OpenTelemetry's own SDK is told of calls: the same in a simulated world and over TCP. */
import { SpanKind } from "@opentelemetry/api";
import test from "ava";

import { openTelemetryClient, spanOf } from "../../src/opentelemetry/index.ts";
import {
  createClient,
  type HandlerContext,
  RpcError,
} from "../../src/rpc/index.ts";
import { drain, names, TapesRpc, type TapesClient } from "../rpc/streams.ts";
import { places } from "../services/places.ts";
import { line, observing, spanOn, spansOf } from "./observatory.ts";

const { CLIENT, SERVER } = SpanKind;

for (const [where, inPlace] of places) {
  test.serial(
    `a call is a span on each side, the server's a child of the client's, ${where}`,
    (t) =>
      inPlace(
        observing({}, async (observed) => {
          const { tapes, address } = observed;
          await tapes.look({ account: "abc" });
          const spans = await spansOf(observed, 2);
          const [client, server] = [
            spanOn(spans, CLIENT),
            spanOn(spans, SERVER),
          ];
          t.is(client.name, "test.v1.Tapes/Look");
          t.is(server.name, "test.v1.Tapes/Look");
          t.is(client.parentSpanContext, undefined);
          t.is(server.parentSpanContext?.spanId, client.spanContext().spanId);
          t.is(server.spanContext().traceId, client.spanContext().traceId);
          const both = {
            "rpc.system.name": "wavetank",
            "rpc.method": "test.v1.Tapes/Look",
            "rpc.system": "wavetank",
            "rpc.service": "test.v1.Tapes",
            "rpc.response.status_code": "OK",
          };
          const [ip, port] = address.split(":");
          t.deepEqual(client.attributes, {
            ...both,
            "server.address": ip,
            "server.port": Number(port),
          });
          t.like(server.attributes, both);
          t.is(typeof server.attributes["client.address"], "string");
          t.is(typeof server.attributes["client.port"], "number");
          t.deepEqual(client.events, []);
        }),
      ),
  );

  test.serial(
    `an answer that is an error fails the client, and the server only where it is to blame, ${where}`,
    (t) =>
      inPlace(
        observing(
          {
            look: ({ account }) => {
              if (account === "bug") throw new TypeError("no such field");
              throw new RpcError("not_found", "no such tape");
            },
          },
          async (observed) => {
            const { tapes } = observed;
            await t.throwsAsync(tapes.look({}));
            await t.throwsAsync(tapes.look({ account: "bug" }));
            const spans = await spansOf(observed, 4);
            t.deepEqual(spans.map(line).sort(), [
              "client Look INTERNAL!",
              "client Look NOT_FOUND!",
              "server Look INTERNAL!",
              "server Look NOT_FOUND",
            ]);
            const bug = spans.find(
              (span) => line(span) === "server Look INTERNAL!",
            );
            t.is(bug?.attributes["error.type"], "TypeError");
            t.is(bug?.attributes["wavetank.delivery"], undefined);
            t.is(bug?.status.message, "no such field");
            t.like(bug?.events[0], {
              name: "exception",
              attributes: { "exception.message": "no such field" },
            });
            const client = spanOn(spans, CLIENT);
            t.is(client.attributes["error.type"], "NOT_FOUND");
            t.is(client.attributes["wavetank.delivery"], "answered");
            t.is(client.events.length, 1);
          },
        ),
      ),
  );

  test.serial(`a call that was not sent says so, ${where}`, (t) =>
    inPlace(
      observing({}, async (observed) => {
        const { tapes, server } = observed;
        await server.close();
        await t.throwsAsync(tapes.look({}));
        const [client] = await spansOf(observed, 1);
        t.is(line(client!), "client Look UNAVAILABLE!");
        t.is(client?.attributes["wavetank.delivery"], "not_sent");
        t.is(observed.spans().length, 1);
      }),
    ),
  );

  test.serial(
    `a call made for another is its child, across both servers, ${where}`,
    (t) => {
      let inner: TapesClient | undefined;
      const copy = (context: HandlerContext): Promise<{ cents: bigint }> =>
        inner!.look({ account: "abc" }, { parent: context });
      return inPlace(
        observing(
          {
            look: ({ account }, context) => {
              spanOf(context)?.setAttribute("tape", account);
              return account === "outer" ? copy(context) : { cents: 3n };
            },
          },
          async (observed) => {
            const { tapes, client, options, address } = observed;
            const interceptors = [openTelemetryClient(options)];
            inner = createClient(TapesRpc, client, address, { interceptors });
            t.is((await tapes.look({ account: "outer" })).cents, 3n);
            const spans = await spansOf(observed, 4);
            const chain = [
              spans.find(
                ({ parentSpanContext }) => parentSpanContext === undefined,
              ),
            ];
            for (let at = 0; at < 3; at += 1) {
              const id = chain[at]?.spanContext().spanId;
              chain.push(
                spans.find((span) => span.parentSpanContext?.spanId === id),
              );
            }
            t.deepEqual(
              chain.map((span) => line(span!)),
              [
                "client Look OK",
                "server Look OK",
                "client Look OK",
                "server Look OK",
              ],
            );
            t.is(
              new Set(spans.map((span) => span.spanContext().traceId)).size,
              1,
            );
            t.is(chain[1]?.attributes["tape"], "outer");
            t.is(chain[3]?.attributes["tape"], "abc");
          },
        ),
      );
    },
  );

  test.serial(
    `streams are counted on both sides, and end their spans, ${where}`,
    (t) =>
      inPlace(
        observing({}, async (observed) => {
          const { tapes } = observed;
          await drain(tapes.play({ account: "5" }));
          await tapes.record(names(2, 3, 4));
          await drain(tapes.dub(names(1, 2)));
          const spans = await spansOf(observed, 6);
          t.deepEqual(
            spans
              .map((span) => {
                const { "wavetank.request.messages": requests } =
                  span.attributes;
                const { "wavetank.response.messages": responses } =
                  span.attributes;
                return `${line(span)} ${String(requests)} ${String(responses)}`;
              })
              .sort(),
            [
              "client Dub OK 2 2",
              "client Play OK 0 5",
              "client Record OK 3 0",
              "server Dub OK 2 2",
              "server Play OK 0 5",
              "server Record OK 3 0",
            ],
          );
        }),
      ),
  );

  test.serial(
    `a reader that leaves a stream cancels it, and fails nothing, ${where}`,
    (t) =>
      inPlace(
        observing({}, async (observed) => {
          for await (const { cents } of observed.tapes.play({
            account: "1000000",
          }))
            if (cents === 2n) break;
          const spans = await spansOf(observed, 2);
          t.deepEqual(spans.map(line).sort(), [
            "client Play CANCELLED",
            "server Play CANCELLED",
          ]);
          const client = spanOn(spans, CLIENT);
          t.is(client.attributes["wavetank.response.messages"], 3);
          while (observed.handle.runningCount > 0) await observed.sleep(1);
        }),
      ),
  );

  test.serial(
    `a stream that is left while it waits is over once, ${where}`,
    (t) =>
      inPlace(
        observing(
          {
            async *play(_, { signal }) {
              yield {};
              await new Promise((resolve) =>
                signal.addEventListener("abort", resolve),
              );
            },
          },
          async (observed) => {
            const iterator = observed.tapes.play({})[Symbol.asyncIterator]();
            await iterator.next();
            const waiting = iterator.next();
            await iterator.return?.();
            t.is(
              (await waiting.catch((error: RpcError) => error.code)) as unknown,
              "cancelled",
            );
            const spans = await spansOf(observed, 2);
            t.deepEqual(spans.map(line).sort(), [
              "client Play CANCELLED",
              "server Play CANCELLED",
            ]);
            t.deepEqual(
              (await observed.durations()).map(({ count }) => count),
              [1, 1],
            );
          },
        ),
      ),
  );

  test.serial(
    `a stream that fails half-way fails its spans with what it failed of, ${where}`,
    (t) =>
      inPlace(
        observing(
          {
            async *play() {
              yield { cents: 1n };
              throw new RpcError("data_loss", "the tape is torn");
            },
          },
          async (observed) => {
            await drain(observed.tapes.play({}));
            const spans = await spansOf(observed, 2);
            t.deepEqual(spans.map(line).sort(), [
              "client Play DATA_LOSS!",
              "server Play DATA_LOSS!",
            ]);
            for (const span of spans) {
              t.is(span.attributes["wavetank.response.messages"], 1);
              t.is(span.events.length, 1);
            }
          },
        ),
      ),
  );

  test.serial(`durations are measured by method and outcome, ${where}`, (t) =>
    inPlace(
      observing({}, async (observed) => {
        const { tapes, address } = observed;
        await tapes.look({});
        await tapes.look({});
        await drain(tapes.play({ account: "2" }));
        await spansOf(observed, 6);
        const durations = await observed.durations();
        t.deepEqual(
          durations
            .map(({ name, unit, labels, count }) =>
              [name, unit, labels["rpc.method"], count].join(" "),
            )
            .sort(),
          [
            "rpc.client.call.duration s test.v1.Tapes/Look 2",
            "rpc.client.call.duration s test.v1.Tapes/Play 1",
            "rpc.server.call.duration s test.v1.Tapes/Look 2",
            "rpc.server.call.duration s test.v1.Tapes/Play 1",
          ],
        );
        const [ip, port] = address.split(":");
        const client = durations.find(({ name }) => name.includes("client"));
        t.deepEqual(client?.labels, {
          "rpc.system.name": "wavetank",
          "rpc.method": "test.v1.Tapes/Look",
          "rpc.response.status_code": "OK",
          "server.address": ip,
          "server.port": Number(port),
        });
      }),
    ),
  );
}
