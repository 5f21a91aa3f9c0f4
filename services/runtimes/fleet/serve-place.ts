import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Logger } from "pino";
import { CONTRACT, type AttendRequest, type AttendResponse, type PointName } from "../../abi/contract.generated.ts";
import type { Transport } from "../../boundary/invocation.ts";
import type { BrokenCall } from "../../boundary/receiver.ts";
import { failed, lost, worked, type Attempt } from "../../transports/answers.ts";
import { serveAttendance } from "../../transports/grpc/attend.ts";
import { serveCarriers, type Carrier } from "../../transports/grpc/frame-streams.ts";
import { loadProtos } from "../../transports/grpc/load.ts";
import { serveHouse } from "../../transports/grpc/server.ts";
import type { TlsIdentity } from "../../transports/tls/identity.ts";
import type { StrikeOrder } from "../blows.ts";
import { nameOf } from "../links.ts";
import { bootEpochMs, createRealClock } from "../real-clock.ts";
import { hang } from "./hang.ts";
import { obey } from "./obey.ts";
import { lifeOf, orderFromWire, wordToWire, type PlaceWord } from "./orders.ts";
import { openPlaceLife, type LifeFacts, type PlaceLife } from "./place-life.ts";

/** What makes a place that waits to be told who it is. */
export interface ServePlaceOptions {
  readonly addresses: readonly string[];
  readonly tls: TlsIdentity | undefined;
  /** The folder for memory that the places of one node share; absent: the usual one. */
  readonly shm: string | undefined;
  readonly log: Logger;
  /** An invariant of a life is broken. */
  readonly onBroken: (error: unknown, during?: BrokenCall) => void;
}

/** A place that waits, or lives. */
export interface ServedPlace {
  readonly addresses: readonly string[];
  /** Lets calls in progress end, ends the life, and no longer listens. */
  close(): Promise<void>;
}

/** How long calls in progress may take to end. */
const GRACE_NS = 1e9;

const POINTS = Object.values(CONTRACT).map(({ name }): PointName => name);

/**
 * A folder of the place's own for what it shares, empty: a former process of it was killed, and left there what nobody needs.
 */
function ownFolder(shm: string, { place }: LifeFacts): string {
  const folder = join(shm, nameOf(place).replace("/", "-"));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/**
 * Serves a place: one listener for all of its lives. Whoever attends to it tells it who it is; when that stream ends, so does
 * the life, and the next one may attend.
 *
 * @returns why it cannot listen there, in one line.
 */
export async function servePlace(options: ServePlaceOptions): Promise<Attempt<ServedPlace>> {
  const { addresses, tls, shm, log, onBroken } = options;
  const protos = loadProtos();
  const clock = createRealClock(bootEpochMs());
  let life: PlaceLife | undefined;

  const serve: Transport = (invocation) =>
    life?.serve(invocation) ?? Promise.resolve(lost("unreachable", "this place waits to be told who it is"));

  function open(facts: LifeFacts, say: (word: PlaceWord) => void): Promise<Attempt<PlaceLife>> {
    try {
      const folder = shm === undefined ? undefined : ownFolder(shm, facts);
      return openPlaceLife(facts, {
        protos,
        log,
        tls,
        shm: folder,
        askBlow: (blow, effect, lamport) => say({ t: "blow", blow, effect, lamport }),
        onBroken,
      }).then(worked);
    } catch (error) {
      return Promise.resolve(failed(`${shm ?? ""}: ${(error as Error).message}`));
    }
  }

  /** A blow to the place is one to its process: whoever keeps it running starts it again. */
  function strike({ kind, forNs }: StrikeOrder, own: PlaceLife, say: (word: PlaceWord) => void): void {
    if (kind === "crash") process.kill(process.pid, "SIGKILL");
    own.hold(forNs);
    void hang(forNs, () => say({ t: "obeyed" }));
  }

  function attended(attendance: Carrier<AttendResponse, AttendRequest>): void {
    let own: PlaceLife | undefined;
    let asked = false;
    let over = false;
    const isOver = (): boolean => over;
    const say = (word: PlaceWord): void => {
      if (!over) attendance.write(wordToWire(word));
    };
    const end = (): void => {
      if (over) return;
      over = true;
      own?.close();
      if (life === own) life = undefined;
      attendance.end();
    };
    const refuse = (reason: string): void => {
      log.error(reason);
      say({ t: "trouble", reason });
      end();
    };

    async function boot(facts: LifeFacts): Promise<void> {
      const opened = await open(facts, say);
      if (!opened.ok) {
        refuse(opened.reason);
        return;
      }
      if (isOver()) {
        opened.value.close();
        return;
      }
      own = opened.value;
      life = own;
      const { incarnation, mutant } = facts;
      log.info({ place: nameOf(facts.place), incarnation, mutant }, `booted as ${nameOf(facts.place)}`);
      say({ t: "serving", address: "" });
    }

    attendance.listen({
      message(request) {
        if (request.boot !== undefined) {
          const facts = asked ? failed("it was told already who it is") : lifeOf(request.boot);
          asked = true;
          if (facts.ok) void boot(facts.value).catch((error: unknown) => refuse((error as Error).message));
          else refuse(facts.reason);
          return;
        }
        const order = orderFromWire(request);
        if (order === undefined || own === undefined) {
          refuse(order === undefined ? "an order cannot be understood" : "the first order must say who it is");
        } else if (order.t === "strike") {
          strike(order, own, say);
        } else {
          obey(own, order, say).catch((error: unknown) => refuse((error as Error).message));
        }
      },
      ended(why) {
        if (own !== undefined && !over) log.info(`the world is gone: ${why}`);
        end();
      },
    });
  }

  const server = await serveHouse({
    addresses,
    tls,
    onRefused(refusal) {
      if (life === undefined) log.warn(refusal, "a peer was refused");
      else life.refused(refusal);
    },
    points: POINTS,
    serve,
    clock,
    protos,
    also(grpc) {
      const endFrames = serveCarriers(grpc, protos, (carrier) => {
        if (life === undefined) carrier.end();
        else life.accept(carrier);
      });
      const endAttendance = serveAttendance(grpc, protos, attended);
      return () => {
        endAttendance();
        endFrames();
      };
    },
  });
  if (!server.ok) return server;
  return worked({
    addresses: server.value.addresses,
    async close() {
      await server.value.close(GRACE_NS);
      life?.close();
    },
  });
}
