import { execFileSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the protos. */
const protos = dirname(dirname(fileURLToPath(import.meta.url)));
/** Where everything is. */
export const root = dirname(protos);
const buf = join(root, "node_modules/.bin/buf");
const image = JSON.parse(
  execFileSync(buf, ["build", protos, "-o", "-#format=json"], {
    maxBuffer: 1 << 26,
    stdio: ["ignore", "pipe", "inherit"],
  }),
);
const files = image.file.filter((file) => file.package?.startsWith("tenon."));

/** The comment of a descriptor by its path in the file, as lines without the leading space. */
const commentsOf = (file) => {
  const byPath = new Map(file.sourceCodeInfo.location.map((at) => [(at.path ?? []).join("."), at.leadingComments]));
  return (...path) =>
    (byPath.get(path.join(".")) ?? "")
      .trimEnd()
      .split("\n")
      .map((line) => line.replace(/^ /, ""))
      .join("\n")
      .trim();
};

const shortName = (typeName) => typeName.split(".").at(-1);
const snakeUpper = (name) => name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toUpperCase();
/** FAULT_KIND_LOSE_REQUEST is "lose_request" in TypeScript; errnos stay as the kernel writes them. */
const enumWord = (enumName, value) => {
  const word = value.slice(snakeUpper(enumName).length + 1);
  return enumName === "Errno" ? word : word.toLowerCase();
};

const fieldsOf = (type, comment, i) =>
  (type.field ?? []).map((field, j) => ({
    name: field.name,
    kind: field.type.slice(5).toLowerCase(),
    ref: field.typeName && shortName(field.typeName),
    repeated: field.label === "LABEL_REPEATED",
    optional: field.proto3Optional === true || field.oneofIndex !== undefined,
    doc: comment(4, i, 2, j),
  }));

/** All that the descriptors hold, in the order of the files. */
export const enums = [];
export const messages = [];
export const facts = [];
export const points = [];
for (const file of files) {
  const comment = commentsOf(file);
  file.enumType?.forEach((type, i) =>
    enums.push({
      name: type.name,
      doc: comment(5, i),
      values: type.value.map((v, j) => ({
        proto: v.name,
        word: enumWord(type.name, v.name),
        number: v.number ?? 0,
        doc: comment(5, i, 2, j),
      })),
    }),
  );
  file.messageType?.forEach((type, i) => {
    const option = type.options?.["[tenon.contract.v1.fact]"];
    const one = { name: type.name, doc: comment(4, i), fields: fieldsOf(type, comment, i) };
    if (option) facts.push({ option, ...one });
    else messages.push(one);
  });
  file.service?.forEach((service, i) =>
    service.method.forEach((method, j) => {
      const option = method.options?.["[tenon.contract.v1.hook]"];
      if (!option) return;
      points.push({
        option,
        service: `${file.package}.${service.name}`,
        method: method.name,
        request: shortName(method.inputType),
        response: shortName(method.outputType),
        doc: comment(6, i, 2, j),
      });
    }),
  );
}
const messageNamed = new Map(messages.map((m) => [m.name, m]));

/** The fields of a message that are not the boundary's own. */
export const withoutHeader = (name) => messageNamed.get(name).fields.filter((f) => f.name !== "header");
