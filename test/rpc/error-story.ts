/** What an error says, and what was behind it, and behind that. */
export function errorStory(error: unknown): string {
  return storyOf(error).join("\n");
}

function storyOf(error: unknown): string[] {
  return error instanceof Error
    ? [error.message, ...storyOf(error.cause)]
    : error === undefined
      ? []
      : [String(error)];
}
