/** Finds the files of contracts by what is in them. */
import {
  type DescExtension,
  type DescFile,
  type DescMessage,
  toBinary,
} from "@bufbuild/protobuf";
import { nestedTypes } from "@bufbuild/protobuf/reflect";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";

type Declared =
  ReturnType<typeof nestedTypes> extends Iterable<infer D> ? D : never;

/** Everything that some files and their imports declare. Read when it is first asked for: most processes never are. */
export class ContractIndex {
  readonly #roots: readonly DescFile[];
  readonly #files = new Map<string, DescFile>();
  readonly #symbols = new Map<string, DescFile>();
  readonly #messages = new Set<string>();
  readonly #extensions = new Map<string, DescExtension>();
  #isRead = false;

  constructor(roots: readonly DescFile[]) {
    this.#roots = roots;
  }

  /** By its path, such as `bank/v1/bank.proto`. */
  fileNamed(path: string): DescFile | undefined {
    this.#read();
    return this.#files.get(path);
  }

  /** The file that declares a full name: of a type or a service, or of a part of one. */
  fileOf(symbol: string): DescFile | undefined {
    this.#read();
    return this.#symbols.get(symbol);
  }

  fileOfExtension(extendee: string, number: number): DescFile | undefined {
    this.#read();
    return this.#extensions.get(`${extendee}:${number}`)?.file;
  }

  /** `undefined` when there is no such message. */
  extensionNumbers(extendee: string): number[] | undefined {
    this.#read();
    if (!this.#messages.has(extendee)) return undefined;
    return [...this.#extensions.values()]
      .filter((extension) => extension.extendee.typeName === extendee)
      .map(({ number }) => number);
  }

  #read(): void {
    if (this.#isRead) return;
    this.#isRead = true;
    const seen = new Set<string>();
    for (const root of this.#roots)
      for (const file of withImports(root, seen)) this.#readFile(file);
  }

  #readFile(file: DescFile): void {
    this.#files.set(file.proto.name, file);
    for (const declared of nestedTypes(file)) {
      this.#symbols.set(declared.typeName, file);
      for (const part of partsOf(declared)) this.#symbols.set(part, file);
      if (declared.kind === "message") this.#messages.add(declared.typeName);
      if (declared.kind === "extension")
        this.#extensions.set(keyOf(declared), declared);
    }
  }
}

/** A file, then what it imports, and what that imports: those whose names are not in `seen` yet, which they are then. */
export function withImports(file: DescFile, seen: Set<string>): DescFile[] {
  if (seen.has(file.proto.name)) return [];
  seen.add(file.proto.name);
  const found = [file];
  // The list grows while it is gone through.
  for (const { dependencies } of found)
    for (const imported of dependencies) {
      if (seen.has(imported.proto.name)) continue;
      seen.add(imported.proto.name);
      found.push(imported);
    }
  return found;
}

/** A file as it is handed out: a `google.protobuf.FileDescriptorProto`. */
export function bytesOf(file: DescFile): Uint8Array {
  return toBinary(FileDescriptorProtoSchema, file.proto);
}

/** The full names of what has no descriptor of its own. */
function partsOf(declared: Declared): string[] {
  switch (declared.kind) {
    case "message":
      return membersOf(declared).map((name) => `${declared.typeName}.${name}`);
    case "service":
      return declared.methods.map(({ name }) => `${declared.typeName}.${name}`);
    case "enum": {
      // Values are named as if they stood beside their enum.
      const scope = declared.typeName.slice(0, -declared.name.length);
      return declared.values.map(({ name }) => `${scope}${name}`);
    }
    case "extension":
      return [];
  }
}

function membersOf({ fields, oneofs }: DescMessage): string[] {
  return [...fields, ...oneofs].map(({ name }) => name);
}

function keyOf({ extendee, number }: DescExtension): string {
  return `${extendee.typeName}:${number}`;
}
