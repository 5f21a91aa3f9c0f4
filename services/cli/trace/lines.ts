import { durationText } from "../../abi/units.ts";
import { cut, pad, widthOf, type Look, type Paint } from "../look.ts";
import type { Mark, Row, Tone } from "./rows.ts";

/** From here on there is room for who answers, and for a column of durations. */
const WIDE_FROM = 110;
/** Wider lines are hard to follow with the eyes. */
const WIDTH_MAX = 150;
const SERVICE_NARROW = 11;
const SERVICE_WIDE = 24;
const STAGE = 4;
/** A node's name is cut to so much. */
const NODE_MAX = 10;
const DURATION = 8;
const TIME_MIN = 8;
/** Arguments are cut to no less; marks that then find no room get a line of their own. */
const ARGS_MIN = 14;
const ANSWER_MIN = 8;

const timeText = (ns: number): string => (ns / 1e9).toFixed(6);

/** A text of which each piece has its own colour. */
interface Piece {
  readonly text: string;
  readonly paint: Paint;
}

const widthOfAll = (pieces: readonly Piece[]): number => pieces.reduce((sum, { text }) => sum + widthOf(text), 0);

/** Draws rows that belong together as lines of one look. */
export interface Pen {
  /** Learns of nodes; where there are several each line says its own. Answers whether that has changed the columns. */
  meet(nodes: readonly string[]): boolean;
  header(rows: readonly Row[]): string;
  draw(rows: readonly Row[]): string[];
}

/** A pen for this terminal. */
export function createPen(look: Look): Pen {
  const { glyphs, plain } = look;
  const wide = look.columns >= WIDE_FROM;
  const width = Math.min(look.columns, WIDTH_MAX);
  const service = wide ? SERVICE_WIDE : SERVICE_NARROW;
  const unpainted: Paint = (text) => text;
  const tones: Readonly<Record<Tone, Paint>> = {
    plain: unpainted,
    faint: look.faint,
    odd: look.odd,
    bad: look.bad,
    fault: look.bad,
    lock: look.odd,
  };
  const show = (pieces: readonly Piece[]): string =>
    pieces.map(({ text, paint }) => (text === "" ? "" : paint(text))).join("");

  function serviceOf(row: Row): Piece[] {
    const lane = look.lane(row.service);
    const own = plain(row.service === "task" && row.task !== "" ? `task ${row.task}` : row.service);
    if (!wide || row.to === undefined) {
      const text = cut(own, service, glyphs);
      return [{ text: pad(text, service), paint: lane }];
    }
    const goal = ` ${glyphs.arrow} ${row.to}`;
    const from = cut(own, service - widthOf(goal), glyphs);
    const blank = " ".repeat(service - widthOf(from) - widthOf(goal));
    return [
      { text: from, paint: lane },
      { text: ` ${glyphs.arrow} `, paint: look.faint },
      { text: row.to, paint: look.lane(row.to) },
      { text: blank, paint: unpainted },
    ];
  }

  function markPieces({ tone, text }: Mark): Piece[] {
    if (tone === "fault") return [{ text: `  ${plain(glyphs.fault + text)}`, paint: look.bad }];
    if (tone !== "lock") return [{ text: `  ${plain(text)}`, paint: tones[tone] }];
    const short = wide ? text : text.replace(/(?<=^|\s)[\w.]*\.(\w+):\d+/g, "$1");
    return [{ text: `  ${glyphs.lock}${short === "" ? "" : ` ${plain(short)}`}`, paint: look.odd }];
  }

  function treeOf(row: Row): { readonly here: string; readonly below: string } {
    const above = row.follows
      .slice(0, -1)
      .map((more) => (more ? glyphs.line : glyphs.gap))
      .join("");
    const more = row.follows.at(-1);
    if (more === undefined) return { here: "", below: "" };
    return { here: above + (more ? glyphs.branch : glyphs.last), below: above + (more ? glyphs.line : glyphs.gap) };
  }

  const nodes = new Set<string>();
  /** The width of the column of nodes, its gap included; 0 where there is one node only. */
  const nodeWidth = (): number =>
    nodes.size < 2 ? 0 : Math.min(NODE_MAX, Math.max(...[...nodes].map((node) => widthOf(plain(node))))) + 2;
  const nodeOf = (node: string): Piece[] => {
    const columns = nodeWidth();
    return columns === 0 ? [] : [{ text: pad(cut(plain(node), columns - 2, glyphs), columns), paint: unpainted }];
  };

  let latestNs = 0;

  function leftOf(row: Row, timeWidth: number): Piece[] {
    const oob = row.stage === "oob";
    // Where the time goes back, the lines tell of something that happened meanwhile.
    const back = row.timeNs < latestNs;
    latestNs = row.timeNs;
    return [
      { text: `${timeText(row.timeNs).padStart(timeWidth)}  `, paint: back ? look.odd : look.faint },
      ...nodeOf(row.node),
      ...serviceOf(row),
      { text: "  ", paint: unpainted },
      { text: pad(oob ? "oob" : "in", STAGE), paint: oob ? look.strong : look.faint },
    ];
  }

  /** What happened, within so many columns: arguments give way first, then marks go below, then the answer is cut. */
  function bodyOf(row: Row, treeHere: string, room: number): { readonly body: Piece[]; readonly below: Piece[] } {
    const namePaint = row.tone !== "plain" ? tones[row.tone] : row.to === undefined ? unpainted : look.lane(row.to);
    const name: Piece[] = [
      { text: treeHere, paint: look.faint },
      { text: row.resumed ? `${glyphs.more} ` : "", paint: look.faint },
      { text: plain(row.name), paint: namePaint },
    ];
    const [open, close] = row.call ? ["(", ")"] : [row.args === "" ? "" : " ", ""];
    const args = plain(row.args);
    const said = row.answer === undefined ? "" : ` ${plain(row.answer.text)}`;
    const head = widthOfAll(name) + widthOf(open + close);
    const answer = cut(said, Math.max(ANSWER_MIN, room - head - widthOf(glyphs.more)), glyphs);
    const marks = row.marks.flatMap(markPieces);
    const left = room - head - widthOf(answer);
    const together = widthOfAll(marks) + Math.min(widthOf(args), ARGS_MIN) <= left;
    const body: Piece[] = [
      ...name,
      { text: open, paint: unpainted },
      { text: cut(args, together ? left - widthOfAll(marks) : left, glyphs), paint: row.call ? unpainted : look.faint },
      { text: close, paint: unpainted },
      { text: answer, paint: row.answer === undefined ? unpainted : tones[row.answer.tone] },
    ];
    return together ? { body: [...body, ...marks], below: [] } : { body, below: marks };
  }

  /** How long it took: in a column of its own, or behind the rest where there is room for it. */
  function tookOf({ durationNs }: Row, room: number): string {
    const duration = durationNs === undefined || durationNs <= 0 ? "" : plain(durationText(durationNs));
    if (duration === "") return "";
    if (wide) return " ".repeat(Math.max(1, room + 1)) + duration.padStart(DURATION);
    return widthOf(duration) + 2 > room ? "" : `  ${duration}`;
  }

  function drawRow(row: Row, timeWidth: number): string[] {
    const tree = treeOf(row);
    const left = leftOf(row, timeWidth);
    const room = width - widthOfAll(left) - (wide ? DURATION + 1 : 0);
    const { body, below } = bodyOf(row, tree.here, room);
    const took: Piece = { text: tookOf(row, room - widthOfAll(body)), paint: look.faint };
    const indent = " ".repeat(widthOfAll(left)) + look.faint(tree.below);
    return [
      show([...left, ...body, took]),
      ...wrap(below, room - widthOf(tree.below)).map((pieces) => indent + show(pieces)),
    ];
  }

  /** Marks that found no room: as many on a line as go there, cut where one alone is too wide. */
  function wrap(marks: readonly Piece[], room: number): Piece[][] {
    const lines: Piece[][] = [];
    for (const mark of marks) {
      const piece = { text: cut(mark.text, room, glyphs), paint: mark.paint };
      const last = lines.at(-1);
      if (last !== undefined && widthOfAll(last) + widthOf(piece.text) <= room) last.push(piece);
      else lines.push([piece]);
    }
    return lines;
  }

  const timeWidthOf = (rows: readonly Row[]): number =>
    Math.max(TIME_MIN, ...rows.map(({ timeNs }) => timeText(timeNs).length));

  return {
    meet(some) {
      const before = nodeWidth();
      for (const node of some) nodes.add(node);
      return nodeWidth() !== before;
    },
    header: (rows) => {
      const names = pad(wide ? `caller ${glyphs.arrow} answers` : "service", service);
      const node = nodeWidth() === 0 ? "" : pad("node", nodeWidth());
      const title = `${"seconds".padStart(timeWidthOf(rows))}  ${node}${names}  stage`;
      return look.faint(wide ? pad(title, width - DURATION) + "took".padStart(DURATION) : title);
    },
    draw: (rows) => {
      const timeWidth = timeWidthOf(rows);
      return rows.flatMap((row) => drawRow(row, timeWidth));
    },
  };
}
