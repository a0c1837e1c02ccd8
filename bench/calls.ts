/** A closed loop of calls: so many always in flight, each followed by the next as soon as it is answered. */

/** What a client process is asked to do. */
export interface CallLoad {
  /** Echoed calls, or the items of one stream. Default `calls`. */
  readonly of?: "calls" | "items";
  readonly inFlight: number;
  readonly payloadSize: number;
  readonly durationMs: number;
}

/** What it did. */
export interface CallResult {
  readonly calls: number;
  readonly elapsedMs: number;
}

/** Makes one call; the answer must come back as long as the payload that was sent. */
export type EchoCall = (payload: Uint8Array) => Promise<Uint8Array>;

/** Run the loop for the load's duration, and check every answer's length. */
export async function runCalls(
  call: EchoCall,
  load: CallLoad,
): Promise<CallResult> {
  const payload = new Uint8Array(load.payloadSize).map((_, index) => index);
  const startMs = performance.now();
  const endMs = startMs + load.durationMs;
  let calls = 0;
  const loop = async (): Promise<void> => {
    while (performance.now() < endMs) {
      const echoed = await call(payload);
      if (echoed.length !== payload.length)
        throw new Error(
          `sent ${payload.length} bytes, got ${echoed.length} back`,
        );
      calls += 1;
    }
  };
  await Promise.all(Array.from({ length: load.inFlight }, loop));
  return { calls, elapsedMs: performance.now() - startMs };
}

/** Reads a stream of payloads of that size, until `onItem` answers false. */
export type PourCall = (
  size: number,
  onItem: (payload: Uint8Array) => boolean,
) => Promise<void>;

/** Read for the load's duration, and check every item's length. */
export async function runItems(
  pour: PourCall,
  { payloadSize, durationMs }: CallLoad,
): Promise<CallResult> {
  let calls = 0;
  const startMs = performance.now();
  const endMs = startMs + durationMs;
  await pour(payloadSize, (payload) => {
    if (payload.length !== payloadSize)
      throw new Error(`asked for ${payloadSize} bytes, got ${payload.length}`);
    calls += 1;
    // The clock costs more than an item.
    return (calls & 63) !== 0 || performance.now() < endMs;
  });
  return { calls, elapsedMs: performance.now() - startMs };
}
