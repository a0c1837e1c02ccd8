/** IP addresses as text: what is valid, and the one canonical spelling that comparisons rely on. */

/** The canonical form of an IPv4 or IPv6 address, or `undefined` for anything else. */
export function canonicalIp(text: string): string | undefined {
  return text.includes(":") ? canonicalIpv6(text) : canonicalIpv4(text);
}

function canonicalIpv4(text: string): string | undefined {
  const parts = text.split(".");
  return parts.length === 4 && parts.every(isOctet) ? text : undefined;
}

/** One spelling a value: a leading zero would mean octal to some and decimal to others. */
function isOctet(part: string): boolean {
  return /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255;
}

/** RFC 5952: lower case, no leading zeros, the longest run of zero groups (two or more) becomes `::`. */
function canonicalIpv6(text: string): string | undefined {
  const groups = ipv6Groups(text);
  if (groups === undefined) return undefined;
  const [start, length] = longestZeroRun(groups);
  const hex = groups.map((group) => group.toString(16));
  if (length < 2) return hex.join(":");
  return `${hex.slice(0, start).join(":")}::${hex.slice(start + length).join(":")}`;
}

/** The eight groups, or `undefined` when the text is no IPv6 address. */
function ipv6Groups(text: string): number[] | undefined {
  const halves = text.split("::");
  // Only the last two groups may be written as an IPv4 address.
  if (
    halves.length > 2 ||
    (halves.length === 2 && halves[0]?.includes(".") === true)
  )
    return undefined;
  const [head, tail] = halves.map(parseGroups);
  if (head === undefined || (halves.length === 2 && tail === undefined))
    return undefined;
  if (tail === undefined) return head.length === 8 ? head : undefined;
  const missing = 8 - head.length - tail.length;
  return missing >= 1
    ? [...head, ...new Array<number>(missing).fill(0), ...tail]
    : undefined;
}

function parseGroups(text: string): number[] | undefined {
  if (text === "") return [];
  const parts = text.split(":");
  const last = parts.at(-1) as string;
  if (last.includes(".")) {
    if (canonicalIpv4(last) === undefined) return undefined;
    const [a, b, c, d] = last.split(".").map(Number) as [
      number,
      number,
      number,
      number,
    ];
    parts.splice(
      -1,
      1,
      ((a << 8) | b).toString(16),
      ((c << 8) | d).toString(16),
    );
  }
  return parts.every((part) => /^[0-9a-f]{1,4}$/i.test(part))
    ? parts.map((part) => parseInt(part, 16))
    : undefined;
}

function longestZeroRun(
  groups: readonly number[],
): [start: number, length: number] {
  let best: [number, number] = [0, 0];
  for (let start = 0; start < groups.length; start += 1) {
    let length = 0;
    while (groups[start + length] === 0) length += 1;
    if (length > best[1]) best = [start, length];
  }
  return best;
}
