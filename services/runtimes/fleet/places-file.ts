import { parseDocument } from "yaml";
import { z } from "zod";
import { failed, worked, type Attempt } from "../../transports/answers.ts";
import { addressProblem } from "../../transports/grpc/address.ts";

/** Where a place is that somebody else has started. */
export interface PlaceAt {
  /** As the other places of its node reach it; absent: as everybody does. */
  readonly near?: string | undefined;
  /** As everybody else does. */
  readonly far: string;
}

/** The places of a fleet, by name. */
export type PlacesFile = ReadonlyMap<string, PlaceAt>;

const FORM = "places: { alpha/vfs: { near: unix:/run/tenon/vfs.sock, far: alpha-vfs:7400 } }";
const address = z.string().refine((written) => addressProblem(written) === undefined, {
  error: ({ input }) => addressProblem(String(input)) ?? "",
});
const schema = z.strictObject({
  places: z.record(
    z.string().regex(/^[^/\s]+\/[a-z]+$/, { error: "a place is named such as alpha/vfs or lan/switch" }),
    z.strictObject({ near: address.optional(), far: address }),
  ),
});

/** Reads a places file; what is wrong with it is said in one line. */
export function readPlaces(text: string, file: string): Attempt<PlacesFile> {
  const document = parseDocument(text, { prettyErrors: true });
  const [broken] = document.errors;
  if (broken !== undefined) return failed(`${file}: ${broken.message.split("\n")[0] ?? ""}`);
  const read = schema.safeParse(document.toJS());
  if (read.success) return worked(new Map(Object.entries(read.data.places)));
  const [issue] = read.error.issues;
  const where = issue?.path.join(".") ?? "";
  return failed(`${file}: ${where === "" ? "" : `${where}: `}${issue?.message ?? ""}; allowed is ${FORM}`);
}
