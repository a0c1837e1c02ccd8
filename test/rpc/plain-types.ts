/** A contract with every kind of field, made at run time. */
import {
  createFileRegistry,
  type DescMessage,
  fromJson,
  type JsonObject,
  toJson,
} from "@bufbuild/protobuf";
import {
  file_google_protobuf_struct,
  file_google_protobuf_timestamp,
  file_google_protobuf_wrappers,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
} from "@bufbuild/protobuf/wkt";

const field = (
  name: string,
  number: number,
  type: string,
  more: JsonObject = {},
): JsonObject => ({
  name,
  number,
  type: `TYPE_${type}`,
  label: "LABEL_OPTIONAL",
  ...more,
});
const typed = (typeName: string): JsonObject => ({
  typeName: `.kinds.${typeName}`,
});
/** A field that knows whether it was set. */
const optional = (oneofIndex: number): JsonObject => ({
  proto3Optional: true,
  oneofIndex,
});

const plain: JsonObject = {
  name: "Plain",
  field: [
    // Not in the order of their numbers.
    field("text", 3, "STRING"),
    field("payload", 1, "BYTES"),
    field("yes", 2, "BOOL"),
    field("whole", 4, "INT32"),
    field("count", 5, "UINT32"),
    field("cents", 6, "INT64"),
    field("total", 7, "UINT64"),
    field("level", 8, "ENUM", typed("Level")),
    field("child", 9, "MESSAGE", typed("Plain")),
    field("far", 1_000, "STRING"),
    field("some_text", 10, "STRING", optional(0)),
    field("some_bytes", 11, "BYTES", optional(1)),
    field("some_yes", 12, "BOOL", optional(2)),
    field("some_count", 13, "UINT32", optional(3)),
    field("some_cents", 14, "INT64", optional(4)),
    field("rare", 15, "MESSAGE", typed("Rare")),
    field("names", 18, "STRING", { label: "LABEL_REPEATED" }),
    field("blobs", 19, "BYTES", { label: "LABEL_REPEATED" }),
    field("children", 20, "MESSAGE", {
      label: "LABEL_REPEATED",
      ...typed("Plain"),
    }),
    field("ratio", 21, "DOUBLE"),
    field("some_ratio", 22, "DOUBLE", optional(5)),
    field("choice_text", 23, "STRING", { oneofIndex: 6 }),
    field("choice_count", 24, "UINT32", { oneofIndex: 6 }),
    field("choice_child", 25, "MESSAGE", { oneofIndex: 6, ...typed("Plain") }),
    field("at", 17, "MESSAGE", { typeName: ".google.protobuf.Timestamp" }),
  ],
  oneofDecl: [
    "_some_text",
    "_some_bytes",
    "_some_yes",
    "_some_count",
    "_some_cents",
    "_some_ratio",
    "choice",
  ].map((name) => ({ name })),
};

const rare: JsonObject = {
  name: "Rare",
  field: [
    field("numbers", 1, "UINT32", { label: "LABEL_REPEATED" }),
    field("float", 2, "FLOAT"),
    field("plain", 4, "MESSAGE", typed("Plain")),
  ],
};

/** A type with one field of a type of Google's that is no message there. */
const ofGoogle = (name: string): JsonObject => ({
  name: `Of${name}`,
  field: [field("it", 1, "MESSAGE", { typeName: `.google.protobuf.${name}` })],
});

const level: JsonObject = {
  name: "Level",
  value: [
    { name: "LEVEL_UNSPECIFIED", number: 0 },
    { name: "LEVEL_HIGH", number: 1 },
  ],
};

/** The newer version of `Plain` has one field more. */
const newer: JsonObject = {
  name: "Newer",
  field: [...(plain["field"] as JsonObject[]), field("news", 26, "STRING")],
  oneofDecl: plain["oneofDecl"]!,
};

const older: JsonObject = {
  name: "Older",
  field: [field("text", 1, "STRING"), field("count", 2, "UINT32")],
};

const registry = createFileRegistry(
  fromJson(FileDescriptorSetSchema, {
    file: [
      ...[
        file_google_protobuf_timestamp,
        file_google_protobuf_wrappers,
        file_google_protobuf_struct,
      ].map(({ proto }) => toJson(FileDescriptorProtoSchema, proto)),
      {
        name: "kinds.proto",
        package: "kinds",
        syntax: "proto3",
        dependency: [
          "google/protobuf/timestamp.proto",
          "google/protobuf/wrappers.proto",
          "google/protobuf/struct.proto",
        ],
        messageType: [
          plain,
          rare,
          newer,
          ofGoogle("StringValue"),
          ofGoogle("Struct"),
        ],
        enumType: [level],
      },
      {
        name: "older.proto",
        package: "older",
        syntax: "proto2",
        messageType: [older],
      },
    ],
  }),
);

const typeOf = (name: string): DescMessage => registry.getMessage(name)!;

/** Fields that are written and read by ourselves, and a `Rare`. */
export const Plain: DescMessage = typeOf("kinds.Plain");
/** Fields that are not. */
export const Rare: DescMessage = typeOf("kinds.Rare");
export const Newer: DescMessage = typeOf("kinds.Newer");
/** Every field knows whether it was set. */
export const Older: DescMessage = typeOf("older.Older");
export const OfStringValue: DescMessage = typeOf("kinds.OfStringValue");
export const OfStruct: DescMessage = typeOf("kinds.OfStruct");
