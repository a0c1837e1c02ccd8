/** Reads docs/parity.md. */

export const statuses = ["same", "renamed", "replaced", "open"] as const;
export type Status = (typeof statuses)[number];

export interface ParityRow {
  readonly name: string;
  readonly kind: string;
  readonly status: string;
  readonly ours: string;
  readonly proof: string;
  readonly note: string;
}

/** The rows of all tables that have a column for the name and five more, in order. */
export function parityRows(markdown: string): ParityRow[] {
  return markdown
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .map((line) =>
      line
        .slice(1, line.lastIndexOf("|"))
        .split("|")
        .map((cell) => cell.trim()),
    )
    .filter(
      (cells) =>
        cells.length === 6 &&
        cells[0] !== "Name" &&
        !/^-+$/.test(cells[0] as string),
    )
    .map(
      ([
        name = "",
        kind = "",
        status = "",
        ours = "",
        proof = "",
        note = "",
      ]) => {
        return {
          name: bare(name),
          kind,
          status,
          ours,
          proof: bare(proof),
          note,
        };
      },
    );
}

/** An export that a row claims: a name and the door it comes from; a module has only the door. */
export interface Claim {
  readonly name: string | undefined;
  readonly door: string;
}

/** What a row says is ours: "`X` from `wavetank/y`", or a module's "`wavetank/y`". */
export function claimOf(ours: string): Claim | undefined {
  const named = /^`([\w$]+)` from `(wavetank[\w/-]*)`$/.exec(ours);
  if (named !== null)
    return { name: named[1] as string, door: named[2] as string };
  const door = /^`(wavetank[\w/-]*)`$/.exec(ours)?.[1];
  return door === undefined ? undefined : { name: undefined, door };
}

function bare(cell: string): string {
  return /^`([^`]*)`$/.exec(cell)?.[1] ?? cell;
}
