// Writes experiment.schema.json, rules.schema.json and world.schema.json from the formats that the lab reads. After `npm run build`:
// node experiments/write-schema.mjs
import { writeFileSync } from "node:fs";
import { format } from "prettier";
import { experimentJsonSchema, rulesJsonSchema, worldJsonSchema } from "../dist/services/lab/schema/json-schema.js";

const SCHEMAS = {
  "experiment.schema.json": experimentJsonSchema(),
  "rules.schema.json": rulesJsonSchema(),
  "world.schema.json": worldJsonSchema(),
};
for (const [name, schema] of Object.entries(SCHEMAS)) {
  const text = await format(JSON.stringify(schema), { parser: "json", printWidth: 120 });
  writeFileSync(new URL(name, import.meta.url), text);
}
