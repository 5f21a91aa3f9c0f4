/** Labels of one series, in the order in which they are written. */
export type Labels = Readonly<Record<string, string>>;

/** A family of series under one name. */
export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: "counter" | "gauge" | "histogram";
  readonly samples: readonly Sample[];
}

/** One series: a number, or the counts of a histogram, each bucket with all that is below it. */
export type Sample =
  | { readonly labels: Labels; readonly value: number }
  | { readonly labels: Labels; readonly buckets: readonly number[]; readonly sum: number; readonly count: number };

/** Upper bounds of a histogram of durations, in seconds: from a call in one thread to the longest deadline. */
export const DURATION_BOUNDS = [
  0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5,
  5, 10, 30, 120,
] as const;

const escapedHelp = (text: string): string => text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
const escapedLabel = (text: string): string => escapedHelp(text).replaceAll('"', '\\"');

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapedLabel(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

const numberText = (value: number): string =>
  value === Infinity ? "+Inf" : value === -Infinity ? "-Inf" : Number.isNaN(value) ? "NaN" : String(value);

function sampleLines(name: string, sample: Sample): string[] {
  const { labels } = sample;
  if ("value" in sample) return [`${name}${labelText(labels)} ${numberText(sample.value)}`];
  const bounds = [...DURATION_BOUNDS.map(String), "+Inf"];
  return [
    ...bounds.map((le, i) => `${name}_bucket${labelText({ ...labels, le })} ${sample.buckets[i] ?? sample.count}`),
    `${name}_sum${labelText(labels)} ${numberText(sample.sum)}`,
    `${name}_count${labelText(labels)} ${sample.count}`,
  ];
}

/** The content type of the text. */
export const CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/**
 * Families in Prometheus' text format, version 0.0.4. Written by hand: it is this function, and the libraries for it are
 * quiet upstream, or bring a metrics SDK along whose every sample costs more than a hook.
 */
export const prometheusText = (families: readonly Family[]): string =>
  families
    .filter(({ samples }) => samples.length > 0)
    .map(({ name, help, type, samples }) =>
      [
        `# HELP ${name} ${escapedHelp(help)}`,
        `# TYPE ${name} ${type}`,
        ...samples.flatMap((sample) => sampleLines(name, sample)),
        "",
      ].join("\n"),
    )
    .join("");
