/** What stands after `opt:` in buf.gen.yaml. */
import type { Target } from "@bufbuild/protoplugin";

/**
 * Refuse every option that protoplugin has not taken itself: we have none of our
 * own, and a misspelt one must not pass unseen.
 */
export function parsePluginOptions(
  given: readonly { readonly key: string }[],
): object {
  const [unknown] = given;
  if (unknown === undefined) return {};
  throw new Error(
    `there is no option "${unknown.key}", remove it from \`opt\` in buf.gen.yaml; ` +
      "useful ones are target=ts, import_extension=ts|js, map_imports=wavetank/:wavetank/gen and elide_plugin_version=true",
  );
}

/** Other targets would need a TypeScript compiler within the plugin, which starts six times slower with one. */
export function requireTypeScript(targets: readonly Target[]): void {
  if (targets.join() === "ts") return;
  throw new Error(
    `target ${targets.join("+")} is not written, only TypeScript is: ` +
      "add target=ts to `opt` in buf.gen.yaml and compile the result",
  );
}
