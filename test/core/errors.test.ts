/** The shape of every operational error: code, details, cause, and the code in front of the message. */
import test from "ava";

import {
  isNetworkError,
  isStorageError,
  NetworkError,
  StorageError,
  TaskError,
  TimeError,
  type NetworkErrorCode,
  type StorageErrorCode,
} from "../../src/core/index.ts";

const cause = new Error("the operating system said no");
const errors: readonly [
  name: string,
  error: Error & { code: string; details: object },
  details: object,
][] = [
  [
    "TimeError",
    new TimeError("elapsed", "it took long", { timeoutMs: 5 }, { cause }),
    { timeoutMs: 5 },
  ],
  [
    "NetworkError",
    new NetworkError("reset", "it took long", { address: "a:1" }, { cause }),
    { address: "a:1" },
  ],
  [
    "StorageError",
    new StorageError("io", "it took long", { path: "f" }, { cause }),
    { path: "f" },
  ],
  [
    "TaskError",
    new TaskError("aborted", "it took long", { task: "x" }, { cause }),
    { task: "x" },
  ],
];
for (const [name, error, details] of errors) {
  test(`${name} carries code, details, cause, and its code in its message`, (t) => {
    t.true(error instanceof Error);
    t.is(error.name, name);
    t.is(error.message, `[${error.code}] it took long`);
    t.deepEqual(error.details, details);
    t.is(error.cause, cause);
    t.true(String(error.stack).includes("errors.test"));
  });
}

test("errors without a cause have none", (t) => {
  t.false("cause" in new TaskError("aborted", "no cause", { task: "x" }));
});

test("isNetworkError tells by class, and by code if asked", (t) => {
  const codes: NetworkErrorCode[] = ["refused", "reset", "closed", "timed_out"];
  for (const code of codes) {
    const error = new NetworkError(code, "text", { address: "a:1" });
    t.true(isNetworkError(error));
    for (const other of codes)
      t.is(isNetworkError(error, other), other === code);
  }
  for (const other of [
    undefined,
    null,
    "reset",
    new Error("[reset] text"),
    { code: "reset" },
  ]) {
    t.false(isNetworkError(other));
    t.false(isNetworkError(other, "reset"));
  }
});

test("isStorageError tells by class, and by code if asked", (t) => {
  const codes: StorageErrorCode[] = [
    "not_found",
    "already_exists",
    "closed",
    "io",
    "disk_full",
    "bad_path",
  ];
  for (const code of codes) {
    const error = new StorageError(code as "io", "text", { path: "f" });
    t.true(isStorageError(error));
    for (const other of codes)
      t.is(isStorageError(error, other), other === code);
  }
  t.false(
    isStorageError(
      new NetworkError("closed", "text", { address: "a:1" }),
      "closed",
    ),
  );
  t.false(isStorageError({ code: "io" }));
});
