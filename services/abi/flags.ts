/** Constants of Linux (x86-64) that calls take, by name. */

/** Flags of open(2). */
export const O = {
  O_RDONLY: 0,
  O_WRONLY: 0o1,
  O_RDWR: 0o2,
  O_APPEND: 0o2000,
  O_NONBLOCK: 0o4000,
  O_CLOEXEC: 0o2000000,
} as const;

/** The bits of the access mode. */
export const O_ACCMODE = 0o3;

/** Commands of fcntl(2). */
export const F = { F_DUPFD: 0, F_GETFD: 1, F_SETFD: 2, F_GETFL: 3, F_SETFL: 4, F_DUPFD_CLOEXEC: 1030 } as const;

/** The one descriptor flag. */
export const FD_CLOEXEC = 1;

/** Flags of close_range(2). */
export const CLOSE_RANGE = { CLOSE_RANGE_UNSHARE: 2, CLOSE_RANGE_CLOEXEC: 4 } as const;

/** The one flag of clone(2) that is modelled. */
export const CLONE_FILES = 0x400;

/** Events of poll(2). */
export const POLL = { POLLIN: 0x1, POLLOUT: 0x4, POLLERR: 0x8, POLLHUP: 0x10, POLLNVAL: 0x20 } as const;

/** Commands of the echo devices: how many bytes wait, and throw them away. */
export const ECHO = { ECHO_IOC_COUNT: 0x80046501, ECHO_IOC_FLUSH: 0x6502 } as const;

/** Every constant that an experiment may write by name. */
export const CONSTANTS: Readonly<Record<string, number>> = {
  ...O,
  ...F,
  FD_CLOEXEC,
  ...CLOSE_RANGE,
  CLONE_FILES,
  ...POLL,
  ...ECHO,
};

const bits = (names: Readonly<Record<string, number>>, value: number): string => {
  const set = Object.entries(names).filter(([, bit]) => bit !== 0 && (value & bit) === bit);
  const rest = set.reduce((left, [, bit]) => left & ~bit, value);
  return [...set.map(([name]) => name), ...(rest === 0 ? [] : [`0x${rest.toString(16)}`])].join("|");
};

/** The flags of open(2) in words, such as `O_RDWR|O_CLOEXEC`. */
export function openFlagsText(flags: number): string {
  const access = ["O_RDONLY", "O_WRONLY", "O_RDWR", "3"][flags & O_ACCMODE];
  const { O_RDONLY: _0, O_WRONLY: _1, O_RDWR: _2, ...rest } = O;
  return [access, bits(rest, flags & ~O_ACCMODE)].filter(Boolean).join("|");
}

/** The events of poll(2) in words. */
export const pollText = (events: number): string => bits(POLL, events) || "0";

/** The name of a number in one of the tables above, or the number. */
export const nameIn = (names: Readonly<Record<string, number>>, value: number): string =>
  Object.entries(names).find(([, number]) => number === value)?.[0] ?? String(value);
