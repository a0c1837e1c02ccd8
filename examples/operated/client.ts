/** What those do who call such a server, or look after it. */
import { createClient, type NetTransport } from "wavetank";
import {
  HealthRpc,
  ServerReflectionRpc,
  ServingStatus,
} from "wavetank/services";

/** Resolve once a service is fit to be called; reject when its process cannot be reached. */
export async function whenServing(
  transport: NetTransport,
  address: string,
  service: string,
): Promise<void> {
  const health = createClient(HealthRpc, transport, address);
  for await (const { status } of health.watch({ service }))
    if (status === ServingStatus.SERVING) return;
}

/** The names of all services of a process. */
export async function servicesAt(
  transport: NetTransport,
  address: string,
): Promise<string[]> {
  const tool = createClient(ServerReflectionRpc, transport, address);
  for await (const { messageResponse: answer } of tool.serverReflectionInfo(
    listServices(),
  ))
    if (answer.case === "listServicesResponse")
      return answer.value.service.map(({ name }) => name);
  return [];
}

async function* listServices() {
  yield { messageRequest: { case: "listServices", value: "" } } as const;
}
