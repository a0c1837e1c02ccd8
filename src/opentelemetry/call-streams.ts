/** The streams of a call, counted; the call is over with its responses. */
import type { Message } from "@bufbuild/protobuf";

import { sendsStream, takesStream } from "../rpc/index.ts";
import type { CallSpan } from "./call-span.ts";
import { observed } from "./observed.ts";

/** Requests, counted if they are a stream. How that ends says nothing of the call. */
export function countRequests<R>(
  span: CallSpan,
  { method, request }: { method: CallKind; request: R },
): R {
  if (!sendsStream(method.kind)) return request;
  const stream = observed({
    source: request as AsyncIterable<Message>,
    observer: {
      item: () => (span.requestCount += 1),
      over: () => undefined,
    },
    within: (work) => span.within(work),
  });
  return stream as R;
}

/** What a call is answered with. One message ends the call, a stream does when it is over. */
export function followAnswer(
  span: CallSpan,
  { method, answer }: { method: CallKind; answer: unknown },
): unknown {
  if (!takesStream(method.kind)) {
    span.done();
    return answer;
  }
  return observed({
    source: answer as AsyncIterable<Message>,
    observer: {
      item: () => (span.responseCount += 1),
      over: (end) => span.over(end),
    },
    within: (work) => span.within(work),
  });
}

type CallKind = { readonly kind: Parameters<typeof sendsStream>[0] };
