/** For `node --import`: writes down the address of every module that the program loads. */
import { register } from "node:module";

register("./load-hooks.js", import.meta.url);
