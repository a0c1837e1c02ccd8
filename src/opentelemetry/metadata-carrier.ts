/** How propagators write and read metadata. */
import type { TextMapGetter, TextMapSetter } from "@opentelemetry/api";

import type { Metadata } from "../rpc/index.ts";

/** Names of metadata are in lower case. What could not travel is left out: it must not keep a call from being made. */
export const metadataSetter: TextMapSetter<Record<string, string>> = {
  set(carrier, key, value) {
    const name = key.toLowerCase();
    if (validName.test(name)) carrier[name] = value;
  },
};

export const metadataGetter: TextMapGetter<Metadata> = {
  keys: (carrier) => Object.keys(carrier),
  get: (carrier, key) => carrier[key.toLowerCase()],
};

const validName = /^(?!_)[a-z0-9._-]{1,255}$/;
