import type { Errno, FaultPhase, FaultResource, FaultSide, Stage } from "../../abi/contract.generated.ts";
import type { Profile } from "../../abi/profile.ts";
import type { EFFECTS, MOMENTS, PERSISTENCE, STREAMS } from "../schema/faults.ts";

/** A scalar of an effect. */
type WrittenScalar = number | string | boolean;

/** A value to compare with, perhaps behind a comparison, or comparisons by name. */
export type WrittenMatch = Readonly<Record<string, WrittenScalar | Readonly<Record<string, WrittenScalar>>>>;

/** The details of an effect. */
export interface WrittenEffect {
  readonly errno?: Errno;
  readonly grpcStatus?: string;
  readonly value?: WrittenScalar | Readonly<Record<string, WrittenScalar>>;
  readonly fixed?: string;
  readonly uniform?: readonly [string, string];
  readonly exp?: string;
  readonly jitter?: string;
  readonly correlation?: string;
  readonly times?: number;
  readonly gap?: number;
  readonly bytes?: number;
  readonly fields?: readonly string[];
  readonly values?: Readonly<Record<string, WrittenScalar>>;
  readonly rate?: string;
  readonly until?: string;
  readonly kind?: FaultResource;
  readonly place?: string;
  readonly between?: readonly [string, string];
  readonly by?: string;
  readonly for?: string;
  readonly moment?: (typeof MOMENTS)[number];
}

/** A fault. */
export interface WrittenFault {
  readonly id: string;
  readonly title?: string;
  readonly point: string | readonly string[];
  readonly phase?: FaultPhase;
  readonly side?: FaultSide;
  readonly stream?: (typeof STREAMS)[number];
  readonly when?: string;
  readonly match?: {
    readonly caller?: string;
    readonly node?: string;
    readonly process?: string;
    readonly stage?: Stage;
    readonly task?: string;
    readonly slice?: WrittenMatch;
    readonly args?: WrittenMatch;
    readonly callers?: {
      readonly require?: readonly string[];
      readonly reject?: readonly string[];
      readonly depth?: number;
    };
  };
  readonly select: {
    readonly nth?: number | string | readonly (number | string)[];
    readonly every?: number;
    readonly probability?: string;
    readonly interval?: number;
    readonly times?: number;
    readonly space?: number;
    readonly persist?: (typeof PERSISTENCE)[number];
  };
  readonly maxActiveFaults?: number;
  readonly verbose?: number;
  readonly effect: {
    readonly [Effect in (typeof EFFECTS)[number]]?: true | WrittenEffect;
  };
  readonly armed?: boolean;
  readonly profile?: Profile;
}
