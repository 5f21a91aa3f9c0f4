import type { FaultKind, FaultPhase, FaultSide } from "../../abi/contract.generated.ts";
import { FAULT_KINDS, impossible, PHASES, SIDES } from "../../boundary/faults/cells.ts";
import { FAULT_POINTS, pointName, type FaultPoint } from "../../boundary/faults/points.ts";
import { RUNTIMES, type Runtime } from "../world.ts";

/** One cell of the matrix of faults: whether an effect can be at a point, in a phase of the crossing, on one of its sides. */
export interface MatrixCell {
  readonly point: string;
  readonly effect: FaultKind;
  readonly phase: FaultPhase;
  readonly side: FaultSide;
  readonly runtime: Runtime;
  readonly state: "runs" | "impossible";
  /** Why not, in one sentence. */
  readonly reason?: string;
  /** Where it was run: an identifier of the run. */
  readonly run?: string;
}

/** Where a cell is, without the runtime: what can be in one can be in all. */
export interface MatrixPlace {
  readonly point: FaultPoint;
  readonly effect: FaultKind;
  readonly phase: FaultPhase;
  readonly side: FaultSide;
}

/** Every place of the matrix, in the order of the contract. */
export const matrixPlaces = (): MatrixPlace[] =>
  FAULT_POINTS.flatMap((point) =>
    FAULT_KINDS.flatMap((effect) => SIDES.flatMap((side) => PHASES.map((phase) => ({ point, effect, phase, side })))),
  );

/** Those that run. */
export const runningPlaces = (): MatrixPlace[] =>
  matrixPlaces().filter(({ point, effect, phase, side }) => impossible(point, effect, { phase, side }) === undefined);

/** A place's name, such as `sock_oob_bind.refuse.instead.client`. */
export const placeName = ({ point, effect, phase, side }: MatrixPlace): string =>
  [pointName(point), effect, phase, side].join(".");

/** The whole matrix, generated from the contract. */
export const matrixCells = (): MatrixCell[] =>
  matrixPlaces().flatMap(({ point, effect, phase, side }) => {
    const reason = impossible(point, effect, { phase, side });
    const place = { point: pointName(point), effect, phase, side };
    return RUNTIMES.map((runtime): MatrixCell =>
      reason === undefined ? { ...place, runtime, state: "runs" } : { ...place, runtime, state: "impossible", reason },
    );
  });
