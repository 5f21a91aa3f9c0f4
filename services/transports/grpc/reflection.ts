import { status, type Server, type ServerDuplexStream } from "@grpc/grpc-js";
import type { PackageDefinition } from "@grpc/proto-loader";
import { assert } from "../../abi/assert.ts";
import { lineOf } from "../answers.ts";
import { asBytes } from "./channel.ts";
import { loadDefinitions } from "./load.ts";
import { refusal } from "./status.ts";

/** Both names under which tools ask: the new one, and the one that most of them still begin with. */
const VERSIONS = ["grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection"];

/** What of a stream the library uses. */
type AnyStream = Pick<ServerDuplexStream<object, object>, "on" | "write" | "end">;

interface Method {
  readonly read: (bytes: Buffer) => object;
  readonly write: (message: object) => Buffer;
  readonly handle: (stream: AnyStream) => void;
}

/**
 * The protos as the library wants them, for once: proto-loader hangs all files on every message, and the library reads them
 * all, each time.
 */
function definitions(): PackageDefinition {
  const seen = new Set<unknown>();
  return Object.fromEntries(
    Object.entries(loadDefinitions()).filter(([, definition]) => {
      const files = "fileDescriptorProtos" in definition ? definition.fileDescriptorProtos : undefined;
      const isNew = files !== undefined && !seen.has(files);
      seen.add(files);
      return isNew;
    }),
  );
}

/** Loads the library and the protos: 0.2 s and a few megabytes, so nobody pays for it who is never asked. */
async function loadMethods(services: ReadonlySet<string>): Promise<ReadonlyMap<string, Method>> {
  const { ReflectionService } = await import("@grpc/reflection");
  const methods = new Map<string, Method>();
  new ReflectionService(definitions(), { services: [...services] }).addToServer({
    addService(definition, implementation) {
      for (const [name, { path, requestDeserialize, responseSerialize }] of Object.entries(definition)) {
        const handle = implementation[name] as ((stream: AnyStream) => void) | undefined;
        assert(handle !== undefined, "the library implements what it defines");
        methods.set(path, {
          read: (bytes) => requestDeserialize(bytes) as object,
          write: (message) => responseSerialize(message),
          handle,
        });
      }
    },
  });
  return methods;
}

/** Puts messages where bytes travel. What cannot be read ends the stream. */
function answer(bytes: ServerDuplexStream<Buffer, Buffer>, { read, write, handle }: Method): void {
  const stream: AnyStream = {
    write: (message: object) => bytes.write(write(message)),
    end: () => bytes.end(),
    on(event: string, listener: (message: object) => void) {
      bytes.on(event, (arrived: Buffer) => {
        if (event !== "data") {
          listener(arrived);
          return;
        }
        try {
          listener(read(arrived));
        } catch (error) {
          bytes.emit("error", refusal(status.INVALID_ARGUMENT, `the request cannot be read: ${lineOf(error)}`));
        }
      });
      return bytes;
    },
  } as AnyStream;
  handle(stream);
}

/**
 * Adds server reflection: tools such as grpcurl ask a server what it has and how it is spoken to.
 *
 * @param services the names of all services that the server has; those of them that are ours are told.
 * @returns what ends the streams of those who ask.
 */
export function registerReflection(server: Server, services: ReadonlySet<string>): () => void {
  let loading: Promise<ReadonlyMap<string, Method>> | undefined;
  const streams = new Set<ServerDuplexStream<Buffer, Buffer>>();
  for (const version of VERSIONS) {
    const path = `/${version}/ServerReflectionInfo`;
    const open = (stream: ServerDuplexStream<Buffer, Buffer>): void => {
      streams.add(stream);
      stream.on("close", () => streams.delete(stream));
      loading ??= loadMethods(services);
      // Nothing is read from the stream until somebody listens to it.
      loading.then(
        (methods) => {
          const method = methods.get(path);
          assert(method !== undefined, "the library serves both versions");
          answer(stream, method);
        },
        (error: unknown) => stream.emit("error", refusal(status.INTERNAL, lineOf(error))),
      );
    };
    server.register(path, open, asBytes, asBytes, "bidi");
  }
  return () => {
    for (const stream of streams) stream.end();
  };
}
