import type { Server } from "@grpc/grpc-js";
import type { CarryRequest, CarryResponse, LinkAnswer, LinkCredit, LinkOffer } from "../../abi/contract.generated.ts";
import type { FramePort } from "../../abi/frame.ts";
import type { Clock } from "../../abi/kit.ts";
import type { Geometry } from "../../nic/ring/layout.ts";
import { createStreamPort, type FrameMessage, type StreamPort } from "../../transports/frames/stream-port.ts";
import { clientOptions } from "../../transports/grpc/channel.ts";
import { dial } from "../../transports/grpc/dial.ts";
import { openCarrier, serveCarriers, type Carrier } from "../../transports/grpc/frame-streams.ts";
import type { Protos } from "../../transports/grpc/load.ts";
import type { TlsIdentity } from "../../transports/tls/identity.ts";
import { LINK_GEOMETRY } from "./geometry.ts";
import { createLinkPort, type LinkPort } from "./link-port.ts";
import { createProcessMemory, type Offered, type ProcessMemory } from "./memory.ts";
import { turnOfTheLoop } from "./turn.ts";

/** What makes the links of a process. */
export interface FrameLinksOptions {
  readonly clock: Clock;
  readonly protos: Protos;
  /** `stream` neither offers memory nor takes any. */
  readonly memory: "auto" | "stream";
  /** The folder for the memory; absent: the usual one for such files. Who shares memory sees it under the same name. */
  readonly shm?: string | undefined;
  readonly geometry?: Geometry;
  /** The world's own number; with it, what travels beside a frame is W3C trace context. */
  readonly origin?: number;
  /** Who we are to peers on other hosts. */
  readonly tls?: TlsIdentity | undefined;
}

/** A link that this process connects. */
export interface ConnectedLink {
  readonly port: FramePort;
  /** Resolves with true when the link is up, with false when it is not after so long. */
  ready(waitNs: number): Promise<boolean>;
  /** The peer is said to be back: connects at once if the link is down, and waits as `ready` does. */
  again(waitNs: number): Promise<boolean>;
  close(): void;
}

/** The links for frames between this process and others. */
export interface FrameLinks {
  /** Why this process shares no memory, in one line; empty where it does. */
  readonly whyStream: string;
  /** A link that somebody connects to us; its port refuses frames until then, and again when that one is gone. */
  expect(link: string): FramePort;
  /** A link that we connect, and connect again whenever it went down. */
  connect(to: { readonly address: string; readonly link: string }): ConnectedLink;
  /** Takes a link that somebody connects to us, from whoever serves the streams (`serveCarriers`). */
  accept(carrier: Carrier<CarryResponse, CarryRequest>): void;
  /** Adds the service to this house's server: `serveHouse({ …, also: links.serve })`. */
  serve(server: Server): () => void;
  /** Ends all of them. Without it, a process that shares memory does not end by itself. */
  close(): void;
}

const FIRST_PAUSE_NS = 100e6;
const LONGEST_PAUSE_NS = 2e9;
const NOT_YET = "nobody has connected it yet";

/**
 * Makes the links of a process. How frames travel is found out when a link is connected: the connecting side offers memory,
 * the other side takes it or says why not, and then the frames go over the stream, with credits. Each link has a connection
 * of its own, apart from that of the hooks; its end is the end of the link, however frames travel.
 */
export async function createFrameLinks(options: FrameLinksOptions): Promise<FrameLinks> {
  const { clock, protos, geometry = LINK_GEOMETRY, origin = 0 } = options;
  const window: LinkCredit = { frames: geometry.capacity, bytes: geometry.capacity * geometry.slotBytes };
  const shared =
    options.memory === "auto"
      ? await createProcessMemory(clock, geometry, options.shm)
      : ({ ok: false, why: "memory is not wanted here" } as const);
  const memory: ProcessMemory | undefined = shared.ok ? shared.value : undefined;
  const whyStream = shared.ok ? "" : shared.why;
  const expected = new Map<string, LinkPort>();
  const serving = new Map<string, Carrier<CarryResponse, CarryRequest>>();
  const connected = new Set<() => void>();
  let closing = false;

  const streamPort = (why: string, write: (message: FrameMessage) => void): StreamPort =>
    createStreamPort({
      medium: why === "" ? "stream" : `stream (${why})`,
      window,
      frameBytesMax: geometry.slotBytes,
      write,
      yieldTurn: turnOfTheLoop,
    });

  /** What we answer to an offer, and the port that the link gets. */
  function decide(offer: LinkOffer, carrier: Carrier<CarryResponse, CarryRequest>) {
    const taken = offer.memory === undefined ? undefined : memory?.accept(offer.memory);
    if (taken?.ok === true) return { answer: answered("memory", "", taken.value.bell), port: taken.value.port };
    const why = offer.memory === undefined ? offer.why_stream : (taken?.why ?? whyStream);
    const stream = streamPort(why, (message) => carrier.write(message));
    return { answer: answered("stream", why), port: stream, stream };
  }

  function accept(carrier: Carrier<CarryResponse, CarryRequest>): void {
    let link: string | undefined;
    let stream: StreamPort | undefined;
    const refuse = (reason: string): void => {
      carrier.write({ answer: answered("refused", reason), frames: [] });
      carrier.end();
    };
    carrier.listen({
      message(message) {
        if (link !== undefined) {
          stream?.arrived(message);
          return;
        }
        const { offer } = message;
        const port = offer === undefined ? undefined : expected.get(offer.link);
        if (closing) {
          refuse("this process is closing its links");
          return;
        }
        if (offer === undefined || port === undefined) {
          refuse(
            offer === undefined ? "the first message offers no link" : `nobody expects the link ${offer.link} here`,
          );
          return;
        }
        link = offer.link;
        const former = serving.get(link);
        // A new incarnation of the peer may be here before the end of the old one is noticed.
        serving.set(link, carrier);
        former?.end();
        const decision = decide(offer, carrier);
        stream = decision.stream;
        carrier.write({ answer: decision.answer, frames: [], ...(stream !== undefined && { credit: window }) });
        port.up(decision.port);
        stream?.arrived(message);
      },
      ended(why) {
        if (link === undefined || serving.get(link) !== carrier) return;
        serving.delete(link);
        expected.get(link)?.down(why);
        carrier.end();
      },
    });
  }

  function connect({ address, link }: { readonly address: string; readonly link: string }): ConnectedLink {
    const linkPort = createLinkPort(NOT_YET);
    const newClient = () =>
      dial(
        address,
        options.tls,
        clientOptions(() => 0),
      );
    const made = newClient();
    if (!made.ok) {
      linkPort.down(made.reason);
      const not = (): Promise<boolean> => Promise.resolve(false);
      return { port: linkPort.port, ready: not, again: not, close: () => undefined };
    }
    let client = made.value;
    // Made once for all attempts until one takes it: nobody can take memory back that was mapped.
    let offered: Offered | undefined;
    let carrier: Carrier<CarryRequest, CarryResponse> | undefined;
    let pauseNs = FIRST_PAUSE_NS;
    let closed = false;

    function makeOffer(): LinkOffer {
      if (memory !== undefined && offered === undefined) {
        const made = memory.offer();
        if (!made.ok) return { link, origin, why_stream: made.why };
        offered = made.value;
      }
      return {
        link,
        origin: options.origin ?? 0,
        why_stream: whyStream,
        ...(offered !== undefined && { memory: offered.offer }),
      };
    }

    /** The port that the answer gives the link, or why it gives none. */
    function settle(answer: LinkAnswer, to: Carrier<CarryRequest, CarryResponse>): StreamPort | undefined {
      if (answer.medium !== "memory" && answer.medium !== "stream") {
        // The memory is kept for the next attempt.
        fall(to, answer.reason === "" ? "the peer answered neither memory nor stream" : answer.reason);
        return undefined;
      }
      const mine = offered;
      offered = undefined;
      if (answer.medium === "memory") {
        if (mine === undefined) {
          fall(to, "the peer took memory that was not offered");
          return undefined;
        }
        const port = mine.taken(answer.bell);
        if (port.ok) linkPort.up(port.value);
        else fall(to, port.why);
        return undefined;
      }
      mine?.notTaken();
      const stream = streamPort(answer.reason, (message) => to.write(message));
      linkPort.up(stream);
      return stream;
    }

    function fall(from: Carrier<CarryRequest, CarryResponse>, why: string): void {
      if (carrier !== from) return;
      carrier = undefined;
      linkPort.down(why);
      from.end();
      if (closed) return;
      clock.after(pauseNs, attempt);
      pauseNs = Math.min(2 * pauseNs, LONGEST_PAUSE_NS);
    }

    function attempt(): void {
      if (closed || carrier !== undefined) return;
      const dialled = openCarrier(client, protos);
      carrier = dialled;
      let stream: StreamPort | undefined;
      let answeredYet = false;
      dialled.listen({
        message(message) {
          if (!answeredYet) {
            answeredYet = true;
            stream = settle(message.answer ?? answered("refused", "the first message answers nothing"), dialled);
            if (carrier === dialled) pauseNs = FIRST_PAUSE_NS;
          }
          stream?.arrived(message);
        },
        ended: (why) => fall(dialled, why),
      });
      dialled.write({ offer: makeOffer(), frames: [], credit: window });
    }

    const close = (): void => {
      closed = true;
      connected.delete(close);
      if (carrier !== undefined) fall(carrier, "it was closed here");
      offered?.notTaken();
      offered = undefined;
      client.close();
    };
    connected.add(close);
    attempt();
    const ready = (waitNs: number): Promise<boolean> =>
      new Promise((resolve) => {
        if (linkPort.isUp()) {
          resolve(true);
          return;
        }
        const timer = clock.after(waitNs, () => resolve(false));
        linkPort.onUp(() => {
          timer.cancel();
          resolve(true);
        });
      });
    return {
      port: linkPort.port,
      ready,
      again(waitNs) {
        const remade = closed || linkPort.isUp() ? undefined : newClient();
        if (remade?.ok === true) {
          // The old one knocks in its own time, which may be seconds away.
          const former = carrier;
          carrier = undefined;
          former?.end();
          client.close();
          client = remade.value;
          attempt();
        }
        return ready(waitNs);
      },
      close,
    };
  }

  return {
    whyStream,
    expect(link) {
      const port = expected.get(link) ?? createLinkPort(NOT_YET);
      expected.set(link, port);
      return port.port;
    },
    connect,
    accept,
    serve: (server) => serveCarriers(server, protos, accept),
    close() {
      closing = true;
      for (const close of [...connected]) close();
      for (const carrier of serving.values()) carrier.end();
      for (const port of expected.values()) port.down("it was closed here");
      serving.clear();
      memory?.close();
    },
  };
}

const answered = (medium: NonNullable<LinkAnswer["medium"]>, reason: string, bell = ""): LinkAnswer => ({
  medium,
  reason,
  bell,
});
