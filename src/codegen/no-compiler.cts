/**
 * What the bundled plugin has in place of `typescript` and `@typescript/vfs`: nothing. protoplugin needs them only to
 * write JavaScript, which `plugin-options.ts` refuses, and with them the plugin starts six times slower. CommonJS,
 * because only there may an imported name be missing.
 */
module.exports = {};
