import { Server } from "@grpc/grpc-js";

/** A server that knows the names of its services. */
export class NamedServer extends Server {
  readonly services = new Set<string>();

  override register<Request, Response>(
    ...method: Parameters<typeof Server.prototype.register<Request, Response>>
  ): boolean {
    const [, service = ""] = method[0].split("/");
    this.services.add(service);
    return super.register(...method);
  }
}
