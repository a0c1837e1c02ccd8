/** Code in the documentation is quoted from files that are compiled and run, so that it cannot rot. */

/** A block of a Markdown text, with the marker before it if there is one. */
interface Block {
  readonly line: number;
  readonly language: string;
  readonly code: string;
  readonly source: string | undefined;
}

/**
 * Every fenced block behind `<!-- quoted from PATH -->` stands in that file, line by line, however far it is indented
 * there. In strict texts every block of TypeScript or protobuf has such a marker.
 */
export function quoteFindings(
  path: string,
  text: string,
  {
    read,
    strict,
  }: { read: (path: string) => string | undefined; strict: boolean },
): string[] {
  return blocksOf(text).flatMap(({ line, language, code, source }) => {
    const where = `${path}:${line}`;
    if (source === undefined) {
      if (!strict || !["ts", "typescript", "proto"].includes(language))
        return [];
      return [
        `${where}: say where the block is from, with <!-- quoted from examples/… --> on the line before it`,
      ];
    }
    const original = read(source);
    if (original === undefined)
      return [`${where}: quotes ${source}, which does not exist`];
    return occursIn(original, code)
      ? []
      : [`${where}: differs from ${source}; copy the lines from there again`];
  });
}

function blocksOf(text: string): Block[] {
  const lines = text.split("\n");
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const language = /^```(\w*)/.exec(lines[at] as string)?.[1];
    if (language === undefined) continue;
    const start = at + 1;
    at = start;
    while (at < lines.length && !(lines[at] as string).startsWith("```"))
      at += 1;
    blocks.push({
      line: start,
      language,
      code: lines.slice(start, at).join("\n"),
      source: markerBefore(lines, start - 1),
    });
  }
  return blocks;
}

/** The path in the marker on the last line above the fence that is not empty. */
function markerBefore(
  lines: readonly string[],
  fence: number,
): string | undefined {
  let at = fence - 1;
  while (at >= 0 && (lines[at] as string).trim() === "") at -= 1;
  return /^<!-- quoted from (\S+) -->$/.exec((lines[at] ?? "").trim())?.[1];
}

function occursIn(original: string, quoted: string): boolean {
  const wanted = quoted.trimEnd().split("\n");
  const lines = original.split("\n");
  return lines.some((first, start) => {
    const indent = first.slice(0, first.length - first.trimStart().length);
    const wantedIndent = /^\s*/.exec(wanted[0] as string)?.[0] ?? "";
    if (!indent.startsWith(wantedIndent)) return false;
    const extra = indent.slice(wantedIndent.length);
    return wanted.every(
      (line, offset) =>
        lines[start + offset] === (line === "" ? "" : extra + line),
    );
  });
}
