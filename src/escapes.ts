/**
 * `node --import wavetank/escapes`: watch the machine before any other module is loaded, so that one which keeps a
 * function of it (`const { now } = Date`) keeps the watched one.
 */
import { installEscapeDetector } from "./node/index.ts";

installEscapeDetector();
