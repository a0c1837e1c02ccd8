/** Where a failed call was made, for the stack of its error. */

/**
 * A promise that rejects with the error, whose stack then leads to whoever awaits it. An answer arrives in a task of the
 * connection, so a stack taken there shows that connection and never the line of the program. V8 finds the awaiting
 * functions from a job of a promise that they wait for; two jobs pass before there is one. Calls that succeed pay nothing.
 */
export function rejectedWhereAwaited(error: Error): Promise<never> {
  return Promise.resolve()
    .then(nothing)
    .then(function reject(): never {
      Error.captureStackTrace(error, reject);
      throw error;
    });
}

function nothing(): void {
  // By the next job, the promise of the call has been told to follow this one.
}
