/** What one gets wrong the first time. Tests plant these, to see that the simulation finds them. */
export interface Mistakes {
  /** Take whatever a read yields for a line: it is one, nearly always. */
  readonly takesReadsForLines?: boolean;
  /** Answer when the score is written, and not when it is durable. */
  readonly acknowledgesBeforeSync?: boolean;
}
