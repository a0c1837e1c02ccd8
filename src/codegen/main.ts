#!/usr/bin/env node
/** What buf runs: a request on standard input, the generated files on standard output. */
import { runNodeJs } from "@bufbuild/protoplugin";

import { wavetankPlugin } from "./plugin.ts";

runNodeJs(wavetankPlugin);
