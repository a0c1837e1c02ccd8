/** Prints results as one aligned table. */
import type { Result, Row } from "./row.ts";

const headings = ["id", "value", "unit", "against", "target", ""];
const rightAligned = new Set([1]);

/** The lines of the table. With colours, a met target is green and a missed one red. */
export function table(
  measured: readonly { row: Row; result: Result }[],
  colours: boolean,
): string {
  const cells = [
    headings,
    ...measured.map(({ row, result }) => cellsOf(row, result)),
  ];
  const widths = headings.map((_, column) =>
    Math.max(...cells.map((line) => (line[column] as string).length)),
  );
  return cells
    .map((line, index) => {
      const padded = line.map((cell, column) =>
        pad(cell, widths[column] as number, rightAligned.has(column)),
      );
      const text = padded.join("  ").trimEnd();
      return colours
        ? coloured(
            text,
            index === 0
              ? undefined
              : (measured[index - 1] as { row: Row; result: Result }),
          )
        : text;
    })
    .join("\n");
}

function cellsOf(row: Row, result: Result): string[] {
  const against = Object.entries(result.against).map(
    ([peer, value]) =>
      `${peer} ${figure(value)} (${(result.ratio[peer] as number).toFixed(2)}×)`,
  );
  const verdict = row.target.isMet(result) ? "met" : "missed";
  return [
    row.id,
    figure(result.value),
    row.unit,
    against.join(" · "),
    row.target.text,
    verdict,
  ];
}

/** Three significant digits for small figures, whole numbers in groups of three for large ones. */
export function figure(value: number): string {
  if (Math.abs(value) < 100) return String(Number(value.toPrecision(3)));
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ",");
}

function pad(cell: string, width: number, right: boolean): string {
  return right ? cell.padStart(width) : cell.padEnd(width);
}

function coloured(
  line: string,
  entry: { row: Row; result: Result } | undefined,
): string {
  if (entry === undefined) return `\x1b[1m${line}\x1b[22m`;
  return `\x1b[${entry.row.target.isMet(entry.result) ? 32 : 31}m${line}\x1b[39m`;
}
