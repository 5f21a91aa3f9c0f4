import { z } from "zod";
import { experimentSchema } from "./experiment.ts";
import { rulesSchema } from "./rules.ts";
import { REFERENCE } from "./words.ts";
import { worldSchema } from "./world.ts";

/**
 * The format of an experiment as JSON Schema, for editors. Draft 7, which the YAML language server understands.
 *
 * It says less than the loader checks: whether a fault is possible, whether a $name is defined and whether an atom names
 * something real is known to the loader only.
 */
export const experimentJsonSchema = (): Record<string, unknown> => jsonSchema(experimentSchema, "Tenon experiment");

/** The format of a file of rules. */
export const rulesJsonSchema = (): Record<string, unknown> => jsonSchema(rulesSchema, "Tenon rules");

/** The format of a world file. */
export const worldJsonSchema = (): Record<string, unknown> => jsonSchema(worldSchema, "Tenon world");

/** What stands where a value of the configuration goes: the loader puts it in before it looks at anything. */
const REFERENCE_OR_SETTING = `${REFERENCE.source}|^\\$\\{[^}]+\\}$`;

function jsonSchema(schema: z.ZodType, title: string): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(schema, {
    target: "draft-7",
    io: "input",
    override({ jsonSchema: made }) {
      if (made.pattern === REFERENCE.source) made.pattern = REFERENCE_OR_SETTING;
    },
  });
  return { $schema, title, ...rest };
}
