/** Functions of the machine as they were before anything could replace them: the laboratory's own looks are no escapes. */

/** Milliseconds since this program started. */
export const realNowMs: () => number = performance.now.bind(performance);

/** Milliseconds since 1970. */
export const realWallClockMs: () => number = Date.now;

/** Call back in a turn of the event loop of its own. */
export const realImmediate: (callback: () => void) => void = (
  callback,
): void => {
  setImmediateNow(callback);
};

const setImmediateNow = setImmediate;
