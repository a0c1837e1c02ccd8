/** Where in its source a declaration stands. */
import type { DescField, DescMethod, DescService } from "@bufbuild/protobuf";
import {
  MethodDescriptorProtoSchema,
  ServiceDescriptorProtoSchema,
} from "@bufbuild/protobuf/wkt";
import { getComments } from "@bufbuild/protoplugin";

import {
  method as methodOption,
  service as serviceOption,
} from "../../gen/wavetank/options/v1/options_pb.ts";

/** A place that an editor can jump to. Lines and columns count from 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** What a contract sets on a declaration: a field of our option message, and which element if it is a list. */
export interface OptionPlace {
  readonly option: DescField;
  readonly element: number;
}

/** Where a declaration begins or, if asked for an option, where it sets that. */
export function positionOf(
  desc: DescService | DescMethod,
  place?: OptionPlace,
): Position {
  const file = desc.kind === "service" ? desc.file : desc.parent.file;
  const locations = file.proto.sourceCodeInfo?.location ?? [];
  const span = pathsTo(desc, place)
    .map((path) => locations.find(under(path))?.span)
    .find((found) => found !== undefined);
  const [line = 0, column = 0] = span ?? [];
  return { file: file.proto.name, line: line + 1, column: column + 1 };
}

/** Deepest first: compilers differ in how deep into options they record positions. */
function pathsTo(
  desc: DescService | DescMethod,
  place: OptionPlace | undefined,
): number[][] {
  const declared = [...getComments(desc).sourcePath];
  if (place === undefined) return [declared];
  const options = [...declared, ...optionsPath(desc)];
  const option = [...options, place.option.number];
  return [[...option, place.element], option, options, declared];
}

/** From a declaration to our options on it. Paths are numbers of descriptor fields. */
function optionsPath(desc: DescService | DescMethod): number[] {
  return desc.kind === "service"
    ? [ServiceDescriptorProtoSchema.field.options.number, serviceOption.number]
    : [MethodDescriptorProtoSchema.field.options.number, methodOption.number];
}

/** Whether a location is that of the path or of something within it. */
function under(path: readonly number[]) {
  return (location: { readonly path: readonly number[] }): boolean =>
    path.every((step, index) => location.path[index] === step);
}
