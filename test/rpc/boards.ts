/** Boards of both versions of their contract, and relays of both versions before them. */
import {
  createClient,
  errorDetail,
  type MessageCodec,
  NetTransport,
  type Providers,
  RpcError,
  serve,
  type ServiceSpec,
} from "../../src/index.ts";
import type * as old from "../contracts/v1/gen/board/v1/board_pb.ts";
import type {
  BoardServiceClient as OldClient,
  BoardServiceHandler as OldHandler,
} from "../contracts/v1/gen/board/v1/board_rpc.ts";
import * as young from "../contracts/v2/gen/board/v1/board_pb.ts";
import type {
  BoardServiceClient as YoungClient,
  BoardServiceHandler as YoungHandler,
} from "../contracts/v2/gen/board/v1/board_rpc.ts";

export const boardPort = 4500;

/** The board of the first version. It knows nothing of authors and tags. */
export class OldBoard implements OldHandler {
  readonly notes: Map<string, old.Note> = new Map();

  post({ note }: old.PostRequest): { count: number } {
    if (note !== undefined) this.notes.set(note.id, note);
    return { count: this.notes.size };
  }

  list(): { notes: old.Note[] } {
    return { notes: [...this.notes.values()] };
  }

  async *read(): AsyncGenerator<{ note: old.Note }> {
    for (const note of this.notes.values()) yield { note };
  }

  watch(): object {
    return {};
  }
}

/** The board of the second version. */
export class YoungBoard implements YoungHandler {
  readonly notes: Map<string, young.Note> = new Map();
  readonly #room: number;

  constructor(room: number = Infinity) {
    this.#room = room;
  }

  post({ note, onlyNew }: young.PostRequest): {
    count?: number;
    replaced?: young.Note;
  } {
    if (note === undefined) return {};
    const replaced = this.notes.get(note.id);
    if (replaced === undefined && this.notes.size >= this.#room)
      throw full(this.#room);
    if (replaced === undefined || !onlyNew) this.notes.set(note.id, note);
    const count = this.notes.size;
    return replaced === undefined ? { count } : { count, replaced };
  }

  remove({ id }: young.RemoveRequest): object {
    this.notes.delete(id);
    return {};
  }

  listNotes({ tag }: young.ListNotesRequest): { notes: young.Note[] } {
    const notes = [...this.notes.values()];
    return { notes: notes.filter(({ tags }) => !tag || tags.includes(tag)) };
  }

  async *read(): AsyncGenerator<{ note: young.Note }> {
    for (const note of this.notes.values()) yield { note };
  }

  watch(): object {
    return {};
  }
}

function full(room: number): RpcError {
  const detail = errorDetail(young.BoardFullSchema, { room, retryMs: 500 });
  return new RpcError("resource_exhausted", "full", { details: [detail] });
}

/** A relay that sends on what it received, whether it knows all of it or not. */
export function oldRelay(to: OldClient): OldHandler {
  return {
    post: (request) => to.post(request),
    list: (request) => to.list(request),
    read: (request) => to.read(request),
    watch: (request) => to.watch(request),
  };
}

export function youngRelay(to: YoungClient): YoungHandler {
  return {
    post: (request) => to.post(request),
    remove: (request) => to.remove(request),
    listNotes: (request) => to.listNotes(request),
    read: (request) => to.read(request),
    watch: (request) => to.watch(request),
  };
}

/** A relay as it must not be: it copies the fields that it knows. */
export function forgetfulRelay(to: OldClient): OldHandler {
  const copy = (note: old.Note | undefined) => ({
    id: note?.id ?? "",
    text: note?.text ?? "",
    kind: note?.kind ?? 0,
  });
  return {
    ...oldRelay(to),
    post: ({ note }) => to.post({ note: copy(note) }),
  };
}

/** Serve a board. */
export async function serveBoard<Handler>(
  providers: Providers,
  { spec, handler, address, codec }: Board<Handler>,
): Promise<AsyncDisposable> {
  const transport = await NetTransport.listen(providers, address);
  return serve(transport, spec, handler as NoInfer<Handler>, {
    codec,
    ownsTransport: true,
  });
}

export interface Board<Handler> {
  readonly spec: ServiceSpec<unknown, Handler>;
  readonly handler: Handler;
  readonly address: string;
  readonly codec?: MessageCodec | undefined;
}

/** Serve a relay: what is served is made of a client of the board behind it. */
export async function serveRelay<Client, Handler>(
  providers: Providers,
  relay: Relay<Client, Handler>,
): Promise<AsyncDisposable> {
  const { spec, between, address, to, codec } = relay;
  const transport = await NetTransport.listen(providers, address);
  const handler = between(createClient(spec, transport, to, { codec }));
  return serve(transport, spec, handler as NoInfer<Handler>, {
    codec,
    ownsTransport: true,
  });
}

export interface Relay<Client, Handler> {
  readonly spec: ServiceSpec<Client, Handler>;
  readonly between: (client: Client) => Handler;
  readonly address: string;
  readonly to: string;
  readonly codec?: MessageCodec | undefined;
}
