// Writes experiment.schema.json from the format that the lab reads. After `npm run build`: node experiments/write-schema.mjs
import { writeFileSync } from "node:fs";
import { format } from "prettier";
import { experimentJsonSchema } from "../dist/services/lab/schema/json-schema.js";

const file = new URL("experiment.schema.json", import.meta.url);
writeFileSync(file, await format(JSON.stringify(experimentJsonSchema()), { parser: "json", printWidth: 120 }));
