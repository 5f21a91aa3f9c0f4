import { z } from "zod";
import { experimentSchema } from "./experiment.ts";

/**
 * The format of an experiment as JSON Schema, for editors. Draft 7, which the YAML language server understands.
 *
 * It says less than the loader checks: whether a fault is possible, whether a $name is defined and whether an atom names
 * something real is known to the loader only.
 */
export function experimentJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(experimentSchema, { target: "draft-7", io: "input" });
  return { $schema, title: "Tenon experiment", ...schema };
}
