import fc from "fast-check";
import { LINUX, ILLUMOS, type TcpSettings } from "../../../services/inband/model/tcp/settings.ts";
import type { Act, AppPlan } from "./application.ts";
import type { EndScenario, Scenario } from "./pair.ts";
import { CLEAN, type WirePlan } from "./wire.ts";

const MS = 1_000_000;
const SECOND = 1000 * MS;

/** Numbers that begin near the places where sequence numbers wrap or change their sign. */
const iss = fc.oneof(
  fc.constantFrom(0, 1, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32 - 2),
  fc.integer({ min: 2 ** 32 - 60_000, max: 2 ** 32 - 1 }),
  fc.integer({ min: 2 ** 31 - 60_000, max: 2 ** 31 }),
  fc.nat(2 ** 32 - 1),
);

const settings: fc.Arbitrary<TcpSettings> = fc
  .record({
    base: fc.constantFrom(LINUX, ILLUMOS),
    mss: fc.constantFrom(1460, 1460, 536, 88, 8960),
    sndbuf: fc.constantFrom(128_000, 30_000, 4_096, 1_000_000),
    rcvbuf: fc.constantFrom(128_000, 30_000, 4_096, 2_000, 1_000_000),
    nodelay: fc.boolean(),
    cork: fc.oneof({ weight: 7, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
    congestion: fc.constantFrom("cubic" as const, "reno" as const),
    timestamps: fc.boolean(),
    sack: fc.boolean(),
    windowScaling: fc.boolean(),
    quickAcks: fc.constantFrom(0, 16),
    delayedAckNs: fc.constantFrom(40 * MS, 200 * MS),
  })
  .map(({ base, ...changes }) => ({ ...base, ...changes }));

const changes: fc.Arbitrary<Partial<TcpSettings>> = fc.constantFrom(
  { nodelay: true },
  { nodelay: false },
  { cork: true },
  { cork: false },
  { rcvbuf: 8_000 },
  { rcvbuf: 200_000 },
  { sndbuf: 3_000 },
  { sndbuf: 200_000 },
);

const sending: fc.Arbitrary<Act> = fc.record({
  t: fc.constant("send" as const),
  bytes: fc.oneof(
    fc.integer({ min: 1, max: 3000 }),
    fc.integer({ min: 1, max: 3 }),
    fc.integer({ min: 3000, max: 60_000 }),
  ),
  urgent: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  more: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
});

const pausing: fc.Arbitrary<Act> = fc.record({
  t: fc.constant("pause" as const),
  ns: fc.oneof(fc.integer({ min: 1, max: 50 * MS }), fc.integer({ min: 50 * MS, max: 5 * SECOND })),
});

const ordinary: fc.Arbitrary<Act> = fc.oneof(
  { weight: 6, arbitrary: sending },
  { weight: 3, arbitrary: pausing },
  { weight: 1, arbitrary: fc.record({ t: fc.constant("set" as const), changes }) },
);

const ending: fc.Arbitrary<Act> = fc.constantFrom(
  { t: "shutdown" as const },
  { t: "close" as const },
  { t: "abort" as const },
);

/** Applications: most are polite, some end what they do in the middle of it. */
const app: fc.Arbitrary<AppPlan> = fc
  .record({
    acts: fc.array(ordinary, { maxLength: 8 }),
    end: fc.oneof(
      { weight: 6, arbitrary: fc.constant<readonly Act[]>([]) },
      { weight: 1, arbitrary: fc.tuple(ending) },
    ),
    more: fc.array(ordinary, { maxLength: 2 }),
    readMax: fc.constantFrom(100_000, 5_000, 700, 60),
    readPauseNs: fc.constantFrom(0, 0, 1 * MS, 30 * MS),
    readAfterNs: fc.oneof(
      { weight: 4, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.integer({ min: 0, max: 20 * SECOND }) },
    ),
  })
  .map(({ acts, end, more, ...reads }) => ({ ...reads, acts: [...acts, ...end, ...(end.length > 0 ? more : [])] }));

/** Thousandths, mostly few. */
const chance = (max: number): fc.Arbitrary<number> =>
  fc.oneof(
    { weight: 2, arbitrary: fc.constant(0) },
    { weight: 2, arbitrary: fc.nat(Math.ceil(max / 5)) },
    { weight: 1, arbitrary: fc.nat(max) },
  );

const wire: fc.Arbitrary<WirePlan> = fc.record({
  delayNs: fc.oneof(fc.constantFrom(1000, 5 * MS, 100 * MS), fc.integer({ min: 1, max: 300 * MS })),
  jitterNs: fc.oneof(
    { weight: 2, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 50 * MS }) },
  ),
  loss: chance(250),
  duplicate: chance(300),
  corrupt: chance(100),
  reorder: chance(200),
  burst: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: 2, max: 12 }) }),
  bytesPerSecond: fc.oneof(
    { weight: 3, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.integer({ min: 20_000, max: 5_000_000 }) },
  ),
  queueBytes: fc.constantFrom(20_000, 3_000, 200_000),
  blackouts: fc.oneof(
    { weight: 5, arbitrary: fc.constant([]) },
    {
      weight: 1,
      arbitrary: fc.array(
        fc.record({
          fromNs: fc.nat(10 * SECOND),
          lengthNs: fc.oneof(fc.nat(20 * SECOND), fc.constant(3600 * SECOND)),
        }),
        { maxLength: 2 },
      ),
    },
  ),
  mtus: fc.oneof(
    { weight: 4, arbitrary: fc.constant([]) },
    {
      weight: 1,
      arbitrary: fc
        .array(fc.record({ atNs: fc.nat(3 * SECOND), mtu: fc.constantFrom(1500, 1280, 576, 9000) }), { maxLength: 3 })
        .map((mtus) => mtus.toSorted((left, right) => left.atNs - right.atNs)),
    },
  ),
});

const end: fc.Arbitrary<EndScenario> = fc
  .record({ app, settings, iss })
  .map(({ app: does, ...is }) => ({ ...does, ...is }));

/** Any scenario. */
export const anyScenario: fc.Arbitrary<Scenario> = fc.record({
  seed: fc.nat(2 ** 30),
  ends: fc.tuple(end, end),
  wire: fc.oneof({ weight: 4, arbitrary: wire }, { weight: 1, arbitrary: fc.constant(CLEAN) }),
  simultaneous: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
});
