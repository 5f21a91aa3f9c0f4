import { assert } from "../../abi/assert.ts";
import type { FaultKind } from "../../abi/contract.generated.ts";
import { dataOf, resourcesOf } from "../../boundary/faults/cells.ts";
import { pointName } from "../../boundary/faults/points.ts";
import { placeName, runningPlaces, type MatrixPlace } from "./cells.ts";
import type { Recipe } from "./recipe.ts";
import { recipeFor } from "./recipes.ts";
import { stalledUntil } from "./rule.ts";

/** The smallest form of each effect, as a file has it. */
function effectText({ point, effect, phase, side }: MatrixPlace): string {
  const contract = typeof point === "string" ? undefined : point;
  const plain: Readonly<Partial<Record<FaultKind, string>>> = {
    delay: "delay: { fixed: 1ms }",
    lose_request: "loseRequest: true",
    lose_reply: "loseReply: true",
    double_call: "doubleCall: true",
    duplicate: "duplicate: true",
    skip: "skip: true",
    drop: "drop: true",
    reorder: "reorder: { gap: 1 }",
    corrupt: "corrupt: true",
    mistake: "mistake: true",
    bandwidth: "bandwidth: { rate: 1mbit }",
    wrong_stage: "wrongStage: true",
    crash: "crash: {}",
    hang: "hang: { for: 1ms }",
    slow: "slow: { by: 1ms, for: 5ms }",
    partition: `partition: { ${contract?.from === contract?.to ? "between: [companion, inband], " : ""}for: 1ms }`,
    stall: `stall: { until: "${stalledUntil({ point, side })}" }`,
  };
  switch (effect) {
    case "refuse":
      return `abort: { errno: ${contract?.errnos[0] ?? "EIO"} }`;
    case "road":
      return "abort: { grpcStatus: UNAVAILABLE }";
    case "resource":
      return `resource: { kind: ${contract === undefined ? "" : (resourcesOf(contract)[0] ?? "")} }`;
    case "answer": {
      const [field] = contract === undefined ? [] : dataOf(contract, "after");
      const zero = field?.kind === "bool" ? "false" : field?.kind === "string" || field?.kind === "bytes" ? '""' : "0";
      return `abort: { value: { ${field?.name ?? "value"}: ${zero} } }`;
    }
    default:
      assert(plain[effect] !== undefined, `there is a form for ${effect} of ${pointName(point)} at ${phase}`);
      return plain[effect];
  }
}

/** The fault of a place, as a file has it. */
const faultText = (place: MatrixPlace): string =>
  `{ id: cell, point: ${pointName(place.point)}, phase: ${place.phase}, side: ${place.side}, select: { nth: 1 }, effect: { ${effectText(place)} } }`;

/** An experiment that reaches a point; with the fault of a place, where one is given. */
export function recipeText(recipe: Recipe, place?: MatrixPlace): string {
  const { kills, steps } = recipe;
  const faults = [
    ...(place === undefined ? [] : [faultText(place)]),
    ...(kills === undefined
      ? []
      : [`{ id: killed, point: ${kills.at}, select: { nth: 1 }, effect: { crash: { place: ${kills.house} } } }`]),
  ];
  const name = place === undefined ? recipe.name.replaceAll(/\W+/g, "-") : placeName(place).replaceAll(/[._]/g, "-");
  return [
    "apiVersion: tenon/v1alpha1",
    "kind: Experiment",
    `metadata: { name: ${name.toLowerCase()} }`,
    "spec:",
    `  title: ${place === undefined ? recipe.name : `A cell of the matrix of faults, ${placeName(place)}`}`,
    `  world: ${recipe.world}`,
    "  workload:",
    ...steps.map((step) => `    - ${step}`),
    ...(faults.length === 0 ? [] : ["  faults:", ...faults.map((fault) => `    - ${fault}`)]),
    "",
  ].join("\n");
}

/** The experiment of a place of the matrix. What its steps come to is not said: what counts is that the fault strikes. */
export function cellText(place: MatrixPlace): string {
  const recipe = recipeFor(pointName(place.point));
  assert(recipe !== undefined, `some recipe reaches ${pointName(place.point)}`);
  return recipeText(recipe, place);
}

/** The experiment of a cell by its words; undefined for a cell that is impossible, or is none. */
export function cellExperiment(cell: {
  readonly point: string;
  readonly effect: string;
  readonly phase: string;
  readonly side: string;
}): string | undefined {
  const name = [cell.point, cell.effect, cell.phase, cell.side].join(".");
  const place = runningPlaces().find((one) => placeName(one) === name);
  return place === undefined ? undefined : cellText(place);
}
