/*
 * Numbers of illumos (facts/kernel-sockets, Appendix A, 4.2 and 5). Modules of the kernel use them; on the way to the kernel they
 * become names, for other systems number otherwise: SOCK_STREAM is 2 here, and 1 on Linux.
 */

export const AF_UNSPEC = 0;
export const AF_UNIX = 1;
export const AF_INET = 2;
export const AF_INET6 = 26;

export const SOCK_DGRAM = 1;
export const SOCK_STREAM = 2;
export const SOCK_RAW = 4;
export const SOCK_RDM = 5;
export const SOCK_SEQPACKET = 6;

export const IPPROTO_IP = 0;
export const IPPROTO_TCP = 6;
export const IPPROTO_UDP = 17;
export const IPPROTO_IPV6 = 41;

export const SHUT_RD = 0;
export const SHUT_WR = 1;
export const SHUT_RDWR = 2;
export const SOMAXCONN = 128;

export const MSG_OOB = 0x1;
export const MSG_PEEK = 0x2;
export const MSG_DONTROUTE = 0x4;
export const MSG_EOR = 0x8;
export const MSG_CTRUNC = 0x10;
export const MSG_TRUNC = 0x20;
export const MSG_WAITALL = 0x40;
export const MSG_DONTWAIT = 0x80;
export const MSG_NOTIFICATION = 0x100;
export const MSG_NOSIGNAL = 0x200;
export const MSG_DUPCTRL = 0x800;
export const MSG_XPG4_2 = 0x8000;
export const MSG_MBLK_QUICKRELE = 0x10000000;
export const MSG_USERSPACE = 0x20000000;

export const SOL_SOCKET = 0xffff;
export const SO_DEBUG = 0x1;
export const SO_ACCEPTCONN = 0x2;
export const SO_REUSEADDR = 0x4;
export const SO_KEEPALIVE = 0x8;
export const SO_DONTROUTE = 0x10;
export const SO_BROADCAST = 0x20;
export const SO_USELOOPBACK = 0x40;
export const SO_LINGER = 0x80;
export const SO_OOBINLINE = 0x100;
export const SO_DGRAM_ERRIND = 0x200;
export const SO_SNDBUF = 0x1001;
export const SO_RCVBUF = 0x1002;
export const SO_SNDLOWAT = 0x1003;
export const SO_RCVLOWAT = 0x1004;
export const SO_SNDTIMEO = 0x1005;
export const SO_RCVTIMEO = 0x1006;
export const SO_ERROR = 0x1007;
export const SO_TYPE = 0x1008;
export const SO_PROTOTYPE = 0x1009;
export const SO_DOMAIN = 0x100c;
export const SO_EXCLBIND = 0x1015;
export const SO_REUSEPORT = 0x2004;

export const TCP_NODELAY = 0x01;
export const TCP_MAXSEG = 0x02;
export const TCP_KEEPALIVE_THRESHOLD = 0x16;
export const TCP_CORK = 0x18;
export const TCP_LINGER2 = 0x1c;
export const TCP_KEEPIDLE = 0x22;
export const TCP_KEEPCNT = 0x23;
export const TCP_KEEPINTVL = 0x24;
export const TCP_CONGESTION = 0x25;

export const IP_TOS = 0x3;
export const IP_TTL = 0x4;
export const IP_RECVTTL = 0xb;
export const IP_PKTINFO = 0x1a;
export const IP_BOUND_IF = 0x41;
export const IPV6_UNICAST_HOPS = 0x5;
export const IPV6_V6ONLY = 0x27;

/** `_IOW('f', 126, int)`: not 0: calls do not wait. */
export const FIONBIO = 0x8004667e;
/** `_IOR('f', 127, int)`: how many bytes can be received. */
export const FIONREAD = 0x4004667f;
/** `_IOR('s', 7, int)`: whether what is received next follows urgent data. */
export const SIOCATMARK = 0x40047307;
export const SIOCSPGRP = 0x80047308;
export const SIOCGPGRP = 0x40047309;
export const FIOASYNC = 0x8004667d;
export const FIOSETOWN = 0x8004667c;
export const FIOGETOWN = 0x4004667b;
export const I_NREAD = 0x5301;
export const I_PUSH = 0x5302;
export const I_POP = 0x5303;
export const I_LOOK = 0x5304;
export const I_FLUSH = 0x5305;
export const I_STR = 0x5308;
export const I_SETSIG = 0x5309;

export const POLLIN = 0x1;
export const POLLPRI = 0x2;
export const POLLOUT = 0x4;
export const POLLERR = 0x8;
export const POLLHUP = 0x10;
export const POLLNVAL = 0x20;
export const POLLRDNORM = 0x40;
export const POLLRDBAND = 0x80;
export const POLLWRBAND = 0x100;
export const POLLRDHUP = 0x4000;

export const KSOCKET_SLEEP = 0;
export const KSOCKET_NOSLEEP = 1;

export const KSOCKET_CB_CONNECTED = 0x1;
export const KSOCKET_CB_CONNECTFAILED = 0x2;
export const KSOCKET_CB_DISCONNECTED = 0x4;
export const KSOCKET_CB_NEWDATA = 0x8;
export const KSOCKET_CB_NEWCONN = 0x10;
export const KSOCKET_CB_CANSEND = 0x20;
export const KSOCKET_CB_OOBDATA = 0x40;
export const KSOCKET_CB_CANTSENDMORE = 0x80;
export const KSOCKET_CB_CANTRECVMORE = 0x100;
export const KSOCKET_CB_ERROR = 0x200;

export const KSOCKET_EV_CONNECTED = 0;
export const KSOCKET_EV_CONNECTFAILED = 1;
export const KSOCKET_EV_DISCONNECTED = 2;
export const KSOCKET_EV_OOBDATA = 3;
export const KSOCKET_EV_NEWDATA = 4;
export const KSOCKET_EV_NEWCONN = 5;
export const KSOCKET_EV_CANSEND = 6;
export const KSOCKET_EV_CANTSENDMORE = 7;
export const KSOCKET_EV_CANTRECVMORE = 8;
export const KSOCKET_EV_ERROR = 9;
