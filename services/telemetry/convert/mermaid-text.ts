/** What stands as it is in a text; everything else could mean something to Mermaid, to Markdown or to HTML. */
const PLAIN = /[^\p{L}\p{N} _.,:/()[\]=+*|@!?'⚡🔒…-]/gu;

/** A text that Mermaid shows as it is: signs that it, Markdown or HTML would read go as `#NN;`. */
export const mermaidText = (text: string): string =>
  text
    .replaceAll(/\s+/g, " ")
    .replaceAll(PLAIN, (sign) => `#${sign.codePointAt(0) ?? 0};`)
    // A text that begins so would be an order to break lines.
    .replace(/^(no)?wrap:/, (order) => order.replace(":", "#58;"));
