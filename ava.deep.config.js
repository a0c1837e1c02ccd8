/** The deep suite: many seeds, so each test may take minutes. */
export default {
  files: ["dist/test/deep/**/*.test.js"],
  nodeArguments: ["--enable-source-maps"],
  timeout: "30m",
};
