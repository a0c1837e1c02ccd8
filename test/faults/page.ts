/** docs/faults.md as a program reads it, and docs/defects.md. */

/** A row of its first table. */
export interface FaultRow {
  readonly fault: string;
  readonly counted: readonly string[];
}

/** The rows of every table whose first column has this heading, cells without padding. */
export function rowsUnder(page: string, heading: string): string[][] {
  const rows: string[][] = [];
  let within = false;
  for (const line of page.split("\n")) {
    const cells = line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim());
    if (cells[0] === heading) within = true;
    else if (cells.length === 0) within = false;
    else if (within && !/^-+$/.test(cells[0] ?? "")) rows.push(cells);
  }
  return rows;
}

/** What is between backticks. */
function quoted(cell: string | undefined): string[] {
  return [...(cell ?? "").matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? "");
}

/** Every fault, and the names by which reports count it. */
export function faultRows(page: string): FaultRow[] {
  return rowsUnder(page, "fault").map((cells) => ({
    fault: cells[0] ?? "",
    counted: quoted(cells[3]),
  }));
}

/** Every option, as `network.latencyMs`, with its default as JSON. */
export function optionRows(page: string): [option: string, value: string][] {
  return rowsUnder(page, "option").map((cells) => [
    quoted(cells[0])[0] ?? "",
    quoted(cells[1])[0] ?? "",
  ]);
}
