/** A server with one endpoint. */
import { endpointsSide } from "./endpoints.ts";
import { playSide } from "./side.ts";

await playSide(endpointsSide(1));
