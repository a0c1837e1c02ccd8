/** Contracts as the plugin sees them: descriptors, what their options say, and the identities that follow. */
import type {
  DescFile,
  DescMessage,
  DescMethod,
  DescService,
} from "@bufbuild/protobuf";
import { getOption } from "@bufbuild/protobuf";
import { nestedTypes } from "@bufbuild/protobuf/reflect";

import type {
  MethodOptions,
  ServiceOptions,
} from "../../gen/wavetank/options/v1/options_pb.ts";
import {
  method as methodOption,
  service as serviceOption,
} from "../../gen/wavetank/options/v1/options_pb.ts";
import type { UID } from "../core/index.ts";
import { methodUid } from "../core/index.ts";
import { methodId, uidOfName } from "./identity.ts";

/** A method and who it is. */
export interface MethodContract {
  readonly desc: DescMethod;
  readonly options: MethodOptions;
  /** The first name ever used: the one that the identity comes from. */
  readonly firstName: string;
  readonly id: number;
  readonly uid: UID;
}

/** A service and who it is. */
export interface ServiceContract {
  readonly desc: DescService;
  readonly options: ServiceOptions;
  /** The first full name ever used: the one that the identity comes from. */
  readonly firstName: string;
  readonly uid: UID;
  /** In the order of their declaration, which means nothing. */
  readonly methods: readonly MethodContract[];
}

/** Everything that one run of the plugin can see. */
export interface Workspace {
  readonly services: readonly ServiceContract[];
  /** By full name; what the `errors` of a method may refer to. */
  readonly messages: ReadonlyMap<string, DescMessage>;
}

/** Collect the services and messages of these files. Judges nothing: that is what `rules/` is for. */
export function readWorkspace(files: readonly DescFile[]): Workspace {
  const messages = files
    .flatMap((file) => [...nestedTypes(file)])
    .filter((type) => type.kind === "message");
  return {
    services: files.flatMap((file) => file.services).map(readService),
    messages: new Map(messages.map((message) => [message.typeName, message])),
  };
}

function readService(desc: DescService): ServiceContract {
  const options = getOption(desc, serviceOption);
  const firstName = options.was[0] ?? desc.typeName;
  const uid = uidOfName(firstName);
  const methods = desc.methods.map((method) => readMethod(method, uid));
  return { desc, options, firstName, uid, methods };
}

function readMethod(desc: DescMethod, service: UID): MethodContract {
  const options = getOption(desc, methodOption);
  const firstName = options.was[0] ?? desc.name;
  const id = methodId(firstName);
  return { desc, options, firstName, id, uid: methodUid(service, id) };
}
