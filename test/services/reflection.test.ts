/** Reflection, by a generated client: the same in a simulated world and over TCP. */
import {
  create,
  createFileRegistry,
  type FileRegistry,
  fromBinary,
  type MessageInitShape,
  toBinary,
} from "@bufbuild/protobuf";
import {
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
} from "@bufbuild/protobuf/wkt";
import test from "ava";

import { TransferRequestSchema } from "../../gen/bank/v1/bank_pb.ts";
import { BankServiceRpc } from "../../gen/bank/v1/bank_rpc.ts";
import {
  type ServerReflectionRequestSchema,
  type ServerReflectionResponse,
} from "../../gen/grpc/reflection/v1/reflection_pb.ts";
import { file_wavetank_rpc_v1_status } from "../../gen/wavetank/rpc/v1/status_pb.ts";
import { createClient, rpcErrorCodes, serve } from "../../src/rpc/index.ts";
import {
  createReflection,
  HealthRpc,
  type ReflectionOptions,
  type ServerReflectionClient,
  ServerReflectionRpc,
} from "../../src/services/index.ts";
import { inSimulation, type Place, places } from "./places.ts";

type Question = MessageInitShape<
  typeof ServerReflectionRequestSchema
>["messageRequest"];
type Answer = ServerReflectionResponse["messageResponse"];

/** Ask several questions on one stream, each after the answer to the one before. */
async function ask(
  tool: ServerReflectionClient,
  ...questions: readonly NonNullable<Question>[]
): Promise<Answer[]> {
  const answers: Answer[] = [];
  const requests = async function* () {
    for (const messageRequest of questions)
      yield { host: "bank.example", messageRequest };
  };
  for await (const response of tool.serverReflectionInfo(requests())) {
    const { validHost, originalRequest, messageResponse } = response;
    if (validHost !== "bank.example")
      throw new Error(`another host answered: ${validHost}`);
    if (
      originalRequest?.messageRequest.case !== questions[answers.length]?.case
    )
      throw new Error("another question was answered");
    answers.push(messageResponse);
  }
  return answers;
}

const services = [HealthRpc, BankServiceRpc, ServerReflectionRpc];

/** A place where the bank and the services of this room can be asked for. */
function withReflection(
  main: (tool: ServerReflectionClient) => Promise<void>,
  options?: ReflectionOptions,
): (place: Place) => Promise<void> {
  return ({ server, client, address }) => {
    serve(server, ServerReflectionRpc, createReflection(services, options));
    return main(createClient(ServerReflectionRpc, client, address));
  };
}

const bankFiles = [
  "bank/v1/bank.proto",
  "wavetank/options/v1/options.proto",
  "google/protobuf/descriptor.proto",
];

function filesIn(answer: Answer | undefined): FileDescriptorProto[] {
  if (answer?.case !== "fileDescriptorResponse") return [];
  return answer.value.fileDescriptorProto.map((bytes) =>
    fromBinary(FileDescriptorProtoSchema, bytes),
  );
}

function namesIn(answer: Answer | undefined): string[] {
  return filesIn(answer).map(({ name }) => name);
}

/** What a tool makes of the files that it was given. */
function registryOf(answer: Answer | undefined): FileRegistry {
  return createFileRegistry(
    create(FileDescriptorSetSchema, { file: filesIn(answer).reverse() }),
  );
}

for (const [where, inPlace] of places) {
  test.serial(`ListServices names the services in order, ${where}`, (t) =>
    inPlace(
      withReflection(async (tool) => {
        const [answer] = await ask(tool, { case: "listServices", value: "" });
        t.is(answer?.case, "listServicesResponse");
        t.deepEqual(
          answer?.case === "listServicesResponse" &&
            answer.value.service.map(({ name }) => name),
          [
            "bank.v1.BankService",
            "grpc.health.v1.Health",
            "grpc.reflection.v1.ServerReflection",
          ],
        );
      }),
    ),
  );

  test.serial(
    `a tool without contracts gets those of a service, and its requests are understood, ${where}`,
    (t) =>
      inPlace(
        withReflection(async (tool) => {
          const [answer] = await ask(tool, {
            case: "fileContainingSymbol",
            value: "bank.v1.BankService",
          });
          t.deepEqual(namesIn(answer), bankFiles);
          const service = registryOf(answer).getService("bank.v1.BankService");
          t.deepEqual(
            service?.methods.map(({ name }) => name),
            BankServiceRpc.descriptor.methods.map(({ name }) => name),
          );
          const input = service?.method["transfer"]?.input;
          const bytes = toBinary(
            input!,
            create(input!, { from: "alice", to: "bob", cents: 5n } as Record<
              string,
              unknown
            >),
          );
          const { from, to, cents } = fromBinary(TransferRequestSchema, bytes);
          t.deepEqual([from, to, cents], ["alice", "bob", 5n]);
        }),
      ),
  );
}

test.serial("files are found by name and by whatever they declare", (t) =>
  inSimulation(
    withReflection(async (tool) => {
      const [named] = await ask(tool, {
        case: "fileByFilename",
        value: "bank/v1/bank.proto",
      });
      t.deepEqual(namesIn(named), bankFiles);
      const symbols: [symbol: string, file: string][] = [
        ["bank.v1.BankService.Transfer", "bank/v1/bank.proto"],
        ["bank.v1.TransferRequest", "bank/v1/bank.proto"],
        ["bank.v1.TransferRequest.cents", "bank/v1/bank.proto"],
        [
          "grpc.health.v1.HealthCheckResponse.ServingStatus",
          "grpc/health/v1/health.proto",
        ],
        [
          "grpc.health.v1.HealthCheckResponse.SERVING",
          "grpc/health/v1/health.proto",
        ],
        [
          "grpc.reflection.v1.ServerReflectionRequest.message_request",
          "grpc/reflection/v1/reflection.proto",
        ],
        ["wavetank.options.v1.method", "wavetank/options/v1/options.proto"],
        [
          "google.protobuf.MethodOptions.idempotency_level",
          "google/protobuf/descriptor.proto",
        ],
      ];
      for (const [value, file] of symbols) {
        const [answer] = await ask(tool, {
          case: "fileContainingSymbol",
          value,
        });
        t.is(namesIn(answer)[0], file, value);
      }
    }),
  ),
);

test.serial(
  "a stream is given each import once, and what it asks for always",
  (t) =>
    inSimulation(
      withReflection(async (tool) => {
        const bank = { case: "fileByFilename", value: bankFiles[0]! } as const;
        const options = {
          case: "fileByFilename",
          value: bankFiles[1]!,
        } as const;
        const answers = await ask(tool, options, bank, bank, options);
        t.deepEqual(answers.map(namesIn), [
          [bankFiles[1], bankFiles[2]],
          [bankFiles[0]],
          [bankFiles[0]],
          [bankFiles[1]],
        ]);
        t.deepEqual(namesIn((await ask(tool, bank))[0]), bankFiles);
      }),
    ),
);

test.serial("extensions are found by what they extend and by number", (t) =>
  inSimulation(
    withReflection(async (tool) => {
      const extended = "google.protobuf.MethodOptions";
      const [file, numbers, none] = await ask(
        tool,
        {
          case: "fileContainingExtension",
          value: { containingType: extended, extensionNumber: 50211 },
        },
        { case: "allExtensionNumbersOfType", value: extended },
        {
          case: "allExtensionNumbersOfType",
          value: "bank.v1.TransferRequest",
        },
      );
      t.deepEqual(namesIn(file), bankFiles.slice(1));
      t.like(numbers, {
        case: "allExtensionNumbersResponse",
        value: { baseTypeName: extended, extensionNumber: [50211] },
      });
      t.like(none, {
        case: "allExtensionNumbersResponse",
        value: { extensionNumber: [] },
      });
    }),
  ),
);

test.serial(
  "what is not known is an error that says so, and the stream goes on",
  (t) =>
    inSimulation(
      withReflection(async (tool) => {
        const unknown: [Question, RegExp][] = [
          [{ case: "fileByFilename", value: "a.proto" }, /file "a\.proto"/],
          [{ case: "fileContainingSymbol", value: "a.B" }, /symbol "a\.B"/],
          [
            {
              case: "fileContainingExtension",
              value: { containingType: "a.B", extensionNumber: 7 },
            },
            /extension "a\.B:7"/,
          ],
          [
            { case: "allExtensionNumbersOfType", value: "bank.v1.BankService" },
            /message "bank\.v1\.BankService"/,
          ],
        ];
        const answers = await ask(
          tool,
          ...unknown.map(([question]) => question!),
          { case: undefined },
          { case: "listServices", value: "" },
        );
        for (const [index, [, message]] of unknown.entries()) {
          const answer = answers[index];
          t.is(answer?.case, "errorResponse");
          if (answer?.case !== "errorResponse") continue;
          t.is(answer.value.errorCode, rpcErrorCodes.not_found);
          t.regex(answer.value.errorMessage, message);
        }
        t.like(answers[unknown.length], {
          case: "errorResponse",
          value: { errorCode: rpcErrorCodes.invalid_argument },
        });
        t.is(answers.at(-1)?.case, "listServicesResponse");
      }),
    ),
);

test.serial(
  "files that no service needs are found when they are named",
  async (t) => {
    const question = {
      case: "fileContainingSymbol",
      value: "wavetank.rpc.v1.Status",
    } as const;
    const found = async (options?: ReflectionOptions): Promise<string[]> => {
      let names: string[] = [];
      await inSimulation(
        withReflection(async (tool) => {
          names = namesIn((await ask(tool, question))[0]);
        }, options),
      );
      return names;
    };
    t.deepEqual(await found({ files: [file_wavetank_rpc_v1_status] }), [
      "wavetank/rpc/v1/status.proto",
    ]);
    t.deepEqual(await found(), []);
  },
);
