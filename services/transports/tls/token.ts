import { createHash, timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";
import { failed, lineOf, worked, type Attempt } from "../answers.ts";

/** A shorter one could be guessed by somebody who may try as often as they like. */
const TOKEN_MIN = 16;
const TOKEN_MAX = 512;

/**
 * Reads a token from its file: the only word in it.
 *
 * @returns what is wrong with it in one line, without a word of what is in it.
 */
export function loadToken(file: string): Attempt<string> {
  let text: string;
  try {
    text = readFileSync(file, "utf8").trim();
  } catch (error) {
    return failed(`the token cannot be read: ${lineOf(error)}`);
  }
  if (!/^[\x21-\x7e]+$/.test(text))
    return failed(`${file} holds no token: it is one word of letters, digits and signs`);
  if (text.length < TOKEN_MIN || text.length > TOKEN_MAX)
    return failed(`${file}: a token has ${TOKEN_MIN} to ${TOKEN_MAX} characters, this one has ${text.length}`);
  return worked(text);
}

const digestOf = (text: string): Buffer => createHash("sha256").update(text).digest();

/** The value of the metadata `authorization` that shows a token. */
export const bearer = (token: string): string => `Bearer ${token}`;

/**
 * Tells whether what was shown is the token. It takes as long for a wrong one as for the right one: hashes of equal length
 * are compared to their end.
 */
export function tokenCheck(token: string): (shown: string) => boolean {
  const expected = digestOf(bearer(token));
  return (shown) => timingSafeEqual(digestOf(shown), expected);
}
