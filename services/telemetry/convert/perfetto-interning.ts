import type { Scalar } from "../../abi/event.ts";
import type { DebugAnnotation, InternedData } from "./perfetto-proto.ts";

/** Gives strings that come again and again a number; each is written once, in the packet that first needs it. */
export function createInterning() {
  const known = {
    eventCategories: new Map<string, number>(),
    eventNames: new Map<string, number>(),
    debugAnnotationNames: new Map<string, number>(),
  };
  let news: InternedData | undefined;

  function numberOf(kind: keyof InternedData, name: string): number {
    const found = known[kind].get(name);
    if (found !== undefined) return found;
    // 0 is no number of a string.
    const iid = known[kind].size + 1;
    known[kind].set(name, iid);
    news ??= { eventCategories: [], eventNames: [], debugAnnotationNames: [] };
    news[kind].push({ iid, name });
    return iid;
  }

  function annotation(name: string, value: Scalar): DebugAnnotation {
    const nameIid = numberOf("debugAnnotationNames", name);
    if (typeof value === "string") return { nameIid, stringValue: value };
    if (typeof value === "boolean") return { nameIid, boolValue: value };
    return Number.isSafeInteger(value) ? { nameIid, intValue: value } : { nameIid, doubleValue: value };
  }

  return {
    name: (name: string): number => numberOf("eventNames", name),
    category: (name: string): number => numberOf("eventCategories", name),
    /** Fields beside an event; pointers are shown in hexadecimal digits. */
    annotations: (
      fields: Readonly<Record<string, Scalar>>,
      pointers: Readonly<Record<string, number>>,
    ): DebugAnnotation[] => [
      ...Object.entries(fields).map(([name, value]) => annotation(name, value)),
      ...Object.entries(pointers).map(([name, pointerValue]) => ({
        nameIid: numberOf("debugAnnotationNames", name),
        pointerValue,
      })),
    ],
    /** The strings that are new since the last question. */
    fresh(): InternedData | undefined {
      const fresh = news;
      news = undefined;
      return fresh;
    },
  };
}
