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

/** A map by text. `type` is that of its entries. */
const map = (name: string, number: number, type: string): JsonObject =>
  field(name, number, "MESSAGE", {
    label: "LABEL_REPEATED",
    typeName: `.kinds.Plain.${type}`,
  });

const entry = (
  name: string,
  value: JsonObject,
  key: string = "STRING",
): JsonObject => ({
  name,
  field: [field("key", 1, key), value],
  options: { mapEntry: true },
});

const many: JsonObject = { label: "LABEL_REPEATED" };

/** Types of numbers. */
const numbers = [
  "BOOL",
  "INT32",
  "UINT32",
  "SINT32",
  "INT64",
  "UINT64",
  "SINT64",
  "FLOAT",
  "FIXED32",
  "SFIXED32",
  "DOUBLE",
  "FIXED64",
  "SFIXED64",
] as const;

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
    ...numbers.map((type, index) =>
      field(`of_${type.toLowerCase()}`, 30 + index, type),
    ),
    ...numbers.map((type, index) =>
      field(`many_${type.toLowerCase()}`, 50 + index, type, many),
    ),
    field("many_level", 70, "ENUM", { ...many, ...typed("Level") }),
    field("unpacked", 71, "SINT64", { ...many, options: { packed: false } }),
    field("some_fixed", 72, "FIXED64", optional(7)),
    field("choice_float", 73, "FLOAT", { oneofIndex: 6 }),
    map("labels", 80, "LabelsEntry"),
    map("amounts", 81, "AmountsEntry"),
    map("parts", 82, "PartsEntry"),
  ],
  nestedType: [
    entry("LabelsEntry", field("value", 2, "STRING")),
    entry("AmountsEntry", field("value", 2, "DOUBLE")),
    entry("PartsEntry", field("value", 2, "MESSAGE", typed("Plain"))),
  ],
  oneofDecl: [
    "_some_text",
    "_some_bytes",
    "_some_yes",
    "_some_count",
    "_some_cents",
    "_some_ratio",
    "choice",
    "_some_fixed",
  ].map((name) => ({ name })),
};

const rare: JsonObject = {
  name: "Rare",
  field: [
    field("by_number", 1, "MESSAGE", {
      label: "LABEL_REPEATED",
      ...typed("Rare.ByNumberEntry"),
    }),
    field("plain", 4, "MESSAGE", typed("Plain")),
  ],
  nestedType: [entry("ByNumberEntry", field("value", 2, "STRING"), "INT32")],
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
  nestedType: plain["nestedType"]!,
  oneofDecl: plain["oneofDecl"]!,
};

/** The same message as other dialects have it: there, every field that is no list and no choice knows whether it was set. */
function inDialect(packageName: string): JsonObject {
  const text = JSON.stringify(plain);
  const own = JSON.parse(
    text.replaceAll(".kinds.Plain", `.${packageName}.Plain`),
  ) as JsonObject;
  const fields = (own["field"] as JsonObject[])
    .filter((one) => one["proto3Optional"] !== true)
    .map((one) => ("oneofIndex" in one ? { ...one, oneofIndex: 0 } : one));
  return { ...own, field: fields, oneofDecl: [{ name: "choice" }] };
}

/** A field that has a value when it is not set. */
const withDefault = field("greeting", 90, "STRING", { defaultValue: "hello" });
const proto2 = inDialect("proto2");

const older: JsonObject = {
  name: "Older",
  field: [
    field("text", 1, "STRING", { label: "LABEL_REQUIRED" }),
    field("count", 2, "UINT32"),
  ],
};

const delimited: JsonObject = {
  name: "Delimited",
  field: [
    field("child", 1, "MESSAGE", {
      typeName: ".edition.Plain",
      options: { features: { messageEncoding: "DELIMITED" } },
    }),
  ],
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
      {
        name: "proto2.proto",
        package: "proto2",
        syntax: "proto2",
        dependency: ["kinds.proto", "google/protobuf/timestamp.proto"],
        messageType: [
          {
            ...proto2,
            field: [...(proto2["field"] as JsonObject[]), withDefault],
          },
        ],
      },
      {
        name: "edition.proto",
        package: "edition",
        syntax: "editions",
        edition: "EDITION_2023",
        dependency: ["kinds.proto", "google/protobuf/timestamp.proto"],
        messageType: [inDialect("edition"), delimited],
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
/** The same with other dialects. */
export const dialects: readonly DescMessage[] = [
  Plain,
  typeOf("proto2.Plain"),
  typeOf("edition.Plain"),
];
/** A field must be set. */
export const Older: DescMessage = typeOf("older.Older");
/** A message in it is a group. */
export const Delimited: DescMessage = typeOf("edition.Delimited");
export const OfStringValue: DescMessage = typeOf("kinds.OfStringValue");
export const OfStruct: DescMessage = typeOf("kinds.OfStruct");
