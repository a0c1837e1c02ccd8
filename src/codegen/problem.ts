/** What is wrong with a contract: where, what, and what to do about it. */
import type { DescField, DescMethod, DescService } from "@bufbuild/protobuf";

import type { Position } from "./position.ts";
import { positionOf } from "./position.ts";

/** One mistake in its place. */
export interface Problem extends Position {
  readonly message: string;
  readonly remedy: string;
}

/** What a rule has to say about a service or a method. */
export interface Complaint {
  readonly message: string;
  readonly remedy: string;
  /** The option that it is about, if it is about one. */
  readonly option?: DescField;
  /** And, if that is a list, which element of it. */
  readonly element?: number;
}

/** A complaint in its place. */
export function problemAt(
  desc: DescService | DescMethod,
  { message, remedy, option, element = 0 }: Complaint,
): Problem {
  const place = option && { option, element };
  return { ...positionOf(desc, place), message, remedy };
}

/** `file:line:column: message: remedy` */
export function formatProblem(problem: Problem): string {
  const { file, line, column, message, remedy } = problem;
  return `${file}:${line}:${column}: ${message}: ${remedy}`;
}

/** By file, then from top to bottom. */
export function compareProblems(a: Problem, b: Problem): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || a.column - b.column;
}
