/** The fast suite. `npm run test:deep` runs `test/deep` through `ava.deep.config.js`. */
export default {
  files: ["dist/test/**/*.test.js", "!dist/test/deep/**"],
  nodeArguments: ["--enable-source-maps"],
  timeout: "2m",
};
