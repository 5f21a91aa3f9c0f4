/** The errnos of illumos (sys/errno.h), positive as kernel sockets return them. Linux has other numbers for most of them. */
export const EPERM = 1;
export const ENOENT = 2;
export const EINTR = 4;
export const EIO = 5;
export const ENXIO = 6;
export const EBADF = 9;
export const EAGAIN = 11;
export const EWOULDBLOCK = 11;
export const ENOMEM = 12;
export const EACCES = 13;
export const EFAULT = 14;
export const EBUSY = 16;
export const EEXIST = 17;
export const ENODEV = 19;
export const EINVAL = 22;
export const EMFILE = 24;
export const ENOSPC = 28;
export const EPIPE = 32;
export const EDOM = 33;
export const ERANGE = 34;
export const EIDRM = 36;
export const EDEADLK = 45;
export const ECANCELED = 47;
export const ENOTSUP = 48;
export const ENOSR = 63;
export const EPROTO = 71;
export const ENOTSOCK = 95;
export const EDESTADDRREQ = 96;
export const EMSGSIZE = 97;
export const EPROTOTYPE = 98;
export const ENOPROTOOPT = 99;
export const EPROTONOSUPPORT = 120;
export const ESOCKTNOSUPPORT = 121;
export const EOPNOTSUPP = 122;
export const EPFNOSUPPORT = 123;
export const EAFNOSUPPORT = 124;
export const EADDRINUSE = 125;
export const EADDRNOTAVAIL = 126;
export const ENETDOWN = 127;
export const ENETUNREACH = 128;
export const ENETRESET = 129;
export const ECONNABORTED = 130;
export const ECONNRESET = 131;
export const ENOBUFS = 132;
export const EISCONN = 133;
export const ENOTCONN = 134;
export const ESHUTDOWN = 143;
export const ETOOMANYREFS = 144;
export const ETIMEDOUT = 145;
export const ECONNREFUSED = 146;
export const EHOSTDOWN = 147;
export const EHOSTUNREACH = 148;
export const EALREADY = 149;
export const EINPROGRESS = 150;

const NUMBERS: Readonly<Record<string, number>> = {
  EPERM,
  ENOENT,
  EINTR,
  EIO,
  ENXIO,
  EBADF,
  EAGAIN,
  ENOMEM,
  EACCES,
  EFAULT,
  EBUSY,
  EEXIST,
  ENODEV,
  EINVAL,
  EMFILE,
  ENOSPC,
  EPIPE,
  EDOM,
  ERANGE,
  EIDRM,
  EDEADLK,
  ECANCELED,
  ENOTSUP,
  ENOSR,
  EPROTO,
  ENOTSOCK,
  EDESTADDRREQ,
  EMSGSIZE,
  EPROTOTYPE,
  ENOPROTOOPT,
  EPROTONOSUPPORT,
  ESOCKTNOSUPPORT,
  EOPNOTSUPP,
  EPFNOSUPPORT,
  EAFNOSUPPORT,
  EADDRINUSE,
  EADDRNOTAVAIL,
  ENETDOWN,
  ENETUNREACH,
  ENETRESET,
  ECONNABORTED,
  ECONNRESET,
  ENOBUFS,
  EISCONN,
  ENOTCONN,
  ESHUTDOWN,
  ETOOMANYREFS,
  ETIMEDOUT,
  ECONNREFUSED,
  EHOSTDOWN,
  EHOSTUNREACH,
  EALREADY,
  EINPROGRESS,
};

const NAMES: ReadonlyMap<number, string> = new Map(Object.entries(NUMBERS).map(([name, number]) => [number, name]));

/** `ECONNREFUSED` of 146, and so on; `0` of 0, and the number of one that illumos' network does not know. */
export const errnoName = (error: number): string => NAMES.get(error) ?? String(error);

/** illumos' number of an errno by its name. One that illumos has not, or that says that a call was lost on its way, is EIO. */
export const errnoNumber = (name: string): number => NUMBERS[name] ?? EIO;
