/** A server with 10,000 endpoints. */
import { endpointsSide } from "./endpoints.ts";
import { playSide } from "./side.ts";

await playSide(endpointsSide(10_000));
