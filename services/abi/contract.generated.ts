/* Generated from protos/tenon by `npm run generate`. Do not edit: change the proto. */


/** The error numbers of Linux, with Linux's values, so that a trace and a kernel log say the same.
 *
 * An errno is a hook's or a call's answer and travels in the reply; a gRPC status speaks of the road only. Numbers are
 * positive here; the minus sign of Dovetail's hooks is put on where a person reads them. */
export type Errno = "EPERM" | "ENOENT" | "ESRCH" | "EINTR" | "EIO" | "ENXIO" | "EBADF" | "EAGAIN" | "ENOMEM" | "EACCES" | "EFAULT" | "EBUSY" | "ENODEV" | "EEXIST" | "EISDIR" | "EINVAL" | "EMFILE" | "ENOTTY" | "ENOSPC" | "EPIPE" | "EDOM" | "ERANGE" | "EDEADLK" | "EIDRM" | "ENOSR" | "ENONET" | "EPROTO" | "EMULTIHOP" | "EBADFD" | "ENOTSOCK" | "EDESTADDRREQ" | "EMSGSIZE" | "EPROTOTYPE" | "ENOPROTOOPT" | "EPROTONOSUPPORT" | "ESOCKTNOSUPPORT" | "EOPNOTSUPP" | "EAFNOSUPPORT" | "EADDRINUSE" | "EADDRNOTAVAIL" | "ENETDOWN" | "ENETUNREACH" | "ECONNABORTED" | "ECONNRESET" | "ENOBUFS" | "EISCONN" | "ENOTCONN" | "ETIMEDOUT" | "ECONNREFUSED" | "EHOSTDOWN" | "EHOSTUNREACH" | "EALREADY" | "EINPROGRESS" | "ENOIOCTLCMD";

/** A house of the kernel, or who drives it. */
export type House = "task" | "vfs" | "inband" | "companion" | "nic" | "lab" | "any";

/** The execution stage a call is made from. */
export type Stage = "inband" | "oob" | "either";

/** What sort of point this is. */
export type Kind = "hook" | "core" | "call" | "control";

/** What an answer can be. */
export type Answers = "nothing" | "errno" | "verdict" | "value";

/** What the caller does when no answer comes. */
export type OnLost = "retry" | "fail" | "weak";

/** What of a point an event tells. */
export type Phase = "enter" | "exit" | "fact";

/** Where within a crossing a fault strikes. */
export type FaultPhase = "before" | "instead" | "after" | "around";

/** Which of the two houses of a crossing a fault strikes in. */
export type FaultSide = "client" | "server";

/** What a house can run out of. */
export type FaultResource = "kthread" | "memory" | "fd" | "wmem";

/** When a blow strikes. */
export type BlowMoment = "before_reply";

/** The kinds of faults. */
export type FaultKind = "refuse" | "delay" | "lose_request" | "lose_reply" | "double_call" | "duplicate" | "skip" | "crash" | "hang" | "slow" | "partition" | "answer" | "road" | "drop" | "reorder" | "corrupt" | "mistake" | "bandwidth" | "wrong_stage" | "stall" | "resource";

/** What the in-band half of a driver asks. */
export type DriverOperation = "read" | "write" | "ioctl";

/** Events in the life of a task. */
export type InbandEvent = "task_exit" | "process_cleanup";

/** An operation on a PF_OOB socket. */
export type ProtoOperation = "bind" | "connect" | "shutdown" | "ioctl";

/** What happened on the road; stands for the gRPC status of the unary method. */
export type Road = "unimplemented" | "rejected" | "unreachable";

/** What carries the frames of a link. */
export type LinkMedium = "memory" | "stream" | "refused";

/** Linux's number of each errno. */
export const ERRNO: Readonly<Record<Errno, number>> = {
  /** Operation not permitted. */
  EPERM: 1,
  /** No such file or directory. */
  ENOENT: 2,
  /** No such process. */
  ESRCH: 3,
  /** Interrupted system call. */
  EINTR: 4,
  /** Input/output error. */
  EIO: 5,
  /** No such device or address. */
  ENXIO: 6,
  /** Bad file descriptor. */
  EBADF: 9,
  /** Try again; the same number as EWOULDBLOCK. */
  EAGAIN: 11,
  /** Out of memory. */
  ENOMEM: 12,
  /** Permission denied. */
  EACCES: 13,
  /** Bad address. */
  EFAULT: 14,
  /** Device or resource busy. */
  EBUSY: 16,
  /** No such device. */
  ENODEV: 19,
  /** File exists. */
  EEXIST: 17,
  /** Is a directory. */
  EISDIR: 21,
  /** Invalid argument. */
  EINVAL: 22,
  /** Too many open files. */
  EMFILE: 24,
  /** Inappropriate ioctl for device. */
  ENOTTY: 25,
  /** No space left on device. */
  ENOSPC: 28,
  /** Broken pipe. */
  EPIPE: 32,
  /** Numerical argument out of domain. */
  EDOM: 33,
  /** Math result not representable. */
  ERANGE: 34,
  /** Resource deadlock would occur. */
  EDEADLK: 35,
  /** Identifier removed: what a sleeper gets when the object it slept on goes away. */
  EIDRM: 43,
  /** Out of streams resources. */
  ENOSR: 63,
  /** Machine is not on the network. */
  ENONET: 64,
  /** Protocol error. */
  EPROTO: 71,
  /** Multihop attempted. */
  EMULTIHOP: 72,
  /** File descriptor in bad state: no out-of-band context behind it. */
  EBADFD: 77,
  /** Socket operation on non-socket. */
  ENOTSOCK: 88,
  /** Destination address required. */
  EDESTADDRREQ: 89,
  /** Message too long. */
  EMSGSIZE: 90,
  /** Protocol wrong type for socket. */
  EPROTOTYPE: 91,
  /** Protocol not available. */
  ENOPROTOOPT: 92,
  /** Protocol not supported. */
  EPROTONOSUPPORT: 93,
  /** Socket type not supported. */
  ESOCKTNOSUPPORT: 94,
  /** Operation not supported. */
  EOPNOTSUPP: 95,
  /** Address family not supported. */
  EAFNOSUPPORT: 97,
  /** Address already in use. */
  EADDRINUSE: 98,
  /** Cannot assign requested address. */
  EADDRNOTAVAIL: 99,
  /** Network is down. */
  ENETDOWN: 100,
  /** Network is unreachable. */
  ENETUNREACH: 101,
  /** A connection was aborted before it was accepted. */
  ECONNABORTED: 103,
  /** Connection reset by peer. */
  ECONNRESET: 104,
  /** No buffer space available. */
  ENOBUFS: 105,
  /** Transport endpoint is already connected. */
  EISCONN: 106,
  /** Transport endpoint is not connected. */
  ENOTCONN: 107,
  /** Connection timed out. */
  ETIMEDOUT: 110,
  /** Connection refused. */
  ECONNREFUSED: 111,
  /** Host is down. */
  EHOSTDOWN: 112,
  /** No route to host. */
  EHOSTUNREACH: 113,
  /** Operation already in progress. */
  EALREADY: 114,
  /** Operation now in progress. */
  EINPROGRESS: 115,
  /** Kernel only: no ioctl command; asks the caller to fall back to the regular handler, never reaches a task. */
  ENOIOCTLCMD: 515,
};

/** What every call carries: who calls, in which context, and its place in the trace. */
export interface CallHeader {
  /** The caller's number for this call, counted from 1 by each caller for each edge. A repeated id is a repeated call: the
   * receiver answers it with its first answer and does not act again. 0: do not remember. */
  readonly id: number;
  /** The calling process, such as `alpha/vfs#1`; the number after `#` is its incarnation. */
  readonly caller: string;
  /** The calling house. */
  readonly from?: House;
  /** The stage it calls from. */
  readonly stage?: Stage;
  /** The locks held along the chain of calls, oldest first, such as `files.file_lock:1`. */
  readonly locks: readonly string[];
  /** The points that are open along the chain of calls, outermost first. */
  readonly chain: readonly string[];
  /** The trace: the number of its first span. */
  readonly trace: number;
  /** The caller's span for this call.
   *
   * As W3C trace context: the trace id is `origin` and `trace`, the parent id is `span`, each as 16 hexadecimal digits. */
  readonly span: number;
  /** The caller's Lamport stamp. */
  readonly lamport: number;
  /** Every call of this caller with an id up to this one has ended for it: it will not ask again, and the receiver may
   * forget its answers to them. */
  readonly settled: number;
  /** The task that is current, in the kernel's sense. */
  readonly task: string;
  /** The file table of the current task; 0 where `current->files` is NULL, as in the clean-up of an exiting task. */
  readonly files: number;
  /** The world's own number, drawn when it boots: what makes its traces differ from those of all other worlds. */
  readonly origin: number;
}

/** What every reply carries. */
export interface ReplyHeader {
  /** The answer when it is an errno; unspecified for success. */
  readonly errno?: Errno;
  /** The receiver's Lamport stamp. */
  readonly lamport: number;
}

/** One thing that happened in one house. Spans, reports, rules and metrics are all made from these.
 *
 * Order is decided by `seq` within a house and by `lamport` between houses, never by time. */
export interface Event {
  /** The house's count of events, from 1, without a gap; a gap means that events were lost. */
  readonly seq: number;
  /** The house's Lamport stamp. */
  readonly lamport: number;
  /** Nanoseconds since the world booted, virtual or real. */
  readonly time_ns: number;
  /** The node, such as `alpha`. */
  readonly node: string;
  /** The house, such as `vfs`. */
  readonly service: string;
  /** The stage it happened on. */
  readonly stage?: Stage;
  /** The point, such as `install_inband_fd`, or a state change, such as `file_release`. */
  readonly point: string;
  /** What of the point. */
  readonly phase?: Phase;
  /** The span it belongs to. */
  readonly span: number;
  /** That span's parent; 0 for none. */
  readonly parent: number;
  /** The trace: the number of its first span. */
  readonly trace: number;
  /** What it is about: file, files, fd, sk, dev, frame, ks, task. */
  readonly slice: readonly Field[];
  /** Its arguments, and what a call gave back. */
  readonly args: readonly Field[];
  /** The result as Linux gives it: 0 or more for success, -errno for a refusal; absent on enter and for facts. */
  readonly ret?: number;
  /** Why no answer came: `timeout`, `unreachable`, `garbled`, `rejected`; empty if one came. */
  readonly lost: string;
  /** The locks held, oldest first. */
  readonly locks: readonly string[];
  /** The id of the fault rule that touched it; empty for none. */
  readonly fault: string;
}

/** A named value. */
export interface Field {
  /** Its name. */
  readonly name: string;
  /** A number. */
  readonly number?: number;
  /** Text; bytes appear as text. */
  readonly text?: string;
  /** Yes or no. */
  readonly flag?: boolean;
}

/** Which task to hold. */
export interface HoldTaskRequest {
  /** The node; empty: the first one. */
  readonly node: string;
  /** The task. */
  readonly task: string;
}

/** Says that the task is held. */
export interface HoldTaskResponse {

}

/** An experiment to run. */
export interface RunExperimentRequest {
  /** The name of the file, for messages. */
  readonly file: string;
  /** What is in it. */
  readonly text: string;
  /** The world in the form of a world file (JSON), references resolved by the caller; empty: the world of the experiment. */
  readonly world: string;
  /** As decimal digits; empty: the seed of the file. */
  readonly seed: string;
  /** `documented` or `as-implemented`. */
  readonly profile: string;
  /** Which run of a sweep, where a fault of it has `nth: each`; 0 is the first. */
  readonly nth: number;
  /** What the runs of the sweep before this one used of the budget that they share: crossings. */
  readonly sweep_crossings: number;
  /** And nanoseconds of the world's time. */
  readonly sweep_ns: number;
  /** The files of rules that the experiment names, which are where the caller is. */
  readonly rule_files: readonly NamedText[];
  /** The files of filter programs that it names. */
  readonly program_files: readonly NamedBytes[];
}

/** A file that an experiment names. */
export interface NamedText {
  /** As the experiment names it. */
  readonly name: string;
  /** What is in it. */
  readonly text: string;
}

/** A file of bytes that an experiment names. */
export interface NamedBytes {
  /** As the experiment names it. */
  readonly name: string;
  /** What is in it. */
  readonly content: Uint8Array;
}

/** What comes of it. */
export interface RunExperimentResponse {
  /** Events, in the order in which the control service got them. */
  readonly events: readonly Event[];
  /** In the last message: the report, as `tenon run --json` prints one run. */
  readonly report: string;
  /** In the last message instead of a report: why it could not be run, a line for each thing that is wrong. */
  readonly trouble: readonly string[];
}

/** A fault in the place of a hook call: where, which crossings, what happens. */
export interface FaultRule {
  /** Its name, unique among the armed. */
  readonly id: string;
  /** The point, or several: names, globs such as `sock_oob_*`, and globs that are taken out such as `!sock_oob_ioctl`, with commas
   * between. `frame_send` and `frame_receive` are points too. */
  readonly point: string;
  /** Which crossings it looks at; absent: all. */
  readonly match?: FaultMatch;
  /** Which of those it strikes. */
  readonly select?: FaultSelect;
  /** What happens then. */
  readonly effect?: FaultEffect;
  /** Where within the crossing; absent: where the effect belongs. */
  readonly phase?: FaultPhase;
  /** In which house; absent: in the one that calls, and for what only the other one can suffer in that. */
  readonly side?: FaultSide;
  /** A formula over the events of the house where the rule strikes: only when it holds in the slice of the crossing. */
  readonly when?: string;
  /** Not while so many injected faults of the house are going on. */
  readonly max_active?: number;
  /** 1: the house records what it decided whenever it strikes; 2: also whenever it does not. */
  readonly verbose?: number;
}

/** Conditions on a crossing; all must hold. */
export interface FaultMatch {
  /** The calling service, such as `vfs`. */
  readonly caller: string;
  /** The current task. */
  readonly task: string;
  /** Conditions on the slice. */
  readonly slice: readonly FaultCondition[];
  /** Conditions on the arguments. */
  readonly args: readonly FaultCondition[];
  /** Points of which one must be open along the chain of calls. */
  readonly require_callers: readonly string[];
  /** Points of which none may be open along the chain of calls. */
  readonly reject_callers: readonly string[];
  /** The node, such as `beta`; empty: every node. */
  readonly node: string;
  /** The process in which the rule strikes: a house, `alpha/vfs`, or a life of it, `alpha/vfs#2`. */
  readonly process?: string;
  /** The stage that it is called from. */
  readonly stage?: Stage;
  /** How many of the innermost open points require_callers and reject_callers look at; absent: 32. */
  readonly depth?: number;
}

/** A comparison. */
export interface FaultCondition {
  /** The field. */
  readonly field: string;
  /** One of ==, !=, <, <=, >, >=. */
  readonly operator: string;
  /** What it is compared with; a number when both sides are numbers. */
  readonly value: string;
}

/** Which of the matching crossings are struck. At least one of nth, every, probability, interval must be said. */
export interface FaultSelect {
  /** These, counted from 1. */
  readonly nth: readonly FaultRange[];
  /** Each n-th; 0: not said. */
  readonly every: number;
  /** One in so many, by hash of seed, rule, point, slice and count; absent: not said. */
  readonly probability?: FaultRatio;
  /** Only each n-th is a candidate for the probability; 0: not said. */
  readonly interval: number;
  /** How many times at most; 0: without limit. */
  readonly times: number;
  /** Not before so many bytes of data have crossed in matching crossings. */
  readonly space?: number;
  /** Once it has struck, it strikes every later crossing that matches. */
  readonly persist?: boolean;
}

/** A range of ordinals, both ends included. */
export interface FaultRange {
  /** The first. */
  readonly from: number;
  /** The last; 0: without end. */
  readonly to: number;
}

/** A share. */
export interface FaultRatio {
  /** Above the line. */
  readonly numerator: number;
  /** Below it; never 0. */
  readonly denominator: number;
}

/** What happens in the place of a struck crossing. */
export interface FaultEffect {
  /** What kind. */
  readonly kind?: FaultKind;
  /** The errno of a refusal. */
  readonly errno?: Errno;
  /** The length of a delay, or by how much `slow` holds up each call, in nanoseconds. */
  readonly delay_ns: number;
  /** Of crash, hang, slow and partition, and only there: what is struck. */
  readonly blow?: Blow;
  /** Of a delay whose length is a matter of chance. */
  readonly chance?: FaultDelay;
  /** Of answer, mistake and corrupt: which data. */
  readonly data?: FaultData;
  /** Of bandwidth: bits a second. */
  readonly rate_bps?: number;
  /** Of duplicate: how many copies more; absent: one. */
  readonly times?: number;
  /** Of reorder: how many frames overtake it. */
  readonly gap?: number;
  /** Of stall: the formula that ends it. */
  readonly until?: string;
  /** Of resource: what runs out. */
  readonly resource?: FaultResource;
  /** Of road: the status as gRPC names it, such as `UNAVAILABLE`. */
  readonly grpc_status?: string;
}

/** The length of a delay by chance, which a hash decides. One of uniform (max_ns) and exponential (mean_ns), or neither and a
 * jitter around the fixed length. */
export interface FaultDelay {
  /** The least, where every length up to max_ns is as likely. */
  readonly min_ns: number;
  /** The most; 0: not uniform. */
  readonly max_ns: number;
  /** The mean, where it is exponential; 0: it is not. */
  readonly mean_ns: number;
  /** By how much a fixed length is off, to either side. */
  readonly jitter_ns: number;
  /** How much the chance of the time before counts; absent: not at all. */
  readonly correlation?: FaultRatio;
}

/** Which data of a crossing is not what it should be. */
export interface FaultData {
  /** The fields of the arguments or of the answer; none: one that chance picks. */
  readonly fields: readonly string[];
  /** What they are set to; a field without has a wrong value by chance. */
  readonly values: readonly FaultValue[];
  /** How many bytes are changed, one bit in each; 0: one. */
  readonly bytes: number;
}

/** What a field is set to. */
export interface FaultValue {
  /** The field. */
  readonly field: string;
  /** The value as text. */
  readonly value: string;
}

/** A blow to a place of the world, or to the edge between two.
 *
 * A place is a house of the node on which the call crosses, such as `companion`, or one by its full name, such as `beta/nic` or
 * `lan/switch`. */
export interface Blow {
  /** What is struck; empty: the house that the call goes to. */
  readonly place: string;
  /** Of partition: the other end of the edge; empty: the house that the call comes from. */
  readonly peer: string;
  /** Of hang, slow and partition: how long, in nanoseconds. */
  readonly for_ns: number;
  /** When it strikes. */
  readonly moment?: BlowMoment;
}

/** What an armed rule did. */
export interface FaultReport {
  /** The rule. */
  readonly rule?: FaultRule;
  /** Crossings of its point. */
  readonly crossings: number;
  /** Of these, those that its conditions and its formula let through. */
  readonly matched: number;
  /** Of these, those that it struck. */
  readonly fired: number;
  /** How often what kept it from striking one whose conditions held. */
  readonly suppressed?: FaultSuppressed;
}

/** How often what kept a rule from striking a crossing that matched it. */
export interface FaultSuppressed {
  /** Its formula did not hold. */
  readonly when: number;
  /** It had struck often enough. */
  readonly times: number;
  /** Too many injected faults were going on. */
  readonly max_active: number;
  /** Too little data had crossed. */
  readonly space: number;
  /** It was not one of those that are counted out. */
  readonly nth: number;
  /** It was not the turn of this one. */
  readonly interval: number;
  /** Chance. */
  readonly probability: number;
}

/** An open file, or an entry of the core's index. */
export interface FileEntry {
  /** The tasks that share the table; empty in the core's index, which knows tables only. */
  readonly tasks: readonly string[];
  /** The file table. */
  readonly files: number;
  /** The descriptor. */
  readonly fd: number;
  /** The file. */
  readonly file: number;
  /** The device; empty where it is not known. */
  readonly dev: string;
  /** The flags of open(2). */
  readonly flags: number;
  /** Whether the descriptor is close-on-exec. */
  readonly close_on_exec: boolean;
  /** The out-of-band context; 0 for none. */
  readonly oob_data: number;
  /** How many descriptors and calls hold the file. */
  readonly references: number;
  /** The node; only a kernel's control service says it, which speaks for all of them. */
  readonly node?: string;
}

/** A task as the VFS has it, or a thread as the core has it. Each house fills in what it knows. */
export interface TaskEntry {
  /** Its name; of a thread of the core's own such as eth0.rx. */
  readonly task: string;
  /** The VFS's number for it; 0 in what the core tells. */
  readonly pid: number;
  /** Its file table; 0 in what the core tells, and where it has none any more. */
  readonly files: number;
  /** Whether the core manages it as a thread; always so in what the core tells. */
  readonly attached: boolean;
  /** Whether it is a thread of the core's own, which is no task. */
  readonly own: boolean;
  /** SCHED_FIFO's priority, from 1 to 99; 0: SCHED_WEAK. */
  readonly priority: number;
  /** Whether it is on the out-of-band stage. */
  readonly oob: boolean;
  /** How often it has come back to the in-band stage since it was attached (ISW). */
  readonly inband_switches: number;
  /** How many out-of-band calls it has made since then. */
  readonly oob_calls: number;
  /** What it sleeps on in the core, oldest first; a thread that makes one call at a time has one sleep at most. */
  readonly sleeps: readonly TaskSleep[];
  /** Whether its exit has begun. */
  readonly exiting: boolean;
  /** The node; only a kernel's control service says it, which speaks for all of them. */
  readonly node?: string;
}

/** What a thread sleeps on. */
export interface TaskSleep {
  /** The fact that told that it fell asleep, such as oob_wait. */
  readonly waits: string;
  /** What on, such as fd=3 file=7. */
  readonly on: string;
}

/** Which events to stream. */
export interface StreamEventsRequest {
  /** Only those of these points; empty: all. */
  readonly points: readonly string[];
}

/** Some events. */
export interface StreamEventsResponse {
  /** In the order in which the control service got them. */
  readonly events: readonly Event[];
}

/** The VLANs whose frames a core picks from diverted input. */
export interface VlanMap {
  /** The list, such as `42-45,100`; empty: none. */
  readonly vlans: string;
  /** The node; the kernel's control service says it. */
  readonly node?: string;
  /** The house that tells it. */
  readonly house?: House;
}

/** What a core knows of a real device whose input is diverted (struct evl_net_devstat in EVL). */
export interface OobDevice {
  /** Its name. */
  readonly dev: string;
  /** Whether its driver works on the out-of-band stage. */
  readonly oob_capable: boolean;
  /** Frames that the core took. */
  readonly rx_packets: number;
  /** Their bytes. */
  readonly rx_bytes: number;
  /** Frames that the core gave to the device. */
  readonly tx_packets: number;
  /** Their bytes. */
  readonly tx_bytes: number;
  /** Frames that came when the pool had no buffer for them. */
  readonly rx_nomem: number;
  /** Times a sender found the pool empty. */
  readonly tx_nomem: number;
  /** Datagrams with a wrong checksum. */
  readonly csum_errors: number;
  /** Bytes of a buffer; 0: there is no pool. */
  readonly skb_size: number;
  /** Buffers of the pool that are free. */
  readonly skb_free: number;
  /** Buffers that it has. */
  readonly skb_total: number;
  /** The node that knows it so; only a kernel's control service says it, which speaks for all of them. */
  readonly node?: string;
  /** The house of that node. */
  readonly house?: House;
  /** The program that filters its input, by name (`classic` for one of tcpdump's); empty: there is none. */
  readonly filter: string;
}

/** A network device, as one house sees it. */
export interface NetworkDevice {
  /** Its name. */
  readonly dev: string;
  /** Its index; 0 where it is not known. */
  readonly ifindex: number;
  /** `loopback`, `ethernet`, `vlan`, `port`, `nic`. */
  readonly kind: string;
  /** Its link address. */
  readonly mac: string;
  /** Its MTU. */
  readonly mtu: number;
  /** What is so, such as `UP`, `LOWER_UP`, `DIVERSION`, `OOB_PORT`. */
  readonly state: readonly string[];
  /** Its addresses. */
  readonly addresses: readonly string[];
  /** What it stands on or is plugged into: a device below, a wire. */
  readonly below: string;
  /** The driver; for rings, the memory that carries the frames. */
  readonly driver: string;
  /** The node that knows it so; only a kernel's control service says it, which speaks for all of them. */
  readonly node?: string;
  /** The house of that node. */
  readonly house?: House;
}

/** A socket, as one house sees it. */
export interface NetworkSocket {
  /** The INET socket. */
  readonly sk: number;
  /** Such as `udp`, `tcp`, `packet`, `raw`, `oob`. */
  readonly kind: string;
  /** What it is bound to. */
  readonly local: string;
  /** Its peer. */
  readonly peer: string;
  /** Bytes that wait to be received; of a stream socket that listens: connections that wait to be accepted. */
  readonly waiting: number;
  /** Messages that did not fit. */
  readonly drops: number;
  /** The out-of-band context; 0 for none. */
  readonly oob_data: number;
  /** What is so, such as `RCV_SHUTDOWN`, `RELEASED`. */
  readonly state: readonly string[];
  /** The node that knows it so; only a kernel's control service says it, which speaks for all of them. */
  readonly node?: string;
  /** The house of that node. */
  readonly house?: House;
  /** Bytes that a stream socket has sent, or wants to, and that are not acknowledged; of one that listens: how many connections
   * may wait. */
  readonly sending?: number;
  /** The timer of a connection that is due first, and when, such as `timewait 59.8 s`. */
  readonly timer?: string;
  /** What a connection knows of its way, as `ss -i` tells it: times in milliseconds, windows in segments, such as
   * `cubic rto:201.5 rtt:1.5/0.75 mss:1448 cwnd:10`. */
  readonly info?: string;
}

/** A route, as one house knows it. */
export interface NetworkRoute {
  /** Such as `10.0.0.0/24`. */
  readonly destination: string;
  /** The router; empty: on the link. */
  readonly gateway: string;
  /** The device. */
  readonly dev: string;
  /** Its metric. */
  readonly metric: number;
  /** `unicast`, `local`, `broadcast`, `cache`. */
  readonly kind: string;
  /** The node that knows it so; only a kernel's control service says it, which speaks for all of them. */
  readonly node?: string;
  /** The house of that node. */
  readonly house?: House;
}

/** A neighbour, as one house knows it. */
export interface NetworkNeighbour {
  /** Its address. */
  readonly address: string;
  /** Its link address; empty: not known. */
  readonly mac: string;
  /** The device. */
  readonly dev: string;
  /** Such as `REACHABLE`. */
  readonly state: string;
  /** The node that knows it so; only a kernel's control service says it, which speaks for all of them. */
  readonly node?: string;
  /** The house of that node. */
  readonly house?: House;
}

/** How often something happened. */
export interface NetworkCounter {
  /** Where: a device, a ring, or empty for the house. */
  readonly where: string;
  /** What, such as `udp_no_port`. */
  readonly name: string;
  /** How often. */
  readonly count: number;
  /** The node that knows it so; only a kernel's control service says it, which speaks for all of them. */
  readonly node?: string;
  /** The house of that node. */
  readonly house?: House;
}

/** Calls that were gathered in one turn of the caller's loop. */
export interface ExchangeRequest {
  /** The calls, in the order in which they were made. */
  readonly calls: readonly Call[];
}

/** Replies that were gathered in one turn of the receiver's loop. */
export interface ExchangeResponse {
  /** The replies, in the order in which they were ready. */
  readonly answers: readonly Answer[];
  /** How many calls the caller may have made on this stream, counted from its beginning: a credit that is said twice gives
   * nothing more. A receiver that gives credits says the first at once, in a response without answers; it grants 256 at least,
   * and ends the stream with RESOURCE_EXHAUSTED when it gets more calls than it granted. Until the first response a caller
   * makes 256 calls at most; where that response says none, the receiver gives no credits, and there is no such bound. */
  readonly credit: number;
}

/** One call. */
export interface Call {
  /** Unique on this stream. */
  readonly correlation: number;
  /** The point, such as `sock_oob_bind`: the `name` of its contract. */
  readonly point: string;
  /** The request message of the point's rpc. */
  readonly message: Uint8Array;
}

/** One reply. */
export interface Answer {
  /** The correlation of the call. */
  readonly correlation: number;
  /** What happened on the road. */
  readonly road?: Road;
  /** The response message of the point's rpc; empty unless the receiver answered. */
  readonly message: Uint8Array;
  /** One line that says what was wrong with the call; empty when the receiver answered. */
  readonly reason: string;
}

/** An order. */
export interface AttendRequest {
  /** Who it is. */
  readonly boot?: BootOrder;
  /** Where the others are. */
  readonly connect?: ConnectOrder;
  /** All are connected. */
  readonly start?: StartOrder;
  /** Cut or slow the edge to a peer. */
  readonly gate?: GateOrder;
  /** Crash or hang, now. */
  readonly strike?: StrikeOrder;
  /** The blow that it asked for was struck. */
  readonly struck?: StruckOrder;
  /** A peer has begun another life. */
  readonly reach?: ReachOrder;
}

/** What the place says. */
export interface AttendResponse {
  /** It was booted and serves. */
  readonly serving?: ServingWord;
  /** Its links stand. */
  readonly connected?: ConnectedWord;
  /** It was started. */
  readonly started?: StartedWord;
  /** A fault rule of it asks for a blow. */
  readonly blow?: BlowWord;
  /** Why it cannot do what it was told, in one line. The stream ends after it. */
  readonly trouble?: TroubleWord;
  /** It did what a gate order says, or stands still from now on, as a strike says. In the order of those orders. */
  readonly obeyed?: ObeyedWord;
}

/** Who it is. */
export interface BootOrder {
  /** The place, such as `alpha/vfs` or `lan/switch`. */
  readonly place: string;
  /** The world, in the form of a world file (JSON). */
  readonly world: string;
  /** 64 bits as decimal digits. */
  readonly seed: string;
  /** `documented` or `as-implemented`. */
  readonly profile: string;
  /** The wall clock's time at which the world boots, in milliseconds since 1970: every place of it counts from there. */
  readonly epoch_ms: number;
  /** The world's own number, the upper half of its trace ids. */
  readonly origin: number;
  /** Counts the lives of the place in this world, from 1. */
  readonly incarnation: number;
  /** The bad core to build in place of the reference; empty: the reference. */
  readonly mutant: string;
  /** `auto` or `stream`: how frames may travel. */
  readonly frames: string;
  /** Where cores are that are not ours: a line for each, such as `alpha=unix:/run/core.sock`; empty: there is none. */
  readonly core: string;
  /** The Lamport stamp that all of this life comes after; 0 in the first one. */
  readonly lamport: number;
}

/** Where the others are. */
export interface ConnectOrder {
  /** The places that this one may call. */
  readonly addresses: readonly PlaceAddress[];
}

/** Where a place is. */
export interface PlaceAddress {
  /** Its name. */
  readonly place: string;
  /** `unix:/path` or `host:port`, as the one who is told reaches it. */
  readonly address: string;
}

/** All are connected. */
export interface StartOrder {

}

/** The edge to a peer, for a time. */
export interface GateOrder {
  /** The place at the other end. */
  readonly peer: string;
  /** Nothing crosses: what would is lost. */
  readonly cut: boolean;
  /** How long each call from the peer is held up, in nanoseconds; 0: not at all. */
  readonly slow_ns: number;
  /** How long that lasts, in nanoseconds. */
  readonly for_ns: number;
}

/** A blow to the place itself. */
export interface StrikeOrder {
  /** FAULT_KIND_CRASH: it kills itself with SIGKILL. FAULT_KIND_HANG: it stops itself with SIGSTOP, and is woken after a time. */
  readonly kind?: FaultKind;
  /** How long it hangs, in nanoseconds. */
  readonly for_ns: number;
}

/** A peer has begun another life: connect to it anew, at once. It is obeyed when that is done. */
export interface ReachOrder {
  /** The peer. */
  readonly peer: string;
}

/** The blow that was asked for was struck. */
export interface StruckOrder {
  /** Its number. */
  readonly blow: number;
}

/** It was booted and serves. */
export interface ServingWord {

}

/** Its links stand. */
export interface ConnectedWord {

}

/** It was started. */
export interface StartedWord {

}

/** It did what it was told. */
export interface ObeyedWord {

}

/** A fault rule asks for a blow; the call that it strikes waits until the blow was struck. */
export interface BlowWord {
  /** A number of this place for it, from 1. */
  readonly blow: number;
  /** What is asked for; places in it are full names. */
  readonly effect?: FaultEffect;
  /** The Lamport stamp of the place: what comes of the blow comes after it. */
  readonly lamport: number;
}

/** Why it cannot go on. */
export interface TroubleWord {
  /** One line. */
  readonly reason: string;
}

/** From the process that connects. */
export interface CarryRequest {
  /** In the first message, and only there. */
  readonly offer?: LinkOffer;
  /** What was sent between two flushes, or as much of it as fits a message. */
  readonly frames: readonly LinkFrame[];
  /** How much the peer may send. */
  readonly credit?: LinkCredit;
}

/** From the process that serves. */
export interface CarryResponse {
  /** In the first message, and only there. */
  readonly answer?: LinkAnswer;
  /** What was sent between two flushes, or as much of it as fits a message. */
  readonly frames: readonly LinkFrame[];
  /** How much the peer may send. */
  readonly credit?: LinkCredit;
}

/** Which link, and the memory that could carry it. */
export interface LinkOffer {
  /** The name that both processes know the link by, such as `alpha/inband-nic/eth0`. */
  readonly link: string;
  /** The memory that the connecting side has made; absent where it has none, or wants none. */
  readonly memory?: SharedMemory;
  /** Why there is none; empty where there is. */
  readonly why_stream: string;
  /** The world's own number, the upper half of its trace ids: with it, `trace` and `span` of a frame are W3C trace context. */
  readonly origin: number;
}

/** A file that both processes map: a word for the token, then two rings of equal size. */
export interface SharedMemory {
  /** Its path, on the host of the connecting side. */
  readonly path: string;
  /** A number that stands in the file too, so that a file of the same name on another host is not taken for it. */
  readonly token: number;
  /** Bytes of one ring. */
  readonly ring_bytes: number;
  /** The path of the file with the word on which the connecting side sleeps; empty where it polls. */
  readonly bell: string;
}

/** What the link is carried by. */
export interface LinkAnswer {
  /** What was decided. */
  readonly medium?: LinkMedium;
  /** Why the offered memory was not taken, or why there is no such link; for people, one line. */
  readonly reason: string;
  /** The path of the file with the word on which the serving side sleeps; empty where it polls. */
  readonly bell: string;
}

/** A frame, with what travels beside its bytes. */
export interface LinkFrame {
  /** Bits that the two ends agree on. */
  readonly flags: number;
  /** The number that the frame is known by in the trace. */
  readonly frame: number;
  /** When it was put here, nanoseconds since the world booted. */
  readonly time_ns: number;
  /** The trace that it belongs to. */
  readonly trace: number;
  /** The sender's span. */
  readonly span: number;
  /** The sender's Lamport stamp. */
  readonly lamport: number;
  /** The frame. */
  readonly data: Uint8Array;
}

/** What may be sent, counted from the beginning of the stream: a credit that is said twice gives nothing more. */
export interface LinkCredit {
  /** Frames. */
  readonly frames: number;
  /** Bytes of frames. */
  readonly bytes: number;
}

/** Arguments of Socket. */
export interface KernelSocketsSocketRequest {
  /** The node whose kernel is meant; empty: the first one. */
  readonly node: string;
  /** `AF_INET` or `AF_INET6`, or a number of illumos. */
  readonly domain: string;
  /** `SOCK_STREAM` or `SOCK_DGRAM`, or a number of illumos. */
  readonly type: string;
  /** 0, or the number of the protocol. */
  readonly protocol: number;
  /** Whose it is: the name of a stream of events. It is closed when nobody has taken the events of that stream for a minute. Empty: it stays until it is closed. */
  readonly stream: string;
  /** The number of the event inside whose callback this call is made; 0: in none. A call from a callback is refused: EDEADLK. */
  readonly callback: number;
}

/** What Socket returns. */
export interface KernelSocketsSocketResponse {
  /** 0, or a positive errno of illumos. */
  readonly error: number;
  /** Its name; empty for 0. */
  readonly errno: string;
  /** The kernel socket. */
  readonly ks: number;
}

/** Arguments of Bind. */
export interface KernelSocketsBindRequest {
  /** The node whose kernel is meant; empty: the first one. */
  readonly node: string;
  /** The kernel socket, by the number that Socket or Accept gave. */
  readonly ks: number;
  /** A sockaddr in illumos' layout; absent: NULL, unless `host` says it. */
  readonly addr?: Uint8Array;
  /** In the place of `addr`: an IPv4 address such as `127.0.0.1`. */
  readonly host: string;
  /** With `host`: the port. */
  readonly port: number;
  /** What the length says where the address is NULL. */
  readonly addrlen: number;
  /** The number of the event inside whose callback this call is made; 0: in none. A call from a callback is refused: EDEADLK. */
  readonly callback: number;
}

/** What Bind returns. */
export interface KernelSocketsBindResponse {
  /** 0, or a positive errno of illumos. */
  readonly error: number;
  /** Its name; empty for 0. */
  readonly errno: string;
}

/** Arguments of Listen. */
export interface KernelSocketsListenRequest {
  /** The node whose kernel is meant; empty: the first one. */
  readonly node: string;
  /** The kernel socket, by the number that Socket or Accept gave. */
  readonly ks: number;
  /** As the caller says it; b*3/2+1 connections may wait, 1 to 128. */
  readonly backlog: number;
  /** The number of the event inside whose callback this call is made; 0: in none. A call from a callback is refused: EDEADLK. */
  readonly callback: number;
}

/** What Listen returns. */
export interface KernelSocketsListenResponse {
  /** 0, or a positive errno of illumos. */
  readonly error: number;
  /** Its name; empty for 0. */
  readonly errno: string;
}

/** Arguments of Accept. */
export interface KernelSocketsAcceptRequest {
  /** The node whose kernel is meant; empty: the first one. */
  readonly node: string;
  /** The kernel socket, by the number that Socket or Accept gave. */
  readonly ks: number;
  /** Whether `addr` is given, and not NULL. Absent: it is, with room enough. */
  readonly want_addr?: boolean;
  /** With `want_addr`: what `*addrlen` says; absent: NULL. Too little is EINVAL, and the connection is lost. */
  readonly addrlen?: number;
  /** The number of the event inside whose callback this call is made; 0: in none. A call from a callback is refused: EDEADLK. */
  readonly callback: number;
}

/** What Accept returns. */
export interface KernelSocketsAcceptResponse {
  /** 0, or a positive errno of illumos. */
  readonly error: number;
  /** Its name; empty for 0. */
  readonly errno: string;
  /** The new kernel socket, which belongs to the same stream. */
  readonly newks: number;
  /** The address in illumos' layout; empty where there is none. */
  readonly addr: Uint8Array;
  /** The IPv4 address that it says, such as `127.0.0.1`. */
  readonly host: string;
  /** The port that it says. */
  readonly port: number;
}

/** Arguments of Connect. */
export interface KernelSocketsConnectRequest {
  /** The node whose kernel is meant; empty: the first one. */
  readonly node: string;
  /** The kernel socket, by the number that Socket or Accept gave. */
  readonly ks: number;
  /** A sockaddr in illumos' layout; absent: NULL, unless `host` says it. */
  readonly addr?: Uint8Array;
  /** In the place of `addr`: an IPv4 address such as `127.0.0.1`. */
  readonly host: string;
  /** With `host`: the port. */
  readonly port: number;
  /** What the length says where the address is NULL. */
  readonly addrlen: number;
  /** The number of the event inside whose callback this call is made; 0: in none. A call from a callback is refused: EDEADLK. */
  readonly callback: number;
}

/** What Connect returns. */
export interface KernelSocketsConnectResponse {
  /** 0, or a positive errno of illumos. */
  readonly error: number;
  /** Its name; empty for 0. */
  readonly errno: string;
}

/** Arguments of Send. */
export interface KernelSocketsSendRequest {
  /** The node whose kernel is meant; empty: the first one. */
  readonly node: string;
  /** The kernel socket, by the number that Socket or Accept gave. */
  readonly ks: number;
  /** A sockaddr in illumos' layout; absent: NULL, unless `host` says it. */
  readonly addr?: Uint8Array;
  /** In the place of `addr`: an IPv4 address such as `127.0.0.1`. */
  readonly host: string;
  /** With `host`: the port. */
  readonly port: number;
  /** What the length says where the address is NULL. */
  readonly addrlen: number;
  /** The bytes; absent: NULL. */
  readonly msg?: Uint8Array;
  /** How many there would be, where `msg` is NULL. */
  readonly msgsize: number;
  /** Such as `MSG_OOB|MSG_DONTWAIT`, or a number of illumos. */
  readonly flags: string;
  /** ksocket_sendmsg: ancillary data. */
  readonly control: Uint8Array;
  /** This is the rest of a larger send: so much of it was taken before. */
  readonly taken: number;
  /** The number of the event inside whose callback this call is made; 0: in none. A call from a callback is refused: EDEADLK. */
  readonly callback: number;
}

/** What Send returns. */
export interface KernelSocketsSendResponse {
  /** 0, or a positive errno of illumos. */
  readonly error: number;
  /** Its name; empty for 0. */
  readonly errno: string;
  /** How many bytes were taken; 0 on any error. */
  readonly sent: number;
}

/** Arguments of Recv. */
export interface KernelSocketsRecvRequest {
  /** The node whose kernel is meant; empty: the first one. */
  readonly node: string;
  /** The kernel socket, by the number that Socket or Accept gave. */
  readonly ks: number;
  /** How many bytes there is room for. */
  readonly msgsize: number;
  /** There is no buffer. */
  readonly msg_null: boolean;
  /** Such as `MSG_PEEK|MSG_WAITALL`, or a number of illumos. */
  readonly flags: string;
  /** How much room there is for ancillary data. */
  readonly controllen: number;
  /** This is the rest of a larger receive: so much of it came before. */
  readonly taken: number;
  /** The number of the event inside whose callback this call is made; 0: in none. A call from a callback is refused: EDEADLK. */
  readonly callback: number;
}

/** What Recv returns. */
export interface KernelSocketsRecvResponse {
  /** 0, or a positive errno of illumos. */
  readonly error: number;
  /** Its name; empty for 0. */
  readonly errno: string;
  /** What came; empty on any error, and at the end of file. */
  readonly msg: Uint8Array;
  /** The address in illumos' layout; empty where there is none. */
  readonly addr: Uint8Array;
  /** The IPv4 address that it says, such as `127.0.0.1`. */
  readonly host: string;
  /** The port that it says. */
  readonly port: number;
  /** MSG_TRUNC, MSG_CTRUNC, or nothing. */
  readonly flags: string;
  /** Ancillary data, as cmsghdr of illumos. */
  readonly control: Uint8Array;
}

/** Arguments of Shutdown. */
export interface KernelSocketsShutdownRequest {
  /** The node whose kernel is meant; empty: the first one. */
  readonly node: string;
  /** The kernel socket, by the number that Socket or Accept gave. */
  readonly ks: number;
  /** SHUT_RD 0, SHUT_WR 1, SHUT_RDWR 2. */
  readonly how: number;
  /** The number of the event inside whose callback this call is made; 0: in none. A call from a callback is refused: EDEADLK. */
  readonly callback: number;
}

/** What Shutdown returns. */
export interface KernelSocketsShutdownResponse {
  /** 0, or a positive errno of illumos. */
  readonly error: number;
  /** Its name; empty for 0. */
  readonly errno: string;
}

/** Arguments of Close. */
export interface KernelSocketsCloseRequest {
  /** The node whose kernel is meant; empty: the first one. */
  readonly node: string;
  /** The kernel socket, by the number that Socket or Accept gave. */
  readonly ks: number;
  /** The number of the event inside whose callback this call is made; 0: in none. A call from a callback is refused: EDEADLK. */
  readonly callback: number;
}

/** What Close returns. */
export interface KernelSocketsCloseResponse {
  /** 0, or a positive errno of illumos. */
  readonly error: number;
  /** Its name; empty for 0. */
  readonly errno: string;
}

/** Arguments of Setsockopt. */
export interface KernelSocketsSetsockoptRequest {
  /** The node whose kernel is meant; empty: the first one. */
  readonly node: string;
  /** The kernel socket, by the number that Socket or Accept gave. */
  readonly ks: number;
  /** Such as `SOL_SOCKET`, or a number of illumos. */
  readonly level: string;
  /** Such as `SO_KEEPALIVE`, or a number of illumos. */
  readonly optname: string;
  /** The value in illumos' layout; absent: NULL, unless `value` says it. */
  readonly optval?: Uint8Array;
  /** What the caller says its length is, where it is NULL. */
  readonly optlen: number;
  /** In the place of `optval`: an int. */
  readonly value?: number;
  /** The number of the event inside whose callback this call is made; 0: in none. A call from a callback is refused: EDEADLK. */
  readonly callback: number;
}

/** What Setsockopt returns. */
export interface KernelSocketsSetsockoptResponse {
  /** 0, or a positive errno of illumos. */
  readonly error: number;
  /** Its name; empty for 0. */
  readonly errno: string;
}

/** Arguments of Getsockopt. */
export interface KernelSocketsGetsockoptRequest {
  /** The node whose kernel is meant; empty: the first one. */
  readonly node: string;
  /** The kernel socket, by the number that Socket or Accept gave. */
  readonly ks: number;
  /** Such as `SOL_SOCKET`, or a number of illumos. */
  readonly level: string;
  /** Such as `SO_ERROR`, or a number of illumos. */
  readonly optname: string;
  /** How much there is room for; absent: NULL. */
  readonly optlen?: number;
  /** The number of the event inside whose callback this call is made; 0: in none. A call from a callback is refused: EDEADLK. */
  readonly callback: number;
}

/** What Getsockopt returns. */
export interface KernelSocketsGetsockoptResponse {
  /** 0, or a positive errno of illumos. */
  readonly error: number;
  /** Its name; empty for 0. */
  readonly errno: string;
  /** The value in illumos' layout, cut to the room. */
  readonly optval: Uint8Array;
  /** The int that it is, where it is one. */
  readonly value: number;
}

/** Arguments of Getpeername. */
export interface KernelSocketsGetpeernameRequest {
  /** The node whose kernel is meant; empty: the first one. */
  readonly node: string;
  /** The kernel socket, by the number that Socket or Accept gave. */
  readonly ks: number;
  /** Whether `addr` is given, and not NULL. */
  readonly want_addr: boolean;
  /** What `*addrlen` says; absent: NULL. */
  readonly addrlen?: number;
  /** The number of the event inside whose callback this call is made; 0: in none. A call from a callback is refused: EDEADLK. */
  readonly callback: number;
}

/** What Getpeername returns. */
export interface KernelSocketsGetpeernameResponse {
  /** 0, or a positive errno of illumos. */
  readonly error: number;
  /** Its name; empty for 0. */
  readonly errno: string;
  /** The address in illumos' layout; empty where there is none. */
  readonly addr: Uint8Array;
  /** The IPv4 address that it says, such as `127.0.0.1`. */
  readonly host: string;
  /** The port that it says. */
  readonly port: number;
}

/** Arguments of Getsockname. */
export interface KernelSocketsGetsocknameRequest {
  /** The node whose kernel is meant; empty: the first one. */
  readonly node: string;
  /** The kernel socket, by the number that Socket or Accept gave. */
  readonly ks: number;
  /** Whether `addr` is given, and not NULL. */
  readonly want_addr: boolean;
  /** What `*addrlen` says; absent: NULL. */
  readonly addrlen?: number;
  /** The number of the event inside whose callback this call is made; 0: in none. A call from a callback is refused: EDEADLK. */
  readonly callback: number;
}

/** What Getsockname returns. */
export interface KernelSocketsGetsocknameResponse {
  /** 0, or a positive errno of illumos. */
  readonly error: number;
  /** Its name; empty for 0. */
  readonly errno: string;
  /** The address in illumos' layout; empty where there is none. */
  readonly addr: Uint8Array;
  /** The IPv4 address that it says, such as `127.0.0.1`. */
  readonly host: string;
  /** The port that it says. */
  readonly port: number;
}

/** Arguments of Ioctl. */
export interface KernelSocketsIoctlRequest {
  /** The node whose kernel is meant; empty: the first one. */
  readonly node: string;
  /** The kernel socket, by the number that Socket or Accept gave. */
  readonly ks: number;
  /** Such as `FIONBIO`, or a number of illumos. */
  readonly cmd: string;
  /** What the pointer points to; absent: NULL. */
  readonly arg?: number;
  /** The number of the event inside whose callback this call is made; 0: in none. A call from a callback is refused: EDEADLK. */
  readonly callback: number;
}

/** What Ioctl returns. */
export interface KernelSocketsIoctlResponse {
  /** 0, or a positive errno of illumos. */
  readonly error: number;
  /** Its name; empty for 0. */
  readonly errno: string;
  /** What it points to afterwards. */
  readonly arg: number;
}

/** Arguments of Callbacks. */
export interface KernelSocketsCallbacksRequest {
  /** The node whose kernel is meant; empty: the first one. */
  readonly node: string;
  /** The kernel socket, by the number that Socket or Accept gave. */
  readonly ks: number;
  /** `ksock`, also when empty, or `ksocket`: which of the two interfaces the callbacks have. */
  readonly binding: string;
  /** The struct is NULL: all off. */
  readonly off: boolean;
  /** There is an argument: with NULL for the struct, ksocket_setcallbacks refuses that. */
  readonly arg: boolean;
  /** ksocket_setcallbacks: the slots that the call changes, such as `newdata|newconn`. */
  readonly update: string;
  /** Those whose function is not NULL, such as `connected|recv`. */
  readonly slots: string;
  /** The stream. */
  readonly stream: string;
  /** The number of the event inside whose callback this call is made; 0: in none. A call from a callback is refused: EDEADLK. */
  readonly callback: number;
}

/** What Callbacks returns. */
export interface KernelSocketsCallbacksResponse {
  /** 0, or a positive errno of illumos. */
  readonly error: number;
  /** Its name; empty for 0. */
  readonly errno: string;
}

/** Arguments of Spoll. */
export interface KernelSocketsSpollRequest {
  /** The node whose kernel is meant; empty: the first one. */
  readonly node: string;
  /** The kernel socket, by the number that Socket or Accept gave. */
  readonly ks: number;
  /** 0: does not wait; -1: for ever. */
  readonly timeout_ms: number;
  /** Such as `POLLIN|POLLOUT`. */
  readonly events: string;
  /** There is nowhere to put the answer. */
  readonly revents_null: boolean;
  /** The number of the event inside whose callback this call is made; 0: in none. A call from a callback is refused: EDEADLK. */
  readonly callback: number;
}

/** What Spoll returns. */
export interface KernelSocketsSpollResponse {
  /** 0, or a positive errno of illumos. */
  readonly error: number;
  /** Its name; empty for 0. */
  readonly errno: string;
  /** What it is ready for. */
  readonly revents: string;
}

/** Arguments of Hold. */
export interface KernelSocketsHoldRequest {
  /** The node whose kernel is meant; empty: the first one. */
  readonly node: string;
  /** The kernel socket, by the number that Socket or Accept gave. */
  readonly ks: number;
  /** The number of the event inside whose callback this call is made; 0: in none. A call from a callback is refused: EDEADLK. */
  readonly callback: number;
}

/** What Hold returns. */
export interface KernelSocketsHoldResponse {
  /** 0, or a positive errno of illumos. */
  readonly error: number;
  /** Its name; empty for 0. */
  readonly errno: string;
}

/** Arguments of Rele. */
export interface KernelSocketsReleRequest {
  /** The node whose kernel is meant; empty: the first one. */
  readonly node: string;
  /** The kernel socket, by the number that Socket or Accept gave. */
  readonly ks: number;
  /** The number of the event inside whose callback this call is made; 0: in none. A call from a callback is refused: EDEADLK. */
  readonly callback: number;
}

/** What Rele returns. */
export interface KernelSocketsReleResponse {
  /** 0, or a positive errno of illumos. */
  readonly error: number;
  /** Its name; empty for 0. */
  readonly errno: string;
}

/** Opens a stream of events, or acknowledges one. */
export interface KernelSocketsEventsRequest {
  /** First request: the node whose kernel is meant; empty: the first one. */
  readonly node: string;
  /** First request: the stream. Empty in all others. */
  readonly stream: string;
  /** First request: every event up to this one is over, such as the last that the caller had; 0: nothing is said. Later: this event is over. */
  readonly number: number;
}

/** An event. */
export interface KernelSocketsEventsResponse {
  /** Its number in the stream. The same again is the same event again. */
  readonly number: number;
  /** The kernel socket. */
  readonly ks: number;
  /** Which callback: `connected`, `disconnected`, `newconn`, `recv`, `xmit`, `exception`, or a slot of ksocket_setcallbacks. */
  readonly slot: string;
  /** Its argument: reason, msglen, freebuf, event; or info. */
  readonly value: number;
}

/** The arguments of each point. */
export interface PointArgs {
  readonly ctl_arm_fault: {
    /** The rule. */
    readonly rule?: FaultRule;
  };
  readonly ctl_disarm_fault: {
    /** The rule's id; `*` for all. */
    readonly id: string;
  };
  readonly ctl_list_faults: Record<string, never>;
  readonly ctl_take_events: {
    /** How many at most; 0: as many as fit a message. */
    readonly max: number;
    /** How long to wait for the first one, in nanoseconds; 0: not at all. */
    readonly wait_ns: number;
  };
  readonly ctl_list_files: Record<string, never>;
  readonly ctl_list_tasks: Record<string, never>;
  readonly ctl_list_network: Record<string, never>;
  readonly ctl_freeze_stage: {
    /** The node, for a kernel of several; a house is on one. Empty: the first one. */
    readonly node: string;
    /** For how long, in nanoseconds of the world's clock. */
    readonly for_ns: number;
  };
  readonly ctl_call: {
    /** The node; empty: the first one. */
    readonly node: string;
    /** The task that calls. */
    readonly task: string;
    /** Its file table; 0: none, for calls that need none. */
    readonly files: number;
    /** The point, such as `net_oob_port`: one that tasks call. */
    readonly point: string;
    /** The request message of the point's rpc; its header is not read. */
    readonly message: Uint8Array;
  };
  readonly oob_open_file: {
    /** The file. */
    readonly file: number;
    /** The device. */
    readonly dev: string;
    /** The flags of open(2). */
    readonly flags: number;
  };
  readonly oob_release_file: {
    /** The file. */
    readonly file: number;
    /** The file's out-of-band context. */
    readonly oob_data: number;
  };
  readonly oob_file_flags: {
    /** The file. */
    readonly file: number;
    /** The file's out-of-band context. */
    readonly oob_data: number;
    /** Its flags now, as F_GETFL tells them. */
    readonly flags: number;
  };
  readonly oob_driver_io: {
    /** The file. */
    readonly file: number;
    /** The file's out-of-band context. */
    readonly oob_data: number;
    /** What is asked. */
    readonly operation?: DriverOperation;
    /** The bytes of a write. */
    readonly data: Uint8Array;
    /** How many bytes a read takes at most. */
    readonly count: number;
    /** The command of an ioctl. */
    readonly cmd: number;
    /** Its argument. */
    readonly arg: number;
  };
  readonly inband_event_notify: {
    /** What happened. */
    readonly event?: InbandEvent;
    /** The task it happened to. */
    readonly subject: string;
  };
  readonly oob_vfs_ready: {
    /** The first number of its files: those below are files of an earlier life. */
    readonly file: number;
    /** The first number of its file tables, likewise. */
    readonly files: number;
  };
  readonly oob_net_filter: {
    /** The real device, by name. */
    readonly dev: string;
    /** An object that clang -target bpf has made, or the text of tcpdump -dd; empty: the filter is removed. */
    readonly program: Uint8Array;
    /** Which program of the object, by its section or its function; empty: the first one. */
    readonly section: string;
  };
  readonly oob_load_family: {
    /** PF_OOB 46. */
    readonly family: number;
  };
  readonly oob_proto_ops: {
    /** The INET socket. */
    readonly sk: number;
    /** The context that attach gave. */
    readonly oob_data: number;
    /** Which. */
    readonly operation?: ProtoOperation;
    /** The address of a bind or connect. */
    readonly addr: Uint8Array;
    /** Of a shutdown. */
    readonly how: number;
    /** Of an ioctl. */
    readonly cmd: number;
    /** What its argument points to. */
    readonly arg: Uint8Array;
  };
  readonly netif_oob_switch_port: {
    /** The device, by name. */
    readonly dev: string;
    /** Its index. */
    readonly ifindex: number;
    /** The real device at the bottom; itself for a real one. */
    readonly real: string;
    /** The VLAN; 0 for a real device. */
    readonly vlan_id: number;
    /** Its address. */
    readonly mac: Uint8Array;
    /** Its MTU. */
    readonly mtu: number;
    /** Whether the real device's driver is out-of-band capable. */
    readonly capable: boolean;
    /** Whether it, and the real device, are up. */
    readonly running: boolean;
    /** On or off. */
    readonly enabled: boolean;
    /** Buffers; 0: the default. */
    readonly pool: number;
    /** Bytes of a buffer; 0: the default. */
    readonly buffer_bytes: number;
  };
  readonly oob_neighbour_update: {
    /** The device, by name. */
    readonly dev: string;
    /** The neighbour's IPv4 address. */
    readonly address: string;
    /** Its link address. */
    readonly mac: Uint8Array;
    /** False: it failed, is stale, or is gone. */
    readonly reachable: boolean;
  };
  readonly oob_route_learn: {
    /** The IPv4 address that was looked up. */
    readonly destination: string;
    /** The source address that goes with it. */
    readonly source: string;
    /** The device, by name. */
    readonly dev: string;
    /** Whom to ask on the link. */
    readonly nexthop: string;
    /** The path's MTU. */
    readonly mtu: number;
    /** Whether the next hop is a router. */
    readonly gateway: boolean;
    /** Whether it is everybody's address. */
    readonly broadcast: boolean;
    /** Forget it instead. */
    readonly forget: boolean;
  };
  readonly oob_inband_ready: {
    /** The first number of its INET sockets: those below are sockets of an earlier life. */
    readonly sk: number;
  };
  readonly oob_nic_ready: Record<string, never>;
  readonly oob_attach_thread: {
    /** Whether the task has CAP_SYS_NICE. */
    readonly cap_sys_nice: boolean;
    /** SCHED_FIFO from 1, the least, to 99; 0: SCHED_WEAK, a thread that runs in-band between its out-of-band calls. */
    readonly priority: number;
  };
  readonly oob_detach_thread: Record<string, never>;
  readonly oob_read: {
    /** The descriptor. */
    readonly fd: number;
    /** How many bytes at most. */
    readonly count: number;
  };
  readonly oob_write: {
    /** The descriptor. */
    readonly fd: number;
    /** The bytes. */
    readonly data: Uint8Array;
  };
  readonly oob_ioctl: {
    /** The descriptor. */
    readonly fd: number;
    /** The command. */
    readonly cmd: number;
    /** Its argument. */
    readonly arg: number;
  };
  readonly oob_poll: {
    /** The descriptor. */
    readonly fd: number;
    /** POLLIN 1, POLLOUT 4. */
    readonly events: number;
    /** How long to wait, in nanoseconds; 0: without limit. */
    readonly timeout_ns: number;
  };
  readonly oob_sendmsg: {
    /** The descriptor. */
    readonly fd: number;
    /** The message; for AF_PACKET the frame with its Ethernet header. */
    readonly data: Uint8Array;
    /** MSG_DONTWAIT, MSG_DONTROUTE. */
    readonly flags: number;
    /** The destination; empty: the peer, or what the socket is bound to. */
    readonly addr: Uint8Array;
    /** For room; absolute, on the world's clock. 0: without limit. */
    readonly timeout_ns: number;
  };
  readonly oob_recvmsg: {
    /** The descriptor. */
    readonly fd: number;
    /** The room for it. */
    readonly count: number;
    /** MSG_DONTWAIT, MSG_TIMESTAMP. */
    readonly flags: number;
    /** Absolute, on the world's clock; 0: without limit. */
    readonly timeout_ns: number;
    /** The room for the message's times (msg_controllen), in bytes; 0: they are not wanted. Less than the 24 of one record is refused. */
    readonly controllen?: number;
    /** The room for the sender's address (msg_namelen), in bytes; 0: as much as it takes. */
    readonly namelen?: number;
    /** There is nowhere to put the sender's address (msg_name is NULL): none is answered. */
    readonly no_name?: boolean;
  };
  readonly oob_net_vlans: {
    /** The list; empty: none. */
    readonly vlans: string;
  };
  readonly oob_net_divert: {
    /** The device, by name. */
    readonly dev: string;
    /** On or off. */
    readonly enabled: boolean;
  };
  readonly oob_net_domain: {
    /** The driver, such as `oobpipe`. */
    readonly name: string;
    /** Whether it registers its protocols, or takes them back. */
    readonly registered: boolean;
  };
  readonly oob_set_thread_mode: {
    /** EVL_T_WOSS: tell it when a system call demotes it; EVL_T_WOSX: when it waits for a stage-exclusion lock. Replaces what was. */
    readonly mode: number;
  };
  readonly handle_pipelined_syscall: {
    /** The system call, such as sys_read. */
    readonly syscall: string;
  };
  readonly netif_receive_oob: {
    /** The device. */
    readonly dev: string;
    /** The frame's number in the trace. */
    readonly frame: number;
    /** The frame. */
    readonly data: Uint8Array;
  };
  readonly oob_sock_options: {
    /** The INET socket. */
    readonly sk: number;
    /** The context that attach gave. */
    readonly oob_data: number;
    /** SO_BROADCAST: it may send to everybody. */
    readonly broadcast: boolean;
    /** The device that it is bound to (SO_BINDTOIFINDEX, SO_BINDTODEVICE); 0: none. */
    readonly bound_ifindex: number;
    /** SO_RCVBUF, as getsockopt tells it; 0: nobody set it. */
    readonly rcvbuf: number;
    /** SO_SNDBUF, likewise. */
    readonly sndbuf: number;
    /** IP_MTU_DISCOVER. */
    readonly pmtudisc: number;
    /** SO_REUSEPORT: others may be bound to its port. */
    readonly reuse_port: boolean;
  };
  readonly install_inband_fd: {
    /** The descriptor that is installed. */
    readonly fd: number;
    /** The file that it refers to. */
    readonly file: number;
    /** The file's out-of-band pointer; 0 for NULL: not out-of-band capable. */
    readonly oob_data: number;
    /** The file table. */
    readonly files: number;
  };
  readonly replace_inband_fd: {
    /** The descriptor that is reassigned. */
    readonly fd: number;
    /** The new file. */
    readonly file: number;
    /** The new file's out-of-band pointer; 0 for NULL. */
    readonly oob_data: number;
    /** The file table. */
    readonly files: number;
  };
  readonly uninstall_inband_fd: {
    /** The descriptor that is removed. */
    readonly fd: number;
    /** The file that it referred to. */
    readonly file: number;
    /** That file's out-of-band pointer; 0 for NULL. */
    readonly oob_data: number;
    /** The file table of the owner, which need not be the current task's. */
    readonly files: number;
  };
  readonly sock_oob_attach: {
    /** The BSD socket. */
    readonly sock: number;
    /** The INET socket. */
    readonly sk: number;
    /** The socket's file. */
    readonly file: number;
    /** The protocol family, Linux's number. */
    readonly family: number;
    /** The socket type without flags. */
    readonly type: number;
    /** The protocol, host byte order. */
    readonly protocol: number;
    /** The file's flags, such as O_NONBLOCK: what a core reads from sock->file. */
    readonly flags: number;
  };
  readonly sock_oob_release: {
    /** The BSD socket. */
    readonly sock: number;
    /** The INET socket; might be stale. */
    readonly sk: number;
    /** The socket's file. */
    readonly file: number;
    /** The context that attach gave. */
    readonly oob_data: number;
  };
  readonly sock_oob_destroy: {
    /** The INET socket. */
    readonly sk: number;
    /** The context that attach gave. */
    readonly oob_data: number;
  };
  readonly sock_oob_bind: {
    /** The INET socket. */
    readonly sk: number;
    /** The context that attach gave. */
    readonly oob_data: number;
    /** The address as a sockaddr, in the kernel's layout. */
    readonly addr: Uint8Array;
    /** What the in-band bind made of it, as a sockaddr: the address and port that a core reads from sk. */
    readonly bound: Uint8Array;
  };
  readonly sock_oob_connect: {
    /** The INET socket. */
    readonly sk: number;
    /** The context that attach gave. */
    readonly oob_data: number;
    /** The address as a sockaddr, in the kernel's layout. */
    readonly addr: Uint8Array;
    /** The file's flags or the extra ones. */
    readonly flags: number;
    /** What the socket is bound to now, as a sockaddr: what a core reads from sk. */
    readonly bound: Uint8Array;
  };
  readonly sock_oob_shutdown: {
    /** The INET socket. */
    readonly sk: number;
    /** The context that attach gave. */
    readonly oob_data: number;
    /** SHUT_RD 0, SHUT_WR 1, SHUT_RDWR 2 (D4: the code passes them incremented). */
    readonly how: number;
  };
  readonly sock_oob_ioctl: {
    /** The file associated to the socket. */
    readonly file: number;
    /** The INET socket. */
    readonly sk: number;
    /** The context that attach gave. */
    readonly oob_data: number;
    /** The command. */
    readonly cmd: number;
    /** What the argument points to. */
    readonly arg: Uint8Array;
  };
  readonly sock_inband_ioctl_redirect: {
    /** The INET socket. */
    readonly sk: number;
    /** The context that attach gave. */
    readonly oob_data: number;
    /** The command. */
    readonly cmd: number;
    /** What the argument points to. */
    readonly arg: Uint8Array;
  };
  readonly netif_deliver_oob: {
    /** The device that received the frame. */
    readonly dev: string;
    /** The frame's number on this node. */
    readonly frame: number;
    /** The frame, from its destination address on. */
    readonly data: Uint8Array;
    /** When it came to the device, on the world's clock; absent: the device does not say. */
    readonly device_time_ns?: number;
  };
  readonly inband_offload_sendmsg: {
    /** The INET socket. */
    readonly sk: number;
    /** The payload. */
    readonly data: Uint8Array;
    /** The destination; empty: the peer. */
    readonly addr: Uint8Array;
  };
  readonly sock_core_ready: {
    /** Which of the core's lives this is, from 1; what an earlier one says after a later one is ignored. 0: it does not count
     * them. */
    readonly incarnation: number;
  };
  readonly ksock_socket: {
    /** `AF_INET`, `AF_INET6`, or a number of illumos. */
    readonly domain: string;
    /** `SOCK_STREAM`, `SOCK_DGRAM`, or a number of illumos. */
    readonly type: string;
    /** 0, or the protocol's number. */
    readonly protocol: number;
    /** KSOCKET_NOSLEEP: does not wait for memory. */
    readonly nosleep: boolean;
    /** The number of the event inside whose callback this call is made; 0: in none. A call from a callback is refused. */
    readonly callback: number;
  };
  readonly ksock_bind: {
    /** The kernel socket. */
    readonly ks: number;
    /** A sockaddr in illumos' layout; absent: NULL. */
    readonly addr?: Uint8Array;
    /** What the length says where `addr` is NULL: then 0 unbinds, and more is EFAULT. */
    readonly addrlen: number;
    /** The number of the event inside whose callback this call is made; 0: in none. A call from a callback is refused. */
    readonly callback: number;
  };
  readonly ksock_listen: {
    /** The kernel socket. */
    readonly ks: number;
    /** As the caller says it; b*3/2+1 connections may wait, 1 to 128. */
    readonly backlog: number;
    /** The number of the event inside whose callback this call is made; 0: in none. A call from a callback is refused. */
    readonly callback: number;
  };
  readonly ksock_accept: {
    /** The kernel socket. */
    readonly ks: number;
    /** Whether `addr` is given, and not NULL. */
    readonly want_addr: boolean;
    /** What `*addrlen` says; absent: NULL. */
    readonly addrlen?: number;
    /** Asked again: goes on waiting, whatever FIONBIO says by now. */
    readonly waiting: boolean;
    /** The number of the event inside whose callback this call is made; 0: in none. A call from a callback is refused. */
    readonly callback: number;
  };
  readonly ksock_connect: {
    /** The kernel socket. */
    readonly ks: number;
    /** A sockaddr in illumos' layout; absent: NULL. */
    readonly addr?: Uint8Array;
    /** Asked again: goes on waiting for the attempt that this call has begun. */
    readonly waiting: boolean;
    /** What the length says where `addr` is NULL: more than 0 is EFAULT. */
    readonly addrlen: number;
    /** The number of the event inside whose callback this call is made; 0: in none. A call from a callback is refused. */
    readonly callback: number;
  };
  readonly ksock_send: {
    /** The kernel socket. */
    readonly ks: number;
    /** The bytes; absent: NULL. */
    readonly msg?: Uint8Array;
    /** How many there would be, where `msg` is NULL. */
    readonly msgsize: number;
    /** Such as `MSG_OOB|MSG_DONTWAIT`, or a number of illumos. */
    readonly flags: string;
    /** ksocket_sendto: a sockaddr in illumos' layout; absent: NULL. */
    readonly addr?: Uint8Array;
    /** ksocket_sendmsg: ancillary data. */
    readonly control: Uint8Array;
    /** What the length says where `addr` is NULL: more than 0 is EFAULT. */
    readonly addrlen: number;
    /** Asked again: what `until_ns` of the last answer says. 0: the first asking. */
    readonly until_ns: number;
    /** Asked again: how many bytes the answers so far say were taken; an error that does not undo them is none then. */
    readonly taken: number;
    /** The number of the event inside whose callback this call is made; 0: in none. A call from a callback is refused. */
    readonly callback: number;
  };
  readonly ksock_recv: {
    /** The kernel socket. */
    readonly ks: number;
    /** How many bytes there is room for. */
    readonly msgsize: number;
    /** There is no buffer. */
    readonly msg_null: boolean;
    /** Such as `MSG_PEEK|MSG_WAITALL`, or a number of illumos. */
    readonly flags: string;
    /** Asked again: what `until_ns` of the last answer says. 0: the first asking. */
    readonly until_ns: number;
    /** Asked again: how many bytes the answers so far have brought; an error that does not undo them is none then. */
    readonly taken: number;
    /** ksocket_recvmsg: how much room there is for ancillary data. 0: none is asked for. */
    readonly controllen: number;
    /** The number of the event inside whose callback this call is made; 0: in none. A call from a callback is refused. */
    readonly callback: number;
  };
  readonly ksock_shutdown: {
    /** The kernel socket. */
    readonly ks: number;
    /** SHUT_RD 0, SHUT_WR 1, SHUT_RDWR 2. */
    readonly how: number;
    /** The number of the event inside whose callback this call is made; 0: in none. A call from a callback is refused. */
    readonly callback: number;
  };
  readonly ksock_close: {
    /** The kernel socket. */
    readonly ks: number;
    /** Asked again: goes on waiting for the close that this call has begun. */
    readonly waiting: boolean;
    /** The number of the event inside whose callback this call is made; 0: in none. A call from a callback is refused. */
    readonly callback: number;
  };
  readonly ksock_setsockopt: {
    /** The kernel socket. */
    readonly ks: number;
    /** Such as `SOL_SOCKET`, or a number of illumos. */
    readonly level: string;
    /** Such as `SO_KEEPALIVE`, or a number of illumos. */
    readonly optname: string;
    /** The value in illumos' layout; absent: NULL. */
    readonly optval?: Uint8Array;
    /** What the caller says its length is. */
    readonly optlen: number;
    /** The number of the event inside whose callback this call is made; 0: in none. A call from a callback is refused. */
    readonly callback: number;
  };
  readonly ksock_getsockopt: {
    /** The kernel socket. */
    readonly ks: number;
    /** Such as `SOL_SOCKET`, or a number of illumos. */
    readonly level: string;
    /** Such as `SO_ERROR`, or a number of illumos. */
    readonly optname: string;
    /** How much there is room for; absent: NULL. */
    readonly optlen?: number;
    /** The number of the event inside whose callback this call is made; 0: in none. A call from a callback is refused. */
    readonly callback: number;
  };
  readonly ksock_getpeername: {
    /** The kernel socket. */
    readonly ks: number;
    /** Whether `addr` is given, and not NULL. */
    readonly want_addr: boolean;
    /** What `*addrlen` says; absent: NULL. */
    readonly addrlen?: number;
    /** The number of the event inside whose callback this call is made; 0: in none. A call from a callback is refused. */
    readonly callback: number;
  };
  readonly ksock_getsockname: {
    /** The kernel socket. */
    readonly ks: number;
    /** Whether `addr` is given, and not NULL. */
    readonly want_addr: boolean;
    /** What `*addrlen` says; absent: NULL. */
    readonly addrlen?: number;
    /** The number of the event inside whose callback this call is made; 0: in none. A call from a callback is refused. */
    readonly callback: number;
  };
  readonly ksock_ioctl: {
    /** The kernel socket. */
    readonly ks: number;
    /** Such as `FIONBIO`, or a number of illumos. */
    readonly cmd: string;
    /** What the pointer points to; absent: NULL. */
    readonly arg?: number;
    /** The number of the event inside whose callback this call is made; 0: in none. A call from a callback is refused. */
    readonly callback: number;
  };
  readonly ksock_callbacks: {
    /** The kernel socket. */
    readonly ks: number;
    /** `ksock` or `ksocket`: which of the two interfaces the callbacks have. */
    readonly binding: string;
    /** The struct is NULL: all off. */
    readonly off: boolean;
    /** There is an argument: with NULL for the struct, ksocket_setcallbacks refuses that. */
    readonly arg: boolean;
    /** ksocket_setcallbacks: the slots that the call changes, such as `newdata|newconn`; ksock_callbacks changes all. */
    readonly update: string;
    /** The slots whose function is not NULL, such as `connected|recv`. */
    readonly slots: string;
    /** Where the events go: a name that the caller chose. */
    readonly stream: string;
    /** The number of the event inside whose callback this call is made; 0: in none. A call from a callback is refused. */
    readonly callback: number;
  };
  readonly ksocket_spoll: {
    /** The kernel socket. */
    readonly ks: number;
    /** 0: does not wait; -1: for ever. */
    readonly timeout_ms: number;
    /** Such as `POLLIN|POLLOUT`. */
    readonly events: string;
    /** There is nowhere to put the answer. */
    readonly revents_null: boolean;
    /** Asked again: what `until_ns` of the last answer says. 0: the first asking. */
    readonly until_ns: number;
    /** The number of the event inside whose callback this call is made; 0: in none. A call from a callback is refused. */
    readonly callback: number;
  };
  readonly ksocket_hold: {
    /** The kernel socket. */
    readonly ks: number;
    /** The number of the event inside whose callback this call is made; 0: in none. A call from a callback is refused. */
    readonly callback: number;
  };
  readonly ksocket_rele: {
    /** The kernel socket. */
    readonly ks: number;
    /** The number of the event inside whose callback this call is made; 0: in none. A call from a callback is refused. */
    readonly callback: number;
  };
  readonly ksock_next_event: {
    /** The stream. */
    readonly stream: string;
    /** The numbers of events that the caller has and has not acknowledged yet, such as `3,4`. */
    readonly have: string;
  };
  readonly ksock_ack_event: {
    /** The stream. */
    readonly stream: string;
    /** The number of the event. */
    readonly number: number;
  };
  readonly ksock_interrupt: {
    /** The thread: the task of the call that is to end. */
    readonly thread: string;
  };
  readonly net_link_up: {
    /** The device, by name. */
    readonly dev: string;
  };
  readonly net_link_down: {
    /** The device, by name. */
    readonly dev: string;
  };
  readonly net_mtu: {
    /** The device, by name. */
    readonly dev: string;
    /** Bytes, from 68. */
    readonly mtu: number;
  };
  readonly net_vlan_add: {
    /** The device below. */
    readonly dev: string;
    /** The new device's name. */
    readonly name: string;
    /** 1 to 4094. */
    readonly vlan_id: number;
  };
  readonly net_link_del: {
    /** The device, by name. */
    readonly dev: string;
  };
  readonly net_address_add: {
    /** The device, by name. */
    readonly dev: string;
    /** Such as `10.0.0.1/24`. */
    readonly address: string;
  };
  readonly net_address_del: {
    /** The device, by name. */
    readonly dev: string;
    /** Such as `10.0.0.1/24`. */
    readonly address: string;
  };
  readonly net_route_add: {
    /** The device, by name. */
    readonly dev: string;
    /** Such as `10.1.0.0/16`; `0.0.0.0/0` is the default route. */
    readonly destination: string;
    /** The router; empty: on the link. */
    readonly gateway: string;
    /** The lower one is taken. */
    readonly metric: number;
  };
  readonly net_route_del: {
    /** The device, by name. */
    readonly dev: string;
    /** Such as `10.1.0.0/16`. */
    readonly destination: string;
    /** The router; empty: on the link. */
    readonly gateway: string;
    /** Its metric. */
    readonly metric: number;
  };
  readonly net_oob_port: {
    /** The device, by name. */
    readonly dev: string;
    /** On or off. */
    readonly enabled: boolean;
    /** Buffers; 0: the core's default. */
    readonly pool: number;
    /** Bytes of a buffer; 0: the core's default. */
    readonly buffer_bytes: number;
  };
  readonly netif_carrier: {
    /** The device, by name. */
    readonly dev: string;
    /** Whether there is a link. */
    readonly on: boolean;
  };
  readonly sock_create: {
    /** AF_INET 2, AF_PACKET 17, PF_OOB 46. */
    readonly family: number;
    /** The type without flags. */
    readonly type: number;
    /** The protocol; for AF_PACKET an ethertype in host byte order. */
    readonly protocol: number;
    /** On behalf of the kernel. */
    readonly kern: boolean;
    /** Whether the task has CAP_NET_RAW. */
    readonly cap_net_raw: boolean;
    /** The file that it will be tied to, by which it can be closed where the answer is lost; 0: there is none. */
    readonly file: number;
  };
  readonly sock_map_file: {
    /** The BSD socket. */
    readonly sock: number;
    /** The file. */
    readonly file: number;
    /** O_NONBLOCK. */
    readonly flags: number;
    /** Whether SOCK_OOB was given. */
    readonly oob: boolean;
  };
  readonly sock_close: {
    /** The BSD socket; 0: whichever was made for the file, now or by a call that is still on its way. */
    readonly sock: number;
    /** Its file. */
    readonly file: number;
  };
  readonly sock_bind: {
    /** The BSD socket. */
    readonly sock: number;
    /** An address as a sockaddr, in the kernel's layout. */
    readonly addr: Uint8Array;
  };
  readonly sock_connect: {
    /** The BSD socket. */
    readonly sock: number;
    /** An address as a sockaddr, in the kernel's layout. */
    readonly addr: Uint8Array;
    /** The file's flags or the extra ones. */
    readonly flags: number;
  };
  readonly sock_listen: {
    /** The BSD socket. */
    readonly sock: number;
    /** How many connections may wait. */
    readonly backlog: number;
  };
  readonly sock_accept: {
    /** The BSD socket. */
    readonly sock: number;
    /** O_NONBLOCK of the listening file. */
    readonly flags: number;
    /** The file that the new socket is for, by which it can be closed where the answer is lost; 0: there is none. */
    readonly file: number;
  };
  readonly sock_shutdown: {
    /** The BSD socket. */
    readonly sock: number;
    /** SHUT_RD 0, SHUT_WR 1, SHUT_RDWR 2. */
    readonly how: number;
  };
  readonly sock_sendmsg: {
    /** The BSD socket. */
    readonly sock: number;
    /** The message. */
    readonly data: Uint8Array;
    /** MSG_DONTWAIT, which the VFS adds for O_NONBLOCK, MSG_MORE, MSG_OOB. */
    readonly flags: number;
    /** The destination; empty: the peer. */
    readonly addr: Uint8Array;
  };
  readonly sock_recvmsg: {
    /** The BSD socket. */
    readonly sock: number;
    /** The room for it. */
    readonly count: number;
    /** MSG_DONTWAIT (the VFS adds it for O_NONBLOCK), MSG_PEEK, MSG_TRUNC, MSG_WAITALL, MSG_OOB. */
    readonly flags: number;
  };
  readonly sock_getname: {
    /** The BSD socket. */
    readonly sock: number;
    /** The peer. */
    readonly peer: boolean;
  };
  readonly sock_setsockopt: {
    /** The BSD socket. */
    readonly sock: number;
    /** The level. */
    readonly level: number;
    /** The option. */
    readonly optname: number;
    /** Its value. */
    readonly value: number;
    /** Its value where it is no number: struct linger, the name of TCP_CONGESTION. */
    readonly data?: Uint8Array;
  };
  readonly sock_getsockopt: {
    /** The BSD socket. */
    readonly sock: number;
    /** The level. */
    readonly level: number;
    /** The option. */
    readonly optname: number;
  };
  readonly sock_ioctl: {
    /** The BSD socket. */
    readonly sock: number;
    /** The command. */
    readonly cmd: number;
    /** Its argument as a number. */
    readonly arg: number;
    /** What the argument points to. */
    readonly data: Uint8Array;
  };
  readonly sock_poll: {
    /** The BSD socket. */
    readonly sock: number;
    /** What is waited for. */
    readonly events: number;
    /** 0: without limit. */
    readonly timeout_ns: number;
  };
  readonly sock_interrupt: Record<string, never>;
  readonly sock_vfs_ready: {
    /** The first number of its files: those below are files of an earlier life. */
    readonly file: number;
  };
  readonly inband_solicit: {
    /** The INET socket that asks. */
    readonly sk: number;
    /** The IPv4 address that is looked for. */
    readonly address: string;
    /** The device that it must be reached by; 0: any. */
    readonly ifindex: number;
    /** Whether the neighbour stays known for good (EVL_NEIGH_PERMANENT). */
    readonly permanent: boolean;
    /** Whether the way may lead through a router (EVL_NEIGH_MAYROUTE), who is asked then. */
    readonly may_route: boolean;
  };
  readonly netif_enable_oob_diversion: {
    /** The device, by name. */
    readonly dev: string;
  };
  readonly netif_disable_oob_diversion: {
    /** The device, by name. */
    readonly dev: string;
  };
  readonly nic_link: {
    /** The device, by name. */
    readonly dev: string;
    /** In or out. */
    readonly up: boolean;
  };
  readonly nic_netem: {
    /** The device, by name. */
    readonly dev: string;
    /** The clauses. */
    readonly rules: string;
  };
  readonly file_core_ready: {
    /** Which of the core's lives this is, from 1; what an earlier one says after a later one is ignored. 0: it does not count
     * them. */
    readonly incarnation: number;
  };
  readonly sys_spawn: {
    /** The new task's name, unique on this node. */
    readonly name: string;
  };
  readonly sys_open: {
    /** The path, such as `/dev/oobecho`. */
    readonly path: string;
    /** O_RDONLY, O_WRONLY, O_RDWR, O_CLOEXEC, O_NONBLOCK, O_APPEND; Linux's values. */
    readonly flags: number;
  };
  readonly sys_close: {
    /** The descriptor. */
    readonly fd: number;
  };
  readonly sys_close_range: {
    /** The first descriptor. */
    readonly first: number;
    /** The last one. */
    readonly last: number;
    /** CLOSE_RANGE_UNSHARE 2, CLOSE_RANGE_CLOEXEC 4. */
    readonly flags: number;
  };
  readonly sys_dup: {
    /** The descriptor. */
    readonly fd: number;
  };
  readonly sys_dup2: {
    /** The descriptor. */
    readonly fd: number;
    /** The descriptor to reassign. */
    readonly newfd: number;
  };
  readonly sys_dup3: {
    /** The descriptor. */
    readonly fd: number;
    /** The descriptor to reassign. */
    readonly newfd: number;
    /** 0 or O_CLOEXEC. */
    readonly flags: number;
  };
  readonly sys_fcntl: {
    /** The descriptor. */
    readonly fd: number;
    /** The command, Linux's number. */
    readonly cmd: number;
    /** Its argument. */
    readonly arg: number;
  };
  readonly sys_read: {
    /** The descriptor. */
    readonly fd: number;
    /** How many bytes at most. */
    readonly count: number;
  };
  readonly sys_write: {
    /** The descriptor. */
    readonly fd: number;
    /** The bytes. */
    readonly data: Uint8Array;
  };
  readonly sys_ioctl: {
    /** The descriptor. */
    readonly fd: number;
    /** The command. */
    readonly cmd: number;
    /** Its argument. */
    readonly arg: number;
    /** What the argument points to, where it is a pointer. */
    readonly data: Uint8Array;
  };
  readonly sys_fork: {
    /** The child's name; empty: made from the parent's. */
    readonly child: string;
    /** 0 or CLONE_FILES 0x400. */
    readonly flags: number;
  };
  readonly sys_exec: Record<string, never>;
  readonly sys_exit: {
    /** The task in whose context the clean-up runs; empty: its own, with current->files already NULL. */
    readonly reaper: string;
  };
  readonly sys_pidfd_getfd: {
    /** The task that has the file open. */
    readonly from_task: string;
    /** Its descriptor. */
    readonly target_fd: number;
  };
  readonly sys_prlimit: {
    /** The limit; descriptors are below it. */
    readonly nofile: number;
  };
  readonly sys_socket: {
    /** AF_INET 2, AF_PACKET 17, PF_OOB 46. */
    readonly family: number;
    /** SOCK_DGRAM 2, SOCK_RAW 3, with SOCK_CLOEXEC, SOCK_NONBLOCK, SOCK_OOB. */
    readonly type: number;
    /** The protocol; for AF_PACKET an ethertype in host byte order. */
    readonly protocol: number;
  };
  readonly sys_io_uring_socket: {
    /** AF_INET 2, AF_PACKET 17, PF_OOB 46. */
    readonly family: number;
    /** SOCK_DGRAM 2, SOCK_RAW 3, with SOCK_CLOEXEC, SOCK_NONBLOCK, SOCK_OOB. */
    readonly type: number;
    /** The protocol; for AF_PACKET an ethertype in host byte order. */
    readonly protocol: number;
  };
  readonly sys_socketpair: {
    /** AF_INET 2, AF_PACKET 17, PF_OOB 46. */
    readonly family: number;
    /** SOCK_DGRAM 2, SOCK_RAW 3, with SOCK_CLOEXEC, SOCK_NONBLOCK, SOCK_OOB. */
    readonly type: number;
    /** The protocol; for AF_PACKET an ethertype in host byte order. */
    readonly protocol: number;
  };
  readonly sys_bind: {
    /** The descriptor. */
    readonly fd: number;
    /** An address as a sockaddr, in the kernel's layout. */
    readonly addr: Uint8Array;
  };
  readonly sys_connect: {
    /** The descriptor. */
    readonly fd: number;
    /** An address as a sockaddr, in the kernel's layout. */
    readonly addr: Uint8Array;
  };
  readonly sys_listen: {
    /** The descriptor. */
    readonly fd: number;
    /** How many connections may wait. */
    readonly backlog: number;
  };
  readonly sys_accept4: {
    /** The descriptor. */
    readonly fd: number;
    /** SOCK_CLOEXEC, SOCK_NONBLOCK. */
    readonly flags: number;
  };
  readonly sys_shutdown: {
    /** The descriptor. */
    readonly fd: number;
    /** Which directions. */
    readonly how: number;
  };
  readonly sys_sendto: {
    /** The descriptor. */
    readonly fd: number;
    /** The message. */
    readonly data: Uint8Array;
    /** MSG_DONTWAIT. */
    readonly flags: number;
    /** The destination as a sockaddr; empty: the peer. */
    readonly addr: Uint8Array;
  };
  readonly sys_recvfrom: {
    /** The descriptor. */
    readonly fd: number;
    /** The room for it, in bytes. */
    readonly count: number;
    /** MSG_DONTWAIT, MSG_PEEK, MSG_TRUNC. */
    readonly flags: number;
  };
  readonly sys_getsockname: {
    /** The descriptor. */
    readonly fd: number;
  };
  readonly sys_getpeername: {
    /** The descriptor. */
    readonly fd: number;
  };
  readonly sys_setsockopt: {
    /** The descriptor. */
    readonly fd: number;
    /** SOL_SOCKET 1, IPPROTO_IP 0. */
    readonly level: number;
    /** The option, Linux's number. */
    readonly optname: number;
    /** Its value; times are nanoseconds, a device is its index. */
    readonly value: number;
    /** Its value where it is no number: struct linger, the name of TCP_CONGESTION. */
    readonly data?: Uint8Array;
  };
  readonly sys_getsockopt: {
    /** The descriptor. */
    readonly fd: number;
    /** SOL_SOCKET 1, IPPROTO_IP 0. */
    readonly level: number;
    /** The option, Linux's number. */
    readonly optname: number;
  };
  readonly sys_poll: {
    /** The descriptor. */
    readonly fd: number;
    /** POLLIN 1, POLLOUT 4. */
    readonly events: number;
    /** 0: without limit. */
    readonly timeout_ns: number;
  };
  readonly sys_capset: {
    /** Bits, such as 1 << CAP_NET_RAW. */
    readonly drop: number;
  };
  readonly dovetail_leave_inband: Record<string, never>;
}

/** The value that each point returns. */
export interface PointValues {
  readonly ctl_arm_fault: {
    /** Why it was refused, in one line; empty when it is armed. */
    readonly reason: string;
  };
  readonly ctl_disarm_fault: Record<string, never>;
  readonly ctl_list_faults: {
    /** The armed rules, oldest first. */
    readonly reports: readonly FaultReport[];
  };
  readonly ctl_take_events: {
    /** The events, oldest first. */
    readonly events: readonly Event[];
    /** How many were overwritten before anybody took them, since the house started. */
    readonly dropped: number;
  };
  readonly ctl_list_files: {
    /** The entries, by table and descriptor. */
    readonly entries: readonly FileEntry[];
  };
  readonly ctl_list_tasks: {
    /** The tasks, in the order in which they came to life or were attached. */
    readonly entries: readonly TaskEntry[];
  };
  readonly ctl_list_network: {
    /** The network devices. */
    readonly devices: readonly NetworkDevice[];
    /** The sockets. */
    readonly sockets: readonly NetworkSocket[];
    /** The routes. */
    readonly routes: readonly NetworkRoute[];
    /** The neighbours. */
    readonly neighbours: readonly NetworkNeighbour[];
    /** The counters that are not zero. */
    readonly counters: readonly NetworkCounter[];
    /** The real devices that a core receives from, as their drivers count (struct evl_net_devstat). */
    readonly oob_devices: readonly OobDevice[];
    /** The VLAN maps of the cores. */
    readonly vlan_maps: readonly VlanMap[];
  };
  readonly ctl_freeze_stage: Record<string, never>;
  readonly ctl_call: {
    /** The response message of the point's rpc, its errno in it. */
    readonly message: Uint8Array;
    /** Why there was no answer: `timeout`, `unreachable`, `garbled`, `rejected`; empty: there was. */
    readonly lost: string;
  };
  readonly oob_open_file: {
    /** The context; 0 for none. */
    readonly oob_data: number;
  };
  readonly oob_release_file: Record<string, never>;
  readonly oob_file_flags: Record<string, never>;
  readonly oob_driver_io: {
    /** The bytes of a read. */
    readonly data: Uint8Array;
    /** How many bytes were written, or what the command answers. */
    readonly value: number;
  };
  readonly inband_event_notify: Record<string, never>;
  readonly oob_vfs_ready: Record<string, never>;
  readonly oob_net_filter: Record<string, never>;
  readonly oob_load_family: Record<string, never>;
  readonly oob_proto_ops: {
    /** What an ioctl wrote back. */
    readonly arg: Uint8Array;
  };
  readonly netif_oob_switch_port: Record<string, never>;
  readonly oob_neighbour_update: Record<string, never>;
  readonly oob_route_learn: Record<string, never>;
  readonly oob_inband_ready: Record<string, never>;
  readonly oob_nic_ready: Record<string, never>;
  readonly oob_attach_thread: Record<string, never>;
  readonly oob_detach_thread: Record<string, never>;
  readonly oob_read: {
    /** What was read. */
    readonly data: Uint8Array;
  };
  readonly oob_write: {
    /** How many were written. */
    readonly count: number;
  };
  readonly oob_ioctl: {
    /** What the command answers. */
    readonly value: number;
  };
  readonly oob_poll: {
    /** What is ready: POLLIN 1, POLLOUT 4, POLLERR 8, POLLNVAL 32. */
    readonly revents: number;
  };
  readonly oob_sendmsg: {
    /** How many bytes went. */
    readonly count: number;
  };
  readonly oob_recvmsg: {
    /** The message, as much as there was room for; empty after a shutdown. */
    readonly data: Uint8Array;
    /** Who sent it. */
    readonly addr: Uint8Array;
    /** MSG_TRUNC when it did not fit. */
    readonly flags: number;
    /** How long it is as a whole. */
    readonly length: number;
    /** How many bytes of times were written (msg_controllen): 24, or 0 when the message bears none. */
    readonly controllen: number;
    /** When the frame passed between device and core, nanoseconds of the world's clock; 0: not stamped. */
    readonly device_time_ns: number;
    /** When the receive thread took it from its queue; 0: not stamped. */
    readonly queuing_time_ns: number;
    /** When the protocol handed it to the socket; 0: not stamped. */
    readonly delivery_time_ns: number;
  };
  readonly oob_net_vlans: Record<string, never>;
  readonly oob_net_divert: Record<string, never>;
  readonly oob_net_domain: Record<string, never>;
  readonly oob_set_thread_mode: Record<string, never>;
  readonly handle_pipelined_syscall: Record<string, never>;
  readonly netif_receive_oob: {
    /** Whether the core has the frame now. */
    readonly taken: boolean;
  };
  readonly oob_sock_options: Record<string, never>;
  readonly install_inband_fd: Record<string, never>;
  readonly replace_inband_fd: Record<string, never>;
  readonly uninstall_inband_fd: Record<string, never>;
  readonly sock_oob_attach: {
    /** The out-of-band context; 0 leaves a plain in-band socket, for which no other hook fires. */
    readonly oob_data: number;
  };
  readonly sock_oob_release: Record<string, never>;
  readonly sock_oob_destroy: Record<string, never>;
  readonly sock_oob_bind: Record<string, never>;
  readonly sock_oob_connect: Record<string, never>;
  readonly sock_oob_shutdown: Record<string, never>;
  readonly sock_oob_ioctl: {
    /** What the command wrote back. */
    readonly arg: Uint8Array;
  };
  readonly sock_inband_ioctl_redirect: {
    /** What the command wrote back. */
    readonly arg: Uint8Array;
  };
  readonly netif_deliver_oob: {
    /** True: the core owns the frame now. False: untouched. */
    readonly taken: boolean;
  };
  readonly inband_offload_sendmsg: {
    /** How many bytes went. */
    readonly count: number;
    /** What the socket is bound to now, as a sockaddr: an unbound one was given a port, which a core reads from sk. */
    readonly bound: Uint8Array;
  };
  readonly sock_core_ready: Record<string, never>;
  readonly ksock_socket: {
    /** The kernel socket. */
    readonly ks: number;
  };
  readonly ksock_bind: Record<string, never>;
  readonly ksock_listen: Record<string, never>;
  readonly ksock_accept: {
    /** The new kernel socket. */
    readonly newks: number;
    /** The peer's address; empty where it was not asked for. */
    readonly addr: Uint8Array;
    /** Nobody came for so long that the answer would be lost: nothing has happened, ask again, with `waiting`. */
    readonly again: boolean;
  };
  readonly ksock_connect: {
    /** Nothing was decided for so long that the answer would be lost: ask again, with `waiting`. */
    readonly again: boolean;
  };
  readonly ksock_send: {
    /** How many bytes were taken. */
    readonly sent: number;
    /** A blocking call waited for so long that the answer would be lost: these bytes were taken, ask again with the rest. */
    readonly again: boolean;
    /** When the time of the whole call is over, by the clock of the house; 0: it does not wait. To be said when the call goes on. */
    readonly until_ns: number;
  };
  readonly ksock_recv: {
    /** What came. */
    readonly msg: Uint8Array;
    /** ksocket_recvmsg: MSG_TRUNC, MSG_CTRUNC, or nothing. */
    readonly flags: string;
    /** From whom a datagram came, whole, in illumos' layout. */
    readonly addr: Uint8Array;
    /** Ancillary data, as cmsghdr of illumos. */
    readonly control: Uint8Array;
    /** Nothing came for so long that the answer would be lost: keep what is in `msg`, and ask again with room for what is missing. */
    readonly again: boolean;
    /** When the time of the whole call is over, by the clock of the house; 0: it does not wait. To be said when the call goes on. */
    readonly until_ns: number;
  };
  readonly ksock_shutdown: Record<string, never>;
  readonly ksock_close: {
    /** Somebody holds it still, for so long that the answer would be lost: it is closing; ask again, with `waiting`. */
    readonly again: boolean;
  };
  readonly ksock_setsockopt: Record<string, never>;
  readonly ksock_getsockopt: {
    /** The value in illumos' layout, cut to the room. */
    readonly optval: Uint8Array;
  };
  readonly ksock_getpeername: {
    /** The address in illumos' layout. */
    readonly addr: Uint8Array;
  };
  readonly ksock_getsockname: {
    /** The address in illumos' layout. */
    readonly addr: Uint8Array;
  };
  readonly ksock_ioctl: {
    /** What it points to afterwards. */
    readonly arg: number;
  };
  readonly ksock_callbacks: Record<string, never>;
  readonly ksocket_spoll: {
    /** What it is ready for. */
    readonly revents: string;
    /** Nothing came for so long that the answer would be lost: ask again. */
    readonly again: boolean;
    /** With `again`: when the time of the whole call is over, by the clock of the house. */
    readonly until_ns: number;
  };
  readonly ksocket_hold: Record<string, never>;
  readonly ksocket_rele: Record<string, never>;
  readonly ksock_next_event: {
    /** The number of the event in its stream, from 1; 0: none came for so long that the answer would be lost, ask again. */
    readonly number: number;
    /** The kernel socket. */
    readonly ks: number;
    /** Which callback: `connected`, `disconnected`, `newconn`, `recv`, `xmit`, `exception`, or a slot of ksocket_setcallbacks. */
    readonly slot: string;
    /** Its argument: reason, msglen, freebuf, event; or info. */
    readonly value: number;
  };
  readonly ksock_ack_event: Record<string, never>;
  readonly ksock_interrupt: {
    /** Whether it slept; else its call has ended, is about to, or has not come yet. */
    readonly woken: boolean;
  };
  readonly net_link_up: Record<string, never>;
  readonly net_link_down: Record<string, never>;
  readonly net_mtu: Record<string, never>;
  readonly net_vlan_add: {
    /** Its index. */
    readonly ifindex: number;
  };
  readonly net_link_del: Record<string, never>;
  readonly net_address_add: Record<string, never>;
  readonly net_address_del: Record<string, never>;
  readonly net_route_add: Record<string, never>;
  readonly net_route_del: Record<string, never>;
  readonly net_oob_port: Record<string, never>;
  readonly netif_carrier: Record<string, never>;
  readonly sock_create: {
    /** The BSD socket. */
    readonly sock: number;
    /** The INET socket. */
    readonly sk: number;
  };
  readonly sock_map_file: {
    /** The out-of-band context of the file; 0 for a plain socket. */
    readonly oob_data: number;
  };
  readonly sock_close: Record<string, never>;
  readonly sock_bind: Record<string, never>;
  readonly sock_connect: Record<string, never>;
  readonly sock_listen: Record<string, never>;
  readonly sock_accept: {
    /** The new socket. */
    readonly newsock: number;
    /** The peer. */
    readonly addr: Uint8Array;
  };
  readonly sock_shutdown: Record<string, never>;
  readonly sock_sendmsg: {
    /** How many bytes went. */
    readonly count: number;
  };
  readonly sock_recvmsg: {
    /** The message, as much as there was room for. */
    readonly data: Uint8Array;
    /** Who sent it. */
    readonly addr: Uint8Array;
    /** MSG_TRUNC when it did not fit. */
    readonly flags: number;
    /** How long it is as a whole. */
    readonly length: number;
  };
  readonly sock_getname: {
    /** The address. */
    readonly addr: Uint8Array;
  };
  readonly sock_setsockopt: Record<string, never>;
  readonly sock_getsockopt: {
    /** Its value. */
    readonly value: number;
    /** Its value where it is no number: struct linger, struct tcp_info, a name. */
    readonly data?: Uint8Array;
  };
  readonly sock_ioctl: {
    /** What the command answers. */
    readonly value: number;
    /** What the command wrote back. */
    readonly data: Uint8Array;
  };
  readonly sock_poll: {
    /** What it is ready for; 0: the time is over. */
    readonly revents: number;
  };
  readonly sock_interrupt: Record<string, never>;
  readonly sock_vfs_ready: Record<string, never>;
  readonly inband_solicit: Record<string, never>;
  readonly netif_enable_oob_diversion: Record<string, never>;
  readonly netif_disable_oob_diversion: Record<string, never>;
  readonly nic_link: Record<string, never>;
  readonly nic_netem: Record<string, never>;
  readonly file_core_ready: Record<string, never>;
  readonly sys_spawn: {
    /** Its number. */
    readonly pid: number;
    /** Its file table. */
    readonly files: number;
  };
  readonly sys_open: {
    /** The descriptor. */
    readonly fd: number;
  };
  readonly sys_close: Record<string, never>;
  readonly sys_close_range: {
    /** The caller's file table afterwards. */
    readonly files: number;
  };
  readonly sys_dup: {
    /** The new descriptor. */
    readonly fd: number;
  };
  readonly sys_dup2: {
    /** The descriptor `newfd`. */
    readonly fd: number;
  };
  readonly sys_dup3: {
    /** The descriptor `newfd`. */
    readonly fd: number;
  };
  readonly sys_fcntl: {
    /** What the command answers. */
    readonly value: number;
  };
  readonly sys_read: {
    /** What was read; empty at the end of the file. */
    readonly data: Uint8Array;
  };
  readonly sys_write: {
    /** How many were written. */
    readonly count: number;
  };
  readonly sys_ioctl: {
    /** What the command answers. */
    readonly value: number;
    /** What the command wrote back. */
    readonly data: Uint8Array;
  };
  readonly sys_fork: {
    /** The child's number. */
    readonly pid: number;
    /** The child's file table. */
    readonly files: number;
    /** The child's name. */
    readonly child: string;
  };
  readonly sys_exec: {
    /** The caller's file table afterwards. */
    readonly files: number;
  };
  readonly sys_exit: Record<string, never>;
  readonly sys_pidfd_getfd: {
    /** The new descriptor. */
    readonly fd: number;
  };
  readonly sys_prlimit: Record<string, never>;
  readonly sys_socket: {
    /** The descriptor. */
    readonly fd: number;
  };
  readonly sys_io_uring_socket: {
    /** The descriptor. */
    readonly fd: number;
  };
  readonly sys_socketpair: {
    /** One end. */
    readonly fd: number;
    /** The other end. */
    readonly other: number;
  };
  readonly sys_bind: Record<string, never>;
  readonly sys_connect: Record<string, never>;
  readonly sys_listen: Record<string, never>;
  readonly sys_accept4: {
    /** The new descriptor. */
    readonly fd: number;
    /** The peer. */
    readonly addr: Uint8Array;
  };
  readonly sys_shutdown: Record<string, never>;
  readonly sys_sendto: {
    /** How many bytes went. */
    readonly count: number;
  };
  readonly sys_recvfrom: {
    /** The message, as much as there was room for; empty after SHUT_RD. */
    readonly data: Uint8Array;
    /** Who sent it, as a sockaddr. */
    readonly addr: Uint8Array;
    /** MSG_TRUNC when it did not fit. */
    readonly flags: number;
    /** How long it is as a whole. */
    readonly length: number;
  };
  readonly sys_getsockname: {
    /** The address. */
    readonly addr: Uint8Array;
  };
  readonly sys_getpeername: {
    /** The address. */
    readonly addr: Uint8Array;
  };
  readonly sys_setsockopt: Record<string, never>;
  readonly sys_getsockopt: {
    /** Its value. */
    readonly value: number;
    /** Its value where it is no number: struct linger, struct tcp_info, a name. */
    readonly data?: Uint8Array;
  };
  readonly sys_poll: {
    /** Which of them, and POLLERR, POLLHUP. */
    readonly revents: number;
  };
  readonly sys_capset: Record<string, never>;
  readonly dovetail_leave_inband: Record<string, never>;
}

/** The name of a point of the boundary. */
export type PointName = keyof PointArgs;

/** The points that each house calls. */
export interface PointsFrom {
  readonly task: "oob_net_filter" | "oob_attach_thread" | "oob_detach_thread" | "oob_read" | "oob_write" | "oob_ioctl" | "oob_poll" | "oob_sendmsg" | "oob_recvmsg" | "oob_net_vlans" | "oob_net_divert" | "oob_net_domain" | "oob_set_thread_mode" | "ksock_socket" | "ksock_bind" | "ksock_listen" | "ksock_accept" | "ksock_connect" | "ksock_send" | "ksock_recv" | "ksock_shutdown" | "ksock_close" | "ksock_setsockopt" | "ksock_getsockopt" | "ksock_getpeername" | "ksock_getsockname" | "ksock_ioctl" | "ksock_callbacks" | "ksocket_spoll" | "ksocket_hold" | "ksocket_rele" | "ksock_next_event" | "ksock_ack_event" | "ksock_interrupt" | "net_link_up" | "net_link_down" | "net_mtu" | "net_vlan_add" | "net_link_del" | "net_address_add" | "net_address_del" | "net_route_add" | "net_route_del" | "net_oob_port" | "nic_link" | "nic_netem" | "sys_spawn" | "sys_open" | "sys_close" | "sys_close_range" | "sys_dup" | "sys_dup2" | "sys_dup3" | "sys_fcntl" | "sys_read" | "sys_write" | "sys_ioctl" | "sys_fork" | "sys_exec" | "sys_exit" | "sys_pidfd_getfd" | "sys_prlimit" | "sys_socket" | "sys_io_uring_socket" | "sys_socketpair" | "sys_bind" | "sys_connect" | "sys_listen" | "sys_accept4" | "sys_shutdown" | "sys_sendto" | "sys_recvfrom" | "sys_getsockname" | "sys_getpeername" | "sys_setsockopt" | "sys_getsockopt" | "sys_poll" | "sys_capset";
  readonly vfs: "oob_open_file" | "oob_release_file" | "oob_file_flags" | "oob_driver_io" | "inband_event_notify" | "oob_vfs_ready" | "handle_pipelined_syscall" | "install_inband_fd" | "replace_inband_fd" | "uninstall_inband_fd" | "sock_create" | "sock_map_file" | "sock_close" | "sock_bind" | "sock_connect" | "sock_listen" | "sock_accept" | "sock_shutdown" | "sock_sendmsg" | "sock_recvmsg" | "sock_getname" | "sock_setsockopt" | "sock_getsockopt" | "sock_ioctl" | "sock_poll" | "sock_interrupt" | "sock_vfs_ready";
  readonly inband: "oob_load_family" | "oob_proto_ops" | "netif_oob_switch_port" | "oob_neighbour_update" | "oob_route_learn" | "oob_inband_ready" | "oob_sock_options" | "sock_oob_attach" | "sock_oob_release" | "sock_oob_destroy" | "sock_oob_bind" | "sock_oob_connect" | "sock_oob_shutdown" | "sock_inband_ioctl_redirect";
  readonly companion: "netif_receive_oob" | "sock_oob_ioctl" | "inband_offload_sendmsg" | "sock_core_ready" | "inband_solicit" | "netif_enable_oob_diversion" | "netif_disable_oob_diversion" | "file_core_ready" | "dovetail_leave_inband";
  readonly nic: "oob_nic_ready" | "netif_deliver_oob" | "netif_carrier";
  readonly lab: "ctl_arm_fault" | "ctl_disarm_fault" | "ctl_list_faults" | "ctl_take_events" | "ctl_list_files" | "ctl_list_tasks" | "ctl_list_network" | "ctl_freeze_stage" | "ctl_call";
  readonly any: never;
}

/** The points that each house answers. */
export interface PointsTo {
  readonly task: never;
  readonly vfs: "file_core_ready" | "sys_spawn" | "sys_open" | "sys_close" | "sys_close_range" | "sys_dup" | "sys_dup2" | "sys_dup3" | "sys_fcntl" | "sys_read" | "sys_write" | "sys_ioctl" | "sys_fork" | "sys_exec" | "sys_exit" | "sys_pidfd_getfd" | "sys_prlimit" | "sys_socket" | "sys_io_uring_socket" | "sys_socketpair" | "sys_bind" | "sys_connect" | "sys_listen" | "sys_accept4" | "sys_shutdown" | "sys_sendto" | "sys_recvfrom" | "sys_getsockname" | "sys_getpeername" | "sys_setsockopt" | "sys_getsockopt" | "sys_poll" | "sys_capset" | "dovetail_leave_inband";
  readonly inband: "inband_offload_sendmsg" | "sock_core_ready" | "ksock_socket" | "ksock_bind" | "ksock_listen" | "ksock_accept" | "ksock_connect" | "ksock_send" | "ksock_recv" | "ksock_shutdown" | "ksock_close" | "ksock_setsockopt" | "ksock_getsockopt" | "ksock_getpeername" | "ksock_getsockname" | "ksock_ioctl" | "ksock_callbacks" | "ksocket_spoll" | "ksocket_hold" | "ksocket_rele" | "ksock_next_event" | "ksock_ack_event" | "ksock_interrupt" | "net_link_up" | "net_link_down" | "net_mtu" | "net_vlan_add" | "net_link_del" | "net_address_add" | "net_address_del" | "net_route_add" | "net_route_del" | "net_oob_port" | "netif_carrier" | "sock_create" | "sock_map_file" | "sock_close" | "sock_bind" | "sock_connect" | "sock_listen" | "sock_accept" | "sock_shutdown" | "sock_sendmsg" | "sock_recvmsg" | "sock_getname" | "sock_setsockopt" | "sock_getsockopt" | "sock_ioctl" | "sock_poll" | "sock_interrupt" | "sock_vfs_ready" | "inband_solicit";
  readonly companion: "oob_open_file" | "oob_release_file" | "oob_file_flags" | "oob_driver_io" | "inband_event_notify" | "oob_vfs_ready" | "oob_net_filter" | "oob_load_family" | "oob_proto_ops" | "netif_oob_switch_port" | "oob_neighbour_update" | "oob_route_learn" | "oob_inband_ready" | "oob_nic_ready" | "oob_attach_thread" | "oob_detach_thread" | "oob_read" | "oob_write" | "oob_ioctl" | "oob_poll" | "oob_sendmsg" | "oob_recvmsg" | "oob_net_vlans" | "oob_net_divert" | "oob_net_domain" | "oob_set_thread_mode" | "handle_pipelined_syscall" | "netif_receive_oob" | "oob_sock_options" | "install_inband_fd" | "replace_inband_fd" | "uninstall_inband_fd" | "sock_oob_attach" | "sock_oob_release" | "sock_oob_destroy" | "sock_oob_bind" | "sock_oob_connect" | "sock_oob_shutdown" | "sock_oob_ioctl" | "sock_inband_ioctl_redirect" | "netif_deliver_oob";
  readonly nic: "netif_enable_oob_diversion" | "netif_disable_oob_diversion" | "nic_link" | "nic_netem";
  readonly lab: never;
  readonly any: "ctl_arm_fault" | "ctl_disarm_fault" | "ctl_list_faults" | "ctl_take_events" | "ctl_list_files" | "ctl_list_tasks" | "ctl_list_network" | "ctl_freeze_stage" | "ctl_call";
}

/** Something that stands in an order with a fact. Texts are atoms of the rules; `by` are the keys of the slice. */
export interface Tie {
  readonly what: string;
  readonly by: readonly string[];
  readonly until?: string;
  readonly unless?: string;
  readonly when?: string;
  readonly documented?: string;
}

/** What must follow a fact: before the event `before`, or before the world comes to rest. */
export interface Duty {
  readonly what: string;
  readonly by: readonly string[];
  readonly before?: string;
  readonly unless?: string;
  readonly when?: string;
  readonly documented?: string;
}

/** An answer of a house, and what it goes with. */
export interface Due {
  readonly what: string;
  readonly by: readonly string[];
  readonly unless?: string;
  readonly until?: string;
  readonly documented?: string;
}

/** The contract of one fact, as its proto option states it. */
export interface FactContract {
  readonly name: string;
  readonly by: readonly House[];
  readonly stage: Stage;
  readonly slice: readonly string[];
  readonly inside: readonly string[];
  readonly after: readonly Tie[];
  readonly notAfter: readonly Tie[];
  readonly once: readonly string[];
  readonly closes: readonly Tie[];
  readonly duty: readonly Duty[];
  readonly due: readonly Due[];
  readonly denies: readonly Due[];
  readonly never: boolean;
  readonly always?: string;
  readonly untriggered?: string;
  readonly source: string;
  readonly doc: string;
  readonly fields: readonly { readonly name: string; readonly kind: FieldShape["kind"]; readonly doc: string }[];
}

/** The contract of one point, as its proto option states it. */
export interface PointContract {
  readonly name: PointName;
  readonly kind: Kind;
  readonly from: House;
  readonly to: House;
  readonly stage: Stage;
  readonly holds?: string;
  readonly holdsSwitch?: string;
  readonly maySleep: boolean;
  readonly answers: Answers;
  readonly errnos: readonly Errno[];
  readonly deadlineMs: number;
  readonly onLost: OnLost;
  readonly onFailure: string;
  readonly slice: readonly string[];
  readonly rules?: string;
  readonly inside: readonly string[];
  readonly afterOk?: string;
  readonly undo?: string;
  readonly weak?: Errno;
  readonly answersAs: readonly PointName[];
  readonly refusesWith: readonly PointName[];
  readonly after: readonly Tie[];
  readonly source: string;
  readonly service: string;
  readonly method: string;
  readonly request: string;
  readonly response: string;
  readonly doc: string;
}

/** Every point of the boundary. */
export const CONTRACT: Readonly<Record<PointName, PointContract>> = {
  "ctl_arm_fault": {
    "name": "ctl_arm_fault",
    "kind": "control",
    "from": "lab",
    "to": "any",
    "stage": "either",
    "maySleep": false,
    "answers": "value",
    "errnos": [
      "EINVAL"
    ],
    "deadlineMs": 5000,
    "onLost": "fail",
    "onFailure": "the rule is not armed",
    "slice": [],
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "design, sections 2 and 8",
    "service": "tenon.control.v1.Control",
    "method": "ArmFault",
    "request": "ArmFaultRequest",
    "response": "ArmFaultResponse",
    "doc": "Arms a fault rule. A rule that its point cannot have is refused with the reason."
  },
  "ctl_disarm_fault": {
    "name": "ctl_disarm_fault",
    "kind": "control",
    "from": "lab",
    "to": "any",
    "stage": "either",
    "maySleep": false,
    "answers": "value",
    "errnos": [
      "ENOENT"
    ],
    "deadlineMs": 5000,
    "onLost": "fail",
    "onFailure": "the rule may still be armed",
    "slice": [],
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "design, sections 2 and 8",
    "service": "tenon.control.v1.Control",
    "method": "DisarmFault",
    "request": "DisarmFaultRequest",
    "response": "DisarmFaultResponse",
    "doc": "Disarms a fault rule."
  },
  "ctl_list_faults": {
    "name": "ctl_list_faults",
    "kind": "control",
    "from": "lab",
    "to": "any",
    "stage": "either",
    "maySleep": false,
    "answers": "value",
    "errnos": [],
    "deadlineMs": 5000,
    "onLost": "fail",
    "onFailure": "nothing is known",
    "slice": [],
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "design, sections 2 and 8",
    "service": "tenon.control.v1.Control",
    "method": "ListFaults",
    "request": "ListFaultsRequest",
    "response": "ListFaultsResponse",
    "doc": "Lists the armed rules with what they did."
  },
  "ctl_take_events": {
    "name": "ctl_take_events",
    "kind": "control",
    "from": "lab",
    "to": "any",
    "stage": "either",
    "maySleep": true,
    "answers": "value",
    "errnos": [],
    "deadlineMs": 15000,
    "onLost": "fail",
    "onFailure": "the events stay where they are",
    "slice": [],
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "design, section 3",
    "service": "tenon.control.v1.Control",
    "method": "TakeEvents",
    "request": "TakeEventsRequest",
    "response": "TakeEventsResponse",
    "doc": "Takes the events that came since the last call; waits for the first one."
  },
  "ctl_list_files": {
    "name": "ctl_list_files",
    "kind": "control",
    "from": "lab",
    "to": "any",
    "stage": "either",
    "maySleep": false,
    "answers": "value",
    "errnos": [],
    "deadlineMs": 5000,
    "onLost": "fail",
    "onFailure": "nothing is known",
    "slice": [],
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "design, section 8 (tenon lsof)",
    "service": "tenon.control.v1.Control",
    "method": "ListFiles",
    "request": "ListFilesRequest",
    "response": "ListFilesResponse",
    "doc": "Lists open files: what the VFS has, or what the core has indexed."
  },
  "ctl_list_tasks": {
    "name": "ctl_list_tasks",
    "kind": "control",
    "from": "lab",
    "to": "any",
    "stage": "either",
    "maySleep": false,
    "answers": "value",
    "errnos": [],
    "deadlineMs": 5000,
    "onLost": "fail",
    "onFailure": "nothing is known",
    "slice": [],
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "issue 6 (tenon ps); evl ps",
    "service": "tenon.control.v1.Control",
    "method": "ListTasks",
    "request": "ListTasksRequest",
    "response": "ListTasksResponse",
    "doc": "Lists tasks: those of the VFS, or the threads of the core."
  },
  "ctl_list_network": {
    "name": "ctl_list_network",
    "kind": "control",
    "from": "lab",
    "to": "any",
    "stage": "either",
    "maySleep": false,
    "answers": "value",
    "errnos": [],
    "deadlineMs": 5000,
    "onLost": "fail",
    "onFailure": "nothing is known",
    "slice": [],
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "design, section 8 (tenon netstat)",
    "service": "tenon.control.v1.Control",
    "method": "ListNetwork",
    "request": "ListNetworkRequest",
    "response": "ListNetworkResponse",
    "doc": "Lists what a house knows of the network: devices, sockets, routes, neighbours, counters."
  },
  "ctl_freeze_stage": {
    "name": "ctl_freeze_stage",
    "kind": "control",
    "from": "lab",
    "to": "any",
    "stage": "either",
    "maySleep": false,
    "answers": "value",
    "errnos": [
      "EINVAL"
    ],
    "deadlineMs": 5000,
    "onLost": "fail",
    "onFailure": "the stage may stand still or not",
    "slice": [],
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "the freeze experiment; facts/dovetail 5.6",
    "service": "tenon.control.v1.Control",
    "method": "FreezeStage",
    "request": "FreezeStageRequest",
    "response": "FreezeStageResponse",
    "doc": "Lets what runs in-band in a house stand still for a time, where its out-of-band half goes on: the NICs, whose stock\ndrivers work in-band. Asked of a kernel, the in-band stage of a node stands still: the VFS, the in-band stack, and these."
  },
  "ctl_call": {
    "name": "ctl_call",
    "kind": "control",
    "from": "lab",
    "to": "any",
    "stage": "either",
    "maySleep": true,
    "answers": "value",
    "errnos": [
      "ENOENT",
      "EINVAL"
    ],
    "deadlineMs": 30000,
    "onLost": "fail",
    "onFailure": "nobody knows whether the call was made",
    "slice": [],
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "facts/dovetail 6.9: evl net",
    "service": "tenon.control.v1.Control",
    "method": "CallTask",
    "request": "CallTaskRequest",
    "response": "CallTaskResponse",
    "doc": "Makes a system call, or another call of a task, on a node: what the tasks of experiments do, for tools that act on a\nrunning kernel. Only the kernel's control service has it."
  },
  "oob_open_file": {
    "name": "oob_open_file",
    "kind": "core",
    "from": "vfs",
    "to": "companion",
    "stage": "inband",
    "maySleep": true,
    "answers": "value",
    "errnos": [
      "ENOMEM",
      "ENODEV",
      "EBUSY"
    ],
    "deadlineMs": 1000,
    "onLost": "fail",
    "onFailure": "open(2) fails with the errno, or EIO when lost; the reserved descriptor is returned",
    "slice": [
      "file"
    ],
    "rules": "FILE",
    "inside": [
      "sys_open",
      "file_core_ready"
    ],
    "answersAs": [],
    "refusesWith": [],
    "after": [
      {
        "what": "fd_reserve",
        "by": [
          "around"
        ],
        "unless": "vfs:file_core_ready.enter"
      }
    ],
    "source": "facts/dovetail 4.1, evl_open_file",
    "service": "tenon.core.v1.CoreServices",
    "method": "OpenFile",
    "request": "OpenFileRequest",
    "response": "OpenFileResponse",
    "doc": "Gives a file that a driver is opening its out-of-band context (evl_open_file in EVL).\n\nWho and when: a driver's open, before any descriptor is installed. The answer becomes `file->oob_data`; 0 leaves a plain file.\nMay it sleep: yes. On refusal the driver's open fails with the errno."
  },
  "oob_release_file": {
    "name": "oob_release_file",
    "kind": "core",
    "from": "vfs",
    "to": "companion",
    "stage": "inband",
    "maySleep": true,
    "answers": "nothing",
    "errnos": [],
    "deadlineMs": 10000,
    "onLost": "retry",
    "onFailure": "the in-band side frees the file all the same; an out-of-band operation may still be inside",
    "slice": [
      "file"
    ],
    "rules": "FILE",
    "inside": [
      "sys_*",
      "file_core_ready"
    ],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "facts/dovetail 4.1 and 4.2, evl_release_file",
    "service": "tenon.core.v1.CoreServices",
    "method": "ReleaseFile",
    "request": "ReleaseFileRequest",
    "response": "ReleaseFileResponse",
    "doc": "Waits until no out-of-band operation is inside a file any more (evl_release_file in EVL).\n\nWho and when: a driver's release, once the last reference to the file is gone. The core first removes what sleepers wait\nfor (they get EIDRM), then waits for them to leave. May it sleep: yes, as long as that takes."
  },
  "oob_file_flags": {
    "name": "oob_file_flags",
    "kind": "core",
    "from": "vfs",
    "to": "companion",
    "stage": "inband",
    "maySleep": false,
    "answers": "nothing",
    "errnos": [],
    "deadlineMs": 1000,
    "onLost": "retry",
    "onFailure": "the flags are changed all the same; out-of-band calls go by the old ones",
    "slice": [
      "file"
    ],
    "rules": "FILE",
    "inside": [
      "sys_fcntl",
      "file_core_ready"
    ],
    "answersAs": [],
    "refusesWith": [],
    "after": [
      {
        "what": "file_flags",
        "by": [
          "around"
        ],
        "unless": "vfs:file_core_ready.enter"
      }
    ],
    "source": "Linux, fcntl(2); facts/dovetail 4.3",
    "service": "tenon.core.v1.CoreServices",
    "method": "FileFlags",
    "request": "FileFlagsRequest",
    "response": "FileFlagsResponse",
    "doc": "Tells that fcntl(F_SETFL) changed the flags of a file with an out-of-band context. In one kernel both sides read the\nsame `f_flags`; here the core has a copy.\n\nWho and when: fcntl(2), once the flags are changed, no lock held. May it sleep: no. Calls that wait already go on waiting."
  },
  "oob_driver_io": {
    "name": "oob_driver_io",
    "kind": "core",
    "from": "vfs",
    "to": "companion",
    "stage": "inband",
    "maySleep": true,
    "answers": "value",
    "errnos": [
      "EAGAIN",
      "EINTR",
      "ENOTTY",
      "EIDRM",
      "EINVAL",
      "ENOIOCTLCMD"
    ],
    "deadlineMs": 10000,
    "onLost": "fail",
    "onFailure": "the call fails with the errno, or EIO when lost",
    "slice": [
      "file"
    ],
    "rules": "FILE",
    "inside": [
      "sys_read",
      "sys_write",
      "sys_ioctl"
    ],
    "weak": "ENOIOCTLCMD",
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "facts/dovetail 7, basic-xbuf: out-of-band and in-band calls on one object",
    "service": "tenon.core.v1.CoreServices",
    "method": "DriverIo",
    "request": "DriverIoRequest",
    "response": "DriverIoResponse",
    "doc": "Lets the in-band half of a driver reach the state that its out-of-band half keeps.\n\nMemory that both stages share belongs to the out-of-band side; this is the in-band half's one way in. It never waits.\nENOIOCTLCMD: the core has no such half, the in-band half serves the request alone."
  },
  "inband_event_notify": {
    "name": "inband_event_notify",
    "kind": "core",
    "from": "vfs",
    "to": "companion",
    "stage": "inband",
    "maySleep": false,
    "answers": "nothing",
    "errnos": [],
    "deadlineMs": 1000,
    "onLost": "retry",
    "onFailure": "the task goes on; the core may keep a thread that is gone",
    "slice": [
      "task"
    ],
    "rules": "TASK",
    "inside": [
      "sys_exec",
      "sys_exit"
    ],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "facts/dovetail 4.5, inband_event_notify",
    "service": "tenon.core.v1.CoreServices",
    "method": "InbandEventNotify",
    "request": "InbandEventNotifyRequest",
    "response": "InbandEventNotifyResponse",
    "doc": "Tells the core of an event in the life of a task.\n\nWho and when: at exit (INBAND_TASK_EXIT) and before an exec's or exit's memory clean-up (INBAND_PROCESS_CLEANUP). A thread that\nis attached to the core is detached by it. May it sleep: no."
  },
  "oob_vfs_ready": {
    "name": "oob_vfs_ready",
    "kind": "core",
    "from": "vfs",
    "to": "companion",
    "stage": "inband",
    "maySleep": true,
    "answers": "nothing",
    "errnos": [],
    "deadlineMs": 10000,
    "onLost": "retry",
    "onFailure": "the core keeps contexts of files that are gone",
    "slice": [
      "task"
    ],
    "rules": "FILE",
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "design, section 2; issue: distributed",
    "service": "tenon.core.v1.CoreServices",
    "method": "OobVfsReady",
    "request": "OobVfsReadyRequest",
    "response": "OobVfsReadyResponse",
    "doc": "Tells that a VFS is there which has no task and no file: those of the one before it are gone. The core detaches their\nthreads, forgets their descriptors, and ends the out-of-band side of their files; sockets follow when the in-band stack\ncloses them.\n\nWho and when: the VFS, once, when it came up in the place of another one. May it sleep: yes, until nobody is inside those\nfiles."
  },
  "oob_net_filter": {
    "name": "oob_net_filter",
    "kind": "call",
    "from": "task",
    "to": "companion",
    "stage": "inband",
    "maySleep": true,
    "answers": "errno",
    "errnos": [
      "ENODEV",
      "EINVAL",
      "EIO"
    ],
    "deadlineMs": 12000,
    "onLost": "fail",
    "onFailure": "the task sees that its call was lost",
    "slice": [
      "dev"
    ],
    "rules": "OOB",
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "facts/dovetail 6.1, 6.2, 6.9",
    "service": "tenon.core.v1.FilterCalls",
    "method": "OobNetFilter",
    "request": "OobNetFilterRequest",
    "response": "OobNetFilterResponse",
    "doc": "Attaches a program to the diverted input of a real device, in place of the one that is there, or removes it. It sees every frame that\nthe device's driver offers, before the core does, and its verdict rules. It goes with the diversion, and so with the last port.\n\nA program is verified first; one that is refused changes nothing, and the fact filter_refused says at which instruction and why.\nEVL does this in two steps: bpf(BPF_PROG_LOAD), and EVL_NDEVIOC_SETRXEBPF on the device."
  },
  "oob_load_family": {
    "name": "oob_load_family",
    "kind": "core",
    "from": "inband",
    "to": "companion",
    "stage": "inband",
    "maySleep": true,
    "answers": "errno",
    "errnos": [
      "EAFNOSUPPORT",
      "ENOMEM"
    ],
    "deadlineMs": 1000,
    "onLost": "fail",
    "onFailure": "socket(2) fails with EAFNOSUPPORT",
    "slice": [],
    "rules": "SOCK",
    "inside": [
      "sock_create"
    ],
    "weak": "EAFNOSUPPORT",
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "facts/dovetail 2.1",
    "service": "tenon.core.v1.NetServices",
    "method": "OobLoadFamily",
    "request": "OobLoadFamilyRequest",
    "response": "OobLoadFamilyResponse",
    "doc": "Asks for the module of an unknown address family (request_module in __sock_create): a core that has protocols of\nits own registers PF_OOB here.\n\nEAFNOSUPPORT: it has none."
  },
  "oob_proto_ops": {
    "name": "oob_proto_ops",
    "kind": "core",
    "from": "inband",
    "to": "companion",
    "stage": "inband",
    "maySleep": true,
    "answers": "value",
    "errnos": [
      "EINVAL",
      "EADDRINUSE",
      "EADDRNOTAVAIL",
      "EAFNOSUPPORT",
      "EOPNOTSUPP",
      "ENOTCONN",
      "EISCONN",
      "ENOTTY",
      "EBADFD",
      "ENOMEM",
      "EPERM",
      "ENOIOCTLCMD"
    ],
    "deadlineMs": 5000,
    "onLost": "fail",
    "onFailure": "the system call fails with the errno, or EIO when lost",
    "slice": [
      "sk"
    ],
    "rules": "SOCK",
    "inside": [
      "sock_bind",
      "sock_connect",
      "sock_shutdown",
      "sock_ioctl",
      "sock_core_ready"
    ],
    "weak": "EOPNOTSUPP",
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "facts/dovetail 2.10b",
    "service": "tenon.core.v1.NetServices",
    "method": "OobProtoOps",
    "request": "OobProtoOpsRequest",
    "response": "OobProtoOpsResponse",
    "doc": "An operation on a PF_OOB socket, which goes straight to the core's protocol (proto_ops): bind, connect,\nshutdown, or an ioctl that the redirect did not serve.\n\nEBADFD: the socket was created without SOCK_OOB and has no context."
  },
  "netif_oob_switch_port": {
    "name": "netif_oob_switch_port",
    "kind": "core",
    "from": "inband",
    "to": "companion",
    "stage": "inband",
    "holds": "rtnl",
    "maySleep": true,
    "answers": "errno",
    "errnos": [
      "ENETDOWN",
      "EINVAL",
      "EOPNOTSUPP",
      "ENOMEM",
      "ENXIO",
      "EIO"
    ],
    "deadlineMs": 10000,
    "onLost": "fail",
    "onFailure": "the device stays as it was",
    "slice": [
      "dev"
    ],
    "rules": "NET",
    "inside": [
      "net_oob_port",
      "net_link_down",
      "net_link_del",
      "sock_core_ready"
    ],
    "weak": "ENXIO",
    "answersAs": [],
    "refusesWith": [
      "netif_enable_oob_diversion"
    ],
    "after": [],
    "source": "facts/dovetail 5.1, 6.1",
    "service": "tenon.core.v1.NetServices",
    "method": "NetifOobSwitchPort",
    "request": "NetifOobSwitchPortRequest",
    "response": "NetifOobSwitchPortResponse",
    "doc": "Tells the core to make a network device an out-of-band port, or to end that. The core turns the diversion of the\nreal device below on with its first port, and off with the last.\n\nWho and when: a write to the device's oob_port file, or the device going down; the routing lock held. May it\nsleep: yes.\nENETDOWN: the real device is down. EINVAL: pool or buffers too large, or the device is none that can be a port."
  },
  "oob_neighbour_update": {
    "name": "oob_neighbour_update",
    "kind": "core",
    "from": "inband",
    "to": "companion",
    "stage": "inband",
    "maySleep": false,
    "answers": "nothing",
    "errnos": [],
    "deadlineMs": 1000,
    "onLost": "retry",
    "onFailure": "the core may send to a stale address, or miss its cache",
    "slice": [
      "dev"
    ],
    "rules": "NET",
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "facts/dovetail 6.8",
    "service": "tenon.core.v1.NetServices",
    "method": "OobNeighbourUpdate",
    "request": "OobNeighbourUpdateRequest",
    "response": "OobNeighbourUpdateResponse",
    "doc": "Tells the core that a neighbour of an out-of-band port became reachable, or is so no more: its front cache for\nARP is filled by nothing else."
  },
  "oob_route_learn": {
    "name": "oob_route_learn",
    "kind": "core",
    "from": "inband",
    "to": "companion",
    "stage": "inband",
    "maySleep": false,
    "answers": "nothing",
    "errnos": [],
    "deadlineMs": 1000,
    "onLost": "retry",
    "onFailure": "the core's next send misses its cache",
    "slice": [
      "dev"
    ],
    "rules": "NET",
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "facts/dovetail 6.8",
    "service": "tenon.core.v1.NetServices",
    "method": "OobRouteLearn",
    "request": "OobRouteLearnRequest",
    "response": "OobRouteLearnResponse",
    "doc": "Tells the core of an output route through an out-of-band port that the in-band stack has just resolved: its\nfront cache for routes is filled by nothing else. `forget` with an empty destination empties it."
  },
  "oob_inband_ready": {
    "name": "oob_inband_ready",
    "kind": "core",
    "from": "inband",
    "to": "companion",
    "stage": "inband",
    "maySleep": true,
    "answers": "nothing",
    "errnos": [],
    "deadlineMs": 10000,
    "onLost": "retry",
    "onFailure": "the core keeps sockets and ports that are gone",
    "slice": [
      "task"
    ],
    "rules": "SOCK",
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "design, section 2; issue: distributed",
    "service": "tenon.core.v1.NetServices",
    "method": "OobInbandReady",
    "request": "OobInbandReadyRequest",
    "response": "OobInbandReadyResponse",
    "doc": "Tells that an in-band stack is there which has no socket and no out-of-band port: those of the one before it are gone.\nThe core ends the out-of-band side of the sockets, and the ports with their diversions.\n\nWho and when: the in-band stack, once, when it came up in the place of another one. May it sleep: yes."
  },
  "oob_nic_ready": {
    "name": "oob_nic_ready",
    "kind": "core",
    "from": "nic",
    "to": "companion",
    "stage": "inband",
    "maySleep": true,
    "answers": "nothing",
    "errnos": [],
    "deadlineMs": 10000,
    "onLost": "retry",
    "onFailure": "frames of ports go in-band",
    "slice": [
      "task"
    ],
    "rules": "NET",
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "design, section 2; issue: distributed",
    "service": "tenon.core.v1.NetServices",
    "method": "OobNicReady",
    "request": "OobNicReadyRequest",
    "response": "OobNicReadyResponse",
    "doc": "Tells that NICs are there which divert nothing: those before them are gone. The core turns the diversions on again that\nit wants (netif_enable_oob_diversion).\n\nWho and when: the NIC house, once, when it came up in the place of another one; frames move already, and go in-band\nuntil then. May it sleep: yes."
  },
  "oob_attach_thread": {
    "name": "oob_attach_thread",
    "kind": "call",
    "from": "task",
    "to": "companion",
    "stage": "inband",
    "maySleep": false,
    "answers": "value",
    "errnos": [
      "EPERM",
      "EBUSY",
      "ENOMEM"
    ],
    "deadlineMs": 1000,
    "onLost": "fail",
    "onFailure": "the task sees that its call was lost",
    "slice": [
      "task"
    ],
    "rules": "OOB",
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "facts/dovetail 4.3",
    "service": "tenon.core.v1.OobCalls",
    "method": "OobAttachThread",
    "request": "OobAttachThreadRequest",
    "response": "OobAttachThreadResponse",
    "doc": "Attaches the calling task's thread to the core (evl_attach_self in EVL). In-band.\n\nErrors: EPERM without the privilege; EBUSY when it is attached already; ENOMEM."
  },
  "oob_detach_thread": {
    "name": "oob_detach_thread",
    "kind": "call",
    "from": "task",
    "to": "companion",
    "stage": "inband",
    "maySleep": false,
    "answers": "value",
    "errnos": [
      "EPERM"
    ],
    "deadlineMs": 1000,
    "onLost": "fail",
    "onFailure": "the task sees that its call was lost",
    "slice": [
      "task"
    ],
    "rules": "OOB",
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "facts/dovetail 4.3",
    "service": "tenon.core.v1.OobCalls",
    "method": "OobDetachThread",
    "request": "OobDetachThreadRequest",
    "response": "OobDetachThreadResponse",
    "doc": "Detaches it. In-band.\n\nErrors: EPERM when it is not attached."
  },
  "oob_read": {
    "name": "oob_read",
    "kind": "call",
    "from": "task",
    "to": "companion",
    "stage": "oob",
    "maySleep": true,
    "answers": "value",
    "errnos": [
      "EPERM",
      "EBADF",
      "EINVAL",
      "EAGAIN",
      "EIDRM",
      "EINTR",
      "EBADFD",
      "ENOMEM"
    ],
    "deadlineMs": 60000,
    "onLost": "fail",
    "onFailure": "the task sees that its call was lost",
    "slice": [
      "fd",
      "files"
    ],
    "rules": "OOB",
    "inside": [],
    "answersAs": [],
    "refusesWith": [
      "sock_oob_ioctl"
    ],
    "after": [],
    "source": "facts/dovetail 4.3",
    "service": "tenon.core.v1.OobCalls",
    "method": "OobRead",
    "request": "OobReadRequest",
    "response": "OobReadResponse",
    "doc": "Reads through a driver's out-of-band half; waits for data unless O_NONBLOCK was given to open.\n\nErrors: EPERM the thread is not attached; EBADF not in the core's index, or not open for reading; EINVAL no such operation; EAGAIN;\nEIDRM the file was released meanwhile."
  },
  "oob_write": {
    "name": "oob_write",
    "kind": "call",
    "from": "task",
    "to": "companion",
    "stage": "oob",
    "maySleep": true,
    "answers": "value",
    "errnos": [
      "EPERM",
      "EBADF",
      "EINVAL",
      "EAGAIN",
      "EIDRM",
      "EINTR",
      "EBADFD",
      "EFAULT",
      "ENXIO",
      "EMSGSIZE",
      "EPIPE",
      "ENOBUFS"
    ],
    "deadlineMs": 60000,
    "onLost": "fail",
    "onFailure": "the task sees that its call was lost",
    "slice": [
      "fd",
      "files"
    ],
    "rules": "OOB",
    "inside": [],
    "answersAs": [],
    "refusesWith": [
      "sock_oob_ioctl"
    ],
    "after": [],
    "source": "facts/dovetail 4.3",
    "service": "tenon.core.v1.OobCalls",
    "method": "OobWrite",
    "request": "OobWriteRequest",
    "response": "OobWriteResponse",
    "doc": "Writes through a driver's out-of-band half.\n\nErrors: EPERM; EBADF; EINVAL; EAGAIN no room."
  },
  "oob_ioctl": {
    "name": "oob_ioctl",
    "kind": "call",
    "from": "task",
    "to": "companion",
    "stage": "oob",
    "maySleep": true,
    "answers": "value",
    "errnos": [
      "EAGAIN",
      "EPERM",
      "EBADF",
      "ENOTTY",
      "EINVAL",
      "EIDRM",
      "EBADFD",
      "EFAULT",
      "EINTR",
      "EIO"
    ],
    "deadlineMs": 60000,
    "onLost": "fail",
    "onFailure": "the task sees that its call was lost",
    "slice": [
      "fd",
      "files"
    ],
    "rules": "OOB",
    "inside": [],
    "answersAs": [],
    "refusesWith": [
      "sock_oob_ioctl"
    ],
    "after": [],
    "source": "facts/dovetail 4.3",
    "service": "tenon.core.v1.OobCalls",
    "method": "OobIoctl",
    "request": "OobIoctlRequest",
    "response": "OobIoctlResponse",
    "doc": "Sends a command to a driver's out-of-band half.\n\nErrors: EPERM; EBADF; ENOTTY, also where the driver says ENOIOCTLCMD."
  },
  "oob_poll": {
    "name": "oob_poll",
    "kind": "call",
    "from": "task",
    "to": "companion",
    "stage": "oob",
    "maySleep": true,
    "answers": "value",
    "errnos": [
      "EPERM",
      "EBADF",
      "ETIMEDOUT",
      "EINTR"
    ],
    "deadlineMs": 60000,
    "onLost": "fail",
    "onFailure": "the task sees that its call was lost",
    "slice": [
      "fd",
      "files"
    ],
    "rules": "OOB",
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "facts/dovetail 4.3",
    "service": "tenon.core.v1.OobCalls",
    "method": "OobPoll",
    "request": "OobPollRequest",
    "response": "OobPollResponse",
    "doc": "Waits until a descriptor is ready. A descriptor that is closed meanwhile is reported with POLLNVAL.\n\nErrors: EPERM; EBADF; ETIMEDOUT."
  },
  "oob_sendmsg": {
    "name": "oob_sendmsg",
    "kind": "call",
    "from": "task",
    "to": "companion",
    "stage": "oob",
    "maySleep": true,
    "answers": "value",
    "errnos": [
      "EPERM",
      "EBADF",
      "EBADFD",
      "ENOTTY",
      "EINVAL",
      "EMSGSIZE",
      "EDESTADDRREQ",
      "EINPROGRESS",
      "EPIPE",
      "ENXIO",
      "ENETDOWN",
      "EAGAIN",
      "ETIMEDOUT",
      "ENOMEM",
      "EMULTIHOP",
      "EIDRM",
      "EINTR",
      "EOPNOTSUPP",
      "EFAULT",
      "ENOBUFS",
      "EIO"
    ],
    "deadlineMs": 120000,
    "onLost": "fail",
    "onFailure": "the task sees that its call was lost",
    "slice": [
      "fd",
      "files"
    ],
    "rules": "OOB",
    "inside": [],
    "answersAs": [],
    "refusesWith": [
      "sock_oob_ioctl"
    ],
    "after": [],
    "source": "facts/dovetail 6.4, 6.5",
    "service": "tenon.core.v1.OobSocketCalls",
    "method": "OobSendmsg",
    "request": "OobSendmsgRequest",
    "response": "OobSendmsgResponse",
    "doc": "Sends a message from the out-of-band stage.\n\nEINPROGRESS: the way was not known, so an in-band worker sends it; it goes out all the same."
  },
  "oob_recvmsg": {
    "name": "oob_recvmsg",
    "kind": "call",
    "from": "task",
    "to": "companion",
    "stage": "oob",
    "maySleep": true,
    "answers": "value",
    "errnos": [
      "EPERM",
      "EBADF",
      "EBADFD",
      "ENOTTY",
      "EINVAL",
      "EAGAIN",
      "ETIMEDOUT",
      "EIDRM",
      "EINTR",
      "EOPNOTSUPP",
      "ENOMEM",
      "EFAULT",
      "ENOTCONN",
      "EIO"
    ],
    "deadlineMs": 120000,
    "onLost": "fail",
    "onFailure": "the task sees that its call was lost",
    "slice": [
      "fd",
      "files"
    ],
    "rules": "OOB",
    "inside": [],
    "answersAs": [],
    "refusesWith": [
      "sock_oob_ioctl"
    ],
    "after": [],
    "source": "facts/dovetail 6.6",
    "service": "tenon.core.v1.OobSocketCalls",
    "method": "OobRecvmsg",
    "request": "OobRecvmsgRequest",
    "response": "OobRecvmsgResponse",
    "doc": "Receives a message on the out-of-band stage; waits for one unless told otherwise."
  },
  "oob_net_vlans": {
    "name": "oob_net_vlans",
    "kind": "call",
    "from": "task",
    "to": "companion",
    "stage": "inband",
    "maySleep": true,
    "answers": "errno",
    "errnos": [
      "EINVAL"
    ],
    "deadlineMs": 2000,
    "onLost": "fail",
    "onFailure": "the task sees that its call was lost",
    "slice": [
      "task"
    ],
    "rules": "OOB",
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "facts/dovetail 6.2, 6.9",
    "service": "tenon.core.v1.OobSocketCalls",
    "method": "OobNetVlans",
    "request": "OobNetVlansRequest",
    "response": "OobNetVlansResponse",
    "doc": "Writes the core's VLAN map, as a whole: the ids whose frames it picks from diverted input, such as `42-45,100`.\nIds 0, 1 and 4095 are refused."
  },
  "oob_net_divert": {
    "name": "oob_net_divert",
    "kind": "call",
    "from": "task",
    "to": "companion",
    "stage": "inband",
    "maySleep": true,
    "answers": "errno",
    "errnos": [
      "ENODEV",
      "EINVAL",
      "EBUSY",
      "EIO"
    ],
    "deadlineMs": 12000,
    "onLost": "fail",
    "onFailure": "the task sees that its call was lost",
    "slice": [
      "dev"
    ],
    "rules": "OOB",
    "inside": [],
    "answersAs": [],
    "refusesWith": [
      "netif_enable_oob_diversion"
    ],
    "after": [],
    "source": "seed 003, input diversion",
    "service": "tenon.core.v1.OobSocketCalls",
    "method": "OobNetDivert",
    "request": "OobNetDivertRequest",
    "response": "OobNetDivertResponse",
    "doc": "Turns the input diversion of a real device on or off without making it a port: the two are separate properties,\nand the user's interface to them is the core's to define."
  },
  "oob_net_domain": {
    "name": "oob_net_domain",
    "kind": "call",
    "from": "task",
    "to": "companion",
    "stage": "inband",
    "maySleep": true,
    "answers": "errno",
    "errnos": [
      "ENOENT",
      "EBUSY"
    ],
    "deadlineMs": 2000,
    "onLost": "fail",
    "onFailure": "the task sees that its call was lost",
    "slice": [
      "task"
    ],
    "rules": "OOB",
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "facts/dovetail 2.1: a driver-registered domain",
    "service": "tenon.core.v1.OobSocketCalls",
    "method": "OobNetDomain",
    "request": "OobNetDomainRequest",
    "response": "OobNetDomainResponse",
    "doc": "Loads a driver that has protocols of sockets of its own, which it registers (evl_register_socket_domain), or unloads it:\n`oobecho` is loaded from the beginning, `oobpipe` when it is asked for. Of two drivers that have the same protocol the one\nthat came later is asked first. Once more is no error.\n\nENOENT: there is no such driver. EBUSY: sockets of its protocols are open."
  },
  "oob_set_thread_mode": {
    "name": "oob_set_thread_mode",
    "kind": "call",
    "from": "task",
    "to": "companion",
    "stage": "oob",
    "maySleep": false,
    "answers": "value",
    "errnos": [
      "EPERM",
      "EINVAL"
    ],
    "deadlineMs": 10000,
    "onLost": "fail",
    "onFailure": "the task sees that its call was lost",
    "slice": [
      "task"
    ],
    "rules": "OOB",
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "facts/dovetail 4.4, EVL_T_WOSX; evl_set_thread_mode()",
    "service": "tenon.core.v1.StageCalls",
    "method": "OobSetThreadMode",
    "request": "OobSetThreadModeRequest",
    "response": "OobSetThreadModeResponse",
    "doc": "Says of what the calling thread wants to be told by SIGDEBUG (evl_set_thread_mode in EVL). Out-of-band.\n\nErrors: EPERM when it is not attached; EINVAL for another mode than EVL_T_WOSS and EVL_T_WOSX."
  },
  "handle_pipelined_syscall": {
    "name": "handle_pipelined_syscall",
    "kind": "core",
    "from": "vfs",
    "to": "companion",
    "stage": "oob",
    "maySleep": false,
    "answers": "nothing",
    "errnos": [],
    "deadlineMs": 1000,
    "onLost": "retry",
    "onFailure": "the system call goes on; the core may believe that the thread is still out-of-band",
    "slice": [
      "task"
    ],
    "rules": "OOB",
    "inside": [
      "sys_*"
    ],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "facts/dovetail 4.3: issuing a regular in-band syscall from the oob stage demotes the thread; Dovetail, handle_pipelined_syscall()",
    "service": "tenon.core.v1.StageServices",
    "method": "HandlePipelinedSyscall",
    "request": "HandlePipelinedSyscallRequest",
    "response": "HandlePipelinedSyscallResponse",
    "doc": "Tells the core that a thread which it has on the out-of-band stage makes an in-band system call. The core demotes the thread:\nthe call goes on in-band, and the thread stays there until its next out-of-band call.\n\nWho and when: the VFS, before it begins with a system call of a task that left the in-band stage (dovetail_leave_inband).\nDovetail has the hook called for every system call of a task with alternate scheduling; of those from the in-band stage,\nwhich a core lets pass, none is told here. May it sleep: no."
  },
  "netif_receive_oob": {
    "name": "netif_receive_oob",
    "kind": "core",
    "from": "companion",
    "to": "companion",
    "stage": "oob",
    "maySleep": false,
    "answers": "verdict",
    "errnos": [],
    "deadlineMs": 2000,
    "onLost": "weak",
    "onFailure": "counts as false: the in-band stack goes on with the frame, which the core may have taken, too",
    "slice": [
      "dev",
      "frame"
    ],
    "rules": "NET",
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "facts/dovetail 5.1, 5.2",
    "service": "tenon.core.v1.TransmitServices",
    "method": "NetifReceiveOob",
    "request": "NetifReceiveOobRequest",
    "response": "NetifReceiveOobResponse",
    "doc": "Offers the core a frame that came in on the loopback device: one that the core itself has sent there. The device is\ncapable, and its driver's out-of-band half is the core's, since no NIC is behind it.\n\nWho and when: the transmit thread of the loopback device, out-of-band, one frame after the other. True: the core has the\nframe. False: untouched; it is deferred, and goes on in the in-band stack. May it sleep: no."
  },
  "oob_sock_options": {
    "name": "oob_sock_options",
    "kind": "core",
    "from": "inband",
    "to": "companion",
    "stage": "inband",
    "maySleep": false,
    "answers": "nothing",
    "errnos": [],
    "deadlineMs": 1000,
    "onLost": "retry",
    "onFailure": "the option is set all the same; out-of-band calls go by what it was before",
    "slice": [
      "sk"
    ],
    "rules": "SOCK",
    "inside": [
      "sock_setsockopt",
      "sock_core_ready"
    ],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "facts/dovetail 6.4, 6.5, 6.8; socket(7)",
    "service": "tenon.core.v1.TransmitServices",
    "method": "OobSockOptions",
    "request": "OobSockOptionsRequest",
    "response": "OobSockOptionsResponse",
    "doc": "Tells the core what was set of a socket that it manages. In one kernel both sides read the same `struct sock`; here the core\nhas a copy.\n\nWho and when: setsockopt(2), once the option is set, no lock held; and for a core that came up in the place of another one.\nMay it sleep: no. Threads that wait already go on waiting, unless there is room for them now."
  },
  "install_inband_fd": {
    "name": "install_inband_fd",
    "kind": "hook",
    "from": "vfs",
    "to": "companion",
    "stage": "inband",
    "holds": "files.file_lock",
    "holdsSwitch": "D6",
    "maySleep": false,
    "answers": "nothing",
    "errnos": [],
    "deadlineMs": 1000,
    "onLost": "retry",
    "onFailure": "the descriptor is installed all the same; the core's index lacks it",
    "slice": [
      "fd",
      "files",
      "file"
    ],
    "rules": "FD",
    "inside": [
      "sys_open",
      "sys_socket",
      "sys_io_uring_socket",
      "sys_accept4",
      "sys_dup",
      "sys_fcntl",
      "sys_pidfd_getfd",
      "file_core_ready"
    ],
    "answersAs": [],
    "refusesWith": [],
    "after": [
      {
        "what": "fd_publish",
        "by": [
          "around",
          "fd"
        ],
        "unless": "vfs:file_core_ready.enter"
      }
    ],
    "source": "seed 002, install_inband_fd; facts/dovetail 3.2",
    "service": "tenon.hooks.v1.CompanionHooks",
    "method": "InstallInbandFd",
    "request": "InstallInbandFdRequest",
    "response": "InstallInbandFdResponse",
    "doc": "Tells the core that a descriptor now refers to a file.\n\nWho and when: the VFS, whenever a new descriptor is installed into a file table: open, dup(2), F_DUPFD, a descriptor\npassed from another task; and for every descriptor that is there when a core came up in the place of another one\n(file_core_ready). The file is fully built. fork copies a table without it.\nMay it sleep: no. What goes wrong in it can be counted, not refused.\nOut-of-band capable files are those whose `oob_data` a driver has set; the core indexes (files, fd) for these."
  },
  "replace_inband_fd": {
    "name": "replace_inband_fd",
    "kind": "hook",
    "from": "vfs",
    "to": "companion",
    "stage": "inband",
    "holds": "files.file_lock",
    "maySleep": false,
    "answers": "nothing",
    "errnos": [],
    "deadlineMs": 1000,
    "onLost": "retry",
    "onFailure": "the descriptor refers to the new file all the same; the core's index still says the old one",
    "slice": [
      "fd",
      "files",
      "file"
    ],
    "rules": "FD",
    "inside": [
      "sys_dup2",
      "sys_dup3"
    ],
    "answersAs": [],
    "refusesWith": [],
    "after": [
      {
        "what": "fd_publish",
        "by": [
          "around",
          "fd"
        ]
      }
    ],
    "source": "seed 002, replace_inband_fd; facts/dovetail 3.2",
    "service": "tenon.hooks.v1.CompanionHooks",
    "method": "ReplaceInbandFd",
    "request": "ReplaceInbandFdRequest",
    "response": "ReplaceInbandFdResponse",
    "doc": "Tells the core that an existing descriptor refers to another file now.\n\nWho and when: the VFS in dup2 and dup3 to another number. `file` is the new file; the displaced one is closed after the\nhook and outside the lock. May it sleep: no."
  },
  "uninstall_inband_fd": {
    "name": "uninstall_inband_fd",
    "kind": "hook",
    "from": "vfs",
    "to": "companion",
    "stage": "inband",
    "holds": "files.file_lock",
    "holdsSwitch": "D7",
    "maySleep": false,
    "answers": "nothing",
    "errnos": [],
    "deadlineMs": 1000,
    "onLost": "retry",
    "onFailure": "the descriptor is closed all the same; the core's index keeps a stale entry",
    "slice": [
      "fd",
      "files",
      "file"
    ],
    "rules": "FD",
    "inside": [
      "sys_*"
    ],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "seed 002, uninstall_inband_fd; facts/dovetail 3.2",
    "service": "tenon.hooks.v1.CompanionHooks",
    "method": "UninstallInbandFd",
    "request": "UninstallInbandFdRequest",
    "response": "UninstallInbandFdResponse",
    "doc": "Tells the core that a descriptor is gone.\n\nWho and when: the VFS on close, close_range, for close-on-exec descriptors at exec, and for every open descriptor when\nthe last user of a table exits. `file` is the file it referred to. That last clean-up may run in another task's\ncontext: the core must go by `files`, never by the header's current task or table. A descriptor that the core never\nsaw (a forked child's) must be ignored. May it sleep: no."
  },
  "sock_oob_attach": {
    "name": "sock_oob_attach",
    "kind": "hook",
    "from": "inband",
    "to": "companion",
    "stage": "inband",
    "maySleep": true,
    "answers": "value",
    "errnos": [
      "ENOMEM",
      "EPROTONOSUPPORT",
      "ESOCKTNOSUPPORT",
      "EPERM"
    ],
    "deadlineMs": 1000,
    "onLost": "fail",
    "onFailure": "the whole socket(2) fails; the in-band socket is released",
    "slice": [
      "sk",
      "file"
    ],
    "rules": "SOCK",
    "inside": [
      "sock_map_file",
      "sock_core_ready"
    ],
    "afterOk": "inband_create",
    "undo": "inband_release",
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "seed 000, sock_oob_attach; facts/dovetail 2.2",
    "service": "tenon.hooks.v1.CompanionHooks",
    "method": "SockOobAttach",
    "request": "SockOobAttachRequest",
    "response": "SockOobAttachResponse",
    "doc": "Asks the core to attach out-of-band context to a socket that bears SOCK_OOB.\n\nWho and when: socket(2), once the in-band socket is complete and its file is built, before the descriptor is published.\nNo socket lock is held. May it sleep: yes. On refusal the whole socket(2) fails with the errno and the in-band socket is\nreleased; no other hook fires for it."
  },
  "sock_oob_release": {
    "name": "sock_oob_release",
    "kind": "hook",
    "from": "inband",
    "to": "companion",
    "stage": "inband",
    "maySleep": true,
    "answers": "nothing",
    "errnos": [],
    "deadlineMs": 10000,
    "onLost": "retry",
    "onFailure": "the in-band side goes on closing; out-of-band work may still be inside",
    "slice": [
      "sk",
      "file"
    ],
    "rules": "SOCK",
    "inside": [
      "sock_close",
      "sock_map_file",
      "sock_core_ready",
      "sock_vfs_ready"
    ],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "seed 000, sock_oob_release; facts/dovetail 2.3",
    "service": "tenon.hooks.v1.CompanionHooks",
    "method": "SockOobRelease",
    "request": "SockOobReleaseRequest",
    "response": "SockOobReleaseResponse",
    "doc": "Tells the core that an attached socket is being closed on the in-band side.\n\nWho and when: the last close of the socket's file, before the protocol's own release; exactly once. `sk` might already be\nstale. The core waits here for out-of-band work inside the socket to end; it frees nothing before destroy.\nMay it sleep: yes, as long as that takes."
  },
  "sock_oob_destroy": {
    "name": "sock_oob_destroy",
    "kind": "hook",
    "from": "inband",
    "to": "companion",
    "stage": "inband",
    "maySleep": false,
    "answers": "nothing",
    "errnos": [],
    "deadlineMs": 1000,
    "onLost": "retry",
    "onFailure": "the socket is gone all the same; the core leaks its context",
    "slice": [
      "sk"
    ],
    "rules": "SOCK",
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [
      {
        "what": "sk_destruct",
        "by": [
          "sk"
        ],
        "unless": "compensate|inband:sock_core_ready.enter"
      }
    ],
    "source": "seed 000, sock_oob_destroy; facts/dovetail 2.4",
    "service": "tenon.hooks.v1.CompanionHooks",
    "method": "SockOobDestroy",
    "request": "SockOobDestroyRequest",
    "response": "SockOobDestroyResponse",
    "doc": "Tells the core that the last reference to an INET socket is dropped.\n\nWho and when: whoever drops the last reference, perhaps long after release, perhaps in atomic context. The core frees\nwhat attach obtained. May it sleep: no."
  },
  "sock_oob_bind": {
    "name": "sock_oob_bind",
    "kind": "hook",
    "from": "inband",
    "to": "companion",
    "stage": "inband",
    "maySleep": true,
    "answers": "errno",
    "errnos": [
      "ENOMEM",
      "EADDRINUSE",
      "EINVAL",
      "EPERM"
    ],
    "deadlineMs": 1000,
    "onLost": "fail",
    "onFailure": "the whole bind(2) fails, the in-band binding included (D1: the code leaves it)",
    "slice": [
      "sk"
    ],
    "rules": "SOCK",
    "inside": [
      "sock_bind",
      "sock_core_ready"
    ],
    "afterOk": "inband_bind",
    "undo": "inband_unbind",
    "answersAs": [],
    "refusesWith": [],
    "after": [
      {
        "what": "inband_bind",
        "by": [
          "around"
        ],
        "unless": "inband:sock_core_ready.enter",
        "documented": "D2"
      }
    ],
    "source": "seed 000, sock_oob_bind; facts/dovetail 2.5",
    "service": "tenon.hooks.v1.CompanionHooks",
    "method": "SockOobBind",
    "request": "SockOobBindRequest",
    "response": "SockOobBindResponse",
    "doc": "Asks the core to extend a binding that the in-band stack has just made.\n\nWho and when: bind(2) in PF_INET (socket lock held) and PF_PACKET (no lock), after the in-band bind succeeded. May it\nsleep: yes. On refusal the whole bind fails, the in-band binding included."
  },
  "sock_oob_connect": {
    "name": "sock_oob_connect",
    "kind": "hook",
    "from": "inband",
    "to": "companion",
    "stage": "inband",
    "maySleep": true,
    "answers": "errno",
    "errnos": [
      "ENOMEM",
      "EINVAL",
      "EPERM"
    ],
    "deadlineMs": 1000,
    "onLost": "fail",
    "onFailure": "the whole connect(2) fails, the in-band connection included (D3: the code leaves it)",
    "slice": [
      "sk"
    ],
    "rules": "SOCK",
    "inside": [
      "sock_connect",
      "sock_core_ready"
    ],
    "afterOk": "inband_connect",
    "undo": "inband_disconnect",
    "answersAs": [],
    "refusesWith": [],
    "after": [
      {
        "what": "inband_connect",
        "by": [
          "around"
        ],
        "unless": "inband:sock_core_ready.enter"
      }
    ],
    "source": "seed 000, sock_oob_connect; facts/dovetail 2.6",
    "service": "tenon.hooks.v1.CompanionHooks",
    "method": "SockOobConnect",
    "request": "SockOobConnectRequest",
    "response": "SockOobConnectResponse",
    "doc": "Tells the core that an in-band connection request succeeded, and asks it to extend it.\n\nWho and when: connect(2), only when the in-band connect returned 0. No socket lock. May it sleep: yes. On refusal the\nwhole connect fails, the in-band connection included."
  },
  "sock_oob_shutdown": {
    "name": "sock_oob_shutdown",
    "kind": "hook",
    "from": "inband",
    "to": "companion",
    "stage": "inband",
    "holds": "sk.sk_lock",
    "maySleep": true,
    "answers": "errno",
    "errnos": [
      "EINVAL",
      "EPERM"
    ],
    "deadlineMs": 1000,
    "onLost": "fail",
    "onFailure": "shutdown(2) answers the errno; the in-band shutdown stands",
    "slice": [
      "sk"
    ],
    "rules": "SOCK",
    "inside": [
      "sock_shutdown",
      "sock_core_ready"
    ],
    "afterOk": "inband_shutdown",
    "answersAs": [],
    "refusesWith": [],
    "after": [
      {
        "what": "inband_shutdown",
        "by": [
          "around"
        ],
        "unless": "inband:sock_core_ready.enter"
      }
    ],
    "source": "seed 000, sock_oob_shutdown; facts/dovetail 2.7",
    "service": "tenon.hooks.v1.CompanionHooks",
    "method": "SockOobShutdown",
    "request": "SockOobShutdownRequest",
    "response": "SockOobShutdownResponse",
    "doc": "Tells the core that a socket was shut down in-band.\n\nWho and when: shutdown(2) in PF_INET only, after the in-band actions succeeded, socket lock held, before the INET socket is\nreleased. May it sleep: yes. Its errno becomes shutdown(2)'s; nothing is taken back."
  },
  "sock_oob_ioctl": {
    "name": "sock_oob_ioctl",
    "kind": "hook",
    "from": "companion",
    "to": "companion",
    "stage": "oob",
    "maySleep": true,
    "answers": "value",
    "errnos": [
      "EBADFD",
      "ENOTTY",
      "EINVAL",
      "EFAULT",
      "ETIMEDOUT",
      "EAGAIN",
      "EMSGSIZE",
      "EDESTADDRREQ",
      "EINPROGRESS",
      "EPIPE",
      "ENXIO",
      "ENETDOWN",
      "ENOMEM",
      "EMULTIHOP",
      "EIDRM",
      "EINTR",
      "EOPNOTSUPP",
      "ENOTCONN",
      "ENOBUFS",
      "ENOIOCTLCMD"
    ],
    "deadlineMs": 110000,
    "onLost": "fail",
    "onFailure": "oob_ioctl answers the errno; ENOIOCTLCMD becomes ENOTTY",
    "slice": [
      "sk",
      "file"
    ],
    "rules": "SOCK",
    "inside": [
      "oob_read",
      "oob_write",
      "oob_ioctl",
      "oob_sendmsg",
      "oob_recvmsg"
    ],
    "weak": "ENOTTY",
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "seed 000, sock_oob_ioctl; facts/dovetail 2.9",
    "service": "tenon.hooks.v1.CompanionHooks",
    "method": "SockOobIoctl",
    "request": "SockOobIoctlRequest",
    "response": "SockOobIoctlResponse",
    "doc": "Hands the core an ioctl that a task issued from the out-of-band stage on a socket's file.\n\nWho and when: the out-of-band system call of a thread that the core manages, by way of the socket's file operations. Both\nends are the core's, since an out-of-band call never enters another house; it is a crossing all the same, with its trace\nand its faults. May it sleep: yes, out-of-band."
  },
  "sock_inband_ioctl_redirect": {
    "name": "sock_inband_ioctl_redirect",
    "kind": "hook",
    "from": "inband",
    "to": "companion",
    "stage": "inband",
    "maySleep": true,
    "answers": "value",
    "errnos": [
      "ENOIOCTLCMD",
      "EINVAL",
      "EFAULT",
      "EPERM",
      "ENODEV",
      "ETIMEDOUT",
      "EAFNOSUPPORT",
      "ENETUNREACH",
      "EHOSTUNREACH",
      "EACCES",
      "ENOENT"
    ],
    "deadlineMs": 10000,
    "onLost": "fail",
    "onFailure": "ENOIOCTLCMD: the regular handler runs; any other errno is ioctl(2)'s answer",
    "slice": [
      "sk"
    ],
    "rules": "SOCK",
    "inside": [
      "sock_ioctl"
    ],
    "weak": "ENOTTY",
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "seed 000, sock_inband_ioctl_redirect; facts/dovetail 2.8",
    "service": "tenon.hooks.v1.CompanionHooks",
    "method": "SockInbandIoctlRedirect",
    "request": "SockInbandIoctlRedirectRequest",
    "response": "SockInbandIoctlRedirectResponse",
    "doc": "Offers the core an ioctl that a task issued in-band on an out-of-band capable socket of an in-band protocol.\n\nWho and when: the default branch of the socket's ioctl. No lock. May it sleep: yes. Any answer but ENOIOCTLCMD is\nfinal; ENOIOCTLCMD passes the command on to the regular handler and never reaches the task."
  },
  "netif_deliver_oob": {
    "name": "netif_deliver_oob",
    "kind": "hook",
    "from": "nic",
    "to": "companion",
    "stage": "either",
    "maySleep": false,
    "answers": "verdict",
    "errnos": [],
    "deadlineMs": 500,
    "onLost": "weak",
    "onFailure": "no verdict counts as false: the in-band stack goes on with the frame",
    "slice": [
      "frame",
      "dev"
    ],
    "rules": "NET",
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [
      {
        "what": "frame_receive",
        "by": [
          "around"
        ]
      },
      {
        "what": "diversion_on",
        "by": [
          "dev"
        ],
        "until": "diversion_off"
      }
    ],
    "source": "seed 003, input diversion; facts/dovetail 5.2",
    "service": "tenon.hooks.v1.CompanionHooks",
    "method": "NetifDeliverOob",
    "request": "NetifDeliverOobRequest",
    "response": "NetifDeliverOobResponse",
    "doc": "Offers the core a frame that a diverting device received.\n\nWho and when: the receive path of a device with input diversion on, from either stage, before anything else sees the\nframe. True: the core took it, even if only to drop it, and the caller forgets it. False: untouched, the in-band stack\ngoes on with it (from the out-of-band stage: deferred to in-band). May it sleep: no."
  },
  "inband_offload_sendmsg": {
    "name": "inband_offload_sendmsg",
    "kind": "core",
    "from": "companion",
    "to": "inband",
    "stage": "inband",
    "maySleep": true,
    "answers": "value",
    "errnos": [
      "EBADF",
      "EINVAL",
      "EMSGSIZE",
      "EDESTADDRREQ",
      "EACCES",
      "EAGAIN",
      "EPIPE",
      "ENETUNREACH",
      "EHOSTUNREACH",
      "ECONNREFUSED",
      "ENETDOWN",
      "ENXIO",
      "ENOBUFS",
      "EPERM",
      "EPROTO",
      "EPROTOTYPE",
      "ENOPROTOOPT",
      "EHOSTDOWN",
      "ENONET",
      "EOPNOTSUPP"
    ],
    "deadlineMs": 10000,
    "onLost": "fail",
    "onFailure": "the datagram is lost, and counted",
    "slice": [
      "sk"
    ],
    "rules": "OOB",
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [
      {
        "what": "oob_offload",
        "by": [
          "around"
        ]
      }
    ],
    "source": "facts/dovetail 6.4",
    "service": "tenon.inband.v1.CoreRequests",
    "method": "InbandOffloadSendmsg",
    "request": "InbandOffloadSendmsgRequest",
    "response": "InbandOffloadSendmsgResponse",
    "doc": "A worker of the core sends a datagram through the in-band half of a socket (kernel_sendmsg), because the core's\nfront caches could not tell the way. It resolves route and neighbour, which the core then learns."
  },
  "sock_core_ready": {
    "name": "sock_core_ready",
    "kind": "core",
    "from": "companion",
    "to": "inband",
    "stage": "inband",
    "maySleep": true,
    "answers": "nothing",
    "errnos": [],
    "deadlineMs": 30000,
    "onLost": "retry",
    "onFailure": "the core goes on without the sockets and ports that were there",
    "slice": [
      "task"
    ],
    "rules": "SOCK",
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "design, section 2; issue: distributed",
    "service": "tenon.inband.v1.CoreRequests",
    "method": "SockCoreReady",
    "request": "SockCoreReadyRequest",
    "response": "SockCoreReadyResponse",
    "doc": "Tells that a core is there which knows of no socket and no port: the one that knew them is gone.\n\nWho and when: a core, once, when it came up in the place of another one, before file_core_ready. From this call on no\nsocket has a context. The stack then tells what is so, by the calls by which it told it when it came about: first every\ndevice that is an out-of-band port (netif_oob_switch_port), with the neighbours that are known there; then every open\nsocket that had a context: sock_oob_attach, sock_oob_bind if it is bound, sock_oob_connect if it is connected,\nsock_oob_shutdown if it is shut down, for PF_OOB oob_proto_ops. Routes are told with the next datagrams.\nA socket that is refused any of it stays a plain one, a device that is refused is no port any more.\nMay it sleep: yes; it answers when all is told, or when a later core took the place of this one."
  },
  "ksock_socket": {
    "name": "ksock_socket",
    "kind": "call",
    "from": "task",
    "to": "inband",
    "stage": "inband",
    "maySleep": true,
    "answers": "value",
    "errnos": [
      "EAFNOSUPPORT",
      "EPROTOTYPE",
      "EPROTONOSUPPORT",
      "ENOMEM",
      "EDEADLK"
    ],
    "deadlineMs": 30000,
    "onLost": "fail",
    "onFailure": "the module sees that its call was lost",
    "slice": [],
    "rules": "KS",
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "seed 001; facts/kernel-sockets 3.1",
    "service": "tenon.inband.v1.KernelSockets",
    "method": "KsockSocket",
    "request": "KsockSocketRequest",
    "response": "KsockSocketResponse",
    "doc": "Makes a kernel socket: blocking, without callbacks, with one reference."
  },
  "ksock_bind": {
    "name": "ksock_bind",
    "kind": "call",
    "from": "task",
    "to": "inband",
    "stage": "inband",
    "maySleep": true,
    "answers": "errno",
    "errnos": [
      "ENOTSOCK",
      "EINVAL",
      "EAFNOSUPPORT",
      "EADDRNOTAVAIL",
      "EADDRINUSE",
      "EACCES",
      "ENOSR",
      "EFAULT",
      "EDEADLK"
    ],
    "deadlineMs": 30000,
    "onLost": "fail",
    "onFailure": "the module sees that its call was lost",
    "slice": [
      "ks"
    ],
    "rules": "KS",
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "seed 001; facts/kernel-sockets 3.2",
    "service": "tenon.inband.v1.KernelSockets",
    "method": "KsockBind",
    "request": "KsockBindRequest",
    "response": "KsockBindResponse",
    "doc": "Binds a kernel socket; NULL unbinds it."
  },
  "ksock_listen": {
    "name": "ksock_listen",
    "kind": "call",
    "from": "task",
    "to": "inband",
    "stage": "inband",
    "maySleep": true,
    "answers": "errno",
    "errnos": [
      "ENOTSOCK",
      "EOPNOTSUPP",
      "EINVAL",
      "EADDRNOTAVAIL",
      "EADDRINUSE",
      "ENOBUFS",
      "EDEADLK"
    ],
    "deadlineMs": 30000,
    "onLost": "fail",
    "onFailure": "the module sees that its call was lost",
    "slice": [
      "ks"
    ],
    "rules": "KS",
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "seed 001; facts/kernel-sockets 3.3",
    "service": "tenon.inband.v1.KernelSockets",
    "method": "KsockListen",
    "request": "KsockListenRequest",
    "response": "KsockListenResponse",
    "doc": "Makes a kernel socket accept connections."
  },
  "ksock_accept": {
    "name": "ksock_accept",
    "kind": "call",
    "from": "task",
    "to": "inband",
    "stage": "inband",
    "maySleep": true,
    "answers": "value",
    "errnos": [
      "ENOTSOCK",
      "EFAULT",
      "EINVAL",
      "EOPNOTSUPP",
      "EAGAIN",
      "EINTR",
      "ECONNABORTED",
      "EDEADLK"
    ],
    "deadlineMs": 120000,
    "onLost": "fail",
    "onFailure": "the module sees that its call was lost",
    "slice": [
      "ks"
    ],
    "rules": "KS",
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "seed 001; facts/kernel-sockets 3.4",
    "service": "tenon.inband.v1.KernelSockets",
    "method": "KsockAccept",
    "request": "KsockAcceptRequest",
    "response": "KsockAcceptResponse",
    "doc": "Takes the first connection of a listening kernel socket; waits for one."
  },
  "ksock_connect": {
    "name": "ksock_connect",
    "kind": "call",
    "from": "task",
    "to": "inband",
    "stage": "inband",
    "maySleep": true,
    "answers": "value",
    "errnos": [
      "ENOTSOCK",
      "EINVAL",
      "EAFNOSUPPORT",
      "EADDRNOTAVAIL",
      "EALREADY",
      "EISCONN",
      "EOPNOTSUPP",
      "EADDRINUSE",
      "ENETUNREACH",
      "EHOSTUNREACH",
      "EINPROGRESS",
      "ECONNREFUSED",
      "ETIMEDOUT",
      "EINTR",
      "ENOSR",
      "EFAULT",
      "ECONNRESET",
      "ENETDOWN",
      "EACCES",
      "EDEADLK"
    ],
    "deadlineMs": 120000,
    "onLost": "fail",
    "onFailure": "the module sees that its call was lost",
    "slice": [
      "ks"
    ],
    "rules": "KS",
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "seed 001; facts/kernel-sockets 3.5",
    "service": "tenon.inband.v1.KernelSockets",
    "method": "KsockConnect",
    "request": "KsockConnectRequest",
    "response": "KsockConnectResponse",
    "doc": "Connects a kernel socket; waits for it."
  },
  "ksock_send": {
    "name": "ksock_send",
    "kind": "call",
    "from": "task",
    "to": "inband",
    "stage": "inband",
    "maySleep": true,
    "answers": "value",
    "errnos": [
      "ENOTSOCK",
      "EPIPE",
      "ENOTCONN",
      "EOPNOTSUPP",
      "EMSGSIZE",
      "EDESTADDRREQ",
      "EISCONN",
      "EAGAIN",
      "EINTR",
      "EINVAL",
      "EAFNOSUPPORT",
      "ENETUNREACH",
      "EHOSTUNREACH",
      "EADDRNOTAVAIL",
      "EACCES",
      "ENOBUFS",
      "ENOMEM",
      "ECONNREFUSED",
      "ECONNRESET",
      "ETIMEDOUT",
      "ENETDOWN",
      "EFAULT",
      "EDEADLK"
    ],
    "deadlineMs": 120000,
    "onLost": "fail",
    "onFailure": "the module sees that its call was lost",
    "slice": [
      "ks"
    ],
    "rules": "KS",
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "seed 001; facts/kernel-sockets 3.6",
    "service": "tenon.inband.v1.KernelSockets",
    "method": "KsockSend",
    "request": "KsockSendRequest",
    "response": "KsockSendResponse",
    "doc": "Sends on a kernel socket, to its peer or, as ksocket_sendto and ksocket_sendmsg do, to an address."
  },
  "ksock_recv": {
    "name": "ksock_recv",
    "kind": "call",
    "from": "task",
    "to": "inband",
    "stage": "inband",
    "maySleep": true,
    "answers": "value",
    "errnos": [
      "ENOTSOCK",
      "ENOTCONN",
      "EOPNOTSUPP",
      "EINVAL",
      "EAGAIN",
      "EINTR",
      "ECONNREFUSED",
      "ECONNRESET",
      "ETIMEDOUT",
      "EHOSTUNREACH",
      "ENETUNREACH",
      "EFAULT",
      "ENETDOWN",
      "EMSGSIZE",
      "EDEADLK"
    ],
    "deadlineMs": 120000,
    "onLost": "fail",
    "onFailure": "the module sees that its call was lost",
    "slice": [
      "ks"
    ],
    "rules": "KS",
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "seed 001; facts/kernel-sockets 3.7",
    "service": "tenon.inband.v1.KernelSockets",
    "method": "KsockRecv",
    "request": "KsockRecvRequest",
    "response": "KsockRecvResponse",
    "doc": "Receives from a kernel socket; waits for something. ksocket_recvfrom and ksocket_recvmsg also learn from whom."
  },
  "ksock_shutdown": {
    "name": "ksock_shutdown",
    "kind": "call",
    "from": "task",
    "to": "inband",
    "stage": "inband",
    "maySleep": true,
    "answers": "errno",
    "errnos": [
      "ENOTSOCK",
      "ENOTCONN",
      "EINVAL",
      "EDEADLK"
    ],
    "deadlineMs": 30000,
    "onLost": "fail",
    "onFailure": "the module sees that its call was lost",
    "slice": [
      "ks"
    ],
    "rules": "KS",
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "seed 001; facts/kernel-sockets 3.8",
    "service": "tenon.inband.v1.KernelSockets",
    "method": "KsockShutdown",
    "request": "KsockShutdownRequest",
    "response": "KsockShutdownResponse",
    "doc": "Shuts directions of a kernel socket down; the callbacks run before it answers."
  },
  "ksock_close": {
    "name": "ksock_close",
    "kind": "call",
    "from": "task",
    "to": "inband",
    "stage": "inband",
    "maySleep": true,
    "answers": "value",
    "errnos": [
      "ENOTSOCK",
      "EDEADLK"
    ],
    "deadlineMs": 120000,
    "onLost": "fail",
    "onFailure": "the module sees that its call was lost",
    "slice": [
      "ks"
    ],
    "rules": "KS",
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "seed 001; facts/kernel-sockets 3.9, 9",
    "service": "tenon.inband.v1.KernelSockets",
    "method": "KsockClose",
    "request": "KsockCloseRequest",
    "response": "KsockCloseResponse",
    "doc": "Closes a kernel socket: no event follows, who waits in it gets EINTR, and it waits for who holds it."
  },
  "ksock_setsockopt": {
    "name": "ksock_setsockopt",
    "kind": "call",
    "from": "task",
    "to": "inband",
    "stage": "inband",
    "maySleep": true,
    "answers": "errno",
    "errnos": [
      "ENOTSOCK",
      "EINVAL",
      "ENOPROTOOPT",
      "ENOBUFS",
      "EACCES",
      "ENOENT",
      "ENXIO",
      "EDEADLK"
    ],
    "deadlineMs": 30000,
    "onLost": "fail",
    "onFailure": "the module sees that its call was lost",
    "slice": [
      "ks"
    ],
    "rules": "KS",
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "seed 001; facts/kernel-sockets 4",
    "service": "tenon.inband.v1.KernelSockets",
    "method": "KsockSetsockopt",
    "request": "KsockSetsockoptRequest",
    "response": "KsockSetsockoptResponse",
    "doc": "Sets an option of a kernel socket."
  },
  "ksock_getsockopt": {
    "name": "ksock_getsockopt",
    "kind": "call",
    "from": "task",
    "to": "inband",
    "stage": "inband",
    "maySleep": true,
    "answers": "value",
    "errnos": [
      "ENOTSOCK",
      "EFAULT",
      "EINVAL",
      "ENOPROTOOPT",
      "EDEADLK"
    ],
    "deadlineMs": 30000,
    "onLost": "fail",
    "onFailure": "the module sees that its call was lost",
    "slice": [
      "ks"
    ],
    "rules": "KS",
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "seed 001; facts/kernel-sockets 4",
    "service": "tenon.inband.v1.KernelSockets",
    "method": "KsockGetsockopt",
    "request": "KsockGetsockoptRequest",
    "response": "KsockGetsockoptResponse",
    "doc": "Tells an option of a kernel socket."
  },
  "ksock_getpeername": {
    "name": "ksock_getpeername",
    "kind": "call",
    "from": "task",
    "to": "inband",
    "stage": "inband",
    "maySleep": true,
    "answers": "value",
    "errnos": [
      "ENOTSOCK",
      "EFAULT",
      "EINVAL",
      "ENOTCONN",
      "EDEADLK"
    ],
    "deadlineMs": 30000,
    "onLost": "fail",
    "onFailure": "the module sees that its call was lost",
    "slice": [
      "ks"
    ],
    "rules": "KS",
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "seed 001; facts/kernel-sockets 3.10",
    "service": "tenon.inband.v1.KernelSockets",
    "method": "KsockGetpeername",
    "request": "KsockGetpeernameRequest",
    "response": "KsockGetpeernameResponse",
    "doc": "Tells a kernel socket's peer."
  },
  "ksock_getsockname": {
    "name": "ksock_getsockname",
    "kind": "call",
    "from": "task",
    "to": "inband",
    "stage": "inband",
    "maySleep": true,
    "answers": "value",
    "errnos": [
      "ENOTSOCK",
      "EFAULT",
      "EINVAL",
      "EDEADLK"
    ],
    "deadlineMs": 30000,
    "onLost": "fail",
    "onFailure": "the module sees that its call was lost",
    "slice": [
      "ks"
    ],
    "rules": "KS",
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "seed 001; facts/kernel-sockets 3.10",
    "service": "tenon.inband.v1.KernelSockets",
    "method": "KsockGetsockname",
    "request": "KsockGetsocknameRequest",
    "response": "KsockGetsocknameResponse",
    "doc": "Tells a kernel socket's own address."
  },
  "ksock_ioctl": {
    "name": "ksock_ioctl",
    "kind": "call",
    "from": "task",
    "to": "inband",
    "stage": "inband",
    "maySleep": true,
    "answers": "value",
    "errnos": [
      "ENOTSOCK",
      "EOPNOTSUPP",
      "EINVAL",
      "EFAULT",
      "ECONNREFUSED",
      "ECONNRESET",
      "ETIMEDOUT",
      "EHOSTUNREACH",
      "ENETUNREACH",
      "ENETDOWN",
      "EMSGSIZE",
      "EDEADLK"
    ],
    "deadlineMs": 30000,
    "onLost": "fail",
    "onFailure": "the module sees that its call was lost",
    "slice": [
      "ks"
    ],
    "rules": "KS",
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "seed 001; facts/kernel-sockets 5",
    "service": "tenon.inband.v1.KernelSockets",
    "method": "KsockIoctl",
    "request": "KsockIoctlRequest",
    "response": "KsockIoctlResponse",
    "doc": "Commands of a kernel socket."
  },
  "ksock_callbacks": {
    "name": "ksock_callbacks",
    "kind": "call",
    "from": "task",
    "to": "inband",
    "stage": "inband",
    "maySleep": true,
    "answers": "errno",
    "errnos": [
      "ENOTSOCK",
      "EFAULT",
      "EDEADLK"
    ],
    "deadlineMs": 30000,
    "onLost": "fail",
    "onFailure": "the module sees that its call was lost",
    "slice": [
      "ks"
    ],
    "rules": "KS",
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "seed 001; facts/kernel-sockets 8.1",
    "service": "tenon.inband.v1.KernelSockets",
    "method": "KsockCallbacks",
    "request": "KsockCallbacksRequest",
    "response": "KsockCallbacksResponse",
    "doc": "Says which callbacks of a kernel socket are on, and where their events go. What was true before is not told."
  },
  "ksocket_spoll": {
    "name": "ksocket_spoll",
    "kind": "call",
    "from": "task",
    "to": "inband",
    "stage": "inband",
    "maySleep": true,
    "answers": "value",
    "errnos": [
      "ENOTSOCK",
      "EINVAL",
      "EINTR",
      "EDEADLK"
    ],
    "deadlineMs": 120000,
    "onLost": "fail",
    "onFailure": "the module sees that its call was lost",
    "slice": [
      "ks"
    ],
    "rules": "KS",
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "facts/kernel-sockets 3.13",
    "service": "tenon.inband.v1.KernelSockets",
    "method": "KsocketSpoll",
    "request": "KsocketSpollRequest",
    "response": "KsocketSpollResponse",
    "doc": "poll(2) on one kernel socket."
  },
  "ksocket_hold": {
    "name": "ksocket_hold",
    "kind": "call",
    "from": "task",
    "to": "inband",
    "stage": "inband",
    "maySleep": true,
    "answers": "errno",
    "errnos": [
      "ENOTSOCK"
    ],
    "deadlineMs": 30000,
    "onLost": "fail",
    "onFailure": "the module sees that its call was lost",
    "slice": [
      "ks"
    ],
    "rules": "KS",
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "facts/kernel-sockets 3.14",
    "service": "tenon.inband.v1.KernelSockets",
    "method": "KsocketHold",
    "request": "KsocketHoldRequest",
    "response": "KsocketHoldResponse",
    "doc": "Adds a reference that a close waits for. Allowed inside a callback."
  },
  "ksocket_rele": {
    "name": "ksocket_rele",
    "kind": "call",
    "from": "task",
    "to": "inband",
    "stage": "inband",
    "maySleep": true,
    "answers": "errno",
    "errnos": [
      "ENOTSOCK",
      "EINVAL"
    ],
    "deadlineMs": 30000,
    "onLost": "fail",
    "onFailure": "the module sees that its call was lost",
    "slice": [
      "ks"
    ],
    "rules": "KS",
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "facts/kernel-sockets 3.14",
    "service": "tenon.inband.v1.KernelSockets",
    "method": "KsocketRele",
    "request": "KsocketReleRequest",
    "response": "KsocketReleResponse",
    "doc": "Drops a reference."
  },
  "ksock_next_event": {
    "name": "ksock_next_event",
    "kind": "call",
    "from": "task",
    "to": "inband",
    "stage": "inband",
    "maySleep": true,
    "answers": "value",
    "errnos": [],
    "deadlineMs": 15000,
    "onLost": "fail",
    "onFailure": "the module sees that its call was lost",
    "slice": [
      "stream"
    ],
    "rules": "KS",
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "facts/kernel-sockets 11, P5",
    "service": "tenon.inband.v1.KernelSockets",
    "method": "KsockNextEvent",
    "request": "KsockNextEventRequest",
    "response": "KsockNextEventResponse",
    "doc": "Takes the next event of a stream: one whose socket has no other that is unacknowledged. Waits for one. The answer may be lost: the event comes again as long as the caller does not say that it has it."
  },
  "ksock_ack_event": {
    "name": "ksock_ack_event",
    "kind": "call",
    "from": "task",
    "to": "inband",
    "stage": "inband",
    "maySleep": true,
    "answers": "errno",
    "errnos": [
      "ENOENT"
    ],
    "deadlineMs": 30000,
    "onLost": "fail",
    "onFailure": "the module sees that its call was lost",
    "slice": [
      "stream"
    ],
    "rules": "KS",
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "facts/kernel-sockets 11, P5",
    "service": "tenon.inband.v1.KernelSockets",
    "method": "KsockAckEvent",
    "request": "KsockAckEventRequest",
    "response": "KsockAckEventResponse",
    "doc": "Acknowledges an event: its callback has returned."
  },
  "ksock_interrupt": {
    "name": "ksock_interrupt",
    "kind": "call",
    "from": "task",
    "to": "inband",
    "stage": "inband",
    "maySleep": false,
    "answers": "value",
    "errnos": [],
    "deadlineMs": 1000,
    "onLost": "fail",
    "onFailure": "whoever interrupts asks again; the call ends within 100 s in any case",
    "slice": [
      "task"
    ],
    "rules": "KS",
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "facts/kernel-sockets 2 (EINTR)",
    "service": "tenon.inband.v1.KernelSockets",
    "method": "KsockInterrupt",
    "request": "KsockInterruptRequest",
    "response": "KsockInterruptResponse",
    "doc": "Interrupts a thread of a module that sleeps on a kernel socket, as a signal would: its call ends with EINTR, or with what it has\nmoved so far. A close that waits is nobody's, and goes on. Who interrupts a call that may still be on its way asks again until it\nhas ended, and gives the thread no other call before."
  },
  "net_link_up": {
    "name": "net_link_up",
    "kind": "call",
    "from": "task",
    "to": "inband",
    "stage": "inband",
    "maySleep": true,
    "answers": "errno",
    "errnos": [
      "ENODEV",
      "ENETDOWN"
    ],
    "deadlineMs": 10000,
    "onLost": "fail",
    "onFailure": "the task sees that its call was lost",
    "slice": [
      "dev"
    ],
    "rules": "NET",
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "Linux, rtnetlink(7)",
    "service": "tenon.inband.v1.NetdeviceCalls",
    "method": "NetLinkUp",
    "request": "NetLinkUpRequest",
    "response": "NetLinkUpResponse",
    "doc": "Brings a device up, and the VLAN devices on it."
  },
  "net_link_down": {
    "name": "net_link_down",
    "kind": "call",
    "from": "task",
    "to": "inband",
    "stage": "inband",
    "maySleep": true,
    "answers": "errno",
    "errnos": [
      "ENODEV"
    ],
    "deadlineMs": 10000,
    "onLost": "fail",
    "onFailure": "the task sees that its call was lost",
    "slice": [
      "dev"
    ],
    "rules": "NET",
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "facts/dovetail 6.1",
    "service": "tenon.inband.v1.NetdeviceCalls",
    "method": "NetLinkDown",
    "request": "NetLinkDownRequest",
    "response": "NetLinkDownResponse",
    "doc": "Takes a device down. An out-of-band port on it is disabled first (NETDEV_GOING_DOWN) and does not come back by\nitself."
  },
  "net_mtu": {
    "name": "net_mtu",
    "kind": "call",
    "from": "task",
    "to": "inband",
    "stage": "inband",
    "maySleep": true,
    "answers": "errno",
    "errnos": [
      "ENODEV",
      "EINVAL"
    ],
    "deadlineMs": 10000,
    "onLost": "fail",
    "onFailure": "the task sees that its call was lost",
    "slice": [
      "dev"
    ],
    "rules": "NET",
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "Linux, rtnetlink(7)",
    "service": "tenon.inband.v1.NetdeviceCalls",
    "method": "NetMtu",
    "request": "NetMtuRequest",
    "response": "NetMtuResponse",
    "doc": "Sets a device's MTU."
  },
  "net_vlan_add": {
    "name": "net_vlan_add",
    "kind": "call",
    "from": "task",
    "to": "inband",
    "stage": "inband",
    "maySleep": true,
    "answers": "value",
    "errnos": [
      "ENODEV",
      "EINVAL",
      "EEXIST"
    ],
    "deadlineMs": 10000,
    "onLost": "fail",
    "onFailure": "the task sees that its call was lost",
    "slice": [
      "dev"
    ],
    "rules": "NET",
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "Linux, rtnetlink(7)",
    "service": "tenon.inband.v1.NetdeviceCalls",
    "method": "NetVlanAdd",
    "request": "NetVlanAddRequest",
    "response": "NetVlanAddResponse",
    "doc": "Adds a VLAN device over another one, down."
  },
  "net_link_del": {
    "name": "net_link_del",
    "kind": "call",
    "from": "task",
    "to": "inband",
    "stage": "inband",
    "maySleep": true,
    "answers": "errno",
    "errnos": [
      "ENODEV",
      "EBUSY"
    ],
    "deadlineMs": 10000,
    "onLost": "fail",
    "onFailure": "the task sees that its call was lost",
    "slice": [
      "dev"
    ],
    "rules": "NET",
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "Linux, rtnetlink(7)",
    "service": "tenon.inband.v1.NetdeviceCalls",
    "method": "NetLinkDel",
    "request": "NetLinkDelRequest",
    "response": "NetLinkDelResponse",
    "doc": "Removes a VLAN device that is down."
  },
  "net_address_add": {
    "name": "net_address_add",
    "kind": "call",
    "from": "task",
    "to": "inband",
    "stage": "inband",
    "maySleep": true,
    "answers": "errno",
    "errnos": [
      "ENODEV",
      "EINVAL",
      "EEXIST"
    ],
    "deadlineMs": 10000,
    "onLost": "fail",
    "onFailure": "the task sees that its call was lost",
    "slice": [
      "dev"
    ],
    "rules": "NET",
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "Linux, rtnetlink(7)",
    "service": "tenon.inband.v1.NetdeviceCalls",
    "method": "NetAddressAdd",
    "request": "NetAddressAddRequest",
    "response": "NetAddressAddResponse",
    "doc": "Gives a device an address."
  },
  "net_address_del": {
    "name": "net_address_del",
    "kind": "call",
    "from": "task",
    "to": "inband",
    "stage": "inband",
    "maySleep": true,
    "answers": "errno",
    "errnos": [
      "ENODEV",
      "EINVAL",
      "EADDRNOTAVAIL"
    ],
    "deadlineMs": 10000,
    "onLost": "fail",
    "onFailure": "the task sees that its call was lost",
    "slice": [
      "dev"
    ],
    "rules": "NET",
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "Linux, rtnetlink(7)",
    "service": "tenon.inband.v1.NetdeviceCalls",
    "method": "NetAddressDel",
    "request": "NetAddressDelRequest",
    "response": "NetAddressDelResponse",
    "doc": "Takes an address away."
  },
  "net_route_add": {
    "name": "net_route_add",
    "kind": "call",
    "from": "task",
    "to": "inband",
    "stage": "inband",
    "maySleep": true,
    "answers": "errno",
    "errnos": [
      "ENODEV",
      "EINVAL",
      "ENETDOWN",
      "ENETUNREACH",
      "EEXIST"
    ],
    "deadlineMs": 10000,
    "onLost": "fail",
    "onFailure": "the task sees that its call was lost",
    "slice": [
      "dev"
    ],
    "rules": "NET",
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "Linux, rtnetlink(7)",
    "service": "tenon.inband.v1.NetdeviceCalls",
    "method": "NetRouteAdd",
    "request": "NetRouteAddRequest",
    "response": "NetRouteAddResponse",
    "doc": "Adds a route."
  },
  "net_route_del": {
    "name": "net_route_del",
    "kind": "call",
    "from": "task",
    "to": "inband",
    "stage": "inband",
    "maySleep": true,
    "answers": "errno",
    "errnos": [
      "ENODEV",
      "EINVAL",
      "ESRCH"
    ],
    "deadlineMs": 10000,
    "onLost": "fail",
    "onFailure": "the task sees that its call was lost",
    "slice": [
      "dev"
    ],
    "rules": "NET",
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "Linux, rtnetlink(7)",
    "service": "tenon.inband.v1.NetdeviceCalls",
    "method": "NetRouteDel",
    "request": "NetRouteDelRequest",
    "response": "NetRouteDelResponse",
    "doc": "Removes a route."
  },
  "net_oob_port": {
    "name": "net_oob_port",
    "kind": "call",
    "from": "task",
    "to": "inband",
    "stage": "inband",
    "maySleep": true,
    "answers": "errno",
    "errnos": [
      "ENODEV",
      "ENETDOWN",
      "EINVAL",
      "EOPNOTSUPP",
      "ENOMEM",
      "ENXIO",
      "EIO"
    ],
    "deadlineMs": 10000,
    "onLost": "fail",
    "onFailure": "the task sees that its call was lost",
    "slice": [
      "dev"
    ],
    "rules": "NET",
    "inside": [],
    "answersAs": [],
    "refusesWith": [
      "netif_oob_switch_port"
    ],
    "after": [],
    "source": "seed 003; facts/dovetail 5.1, 6.1",
    "service": "tenon.inband.v1.NetdeviceCalls",
    "method": "NetOobPort",
    "request": "NetOobPortRequest",
    "response": "NetOobPortResponse",
    "doc": "Writes /sys/class/net/<dev>/oob_port: makes a real or a VLAN device an out-of-band port, or takes that away.\nnetif_oob_switch_port does it."
  },
  "netif_carrier": {
    "name": "netif_carrier",
    "kind": "core",
    "from": "nic",
    "to": "inband",
    "stage": "inband",
    "maySleep": false,
    "answers": "nothing",
    "errnos": [],
    "deadlineMs": 2000,
    "onLost": "retry",
    "onFailure": "the stack goes on with what it knew of the link",
    "slice": [
      "dev"
    ],
    "rules": "NET",
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "Linux, operstates",
    "service": "tenon.inband.v1.NicEvents",
    "method": "NetifCarrier",
    "request": "NetifCarrierRequest",
    "response": "NetifCarrierResponse",
    "doc": "Tells that a device has a link, or has lost it (netif_carrier_on, netif_carrier_off)."
  },
  "sock_create": {
    "name": "sock_create",
    "kind": "core",
    "from": "vfs",
    "to": "inband",
    "stage": "inband",
    "maySleep": true,
    "answers": "value",
    "errnos": [
      "EINVAL",
      "EAFNOSUPPORT",
      "EPROTONOSUPPORT",
      "ESOCKTNOSUPPORT",
      "EOPNOTSUPP",
      "EPERM",
      "ENOMEM"
    ],
    "deadlineMs": 10000,
    "onLost": "fail",
    "onFailure": "the system call fails with the errno, or EIO when lost, and what was made is closed",
    "slice": [
      "task"
    ],
    "rules": "SOCK",
    "inside": [
      "sys_socket",
      "sys_io_uring_socket",
      "sys_socketpair"
    ],
    "undo": "sock_close",
    "answersAs": [],
    "refusesWith": [
      "oob_load_family"
    ],
    "after": [],
    "source": "facts/dovetail 2.1",
    "service": "tenon.inband.v1.SocketOperations",
    "method": "SockCreate",
    "request": "SockCreateRequest",
    "response": "SockCreateResponse",
    "doc": "Makes a socket: the family's own creation, with no file yet.\n\nErrors, in this order: EAFNOSUPPORT; for the family PF_OOB the core is asked once to load it; ESOCKTNOSUPPORT,\nEPROTONOSUPPORT; EPERM without the capability."
  },
  "sock_map_file": {
    "name": "sock_map_file",
    "kind": "core",
    "from": "vfs",
    "to": "inband",
    "stage": "inband",
    "maySleep": true,
    "answers": "value",
    "errnos": [
      "ENOMEM",
      "EPROTONOSUPPORT",
      "ESOCKTNOSUPPORT",
      "EPERM",
      "EIO",
      "EBADF"
    ],
    "deadlineMs": 30000,
    "onLost": "fail",
    "onFailure": "the system call fails with the errno, or EIO when lost",
    "slice": [
      "sock",
      "file"
    ],
    "rules": "SOCK",
    "inside": [
      "sys_socket",
      "sys_io_uring_socket",
      "sys_accept4",
      "file_core_ready"
    ],
    "answersAs": [
      "sock_oob_attach"
    ],
    "refusesWith": [],
    "after": [
      {
        "what": "fd_reserve",
        "by": [
          "around"
        ],
        "unless": "vfs:file_core_ready.enter"
      }
    ],
    "source": "facts/dovetail 2.1, 2.2",
    "service": "tenon.inband.v1.SocketOperations",
    "method": "SockMapFile",
    "request": "SockMapFileRequest",
    "response": "SockMapFileResponse",
    "doc": "Ties a socket to its file, and, for SOCK_OOB, asks the core to attach (sock_oob_attach). No descriptor refers to\nthe file yet.\n\nWhen the core refuses, the socket stays as it is and the VFS closes it; no other hook fires for it.\nFor a socket that is tied to this very file already: which context it has now, since another core may have given it one."
  },
  "sock_close": {
    "name": "sock_close",
    "kind": "core",
    "from": "vfs",
    "to": "inband",
    "stage": "inband",
    "maySleep": true,
    "answers": "nothing",
    "errnos": [],
    "deadlineMs": 30000,
    "onLost": "retry",
    "onFailure": "the file is gone all the same; the in-band stack leaks a socket",
    "slice": [
      "sock",
      "file"
    ],
    "rules": "SOCK",
    "inside": [
      "sys_*",
      "file_core_ready"
    ],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "facts/dovetail 2.3, 2.4",
    "service": "tenon.inband.v1.SocketOperations",
    "method": "SockClose",
    "request": "SockCloseRequest",
    "response": "SockCloseResponse",
    "doc": "The last reference to a socket's file is gone, or its creation failed: sock_oob_release, then the protocol's own\nrelease, then, with the last reference to the INET socket, sock_oob_destroy."
  },
  "sock_bind": {
    "name": "sock_bind",
    "kind": "core",
    "from": "vfs",
    "to": "inband",
    "stage": "inband",
    "maySleep": true,
    "answers": "errno",
    "errnos": [
      "EBADF",
      "EINVAL",
      "EADDRINUSE",
      "EADDRNOTAVAIL",
      "EAFNOSUPPORT",
      "EACCES",
      "ENODEV",
      "ENETDOWN",
      "ENOMEM",
      "EPERM",
      "EOPNOTSUPP",
      "EBADFD",
      "EIO",
      "EFAULT"
    ],
    "deadlineMs": 30000,
    "onLost": "fail",
    "onFailure": "the system call fails with the errno, or EIO when lost",
    "slice": [
      "sock"
    ],
    "rules": "SOCK",
    "inside": [
      "sys_bind"
    ],
    "answersAs": [
      "sock_oob_bind",
      "oob_proto_ops"
    ],
    "refusesWith": [],
    "after": [],
    "source": "facts/dovetail 2.5",
    "service": "tenon.inband.v1.SocketOperations",
    "method": "SockBind",
    "request": "SockBindRequest",
    "response": "SockBindResponse",
    "doc": "bind(2) behind the file: the family's bind, then sock_oob_bind."
  },
  "sock_connect": {
    "name": "sock_connect",
    "kind": "core",
    "from": "vfs",
    "to": "inband",
    "stage": "inband",
    "maySleep": true,
    "answers": "errno",
    "errnos": [
      "EBADF",
      "EINVAL",
      "EAFNOSUPPORT",
      "EACCES",
      "EAGAIN",
      "ENETUNREACH",
      "EHOSTUNREACH",
      "EOPNOTSUPP",
      "ENOMEM",
      "EPERM",
      "EISCONN",
      "EADDRNOTAVAIL",
      "EBADFD",
      "EIO",
      "EFAULT",
      "EALREADY",
      "EINPROGRESS",
      "ECONNREFUSED",
      "ECONNRESET",
      "ETIMEDOUT",
      "ECONNABORTED",
      "EADDRINUSE",
      "EINTR",
      "ENETDOWN",
      "EPIPE",
      "ENOPROTOOPT",
      "EPROTO",
      "EHOSTDOWN",
      "ENONET"
    ],
    "deadlineMs": 140000,
    "onLost": "fail",
    "onFailure": "the system call fails with the errno, or EIO when lost",
    "slice": [
      "sock"
    ],
    "rules": "SOCK",
    "inside": [
      "sys_connect"
    ],
    "answersAs": [
      "sock_oob_connect",
      "oob_proto_ops"
    ],
    "refusesWith": [],
    "after": [],
    "source": "facts/dovetail 2.6",
    "service": "tenon.inband.v1.SocketOperations",
    "method": "SockConnect",
    "request": "SockConnectRequest",
    "response": "SockConnectResponse",
    "doc": "connect(2) behind the file: the family's connect, then sock_oob_connect."
  },
  "sock_listen": {
    "name": "sock_listen",
    "kind": "core",
    "from": "vfs",
    "to": "inband",
    "stage": "inband",
    "maySleep": true,
    "answers": "errno",
    "errnos": [
      "EBADF",
      "EOPNOTSUPP",
      "EINVAL",
      "EADDRINUSE"
    ],
    "deadlineMs": 30000,
    "onLost": "fail",
    "onFailure": "the system call fails with the errno, or EIO when lost",
    "slice": [
      "sock"
    ],
    "rules": "SOCK",
    "inside": [
      "sys_listen"
    ],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "Linux, listen(2)",
    "service": "tenon.inband.v1.SocketOperations",
    "method": "SockListen",
    "request": "SockListenRequest",
    "response": "SockListenResponse",
    "doc": "listen(2) behind the file."
  },
  "sock_accept": {
    "name": "sock_accept",
    "kind": "core",
    "from": "vfs",
    "to": "inband",
    "stage": "inband",
    "maySleep": true,
    "answers": "value",
    "errnos": [
      "EBADF",
      "EOPNOTSUPP",
      "EINVAL",
      "EAGAIN",
      "EINTR",
      "ECONNABORTED"
    ],
    "deadlineMs": 120000,
    "onLost": "fail",
    "onFailure": "the system call fails with the errno, or EIO when lost",
    "slice": [
      "sock"
    ],
    "rules": "SOCK",
    "inside": [
      "sys_accept4"
    ],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "facts/dovetail 2.11",
    "service": "tenon.inband.v1.SocketOperations",
    "method": "SockAccept",
    "request": "SockAcceptRequest",
    "response": "SockAcceptResponse",
    "doc": "accept(2) behind the file. The new socket has no file yet and never an out-of-band context."
  },
  "sock_shutdown": {
    "name": "sock_shutdown",
    "kind": "core",
    "from": "vfs",
    "to": "inband",
    "stage": "inband",
    "maySleep": true,
    "answers": "errno",
    "errnos": [
      "EBADF",
      "EINVAL",
      "ENOTCONN",
      "EOPNOTSUPP",
      "EPERM",
      "EBADFD",
      "EIO"
    ],
    "deadlineMs": 30000,
    "onLost": "fail",
    "onFailure": "the system call fails with the errno, or EIO when lost",
    "slice": [
      "sock"
    ],
    "rules": "SOCK",
    "inside": [
      "sys_shutdown"
    ],
    "answersAs": [],
    "refusesWith": [
      "sock_oob_shutdown"
    ],
    "after": [],
    "source": "facts/dovetail 2.7",
    "service": "tenon.inband.v1.SocketOperations",
    "method": "SockShutdown",
    "request": "SockShutdownRequest",
    "response": "SockShutdownResponse",
    "doc": "shutdown(2) behind the file: the family's shutdown, then, in PF_INET, sock_oob_shutdown under the socket's lock."
  },
  "sock_sendmsg": {
    "name": "sock_sendmsg",
    "kind": "core",
    "from": "vfs",
    "to": "inband",
    "stage": "inband",
    "maySleep": true,
    "answers": "value",
    "errnos": [
      "EBADF",
      "EINVAL",
      "EMSGSIZE",
      "EDESTADDRREQ",
      "ENOTCONN",
      "EISCONN",
      "EACCES",
      "EAGAIN",
      "EPIPE",
      "ENETUNREACH",
      "EHOSTUNREACH",
      "ECONNREFUSED",
      "ENETDOWN",
      "ENXIO",
      "ENODEV",
      "ENOBUFS",
      "EAFNOSUPPORT",
      "EOPNOTSUPP",
      "EPERM",
      "EPROTO",
      "EPROTOTYPE",
      "ENOPROTOOPT",
      "EHOSTDOWN",
      "ENONET",
      "ECONNRESET",
      "ETIMEDOUT",
      "EINTR"
    ],
    "deadlineMs": 140000,
    "onLost": "fail",
    "onFailure": "the system call fails with the errno, or EIO when lost",
    "slice": [
      "sock"
    ],
    "rules": "SOCK",
    "inside": [
      "sys_sendto",
      "sys_write"
    ],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "Linux, send(2)",
    "service": "tenon.inband.v1.SocketOperations",
    "method": "SockSendmsg",
    "request": "SockSendmsgRequest",
    "response": "SockSendmsgResponse",
    "doc": "Sends a message in-band."
  },
  "sock_recvmsg": {
    "name": "sock_recvmsg",
    "kind": "core",
    "from": "vfs",
    "to": "inband",
    "stage": "inband",
    "maySleep": true,
    "answers": "value",
    "errnos": [
      "EBADF",
      "EAGAIN",
      "EINVAL",
      "ENOTCONN",
      "ECONNREFUSED",
      "EHOSTUNREACH",
      "ENETUNREACH",
      "EMSGSIZE",
      "ENETDOWN",
      "EOPNOTSUPP",
      "EINTR",
      "EPROTO",
      "EPROTOTYPE",
      "ENOPROTOOPT",
      "EHOSTDOWN",
      "ENONET",
      "EACCES",
      "ECONNRESET",
      "ETIMEDOUT",
      "EPIPE"
    ],
    "deadlineMs": 110000,
    "onLost": "fail",
    "onFailure": "the system call fails with the errno, or EIO when lost",
    "slice": [
      "sock"
    ],
    "rules": "SOCK",
    "inside": [
      "sys_recvfrom",
      "sys_read"
    ],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "Linux, recv(2)",
    "service": "tenon.inband.v1.SocketOperations",
    "method": "SockRecvmsg",
    "request": "SockRecvmsgRequest",
    "response": "SockRecvmsgResponse",
    "doc": "Receives a message in-band; waits for one unless told otherwise."
  },
  "sock_getname": {
    "name": "sock_getname",
    "kind": "core",
    "from": "vfs",
    "to": "inband",
    "stage": "inband",
    "maySleep": true,
    "answers": "value",
    "errnos": [
      "EBADF",
      "ENOTCONN",
      "EOPNOTSUPP"
    ],
    "deadlineMs": 30000,
    "onLost": "fail",
    "onFailure": "the system call fails with the errno, or EIO when lost",
    "slice": [
      "sock"
    ],
    "rules": "SOCK",
    "inside": [
      "sys_getsockname",
      "sys_getpeername"
    ],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "Linux, getsockname(2)",
    "service": "tenon.inband.v1.SocketOperations",
    "method": "SockGetname",
    "request": "SockGetnameRequest",
    "response": "SockGetnameResponse",
    "doc": "Tells what a socket is bound to, or its peer."
  },
  "sock_setsockopt": {
    "name": "sock_setsockopt",
    "kind": "core",
    "from": "vfs",
    "to": "inband",
    "stage": "inband",
    "maySleep": true,
    "answers": "errno",
    "errnos": [
      "EBADF",
      "ENOPROTOOPT",
      "EINVAL",
      "ENODEV",
      "EPERM",
      "EOPNOTSUPP",
      "EDOM",
      "ENOENT",
      "EISCONN",
      "ENOTCONN"
    ],
    "deadlineMs": 30000,
    "onLost": "fail",
    "onFailure": "the system call fails with the errno, or EIO when lost",
    "slice": [
      "sock"
    ],
    "rules": "SOCK",
    "inside": [
      "sys_setsockopt"
    ],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "Linux, socket(7), ip(7)",
    "service": "tenon.inband.v1.SocketOperations",
    "method": "SockSetsockopt",
    "request": "SockSetsockoptRequest",
    "response": "SockSetsockoptResponse",
    "doc": "Sets an option."
  },
  "sock_getsockopt": {
    "name": "sock_getsockopt",
    "kind": "core",
    "from": "vfs",
    "to": "inband",
    "stage": "inband",
    "maySleep": true,
    "answers": "value",
    "errnos": [
      "EBADF",
      "ENOTCONN",
      "ENOPROTOOPT",
      "EINVAL",
      "EOPNOTSUPP"
    ],
    "deadlineMs": 30000,
    "onLost": "fail",
    "onFailure": "the system call fails with the errno, or EIO when lost",
    "slice": [
      "sock"
    ],
    "rules": "SOCK",
    "inside": [
      "sys_getsockopt"
    ],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "Linux, socket(7), ip(7)",
    "service": "tenon.inband.v1.SocketOperations",
    "method": "SockGetsockopt",
    "request": "SockGetsockoptRequest",
    "response": "SockGetsockoptResponse",
    "doc": "Tells an option."
  },
  "sock_ioctl": {
    "name": "sock_ioctl",
    "kind": "core",
    "from": "vfs",
    "to": "inband",
    "stage": "inband",
    "maySleep": true,
    "answers": "value",
    "errnos": [
      "EBADF",
      "ENOTTY",
      "EINVAL",
      "EFAULT",
      "EPERM",
      "ENODEV",
      "ENXIO",
      "EADDRNOTAVAIL",
      "ETIMEDOUT",
      "EIO",
      "EOPNOTSUPP",
      "EBADFD",
      "EAFNOSUPPORT",
      "ENETUNREACH",
      "EHOSTUNREACH",
      "EACCES",
      "ENOENT"
    ],
    "deadlineMs": 30000,
    "onLost": "fail",
    "onFailure": "the system call fails with the errno, or EIO when lost",
    "slice": [
      "sock"
    ],
    "rules": "SOCK",
    "inside": [
      "sys_ioctl"
    ],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "facts/dovetail 2.8",
    "service": "tenon.inband.v1.SocketOperations",
    "method": "SockIoctl",
    "request": "SockIoctlRequest",
    "response": "SockIoctlResponse",
    "doc": "ioctl(2) behind the file: what the socket layer serves itself, then sock_inband_ioctl_redirect for an out-of-\nband capable socket, then the regular handlers."
  },
  "sock_poll": {
    "name": "sock_poll",
    "kind": "core",
    "from": "vfs",
    "to": "inband",
    "stage": "inband",
    "maySleep": true,
    "answers": "value",
    "errnos": [
      "EBADF",
      "EINTR"
    ],
    "deadlineMs": 110000,
    "onLost": "fail",
    "onFailure": "the system call fails with the errno, or EIO when lost",
    "slice": [
      "sock"
    ],
    "rules": "SOCK",
    "inside": [
      "sys_poll"
    ],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "Linux, poll(2)",
    "service": "tenon.inband.v1.SocketOperations",
    "method": "SockPoll",
    "request": "SockPollRequest",
    "response": "SockPollResponse",
    "doc": "Waits until a socket is ready, or until the time is over."
  },
  "sock_interrupt": {
    "name": "sock_interrupt",
    "kind": "core",
    "from": "vfs",
    "to": "inband",
    "stage": "inband",
    "maySleep": false,
    "answers": "nothing",
    "errnos": [],
    "deadlineMs": 5000,
    "onLost": "retry",
    "onFailure": "calls of the task that sleep go on until their own time is over, and their files with them",
    "slice": [
      "task"
    ],
    "rules": "SOCK",
    "inside": [
      "sys_exit"
    ],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "Linux, _exit(2), signal(7)",
    "service": "tenon.inband.v1.SocketOperations",
    "method": "SockInterrupt",
    "request": "SockInterruptRequest",
    "response": "SockInterruptResponse",
    "doc": "The current task exits, and other calls of it are under way (`exit_group`, SIGKILL): those that sleep on a socket end with EINTR, or\nwith what they have moved so far, so that the files they hold can go.\n\nWho and when: the VFS, as the exit begins, only where there are such calls. May it sleep: no."
  },
  "sock_vfs_ready": {
    "name": "sock_vfs_ready",
    "kind": "core",
    "from": "vfs",
    "to": "inband",
    "stage": "inband",
    "maySleep": true,
    "answers": "nothing",
    "errnos": [],
    "deadlineMs": 30000,
    "onLost": "retry",
    "onFailure": "sockets that nobody can close keep their ports",
    "slice": [
      "task"
    ],
    "rules": "SOCK",
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "design, section 2; issue: distributed",
    "service": "tenon.inband.v1.SocketOperations",
    "method": "SockVfsReady",
    "request": "SockVfsReadyRequest",
    "response": "SockVfsReadyResponse",
    "doc": "Tells that a VFS is there which has no file: the tasks and files of the one before it are gone. The sockets of those\nfiles are closed, as with the last close of each.\n\nWho and when: the VFS, once, when it came up in the place of another one, after oob_vfs_ready, which wakes those who would\nkeep a close waiting. May it sleep: yes."
  },
  "inband_solicit": {
    "name": "inband_solicit",
    "kind": "core",
    "from": "companion",
    "to": "inband",
    "stage": "inband",
    "maySleep": true,
    "answers": "errno",
    "errnos": [
      "EINVAL",
      "ENETUNREACH",
      "EHOSTUNREACH",
      "EACCES",
      "ENODEV",
      "ENOENT",
      "ETIMEDOUT"
    ],
    "deadlineMs": 8000,
    "onLost": "fail",
    "onFailure": "the solicitation fails with ETIMEDOUT; the neighbour may have been found",
    "slice": [
      "sk"
    ],
    "rules": "OOB",
    "inside": [
      "sock_inband_ioctl_redirect"
    ],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "facts/dovetail 6.8",
    "service": "tenon.inband.v1.SolicitRequests",
    "method": "InbandSolicit",
    "request": "InbandSolicitRequest",
    "response": "InbandSolicitResponse",
    "doc": "Finds the way to an IPv4 address, and the link address of the neighbour behind it, by asking that neighbour. When it answers\n0 the core has been told of both (oob_route_learn, oob_neighbour_update).\n\nWho and when: the core, in EVL_SOCKIOC_SOLICIT. May it sleep: yes, until the neighbour answers.\nRouting errors: ENETUNREACH, EHOSTUNREACH, EACCES. ENODEV: the way leads through no out-of-band port. ENOENT: there is no\nroom for one more neighbour. ETIMEDOUT: nobody answered."
  },
  "netif_enable_oob_diversion": {
    "name": "netif_enable_oob_diversion",
    "kind": "core",
    "from": "companion",
    "to": "nic",
    "stage": "inband",
    "maySleep": true,
    "answers": "errno",
    "errnos": [
      "ENODEV",
      "EINVAL"
    ],
    "deadlineMs": 2000,
    "onLost": "fail",
    "onFailure": "the port is not enabled",
    "slice": [
      "dev"
    ],
    "rules": "NET",
    "inside": [
      "netif_oob_switch_port",
      "oob_net_divert",
      "oob_nic_ready"
    ],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "seed 003; facts/dovetail 5.1",
    "service": "tenon.nic.v1.NicServices",
    "method": "NetifEnableOobDiversion",
    "request": "NetifEnableOobDiversionRequest",
    "response": "NetifEnableOobDiversionResponse",
    "doc": "Turns input diversion of a real device on: from now on every frame it receives is offered to the core\n(netif_deliver_oob) before anything else sees it. Legal while traffic runs; on again is no error."
  },
  "netif_disable_oob_diversion": {
    "name": "netif_disable_oob_diversion",
    "kind": "core",
    "from": "companion",
    "to": "nic",
    "stage": "inband",
    "maySleep": true,
    "answers": "errno",
    "errnos": [
      "ENODEV",
      "EINVAL"
    ],
    "deadlineMs": 10000,
    "onLost": "retry",
    "onFailure": "frames may still be offered",
    "slice": [
      "dev"
    ],
    "rules": "NET",
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "seed 003; facts/dovetail 5.1, 6.1",
    "service": "tenon.nic.v1.NicServices",
    "method": "NetifDisableOobDiversion",
    "request": "NetifDisableOobDiversionRequest",
    "response": "NetifDisableOobDiversionResponse",
    "doc": "Turns it off. When it answers, every frame that was offered has been decided, and none will be offered any more."
  },
  "nic_link": {
    "name": "nic_link",
    "kind": "call",
    "from": "task",
    "to": "nic",
    "stage": "inband",
    "maySleep": true,
    "answers": "errno",
    "errnos": [
      "ENODEV"
    ],
    "deadlineMs": 10000,
    "onLost": "fail",
    "onFailure": "the task sees that its call was lost",
    "slice": [
      "dev"
    ],
    "rules": "NET",
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "design, section 4",
    "service": "tenon.nic.v1.NicServices",
    "method": "NicLink",
    "request": "NicLinkRequest",
    "response": "NicLinkResponse",
    "doc": "Plugs a NIC's cable in, or pulls it out. The in-band stack learns of the carrier."
  },
  "nic_netem": {
    "name": "nic_netem",
    "kind": "call",
    "from": "task",
    "to": "nic",
    "stage": "inband",
    "maySleep": true,
    "answers": "errno",
    "errnos": [
      "ENODEV",
      "EINVAL"
    ],
    "deadlineMs": 10000,
    "onLost": "fail",
    "onFailure": "the task sees that its call was lost",
    "slice": [
      "dev"
    ],
    "rules": "NET",
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "Linux, tc-netem(8); facts/rings",
    "service": "tenon.nic.v1.NicServices",
    "method": "NicNetem",
    "request": "NicNetemRequest",
    "response": "NicNetemResponse",
    "doc": "Sets what goes wrong on the wire of a NIC, in the words of tc-netem(8): `drop 2%`, `duplicate 1/50`, `reorder 2%\n3`, `corrupt 1%`, `delay 1ms`, `rate 10mbit`, `truncate 1% 40`, each for what it sends (`tx`), receives (`rx`)\nor both; and in the rings to the node: `ring lost-notification 1/10`, `ring stuck-consumer 5ms`, `ring wrong-\nindex 1/100`, `ring lost-completion 1/100`. Clauses are separated by `;`. In the place of a\nshare, `first` strikes the first frame and no other. Empty: nothing goes wrong."
  },
  "file_core_ready": {
    "name": "file_core_ready",
    "kind": "core",
    "from": "companion",
    "to": "vfs",
    "stage": "inband",
    "maySleep": true,
    "answers": "nothing",
    "errnos": [],
    "deadlineMs": 30000,
    "onLost": "retry",
    "onFailure": "the core goes on without the files that were open; out-of-band calls on them answer EBADF",
    "slice": [
      "task"
    ],
    "rules": "FILE",
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "design, section 2; issue: distributed",
    "service": "tenon.vfs.v1.CoreRequests",
    "method": "FileCoreReady",
    "request": "FileCoreReadyRequest",
    "response": "FileCoreReadyResponse",
    "doc": "Tells that a core is there which knows of no file: the one that gave the open files their contexts is gone.\n\nWho and when: a core, once, when it came up in the place of another one, and after sock_core_ready, since the contexts\nof sockets come first. From this call on no file has a context. For each open file that had one the VFS asks for a new\none as it did when the file was opened (oob_open_file; the file of a socket gets what the in-band stack was given), and\nthen tells every descriptor that refers to it: install_inband_fd, by table and number, under files->file_lock.\nA descriptor that was closed meanwhile is not told. A file that is refused a context stays a plain one.\nMay it sleep: yes; it answers when all is told, or when a later core took the place of this one."
  },
  "sys_spawn": {
    "name": "sys_spawn",
    "kind": "call",
    "from": "task",
    "to": "vfs",
    "stage": "inband",
    "maySleep": true,
    "answers": "value",
    "errnos": [
      "EINVAL"
    ],
    "deadlineMs": 30000,
    "onLost": "fail",
    "onFailure": "the task sees that its call was lost",
    "slice": [
      "task"
    ],
    "rules": "FD",
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "design, section 5",
    "service": "tenon.vfs.v1.FileCalls",
    "method": "Spawn",
    "request": "SpawnRequest",
    "response": "SpawnResponse",
    "doc": "Starts a task with an empty file table, as a shell starts a program. The world's boot uses it; it is not a system call of Linux.\n\nErrors: EINVAL for a name that is taken or empty."
  },
  "sys_open": {
    "name": "sys_open",
    "kind": "call",
    "from": "task",
    "to": "vfs",
    "stage": "inband",
    "maySleep": true,
    "answers": "value",
    "errnos": [
      "ENOENT",
      "EBUSY",
      "ENODEV",
      "EISDIR",
      "EINVAL",
      "EMFILE",
      "ENOMEM",
      "EIO",
      "ESRCH",
      "EDEADLK"
    ],
    "deadlineMs": 30000,
    "onLost": "fail",
    "onFailure": "the task sees that its call was lost",
    "slice": [
      "task"
    ],
    "rules": "FD",
    "inside": [],
    "answersAs": [],
    "refusesWith": [
      "oob_open_file"
    ],
    "after": [],
    "source": "Linux, open(2)",
    "service": "tenon.vfs.v1.FileCalls",
    "method": "Open",
    "request": "OpenRequest",
    "response": "OpenResponse",
    "doc": "Opens a device and installs the lowest free descriptor for it.\n\nThe descriptor is reserved first, then the driver's open runs, then the file is published and install_inband_fd fires.\nErrors: ENOENT no such node; ENODEV a node without a driver; EISDIR a directory; EINVAL a bad access mode; EMFILE no free descriptor; what the driver answers."
  },
  "sys_close": {
    "name": "sys_close",
    "kind": "call",
    "from": "task",
    "to": "vfs",
    "stage": "inband",
    "maySleep": true,
    "answers": "value",
    "errnos": [
      "EBADF",
      "ESRCH",
      "EDEADLK"
    ],
    "deadlineMs": 30000,
    "onLost": "fail",
    "onFailure": "the task sees that its call was lost",
    "slice": [
      "fd",
      "files"
    ],
    "rules": "FD",
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "Linux, close(2)",
    "service": "tenon.vfs.v1.FileCalls",
    "method": "Close",
    "request": "CloseRequest",
    "response": "CloseResponse",
    "doc": "Closes a descriptor: uninstall_inband_fd fires, and the last reference to the file releases it.\n\nErrors: EBADF."
  },
  "sys_close_range": {
    "name": "sys_close_range",
    "kind": "call",
    "from": "task",
    "to": "vfs",
    "stage": "inband",
    "maySleep": true,
    "answers": "value",
    "errnos": [
      "EINVAL",
      "ESRCH",
      "EDEADLK"
    ],
    "deadlineMs": 30000,
    "onLost": "fail",
    "onFailure": "the task sees that its call was lost",
    "slice": [
      "task"
    ],
    "rules": "FD",
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "Linux, close_range(2)",
    "service": "tenon.vfs.v1.FileCalls",
    "method": "CloseRange",
    "request": "CloseRangeRequest",
    "response": "CloseRangeResponse",
    "doc": "Closes, or marks close-on-exec, the descriptors from `first` to `last`, both included.\n\nCLOSE_RANGE_UNSHARE gives the caller a private table first, without any hook. CLOSE_RANGE_CLOEXEC only marks.\nErrors: EINVAL when first is above last or a flag is unknown."
  },
  "sys_dup": {
    "name": "sys_dup",
    "kind": "call",
    "from": "task",
    "to": "vfs",
    "stage": "inband",
    "maySleep": true,
    "answers": "value",
    "errnos": [
      "EBADF",
      "EMFILE",
      "ESRCH",
      "EDEADLK"
    ],
    "deadlineMs": 30000,
    "onLost": "fail",
    "onFailure": "the task sees that its call was lost",
    "slice": [
      "fd",
      "files"
    ],
    "rules": "FD",
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "Linux, dup(2)",
    "service": "tenon.vfs.v1.FileCalls",
    "method": "Dup",
    "request": "DupRequest",
    "response": "DupResponse",
    "doc": "Duplicates a descriptor onto the lowest free one.\n\nErrors: EBADF, EMFILE."
  },
  "sys_dup2": {
    "name": "sys_dup2",
    "kind": "call",
    "from": "task",
    "to": "vfs",
    "stage": "inband",
    "maySleep": true,
    "answers": "value",
    "errnos": [
      "EBADF",
      "EBUSY",
      "ESRCH",
      "EDEADLK"
    ],
    "deadlineMs": 30000,
    "onLost": "fail",
    "onFailure": "the task sees that its call was lost",
    "slice": [
      "fd",
      "files"
    ],
    "rules": "FD",
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "Linux, dup2(2)",
    "service": "tenon.vfs.v1.FileCalls",
    "method": "Dup2",
    "request": "Dup2Request",
    "response": "Dup2Response",
    "doc": "Makes `newfd` refer to the file of `fd`. replace_inband_fd fires; a displaced file is closed after it.\n\ndup2(n, n) of an open descriptor does nothing.\nErrors: EBADF; EBUSY when `newfd` is reserved by an open that has not ended."
  },
  "sys_dup3": {
    "name": "sys_dup3",
    "kind": "call",
    "from": "task",
    "to": "vfs",
    "stage": "inband",
    "maySleep": true,
    "answers": "value",
    "errnos": [
      "EBADF",
      "EBUSY",
      "EINVAL",
      "ESRCH",
      "EDEADLK"
    ],
    "deadlineMs": 30000,
    "onLost": "fail",
    "onFailure": "the task sees that its call was lost",
    "slice": [
      "fd",
      "files"
    ],
    "rules": "FD",
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "Linux, dup3(2)",
    "service": "tenon.vfs.v1.FileCalls",
    "method": "Dup3",
    "request": "Dup3Request",
    "response": "Dup3Response",
    "doc": "As dup2, with O_CLOEXEC.\n\nErrors: EBADF; EBUSY; EINVAL for dup3(n, n) or another flag."
  },
  "sys_fcntl": {
    "name": "sys_fcntl",
    "kind": "call",
    "from": "task",
    "to": "vfs",
    "stage": "inband",
    "maySleep": true,
    "answers": "value",
    "errnos": [
      "EBADF",
      "EINVAL",
      "EMFILE",
      "ESRCH",
      "EDEADLK"
    ],
    "deadlineMs": 30000,
    "onLost": "fail",
    "onFailure": "the task sees that its call was lost",
    "slice": [
      "fd",
      "files"
    ],
    "rules": "FD",
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "Linux, fcntl(2)",
    "service": "tenon.vfs.v1.FileCalls",
    "method": "Fcntl",
    "request": "FcntlRequest",
    "response": "FcntlResponse",
    "doc": "F_DUPFD 0, F_GETFD 1, F_SETFD 2, F_GETFL 3, F_SETFL 4, F_DUPFD_CLOEXEC 1030.\n\nErrors: EBADF; EINVAL for another command or a descriptor limit out of range; EMFILE."
  },
  "sys_read": {
    "name": "sys_read",
    "kind": "call",
    "from": "task",
    "to": "vfs",
    "stage": "inband",
    "maySleep": true,
    "answers": "value",
    "errnos": [
      "EBADF",
      "EINVAL",
      "EAGAIN",
      "EIO",
      "ESRCH",
      "EDEADLK",
      "ENOTCONN",
      "ECONNREFUSED",
      "EHOSTUNREACH",
      "ENETUNREACH",
      "EMSGSIZE",
      "ENETDOWN",
      "EOPNOTSUPP",
      "EINTR",
      "EPROTO",
      "EPROTOTYPE",
      "ENOPROTOOPT",
      "EHOSTDOWN",
      "ENONET",
      "EACCES",
      "ECONNRESET",
      "ETIMEDOUT",
      "EPIPE"
    ],
    "deadlineMs": 120000,
    "onLost": "fail",
    "onFailure": "the task sees that its call was lost",
    "slice": [
      "fd",
      "files"
    ],
    "rules": "FD",
    "inside": [],
    "answersAs": [
      "sock_recvmsg"
    ],
    "refusesWith": [],
    "after": [],
    "source": "Linux, read(2)",
    "service": "tenon.vfs.v1.FileCalls",
    "method": "Read",
    "request": "ReadRequest",
    "response": "ReadResponse",
    "doc": "Reads through the driver's in-band half; of a socket, receives a message, and waits for one unless O_NONBLOCK says otherwise.\n\nErrors: EBADF not open for reading; EINVAL the driver has no read; EAGAIN nothing there (in-band reads of our devices never wait); of a socket, those of recvfrom(2)."
  },
  "sys_write": {
    "name": "sys_write",
    "kind": "call",
    "from": "task",
    "to": "vfs",
    "stage": "inband",
    "maySleep": true,
    "answers": "value",
    "errnos": [
      "EBADF",
      "EINVAL",
      "EAGAIN",
      "EIO",
      "ESRCH",
      "EDEADLK",
      "EMSGSIZE",
      "EDESTADDRREQ",
      "ENOTCONN",
      "EISCONN",
      "EACCES",
      "EPIPE",
      "ENETUNREACH",
      "EHOSTUNREACH",
      "ECONNREFUSED",
      "ENETDOWN",
      "ENXIO",
      "ENODEV",
      "ENOBUFS",
      "EAFNOSUPPORT",
      "EOPNOTSUPP",
      "EPERM",
      "EPROTO",
      "EPROTOTYPE",
      "ENOPROTOOPT",
      "EHOSTDOWN",
      "ENONET",
      "ECONNRESET",
      "ETIMEDOUT",
      "EINTR"
    ],
    "deadlineMs": 150000,
    "onLost": "fail",
    "onFailure": "the task sees that its call was lost",
    "slice": [
      "fd",
      "files"
    ],
    "rules": "FD",
    "inside": [],
    "answersAs": [
      "sock_sendmsg"
    ],
    "refusesWith": [],
    "after": [],
    "source": "Linux, write(2)",
    "service": "tenon.vfs.v1.FileCalls",
    "method": "Write",
    "request": "WriteRequest",
    "response": "WriteResponse",
    "doc": "Writes through the driver's in-band half; of a socket, sends a message to the peer.\n\nErrors: EBADF not open for writing; EINVAL the driver has no write; EAGAIN no room; of a socket, those of sendto(2)."
  },
  "sys_ioctl": {
    "name": "sys_ioctl",
    "kind": "call",
    "from": "task",
    "to": "vfs",
    "stage": "inband",
    "maySleep": true,
    "answers": "value",
    "errnos": [
      "EBADF",
      "ENOTTY",
      "EINVAL",
      "EIO",
      "ESRCH",
      "EDEADLK",
      "EFAULT",
      "EPERM",
      "ENODEV",
      "ENXIO",
      "EADDRNOTAVAIL",
      "ETIMEDOUT",
      "EOPNOTSUPP",
      "EBADFD",
      "EAFNOSUPPORT",
      "ENETUNREACH",
      "EHOSTUNREACH",
      "EACCES",
      "ENOENT"
    ],
    "deadlineMs": 30000,
    "onLost": "fail",
    "onFailure": "the task sees that its call was lost",
    "slice": [
      "fd",
      "files"
    ],
    "rules": "FD",
    "inside": [],
    "answersAs": [],
    "refusesWith": [
      "sock_ioctl"
    ],
    "after": [],
    "source": "Linux, ioctl(2)",
    "service": "tenon.vfs.v1.FileCalls",
    "method": "Ioctl",
    "request": "IoctlRequest",
    "response": "IoctlResponse",
    "doc": "Sends a command to the driver's in-band half.\n\nErrors: EBADF; ENOTTY the driver, or the socket, does not know the command; what the in-band stack or the core says of a socket's."
  },
  "sys_fork": {
    "name": "sys_fork",
    "kind": "call",
    "from": "task",
    "to": "vfs",
    "stage": "inband",
    "maySleep": true,
    "answers": "value",
    "errnos": [
      "EINVAL",
      "ESRCH",
      "EDEADLK"
    ],
    "deadlineMs": 30000,
    "onLost": "fail",
    "onFailure": "the task sees that its call was lost",
    "slice": [
      "task"
    ],
    "rules": "FD",
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "Linux, fork(2)",
    "service": "tenon.vfs.v1.FileCalls",
    "method": "Fork",
    "request": "ForkRequest",
    "response": "ForkResponse",
    "doc": "Starts a child. Without CLONE_FILES it gets a copy of the table, for which no hook fires; with it, the two share one.\n\nErrors: EINVAL for a flag that is not modelled or a name that is taken."
  },
  "sys_exec": {
    "name": "sys_exec",
    "kind": "call",
    "from": "task",
    "to": "vfs",
    "stage": "inband",
    "maySleep": true,
    "answers": "value",
    "errnos": [
      "ESRCH",
      "EDEADLK"
    ],
    "deadlineMs": 30000,
    "onLost": "fail",
    "onFailure": "the task sees that its call was lost",
    "slice": [
      "task"
    ],
    "rules": "FD",
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "Linux, exec(2)",
    "service": "tenon.vfs.v1.FileCalls",
    "method": "Exec",
    "request": "ExecRequest",
    "response": "ExecResponse",
    "doc": "Replaces the program: a shared table is copied, the core is told of the clean-up, close-on-exec descriptors are closed.\n\nErrors: none of its own."
  },
  "sys_exit": {
    "name": "sys_exit",
    "kind": "call",
    "from": "task",
    "to": "vfs",
    "stage": "inband",
    "maySleep": true,
    "answers": "value",
    "errnos": [
      "ESRCH",
      "EDEADLK"
    ],
    "deadlineMs": 30000,
    "onLost": "fail",
    "onFailure": "the task sees that its call was lost",
    "slice": [
      "task"
    ],
    "rules": "FD",
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "Linux, exit(2)",
    "service": "tenon.vfs.v1.FileCalls",
    "method": "Exit",
    "request": "ExitRequest",
    "response": "ExitResponse",
    "doc": "Ends the task. The last user of a table closes it, perhaps in another task's context.\n\nErrors: none of its own."
  },
  "sys_pidfd_getfd": {
    "name": "sys_pidfd_getfd",
    "kind": "call",
    "from": "task",
    "to": "vfs",
    "stage": "inband",
    "maySleep": true,
    "answers": "value",
    "errnos": [
      "ESRCH",
      "EBADF",
      "EMFILE",
      "EDEADLK"
    ],
    "deadlineMs": 30000,
    "onLost": "fail",
    "onFailure": "the task sees that its call was lost",
    "slice": [
      "task"
    ],
    "rules": "FD",
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "Linux, pidfd_getfd(2)",
    "service": "tenon.vfs.v1.FileCalls",
    "method": "PidfdGetfd",
    "request": "PidfdGetfdRequest",
    "response": "PidfdGetfdResponse",
    "doc": "Installs a descriptor for another task's open file, as passing it over a socket would. It is close-on-exec.\n\nErrors: ESRCH no such task; EBADF not open there; EMFILE."
  },
  "sys_prlimit": {
    "name": "sys_prlimit",
    "kind": "call",
    "from": "task",
    "to": "vfs",
    "stage": "inband",
    "maySleep": true,
    "answers": "value",
    "errnos": [
      "EINVAL",
      "ESRCH",
      "EDEADLK"
    ],
    "deadlineMs": 30000,
    "onLost": "fail",
    "onFailure": "the task sees that its call was lost",
    "slice": [
      "task"
    ],
    "rules": "FD",
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "Linux, prlimit(2)",
    "service": "tenon.vfs.v1.FileCalls",
    "method": "Prlimit",
    "request": "PrlimitRequest",
    "response": "PrlimitResponse",
    "doc": "Sets how many descriptors the caller's table may hold (RLIMIT_NOFILE).\n\nErrors: EINVAL for 0 or more than 1048576."
  },
  "sys_socket": {
    "name": "sys_socket",
    "kind": "call",
    "from": "task",
    "to": "vfs",
    "stage": "inband",
    "maySleep": true,
    "answers": "value",
    "errnos": [
      "EINVAL",
      "EAFNOSUPPORT",
      "EPROTONOSUPPORT",
      "ESOCKTNOSUPPORT",
      "EOPNOTSUPP",
      "EPERM",
      "ENOMEM",
      "EMFILE",
      "EIO",
      "ESRCH",
      "EDEADLK"
    ],
    "deadlineMs": 30000,
    "onLost": "fail",
    "onFailure": "the task sees that its call was lost",
    "slice": [
      "task"
    ],
    "rules": "SOCK",
    "inside": [],
    "answersAs": [],
    "refusesWith": [
      "sock_create",
      "sock_map_file"
    ],
    "after": [],
    "source": "Linux, socket(2)",
    "service": "tenon.vfs.v1.SocketCalls",
    "method": "Socket",
    "request": "SocketRequest",
    "response": "SocketResponse",
    "doc": "Creates a socket and installs the lowest free descriptor for it.\n\nOrder (facts/dovetail 2.1): flags, in-band creation, descriptor reserved, file built, sock_oob_attach for\nSOCK_OOB, then the file is published and install_inband_fd fires. When the core refuses, the descriptor is\nreturned and the socket released: the whole call fails."
  },
  "sys_io_uring_socket": {
    "name": "sys_io_uring_socket",
    "kind": "call",
    "from": "task",
    "to": "vfs",
    "stage": "inband",
    "maySleep": true,
    "answers": "value",
    "errnos": [
      "EINVAL",
      "EAFNOSUPPORT",
      "EPROTONOSUPPORT",
      "ESOCKTNOSUPPORT",
      "EOPNOTSUPP",
      "EPERM",
      "ENOMEM",
      "EMFILE",
      "EIO",
      "ESRCH",
      "EDEADLK"
    ],
    "deadlineMs": 30000,
    "onLost": "fail",
    "onFailure": "the task sees that its call was lost",
    "slice": [
      "task"
    ],
    "rules": "SOCK",
    "inside": [],
    "answersAs": [],
    "refusesWith": [
      "sock_create",
      "sock_map_file"
    ],
    "after": [],
    "source": "facts/dovetail 2.1",
    "service": "tenon.vfs.v1.SocketCalls",
    "method": "IoUringSocket",
    "request": "IoUringSocketRequest",
    "response": "IoUringSocketResponse",
    "doc": "Creates a socket as io_uring's socket operation does (__sys_socket_file): SOCK_OOB is accepted, yet\nsock_oob_attach is never called, so the socket stays a plain one."
  },
  "sys_socketpair": {
    "name": "sys_socketpair",
    "kind": "call",
    "from": "task",
    "to": "vfs",
    "stage": "inband",
    "maySleep": true,
    "answers": "value",
    "errnos": [
      "EINVAL",
      "EAFNOSUPPORT",
      "EOPNOTSUPP",
      "EPROTONOSUPPORT",
      "ESOCKTNOSUPPORT",
      "EPERM",
      "EIO",
      "ENOMEM",
      "ESRCH"
    ],
    "deadlineMs": 30000,
    "onLost": "fail",
    "onFailure": "the task sees that its call was lost",
    "slice": [
      "task"
    ],
    "rules": "SOCK",
    "inside": [],
    "answersAs": [],
    "refusesWith": [
      "sock_create"
    ],
    "after": [],
    "source": "Linux, socketpair(2)",
    "service": "tenon.vfs.v1.SocketCalls",
    "method": "Socketpair",
    "request": "SocketpairRequest",
    "response": "SocketpairResponse",
    "doc": "Creates a pair of sockets: no family here can. SOCK_OOB is EINVAL before anything else is looked at."
  },
  "sys_bind": {
    "name": "sys_bind",
    "kind": "call",
    "from": "task",
    "to": "vfs",
    "stage": "inband",
    "maySleep": true,
    "answers": "value",
    "errnos": [
      "EBADF",
      "ENOTSOCK",
      "EIO",
      "ESRCH",
      "EINVAL",
      "EADDRINUSE",
      "EADDRNOTAVAIL",
      "EAFNOSUPPORT",
      "EACCES",
      "ENODEV",
      "ENETDOWN",
      "ENOMEM",
      "EPERM",
      "EOPNOTSUPP",
      "EBADFD",
      "EFAULT"
    ],
    "deadlineMs": 30000,
    "onLost": "fail",
    "onFailure": "the task sees that its call was lost",
    "slice": [
      "fd",
      "files"
    ],
    "rules": "SOCK",
    "inside": [],
    "answersAs": [
      "sock_bind"
    ],
    "refusesWith": [],
    "after": [],
    "source": "Linux, bind(2)",
    "service": "tenon.vfs.v1.SocketCalls",
    "method": "Bind",
    "request": "BindRequest",
    "response": "BindResponse",
    "doc": "Binds a socket to an address. For an out-of-band capable socket sock_oob_bind follows; a refusal undoes the in-\nband binding (D1)."
  },
  "sys_connect": {
    "name": "sys_connect",
    "kind": "call",
    "from": "task",
    "to": "vfs",
    "stage": "inband",
    "maySleep": true,
    "answers": "value",
    "errnos": [
      "EBADF",
      "ENOTSOCK",
      "EIO",
      "ESRCH",
      "EINVAL",
      "EAFNOSUPPORT",
      "EACCES",
      "EAGAIN",
      "ENETUNREACH",
      "EHOSTUNREACH",
      "EOPNOTSUPP",
      "ENOMEM",
      "EPERM",
      "EISCONN",
      "EADDRNOTAVAIL",
      "EBADFD",
      "EFAULT",
      "EALREADY",
      "EINPROGRESS",
      "ECONNREFUSED",
      "ECONNRESET",
      "ETIMEDOUT",
      "ECONNABORTED",
      "EADDRINUSE",
      "EINTR",
      "ENETDOWN",
      "EPIPE",
      "ENOPROTOOPT",
      "EPROTO",
      "EHOSTDOWN",
      "ENONET"
    ],
    "deadlineMs": 150000,
    "onLost": "fail",
    "onFailure": "the task sees that its call was lost",
    "slice": [
      "fd",
      "files"
    ],
    "rules": "SOCK",
    "inside": [],
    "answersAs": [
      "sock_connect"
    ],
    "refusesWith": [],
    "after": [],
    "source": "Linux, connect(2)",
    "service": "tenon.vfs.v1.SocketCalls",
    "method": "Connect",
    "request": "ConnectRequest",
    "response": "ConnectResponse",
    "doc": "Gives a socket its one peer; AF_UNSPEC takes the peer away. For an out-of-band capable socket sock_oob_connect\nfollows; a refusal undoes the in-band connection (D3)."
  },
  "sys_listen": {
    "name": "sys_listen",
    "kind": "call",
    "from": "task",
    "to": "vfs",
    "stage": "inband",
    "maySleep": true,
    "answers": "value",
    "errnos": [
      "EBADF",
      "ENOTSOCK",
      "EIO",
      "ESRCH",
      "EOPNOTSUPP",
      "EINVAL",
      "EADDRINUSE"
    ],
    "deadlineMs": 30000,
    "onLost": "fail",
    "onFailure": "the task sees that its call was lost",
    "slice": [
      "fd",
      "files"
    ],
    "rules": "SOCK",
    "inside": [],
    "answersAs": [
      "sock_listen"
    ],
    "refusesWith": [],
    "after": [],
    "source": "Linux, listen(2)",
    "service": "tenon.vfs.v1.SocketCalls",
    "method": "Listen",
    "request": "ListenRequest",
    "response": "ListenResponse",
    "doc": "Makes a socket accept connections; datagram sockets cannot."
  },
  "sys_accept4": {
    "name": "sys_accept4",
    "kind": "call",
    "from": "task",
    "to": "vfs",
    "stage": "inband",
    "maySleep": true,
    "answers": "value",
    "errnos": [
      "EBADF",
      "ENOTSOCK",
      "EIO",
      "ESRCH",
      "EINVAL",
      "EOPNOTSUPP",
      "EAGAIN",
      "EMFILE",
      "EDEADLK",
      "ENOMEM",
      "EINTR",
      "ECONNABORTED"
    ],
    "deadlineMs": 130000,
    "onLost": "fail",
    "onFailure": "the task sees that its call was lost",
    "slice": [
      "fd",
      "files"
    ],
    "rules": "SOCK",
    "inside": [],
    "answersAs": [],
    "refusesWith": [
      "sock_accept"
    ],
    "after": [],
    "source": "Linux, accept4(2)",
    "service": "tenon.vfs.v1.SocketCalls",
    "method": "Accept4",
    "request": "Accept4Request",
    "response": "Accept4Response",
    "doc": "Accepts a connection. An accepted socket is never out-of-band capable: SOCK_OOB among the flags is EINVAL."
  },
  "sys_shutdown": {
    "name": "sys_shutdown",
    "kind": "call",
    "from": "task",
    "to": "vfs",
    "stage": "inband",
    "maySleep": true,
    "answers": "value",
    "errnos": [
      "EBADF",
      "ENOTSOCK",
      "EIO",
      "ESRCH",
      "EINVAL",
      "ENOTCONN",
      "EOPNOTSUPP",
      "EPERM",
      "EBADFD"
    ],
    "deadlineMs": 30000,
    "onLost": "fail",
    "onFailure": "the task sees that its call was lost",
    "slice": [
      "fd",
      "files"
    ],
    "rules": "SOCK",
    "inside": [],
    "answersAs": [
      "sock_shutdown"
    ],
    "refusesWith": [],
    "after": [],
    "source": "Linux, shutdown(2)",
    "service": "tenon.vfs.v1.SocketCalls",
    "method": "Shutdown",
    "request": "ShutdownRequest",
    "response": "ShutdownResponse",
    "doc": "Shuts directions down: SHUT_RD 0, SHUT_WR 1, SHUT_RDWR 2. In PF_INET sock_oob_shutdown follows the in-band\nsuccess."
  },
  "sys_sendto": {
    "name": "sys_sendto",
    "kind": "call",
    "from": "task",
    "to": "vfs",
    "stage": "inband",
    "maySleep": true,
    "answers": "value",
    "errnos": [
      "EBADF",
      "ENOTSOCK",
      "EIO",
      "ESRCH",
      "EINVAL",
      "EMSGSIZE",
      "EDESTADDRREQ",
      "ENOTCONN",
      "EISCONN",
      "EACCES",
      "EAGAIN",
      "EPIPE",
      "ENETUNREACH",
      "EHOSTUNREACH",
      "ECONNREFUSED",
      "ENETDOWN",
      "ENXIO",
      "ENODEV",
      "ENOBUFS",
      "EAFNOSUPPORT",
      "EOPNOTSUPP",
      "EPERM",
      "EPROTO",
      "EPROTOTYPE",
      "ENOPROTOOPT",
      "EHOSTDOWN",
      "ENONET",
      "ECONNRESET",
      "ETIMEDOUT",
      "EINTR"
    ],
    "deadlineMs": 150000,
    "onLost": "fail",
    "onFailure": "the task sees that its call was lost",
    "slice": [
      "fd",
      "files"
    ],
    "rules": "SOCK",
    "inside": [],
    "answersAs": [
      "sock_sendmsg"
    ],
    "refusesWith": [],
    "after": [],
    "source": "Linux, sendto(2)",
    "service": "tenon.vfs.v1.SocketCalls",
    "method": "Sendto",
    "request": "SendtoRequest",
    "response": "SendtoResponse",
    "doc": "Sends a message, to the peer or to the address given."
  },
  "sys_recvfrom": {
    "name": "sys_recvfrom",
    "kind": "call",
    "from": "task",
    "to": "vfs",
    "stage": "inband",
    "maySleep": true,
    "answers": "value",
    "errnos": [
      "EBADF",
      "ENOTSOCK",
      "EIO",
      "ESRCH",
      "EAGAIN",
      "EINVAL",
      "ENOTCONN",
      "ECONNREFUSED",
      "EHOSTUNREACH",
      "ENETUNREACH",
      "EMSGSIZE",
      "ENETDOWN",
      "EOPNOTSUPP",
      "EINTR",
      "EPROTO",
      "EPROTOTYPE",
      "ENOPROTOOPT",
      "EHOSTDOWN",
      "ENONET",
      "EACCES",
      "ECONNRESET",
      "ETIMEDOUT",
      "EPIPE"
    ],
    "deadlineMs": 120000,
    "onLost": "fail",
    "onFailure": "the task sees that its call was lost",
    "slice": [
      "fd",
      "files"
    ],
    "rules": "SOCK",
    "inside": [],
    "answersAs": [
      "sock_recvmsg"
    ],
    "refusesWith": [],
    "after": [],
    "source": "Linux, recvfrom(2)",
    "service": "tenon.vfs.v1.SocketCalls",
    "method": "Recvfrom",
    "request": "RecvfromRequest",
    "response": "RecvfromResponse",
    "doc": "Receives a message; waits for one unless told otherwise (O_NONBLOCK, MSG_DONTWAIT, SO_RCVTIMEO)."
  },
  "sys_getsockname": {
    "name": "sys_getsockname",
    "kind": "call",
    "from": "task",
    "to": "vfs",
    "stage": "inband",
    "maySleep": true,
    "answers": "value",
    "errnos": [
      "EBADF",
      "ENOTSOCK",
      "EIO",
      "ESRCH",
      "EOPNOTSUPP"
    ],
    "deadlineMs": 30000,
    "onLost": "fail",
    "onFailure": "the task sees that its call was lost",
    "slice": [
      "fd",
      "files"
    ],
    "rules": "SOCK",
    "inside": [],
    "answersAs": [
      "sock_getname"
    ],
    "refusesWith": [],
    "after": [],
    "source": "Linux, getsockname(2)",
    "service": "tenon.vfs.v1.SocketCalls",
    "method": "Getsockname",
    "request": "GetsocknameRequest",
    "response": "GetsocknameResponse",
    "doc": "Tells what a socket is bound to."
  },
  "sys_getpeername": {
    "name": "sys_getpeername",
    "kind": "call",
    "from": "task",
    "to": "vfs",
    "stage": "inband",
    "maySleep": true,
    "answers": "value",
    "errnos": [
      "EBADF",
      "ENOTSOCK",
      "EIO",
      "ESRCH",
      "ENOTCONN",
      "EOPNOTSUPP"
    ],
    "deadlineMs": 30000,
    "onLost": "fail",
    "onFailure": "the task sees that its call was lost",
    "slice": [
      "fd",
      "files"
    ],
    "rules": "SOCK",
    "inside": [],
    "answersAs": [
      "sock_getname"
    ],
    "refusesWith": [],
    "after": [],
    "source": "Linux, getpeername(2)",
    "service": "tenon.vfs.v1.SocketCalls",
    "method": "Getpeername",
    "request": "GetpeernameRequest",
    "response": "GetpeernameResponse",
    "doc": "Tells the peer."
  },
  "sys_setsockopt": {
    "name": "sys_setsockopt",
    "kind": "call",
    "from": "task",
    "to": "vfs",
    "stage": "inband",
    "maySleep": true,
    "answers": "value",
    "errnos": [
      "EBADF",
      "ENOTSOCK",
      "EIO",
      "ESRCH",
      "ENOPROTOOPT",
      "EINVAL",
      "ENODEV",
      "EPERM",
      "EOPNOTSUPP",
      "EDOM",
      "ENOENT",
      "EISCONN",
      "ENOTCONN"
    ],
    "deadlineMs": 30000,
    "onLost": "fail",
    "onFailure": "the task sees that its call was lost",
    "slice": [
      "fd",
      "files"
    ],
    "rules": "SOCK",
    "inside": [],
    "answersAs": [
      "sock_setsockopt"
    ],
    "refusesWith": [],
    "after": [],
    "source": "Linux, setsockopt(2)",
    "service": "tenon.vfs.v1.SocketCalls",
    "method": "Setsockopt",
    "request": "SetsockoptRequest",
    "response": "SetsockoptResponse",
    "doc": "Sets an option."
  },
  "sys_getsockopt": {
    "name": "sys_getsockopt",
    "kind": "call",
    "from": "task",
    "to": "vfs",
    "stage": "inband",
    "maySleep": true,
    "answers": "value",
    "errnos": [
      "EBADF",
      "ENOTSOCK",
      "EIO",
      "ESRCH",
      "ENOTCONN",
      "ENOPROTOOPT",
      "EINVAL",
      "EOPNOTSUPP"
    ],
    "deadlineMs": 30000,
    "onLost": "fail",
    "onFailure": "the task sees that its call was lost",
    "slice": [
      "fd",
      "files"
    ],
    "rules": "SOCK",
    "inside": [],
    "answersAs": [
      "sock_getsockopt"
    ],
    "refusesWith": [],
    "after": [],
    "source": "Linux, getsockopt(2)",
    "service": "tenon.vfs.v1.SocketCalls",
    "method": "Getsockopt",
    "request": "GetsockoptRequest",
    "response": "GetsockoptResponse",
    "doc": "Tells an option. SO_ERROR takes the pending error."
  },
  "sys_poll": {
    "name": "sys_poll",
    "kind": "call",
    "from": "task",
    "to": "vfs",
    "stage": "inband",
    "maySleep": true,
    "answers": "value",
    "errnos": [
      "EBADF",
      "EIO",
      "ESRCH",
      "EINVAL",
      "EINTR"
    ],
    "deadlineMs": 120000,
    "onLost": "fail",
    "onFailure": "the task sees that its call was lost",
    "slice": [
      "fd",
      "files"
    ],
    "rules": "SOCK",
    "inside": [],
    "answersAs": [
      "sock_poll"
    ],
    "refusesWith": [],
    "after": [],
    "source": "Linux, poll(2)",
    "service": "tenon.vfs.v1.SocketCalls",
    "method": "Poll",
    "request": "PollRequest",
    "response": "PollResponse",
    "doc": "Waits until a descriptor is ready, or until the time is over; 0 events then. In-band."
  },
  "sys_capset": {
    "name": "sys_capset",
    "kind": "call",
    "from": "task",
    "to": "vfs",
    "stage": "inband",
    "maySleep": true,
    "answers": "value",
    "errnos": [
      "EINVAL",
      "ESRCH"
    ],
    "deadlineMs": 30000,
    "onLost": "fail",
    "onFailure": "the task sees that its call was lost",
    "slice": [
      "task"
    ],
    "rules": "SOCK",
    "inside": [],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "Linux, capset(2)",
    "service": "tenon.vfs.v1.SocketCalls",
    "method": "Capset",
    "request": "CapsetRequest",
    "response": "CapsetResponse",
    "doc": "Drops capabilities of the calling task for good; children inherit what is left. A task starts with all of them."
  },
  "dovetail_leave_inband": {
    "name": "dovetail_leave_inband",
    "kind": "core",
    "from": "companion",
    "to": "vfs",
    "stage": "inband",
    "maySleep": false,
    "answers": "errno",
    "errnos": [
      "ESRCH"
    ],
    "deadlineMs": 5000,
    "onLost": "weak",
    "onFailure": "the thread is out-of-band all the same; its next system call may not demote it",
    "slice": [
      "task"
    ],
    "rules": "OOB",
    "inside": [
      "oob_read",
      "oob_write",
      "oob_ioctl",
      "oob_poll",
      "oob_sendmsg",
      "oob_recvmsg",
      "oob_set_thread_mode"
    ],
    "answersAs": [],
    "refusesWith": [],
    "after": [],
    "source": "facts/dovetail 4.3: a call from the in-band stage first switches the thread out-of-band; Dovetail, dovetail_leave_inband()",
    "service": "tenon.vfs.v1.StageRequests",
    "method": "DovetailLeaveInband",
    "request": "DovetailLeaveInbandRequest",
    "response": "DovetailLeaveInbandResponse",
    "doc": "Takes the calling task away from the in-band scheduler: from now on its thread is on the out-of-band stage, and the\nkernel tells the core of its next system call (handle_pipelined_syscall).\n\nWho and when: the core, inside the first out-of-band call of a thread that is in-band, so also of one that was demoted. The\nswitch needs the in-band scheduler: it waits its turn behind in-band work, as dovetail_leave_inband() does. For a thread\nof SCHED_WEAK nobody is told: it is in-band again when its call has ended, so no system call ever finds it elsewhere.\n\nErrors: ESRCH when the task is not there, or is exiting; it will make no system call, so the core goes on."
  }
};

/** Every fact that a house records. */
export const FACTS: Readonly<Record<string, FactContract>> = {
  "blow": {
    "name": "blow",
    "by": [
      "any"
    ],
    "stage": "either",
    "slice": [
      "fd",
      "files",
      "file",
      "sock",
      "sk",
      "dev",
      "frame",
      "ks",
      "stream",
      "task"
    ],
    "inside": [],
    "after": [
      {
        "what": "task:*.enter|vfs:*.enter|inband:*.enter|companion:*.enter|nic:*.enter",
        "by": [
          "span"
        ]
      }
    ],
    "notAfter": [],
    "once": [],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "the boundary, faults",
    "doc": "A fault rule strikes a place of the world in the moment of a call.",
    "fields": [
      {
        "name": "kind",
        "kind": "string",
        "doc": "What is done to the place: crash, hang, slow or partition."
      },
      {
        "name": "place",
        "kind": "string",
        "doc": "The place that is struck."
      },
      {
        "name": "moment",
        "kind": "string",
        "doc": "Whether it is struck before the call leaves, or before its answer arrives."
      },
      {
        "name": "peer",
        "kind": "string",
        "doc": "The other end of an edge that is cut."
      },
      {
        "name": "for_ns",
        "kind": "uint64",
        "doc": "For how long, in nanoseconds."
      },
      {
        "name": "delay_ns",
        "kind": "uint64",
        "doc": "How long each call is held up, in nanoseconds."
      },
      {
        "name": "fd",
        "kind": "uint64",
        "doc": "The descriptor."
      },
      {
        "name": "files",
        "kind": "uint64",
        "doc": "The file table."
      },
      {
        "name": "file",
        "kind": "uint64",
        "doc": "The open file."
      },
      {
        "name": "sock",
        "kind": "uint64",
        "doc": "The BSD socket."
      },
      {
        "name": "sk",
        "kind": "uint64",
        "doc": "The INET socket."
      },
      {
        "name": "dev",
        "kind": "string",
        "doc": "The device."
      },
      {
        "name": "frame",
        "kind": "uint64",
        "doc": "The frame."
      },
      {
        "name": "task",
        "kind": "string",
        "doc": "The task."
      },
      {
        "name": "ks",
        "kind": "uint64",
        "doc": "The kernel socket."
      },
      {
        "name": "stream",
        "kind": "string",
        "doc": "The stream of events of kernel sockets."
      }
    ]
  },
  "capset": {
    "name": "capset",
    "by": [
      "vfs"
    ],
    "stage": "inband",
    "slice": [
      "task"
    ],
    "inside": [
      "sys_capset"
    ],
    "after": [],
    "notAfter": [],
    "once": [
      "span"
    ],
    "closes": [],
    "duty": [],
    "due": [
      {
        "what": "vfs:sys_capset.exit[ret==0]",
        "by": [
          "span"
        ]
      }
    ],
    "denies": [
      {
        "what": "vfs:sys_capset.exit[ret<0]",
        "by": [
          "span"
        ]
      }
    ],
    "never": false,
    "source": "capset(2)",
    "doc": "A task gave capabilities away for good.",
    "fields": [
      {
        "name": "task",
        "kind": "string",
        "doc": "The task."
      },
      {
        "name": "drop",
        "kind": "string",
        "doc": "The capabilities that it gave away, as bits."
      }
    ]
  },
  "compensate": {
    "name": "compensate",
    "by": [
      "vfs",
      "inband",
      "companion"
    ],
    "stage": "inband",
    "slice": [
      "file",
      "dev",
      "sk"
    ],
    "inside": [],
    "after": [
      {
        "what": "*.exit[lost!=\"\"]",
        "by": [
          "around"
        ]
      }
    ],
    "notAfter": [],
    "once": [],
    "closes": [],
    "duty": [
      {
        "what": "*.enter",
        "by": [
          "around"
        ],
        "before": "answer"
      }
    ],
    "due": [],
    "denies": [],
    "never": false,
    "source": "facts/dovetail 2.2, 4.1; the contract, on_lost",
    "doc": "An answer was lost. Whoever asked brings both sides back to what was before.",
    "fields": [
      {
        "name": "file",
        "kind": "uint64",
        "doc": "The open file."
      },
      {
        "name": "dev",
        "kind": "string",
        "doc": "The device."
      },
      {
        "name": "sk",
        "kind": "uint64",
        "doc": "The INET socket."
      },
      {
        "name": "undoes",
        "kind": "string",
        "doc": "The point whose answer was lost."
      },
      {
        "name": "why",
        "kind": "string",
        "doc": "Why."
      }
    ]
  },
  "contract_breach": {
    "name": "contract_breach",
    "by": [
      "any"
    ],
    "stage": "either",
    "slice": [
      "fd",
      "files",
      "file",
      "sock",
      "sk",
      "dev",
      "ks",
      "stream",
      "task"
    ],
    "inside": [],
    "after": [],
    "notAfter": [],
    "once": [],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "untriggered": "no house of ours breaks the contract",
    "source": "the boundary, contract",
    "doc": "A call, or an answer, breaks the contract of its point.",
    "fields": [
      {
        "name": "point",
        "kind": "string",
        "doc": "The point."
      },
      {
        "name": "breach",
        "kind": "string",
        "doc": "What is promised, and is not so."
      },
      {
        "name": "caller",
        "kind": "string",
        "doc": "Who called, where a call broke the contract."
      },
      {
        "name": "fd",
        "kind": "uint64",
        "doc": "The descriptor."
      },
      {
        "name": "files",
        "kind": "uint64",
        "doc": "The file table."
      },
      {
        "name": "file",
        "kind": "uint64",
        "doc": "The open file."
      },
      {
        "name": "sock",
        "kind": "uint64",
        "doc": "The BSD socket."
      },
      {
        "name": "sk",
        "kind": "uint64",
        "doc": "The INET socket."
      },
      {
        "name": "dev",
        "kind": "string",
        "doc": "The device."
      },
      {
        "name": "task",
        "kind": "string",
        "doc": "The task."
      },
      {
        "name": "ks",
        "kind": "uint64",
        "doc": "The kernel socket."
      },
      {
        "name": "stream",
        "kind": "string",
        "doc": "The stream of events of kernel sockets."
      }
    ]
  },
  "crossing_pass": {
    "name": "crossing_pass",
    "by": [
      "companion"
    ],
    "stage": "inband",
    "slice": [
      "file"
    ],
    "inside": [
      "oob_release_file",
      "sock_oob_release",
      "oob_inband_ready",
      "oob_vfs_ready"
    ],
    "after": [
      {
        "what": "sk_attach|efile_open",
        "by": [
          "file"
        ],
        "until": "efile_free"
      }
    ],
    "notAfter": [
      {
        "what": "crossing_pass",
        "by": [
          "file"
        ]
      }
    ],
    "once": [],
    "closes": [],
    "duty": [
      {
        "what": "efile_free",
        "by": [
          "file"
        ]
      }
    ],
    "due": [],
    "denies": [],
    "never": false,
    "source": "facts/dovetail 4.1",
    "doc": "Nobody is inside the file any more, and nobody will be.",
    "fields": [
      {
        "name": "file",
        "kind": "uint64",
        "doc": "The open file."
      }
    ]
  },
  "crossing_wait": {
    "name": "crossing_wait",
    "by": [
      "companion"
    ],
    "stage": "inband",
    "slice": [
      "file"
    ],
    "inside": [
      "oob_release_file",
      "sock_oob_release",
      "oob_inband_ready",
      "oob_vfs_ready"
    ],
    "after": [
      {
        "what": "sk_attach|efile_open",
        "by": [
          "file"
        ],
        "until": "efile_free"
      }
    ],
    "notAfter": [],
    "once": [],
    "closes": [],
    "duty": [
      {
        "what": "crossing_pass",
        "by": [
          "file"
        ],
        "before": "efile_free"
      }
    ],
    "due": [],
    "denies": [],
    "never": false,
    "always": "inside>=1",
    "source": "facts/dovetail 4.1",
    "doc": "A release waits until nobody is inside the file.",
    "fields": [
      {
        "name": "file",
        "kind": "uint64",
        "doc": "The open file."
      },
      {
        "name": "inside",
        "kind": "uint64",
        "doc": "How many are inside."
      }
    ]
  },
  "device_change": {
    "name": "device_change",
    "by": [
      "inband"
    ],
    "stage": "inband",
    "slice": [
      "dev"
    ],
    "inside": [
      "netif_carrier",
      "net_mtu",
      "net_link_up",
      "net_link_down",
      "net_link_del",
      "net_vlan_add",
      "net_address_add",
      "net_address_del",
      "net_route_add",
      "net_route_del"
    ],
    "after": [],
    "notAfter": [],
    "once": [],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "ip-link(8)",
    "doc": "A network device changed.",
    "fields": [
      {
        "name": "dev",
        "kind": "string",
        "doc": "The device."
      },
      {
        "name": "what",
        "kind": "string",
        "doc": "What: up, down, mtu, carrier_on, carrier_off, added or removed."
      }
    ]
  },
  "diversion_off": {
    "name": "diversion_off",
    "by": [
      "nic"
    ],
    "stage": "inband",
    "slice": [
      "dev"
    ],
    "inside": [
      "netif_disable_oob_diversion"
    ],
    "after": [
      {
        "what": "diversion_on",
        "by": [
          "dev"
        ],
        "until": "diversion_off"
      }
    ],
    "notAfter": [],
    "once": [
      "span"
    ],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [
      {
        "what": "nic:netif_disable_oob_diversion.exit[ret<0]",
        "by": [
          "span"
        ]
      }
    ],
    "never": false,
    "source": "seed 003; facts/dovetail 6.1",
    "doc": "No frame is offered any more.",
    "fields": [
      {
        "name": "dev",
        "kind": "string",
        "doc": "The device."
      },
      {
        "name": "offered",
        "kind": "uint64",
        "doc": "How many frames the core is being asked about."
      }
    ]
  },
  "diversion_on": {
    "name": "diversion_on",
    "by": [
      "nic"
    ],
    "stage": "inband",
    "slice": [
      "dev"
    ],
    "inside": [
      "netif_enable_oob_diversion"
    ],
    "after": [],
    "notAfter": [
      {
        "what": "diversion_on",
        "by": [
          "dev"
        ],
        "until": "diversion_off"
      }
    ],
    "once": [
      "span"
    ],
    "closes": [],
    "duty": [],
    "due": [
      {
        "what": "nic:netif_enable_oob_diversion.exit[ret==0]",
        "by": [
          "dev"
        ],
        "until": "diversion_off"
      }
    ],
    "denies": [
      {
        "what": "nic:netif_enable_oob_diversion.exit[ret<0]",
        "by": [
          "span"
        ]
      }
    ],
    "never": false,
    "source": "seed 003; facts/dovetail 5.1",
    "doc": "Every frame that the device receives is offered to the core from now on.",
    "fields": [
      {
        "name": "dev",
        "kind": "string",
        "doc": "The device."
      }
    ]
  },
  "domain_register": {
    "name": "domain_register",
    "by": [
      "companion"
    ],
    "stage": "inband",
    "slice": [
      "domain"
    ],
    "inside": [],
    "after": [],
    "notAfter": [
      {
        "what": "domain_register",
        "by": [
          "domain"
        ],
        "until": "domain_unregister"
      }
    ],
    "once": [],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "facts/dovetail 2.1: evl_register_socket_domain()",
    "doc": "A driver has registered its protocols of sockets.",
    "fields": [
      {
        "name": "domain",
        "kind": "string",
        "doc": "The driver."
      },
      {
        "name": "registered",
        "kind": "uint64",
        "doc": "How many drivers there are now."
      }
    ]
  },
  "domain_unregister": {
    "name": "domain_unregister",
    "by": [
      "companion"
    ],
    "stage": "inband",
    "slice": [
      "domain"
    ],
    "inside": [
      "oob_net_domain"
    ],
    "after": [],
    "notAfter": [],
    "once": [],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [
      {
        "what": "companion:oob_net_domain.exit[ret<0]",
        "by": [
          "span"
        ]
      }
    ],
    "never": false,
    "source": "facts/dovetail 2.1",
    "doc": "A driver has taken its protocols of sockets back: none of their sockets is open.",
    "fields": [
      {
        "name": "domain",
        "kind": "string",
        "doc": "The driver."
      }
    ]
  },
  "drain_wait": {
    "name": "drain_wait",
    "by": [
      "companion"
    ],
    "stage": "inband",
    "slice": [
      "sk",
      "file"
    ],
    "inside": [
      "sock_oob_release",
      "oob_inband_ready"
    ],
    "after": [
      {
        "what": "efile_free",
        "by": [
          "file"
        ]
      }
    ],
    "notAfter": [],
    "once": [],
    "closes": [],
    "duty": [
      {
        "what": "sk_release",
        "by": [
          "file"
        ]
      }
    ],
    "due": [],
    "denies": [],
    "never": false,
    "always": "charged>0",
    "source": "facts/dovetail 2.3",
    "doc": "A release waits until nothing is charged to its socket.",
    "fields": [
      {
        "name": "sk",
        "kind": "uint64",
        "doc": "The INET socket."
      },
      {
        "name": "file",
        "kind": "uint64",
        "doc": "The open file."
      },
      {
        "name": "charged",
        "kind": "uint64",
        "doc": "How much is charged to it."
      }
    ]
  },
  "efile_flags": {
    "name": "efile_flags",
    "by": [
      "companion"
    ],
    "stage": "inband",
    "slice": [
      "file"
    ],
    "inside": [
      "oob_file_flags"
    ],
    "after": [
      {
        "what": "sk_attach|efile_open",
        "by": [
          "file"
        ],
        "until": "efile_free"
      }
    ],
    "notAfter": [],
    "once": [
      "span"
    ],
    "closes": [],
    "duty": [],
    "due": [
      {
        "what": "companion:oob_file_flags.exit",
        "by": [
          "span"
        ],
        "unless": "efile_unknown"
      }
    ],
    "denies": [],
    "never": false,
    "source": "fcntl(2), F_SETFL",
    "doc": "Out-of-band calls go by these flags from now on.",
    "fields": [
      {
        "name": "file",
        "kind": "uint64",
        "doc": "The open file."
      },
      {
        "name": "flags",
        "kind": "string",
        "doc": "Its flags from now on."
      }
    ]
  },
  "efile_free": {
    "name": "efile_free",
    "by": [
      "companion"
    ],
    "stage": "inband",
    "slice": [
      "file"
    ],
    "inside": [
      "oob_release_file",
      "sock_oob_release",
      "oob_inband_ready",
      "oob_vfs_ready"
    ],
    "after": [
      {
        "what": "sk_attach|efile_open",
        "by": [
          "file"
        ],
        "until": "efile_free"
      },
      {
        "what": "crossing_pass",
        "by": [
          "file"
        ]
      }
    ],
    "notAfter": [
      {
        "what": "efile_free",
        "by": [
          "file"
        ]
      }
    ],
    "once": [],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "always": "inside==0",
    "source": "facts/dovetail 4.1",
    "doc": "The context of a file is gone.",
    "fields": [
      {
        "name": "file",
        "kind": "uint64",
        "doc": "The open file."
      },
      {
        "name": "inside",
        "kind": "uint64",
        "doc": "How many are inside; never more than none."
      }
    ]
  },
  "efile_open": {
    "name": "efile_open",
    "by": [
      "companion"
    ],
    "stage": "inband",
    "slice": [
      "file",
      "dev"
    ],
    "inside": [
      "oob_open_file"
    ],
    "after": [],
    "notAfter": [
      {
        "what": "efile_open|sk_attach",
        "by": [
          "file"
        ],
        "until": "efile_free"
      }
    ],
    "once": [
      "span"
    ],
    "closes": [],
    "duty": [],
    "due": [
      {
        "what": "companion:oob_open_file.exit[oob_data>0]",
        "by": [
          "file"
        ],
        "until": "efile_free|place_down[house==companion]"
      }
    ],
    "denies": [
      {
        "what": "companion:oob_open_file.exit[ret<0]",
        "by": [
          "span"
        ]
      }
    ],
    "never": false,
    "source": "facts/dovetail 4.1",
    "doc": "The core gave the file of a device a context.",
    "fields": [
      {
        "name": "file",
        "kind": "uint64",
        "doc": "The open file."
      },
      {
        "name": "dev",
        "kind": "string",
        "doc": "The device."
      },
      {
        "name": "oob_data",
        "kind": "uint64",
        "doc": "The out-of-band context; 0 for none."
      }
    ]
  },
  "efile_unknown": {
    "name": "efile_unknown",
    "by": [
      "companion"
    ],
    "stage": "inband",
    "slice": [
      "file"
    ],
    "inside": [
      "oob_file_flags",
      "oob_release_file",
      "oob_vfs_ready"
    ],
    "after": [],
    "notAfter": [],
    "once": [
      "span"
    ],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "facts/dovetail 4.1",
    "doc": "The core is told of a file that it does not know.",
    "fields": [
      {
        "name": "file",
        "kind": "uint64",
        "doc": "The open file."
      },
      {
        "name": "oob_data",
        "kind": "uint64",
        "doc": "The out-of-band context; 0 for none."
      }
    ]
  },
  "fault_decision": {
    "name": "fault_decision",
    "by": [
      "any"
    ],
    "stage": "either",
    "slice": [
      "fd",
      "files",
      "file",
      "sock",
      "sk",
      "dev",
      "frame",
      "ks",
      "stream",
      "task"
    ],
    "inside": [],
    "after": [],
    "notAfter": [],
    "once": [],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "untriggered": "only rules that are asked to say so record it",
    "source": "the boundary, faults",
    "doc": "A fault rule was asked about a crossing, or a frame, that it matches.",
    "fields": [
      {
        "name": "point",
        "kind": "string",
        "doc": "The point."
      },
      {
        "name": "rule",
        "kind": "string",
        "doc": "The fault rule."
      },
      {
        "name": "verdict",
        "kind": "string",
        "doc": "Whether it strikes, and if not, why."
      },
      {
        "name": "matched",
        "kind": "uint64",
        "doc": "How many crossings it matched so far."
      },
      {
        "name": "fd",
        "kind": "uint64",
        "doc": "The descriptor."
      },
      {
        "name": "files",
        "kind": "uint64",
        "doc": "The file table."
      },
      {
        "name": "file",
        "kind": "uint64",
        "doc": "The open file."
      },
      {
        "name": "sock",
        "kind": "uint64",
        "doc": "The BSD socket."
      },
      {
        "name": "sk",
        "kind": "uint64",
        "doc": "The INET socket."
      },
      {
        "name": "dev",
        "kind": "string",
        "doc": "The device."
      },
      {
        "name": "frame",
        "kind": "uint64",
        "doc": "The frame."
      },
      {
        "name": "task",
        "kind": "string",
        "doc": "The task."
      },
      {
        "name": "ks",
        "kind": "uint64",
        "doc": "The kernel socket."
      },
      {
        "name": "stream",
        "kind": "string",
        "doc": "The stream of events of kernel sockets."
      }
    ]
  },
  "fd_clear": {
    "name": "fd_clear",
    "by": [
      "vfs"
    ],
    "stage": "inband",
    "slice": [
      "files",
      "fd",
      "file"
    ],
    "inside": [
      "sys_close",
      "sys_close_range",
      "sys_exec"
    ],
    "after": [
      {
        "what": "fd_publish|fork_copy",
        "by": [
          "files",
          "fd",
          "file"
        ],
        "until": "fd_clear"
      }
    ],
    "notAfter": [
      {
        "what": "files_exit",
        "by": [
          "files"
        ]
      }
    ],
    "once": [],
    "closes": [],
    "duty": [
      {
        "what": "uninstall_inband_fd.enter",
        "by": [
          "around",
          "fd"
        ],
        "before": "answer"
      }
    ],
    "due": [
      {
        "what": "vfs:sys_close.exit[ret==0]",
        "by": [
          "span"
        ]
      }
    ],
    "denies": [
      {
        "what": "vfs:sys_close.exit[ret==EBADF]",
        "by": [
          "span"
        ]
      }
    ],
    "never": false,
    "source": "facts/dovetail 3.1; file_close_fd",
    "doc": "A descriptor refers to nothing any more, and its number is free.",
    "fields": [
      {
        "name": "files",
        "kind": "uint64",
        "doc": "The file table."
      },
      {
        "name": "fd",
        "kind": "uint64",
        "doc": "The descriptor."
      },
      {
        "name": "file",
        "kind": "uint64",
        "doc": "The open file."
      },
      {
        "name": "references",
        "kind": "uint64",
        "doc": "How many references to the file are left once that of the descriptor is given back."
      }
    ]
  },
  "fd_cloexec": {
    "name": "fd_cloexec",
    "by": [
      "vfs"
    ],
    "stage": "inband",
    "slice": [
      "files",
      "fd"
    ],
    "inside": [
      "sys_fcntl",
      "sys_close_range"
    ],
    "after": [
      {
        "what": "fd_reserve|fd_publish|fork_copy",
        "by": [
          "files",
          "fd"
        ],
        "until": "fd_unreserve|fd_clear|files_exit"
      }
    ],
    "notAfter": [],
    "once": [],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "facts/dovetail 3.1; fcntl(2), close_range(2)",
    "doc": "Whether exec closes a descriptor has changed.",
    "fields": [
      {
        "name": "files",
        "kind": "uint64",
        "doc": "The file table."
      },
      {
        "name": "fd",
        "kind": "uint64",
        "doc": "The descriptor."
      },
      {
        "name": "close_on_exec",
        "kind": "bool",
        "doc": "Whether exec closes it."
      }
    ]
  },
  "fd_publish": {
    "name": "fd_publish",
    "by": [
      "vfs"
    ],
    "stage": "inband",
    "slice": [
      "files",
      "fd",
      "file"
    ],
    "inside": [
      "sys_open",
      "sys_socket",
      "sys_io_uring_socket",
      "sys_accept4",
      "sys_dup",
      "sys_dup2",
      "sys_dup3",
      "sys_fcntl",
      "sys_pidfd_getfd"
    ],
    "after": [
      {
        "what": "file_create",
        "by": [
          "file"
        ],
        "until": "file_release"
      },
      {
        "what": "fd_publish|fork_copy",
        "by": [
          "files",
          "fd"
        ],
        "until": "fd_clear|files_exit",
        "when": "fd_publish[displaced>0]"
      }
    ],
    "notAfter": [
      {
        "what": "fd_publish|fork_copy",
        "by": [
          "files",
          "fd"
        ],
        "until": "fd_clear|files_exit",
        "when": "not fd_publish[displaced>0]"
      },
      {
        "what": "files_exit",
        "by": [
          "files"
        ]
      },
      {
        "what": "vfs:sys_open.enter[flags>=O_CLOEXEC]|vfs:sys_socket.enter[type>=SOCK_CLOEXEC,type<SOCK_OOB]|vfs:sys_socket.enter[type>=1074266112]|vfs:sys_fcntl.enter[cmd==F_DUPFD_CLOEXEC]",
        "by": [
          "span"
        ],
        "when": "fd_publish[close_on_exec==false]"
      }
    ],
    "once": [
      "span"
    ],
    "closes": [],
    "duty": [
      {
        "what": "install_inband_fd.enter|replace_inband_fd.enter",
        "by": [
          "around"
        ],
        "before": "answer"
      }
    ],
    "due": [
      {
        "what": "vfs:sys_open.exit[ret>=0]",
        "by": [
          "span"
        ]
      },
      {
        "what": "vfs:sys_socket.exit[ret>=0]",
        "by": [
          "span"
        ]
      },
      {
        "what": "vfs:sys_io_uring_socket.exit[ret>=0]",
        "by": [
          "span"
        ]
      },
      {
        "what": "vfs:sys_dup.exit[ret>=0]",
        "by": [
          "span"
        ]
      },
      {
        "what": "vfs:sys_pidfd_getfd.exit[ret>=0]",
        "by": [
          "span"
        ]
      }
    ],
    "denies": [
      {
        "what": "vfs:sys_open.exit[ret<0]",
        "by": [
          "span"
        ]
      },
      {
        "what": "vfs:sys_socket.exit[ret<0]",
        "by": [
          "span"
        ]
      },
      {
        "what": "vfs:sys_io_uring_socket.exit[ret<0]",
        "by": [
          "span"
        ]
      },
      {
        "what": "vfs:sys_dup.exit[ret<0]",
        "by": [
          "span"
        ]
      },
      {
        "what": "vfs:sys_dup2.exit[ret<0]",
        "by": [
          "span"
        ]
      },
      {
        "what": "vfs:sys_dup3.exit[ret<0]",
        "by": [
          "span"
        ]
      },
      {
        "what": "vfs:sys_pidfd_getfd.exit[ret<0]",
        "by": [
          "span"
        ]
      }
    ],
    "never": false,
    "source": "facts/dovetail 3.1, 3.2; fd_install, do_dup2",
    "doc": "A descriptor refers to a file from now on.",
    "fields": [
      {
        "name": "files",
        "kind": "uint64",
        "doc": "The file table."
      },
      {
        "name": "fd",
        "kind": "uint64",
        "doc": "The descriptor."
      },
      {
        "name": "file",
        "kind": "uint64",
        "doc": "The open file."
      },
      {
        "name": "oob_data",
        "kind": "uint64",
        "doc": "The out-of-band context; 0 for none."
      },
      {
        "name": "close_on_exec",
        "kind": "bool",
        "doc": "Whether exec closes it."
      },
      {
        "name": "displaced",
        "kind": "uint64",
        "doc": "The file that the descriptor referred to before; 0 for none; only of dup2 and dup3."
      }
    ]
  },
  "fd_reserve": {
    "name": "fd_reserve",
    "by": [
      "vfs"
    ],
    "stage": "inband",
    "slice": [
      "files",
      "fd"
    ],
    "inside": [
      "sys_open",
      "sys_socket",
      "sys_accept4",
      "sys_io_uring_socket"
    ],
    "after": [],
    "notAfter": [
      {
        "what": "fd_reserve|fd_publish|fork_copy",
        "by": [
          "files",
          "fd"
        ],
        "until": "fd_unreserve|fd_clear|files_exit"
      }
    ],
    "once": [
      "span"
    ],
    "closes": [],
    "duty": [
      {
        "what": "fd_publish|fd_unreserve",
        "by": [
          "span"
        ],
        "before": "answer"
      }
    ],
    "due": [
      {
        "what": "vfs:sys_open.exit[ret>=0]",
        "by": [
          "span"
        ]
      },
      {
        "what": "vfs:sys_socket.exit[ret>=0]",
        "by": [
          "span"
        ]
      },
      {
        "what": "vfs:sys_io_uring_socket.exit[ret>=0]",
        "by": [
          "span"
        ]
      }
    ],
    "denies": [],
    "never": false,
    "source": "facts/dovetail 3.1; get_unused_fd_flags",
    "doc": "The lowest free descriptor is reserved: nobody can use the number, nor get it.",
    "fields": [
      {
        "name": "files",
        "kind": "uint64",
        "doc": "The file table."
      },
      {
        "name": "fd",
        "kind": "uint64",
        "doc": "The descriptor."
      }
    ]
  },
  "fd_unreserve": {
    "name": "fd_unreserve",
    "by": [
      "vfs"
    ],
    "stage": "inband",
    "slice": [
      "files",
      "fd"
    ],
    "inside": [
      "sys_open",
      "sys_socket",
      "sys_accept4",
      "sys_io_uring_socket"
    ],
    "after": [
      {
        "what": "fd_reserve",
        "by": [
          "files",
          "fd"
        ],
        "until": "fd_publish|fd_unreserve"
      },
      {
        "what": "fd_reserve",
        "by": [
          "span"
        ]
      }
    ],
    "notAfter": [],
    "once": [
      "span"
    ],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [
      {
        "what": "vfs:sys_open.exit[ret>=0]",
        "by": [
          "span"
        ]
      },
      {
        "what": "vfs:sys_socket.exit[ret>=0]",
        "by": [
          "span"
        ]
      },
      {
        "what": "vfs:sys_io_uring_socket.exit[ret>=0]",
        "by": [
          "span"
        ]
      }
    ],
    "never": false,
    "source": "facts/dovetail 3.1; put_unused_fd",
    "doc": "A reserved descriptor is free again: there is no file for it.",
    "fields": [
      {
        "name": "files",
        "kind": "uint64",
        "doc": "The file table."
      },
      {
        "name": "fd",
        "kind": "uint64",
        "doc": "The descriptor."
      },
      {
        "name": "errno",
        "kind": "string",
        "doc": "Why there is no file for it."
      }
    ]
  },
  "file_create": {
    "name": "file_create",
    "by": [
      "vfs"
    ],
    "stage": "inband",
    "slice": [
      "file",
      "dev"
    ],
    "inside": [
      "sys_open",
      "sys_socket",
      "sys_io_uring_socket",
      "sys_accept4"
    ],
    "after": [],
    "notAfter": [],
    "once": [
      "file"
    ],
    "closes": [],
    "duty": [],
    "due": [
      {
        "what": "vfs:sys_open.exit[ret>=0]",
        "by": [
          "span"
        ]
      },
      {
        "what": "vfs:sys_socket.exit[ret>=0]",
        "by": [
          "span"
        ]
      },
      {
        "what": "vfs:sys_io_uring_socket.exit[ret>=0]",
        "by": [
          "span"
        ]
      }
    ],
    "denies": [
      {
        "what": "vfs:sys_open.exit[ret<0]",
        "by": [
          "span"
        ]
      },
      {
        "what": "vfs:sys_socket.exit[ret<0]",
        "by": [
          "span"
        ]
      },
      {
        "what": "vfs:sys_io_uring_socket.exit[ret<0]",
        "by": [
          "span"
        ]
      }
    ],
    "never": false,
    "source": "facts/dovetail 2.1, 4.1",
    "doc": "An open file is there from now on: a driver has opened the device, or the socket is tied to it.",
    "fields": [
      {
        "name": "file",
        "kind": "uint64",
        "doc": "The open file."
      },
      {
        "name": "dev",
        "kind": "string",
        "doc": "The device."
      },
      {
        "name": "flags",
        "kind": "string",
        "doc": "Its flags."
      },
      {
        "name": "oob_data",
        "kind": "uint64",
        "doc": "The out-of-band context; 0 for none."
      }
    ]
  },
  "file_flags": {
    "name": "file_flags",
    "by": [
      "vfs"
    ],
    "stage": "inband",
    "slice": [
      "file"
    ],
    "inside": [
      "sys_fcntl"
    ],
    "after": [
      {
        "what": "file_create",
        "by": [
          "file"
        ],
        "until": "file_release"
      }
    ],
    "notAfter": [],
    "once": [
      "span"
    ],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [
      {
        "what": "vfs:sys_fcntl.exit[ret<0]",
        "by": [
          "span"
        ]
      }
    ],
    "never": false,
    "source": "fcntl(2), F_SETFL",
    "doc": "The flags of an open file changed.",
    "fields": [
      {
        "name": "file",
        "kind": "uint64",
        "doc": "The open file."
      },
      {
        "name": "flags",
        "kind": "string",
        "doc": "Its flags from now on."
      }
    ]
  },
  "file_release": {
    "name": "file_release",
    "by": [
      "vfs"
    ],
    "stage": "inband",
    "slice": [
      "file"
    ],
    "inside": [
      "sys_*",
      "file_core_ready"
    ],
    "after": [
      {
        "what": "file_create",
        "by": [
          "file"
        ],
        "until": "file_release"
      }
    ],
    "notAfter": [],
    "once": [
      "file"
    ],
    "closes": [],
    "duty": [],
    "due": [
      {
        "what": "vfs:sys_close.exit",
        "by": [
          "around",
          "file"
        ],
        "unless": "not once sock_close.enter|oob_release_file.enter"
      },
      {
        "what": "vfs:sys_dup2.exit",
        "by": [
          "around",
          "file"
        ],
        "unless": "not once sock_close.enter|oob_release_file.enter"
      },
      {
        "what": "vfs:sys_dup3.exit",
        "by": [
          "around",
          "file"
        ],
        "unless": "not once sock_close.enter|oob_release_file.enter"
      },
      {
        "what": "vfs:sys_close_range.exit",
        "by": [
          "around",
          "file"
        ],
        "unless": "not once sock_close.enter|oob_release_file.enter"
      },
      {
        "what": "vfs:sys_exec.exit",
        "by": [
          "around",
          "file"
        ],
        "unless": "not once sock_close.enter|oob_release_file.enter"
      },
      {
        "what": "vfs:sys_exit.exit",
        "by": [
          "around",
          "file"
        ],
        "unless": "not once sock_close.enter|oob_release_file.enter"
      }
    ],
    "denies": [],
    "never": false,
    "source": "facts/dovetail 4.1; __fput",
    "doc": "The last reference to a file is gone, and its driver has let it go.",
    "fields": [
      {
        "name": "file",
        "kind": "uint64",
        "doc": "The open file."
      },
      {
        "name": "dev",
        "kind": "string",
        "doc": "The device, or the socket."
      },
      {
        "name": "oob_data",
        "kind": "uint64",
        "doc": "The out-of-band context; 0 for none."
      }
    ]
  },
  "files_exit": {
    "name": "files_exit",
    "by": [
      "vfs"
    ],
    "stage": "inband",
    "slice": [
      "files"
    ],
    "inside": [
      "sys_*"
    ],
    "after": [
      {
        "what": "task_create|files_unshare|fork_copy",
        "by": [
          "files"
        ]
      }
    ],
    "notAfter": [],
    "once": [
      "files"
    ],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "facts/dovetail 4.5; put_files_struct",
    "doc": "A file table is gone with its last user: what was open in it is closed.",
    "fields": [
      {
        "name": "files",
        "kind": "uint64",
        "doc": "The file table."
      }
    ]
  },
  "files_unshare": {
    "name": "files_unshare",
    "by": [
      "vfs"
    ],
    "stage": "inband",
    "slice": [
      "task",
      "files"
    ],
    "inside": [
      "sys_exec",
      "sys_close_range"
    ],
    "after": [],
    "notAfter": [],
    "once": [
      "span"
    ],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "facts/dovetail 4.5",
    "doc": "A task has a file table of its own from now on, a copy of the one that it shared.",
    "fields": [
      {
        "name": "task",
        "kind": "string",
        "doc": "The task."
      },
      {
        "name": "files",
        "kind": "uint64",
        "doc": "The file table."
      },
      {
        "name": "from",
        "kind": "uint64",
        "doc": "The table that it shared."
      }
    ]
  },
  "filter_attach": {
    "name": "filter_attach",
    "by": [
      "companion"
    ],
    "stage": "inband",
    "slice": [
      "dev"
    ],
    "inside": [
      "oob_net_filter"
    ],
    "after": [],
    "notAfter": [
      {
        "what": "filter_attach",
        "by": [
          "dev"
        ],
        "until": "filter_detach"
      }
    ],
    "once": [
      "span"
    ],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [
      {
        "what": "companion:oob_net_filter.exit[ret<0]",
        "by": [
          "span"
        ]
      }
    ],
    "never": false,
    "source": "facts/dovetail 6.2, 6.9",
    "doc": "A program filters what a device receives from now on.",
    "fields": [
      {
        "name": "dev",
        "kind": "string",
        "doc": "The real device."
      },
      {
        "name": "program",
        "kind": "string",
        "doc": "The program's name."
      },
      {
        "name": "insns",
        "kind": "uint64",
        "doc": "How many instructions it has, in slots of 64 bits."
      },
      {
        "name": "classic",
        "kind": "bool",
        "doc": "Whether it was a classic one."
      }
    ]
  },
  "filter_detach": {
    "name": "filter_detach",
    "by": [
      "companion"
    ],
    "stage": "inband",
    "slice": [
      "dev"
    ],
    "inside": [
      "oob_net_filter",
      "oob_net_divert",
      "netif_oob_switch_port",
      "oob_inband_ready"
    ],
    "after": [
      {
        "what": "filter_attach",
        "by": [
          "dev"
        ],
        "until": "filter_detach"
      }
    ],
    "notAfter": [],
    "once": [],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "facts/dovetail 6.1",
    "doc": "A program filters no more: it was removed or replaced, or the diversion of its device has ended.",
    "fields": [
      {
        "name": "dev",
        "kind": "string",
        "doc": "The real device."
      },
      {
        "name": "program",
        "kind": "string",
        "doc": "The program's name."
      },
      {
        "name": "why",
        "kind": "string",
        "doc": "What it was detached by: removed, replaced, or diversion."
      }
    ]
  },
  "filter_refused": {
    "name": "filter_refused",
    "by": [
      "companion"
    ],
    "stage": "inband",
    "slice": [
      "dev"
    ],
    "inside": [
      "oob_net_filter"
    ],
    "after": [],
    "notAfter": [],
    "once": [
      "span"
    ],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [
      {
        "what": "companion:oob_net_filter.exit[ret==0]",
        "by": [
          "span"
        ]
      }
    ],
    "never": false,
    "source": "facts/dovetail 6.2; the verifier of Linux",
    "doc": "A program may not run.",
    "fields": [
      {
        "name": "dev",
        "kind": "string",
        "doc": "The real device."
      },
      {
        "name": "insn",
        "kind": "int64",
        "doc": "The instruction that is wrong, in slots from 0; -1 where the file as a whole is."
      },
      {
        "name": "why",
        "kind": "string",
        "doc": "Why, with the instruction as the kernel prints it."
      }
    ]
  },
  "filter_verdict": {
    "name": "filter_verdict",
    "by": [
      "companion"
    ],
    "stage": "either",
    "slice": [
      "dev",
      "frame"
    ],
    "inside": [
      "netif_deliver_oob"
    ],
    "after": [
      {
        "what": "filter_attach",
        "by": [
          "dev"
        ],
        "until": "filter_detach"
      }
    ],
    "notAfter": [],
    "once": [
      "span"
    ],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "facts/dovetail 6.2",
    "doc": "A program has given its verdict on a frame.",
    "fields": [
      {
        "name": "dev",
        "kind": "string",
        "doc": "The real device."
      },
      {
        "name": "frame",
        "kind": "uint64",
        "doc": "The frame."
      },
      {
        "name": "value",
        "kind": "uint64",
        "doc": "What it returned."
      },
      {
        "name": "verdict",
        "kind": "string",
        "doc": "What that means: drop, accept, skip, vlan."
      }
    ]
  },
  "fork_copy": {
    "name": "fork_copy",
    "by": [
      "vfs"
    ],
    "stage": "inband",
    "slice": [
      "files",
      "fd",
      "file"
    ],
    "inside": [
      "sys_fork",
      "sys_exec",
      "sys_close_range"
    ],
    "after": [
      {
        "what": "file_create",
        "by": [
          "file"
        ],
        "until": "file_release"
      }
    ],
    "notAfter": [
      {
        "what": "fork_copy|fd_publish|fd_reserve",
        "by": [
          "files",
          "fd"
        ]
      }
    ],
    "once": [],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "facts/dovetail 3.4, 4.5; dup_fd",
    "doc": "A descriptor that a table is born with. No hook fires for it: the core never hears of it.",
    "fields": [
      {
        "name": "files",
        "kind": "uint64",
        "doc": "The file table."
      },
      {
        "name": "fd",
        "kind": "uint64",
        "doc": "The descriptor."
      },
      {
        "name": "file",
        "kind": "uint64",
        "doc": "The open file."
      },
      {
        "name": "from",
        "kind": "uint64",
        "doc": "The table that was copied."
      }
    ]
  },
  "frame_end": {
    "name": "frame_end",
    "by": [
      "inband",
      "companion",
      "nic"
    ],
    "stage": "either",
    "slice": [
      "dev",
      "frame"
    ],
    "inside": [],
    "after": [
      {
        "what": "frame_receive|oob_accept",
        "by": [
          "frame"
        ]
      },
      {
        "what": "frame_receive",
        "by": [
          "around"
        ],
        "when": "not companion:frame_end"
      }
    ],
    "notAfter": [],
    "once": [
      "span"
    ],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "facts/dovetail 6.3",
    "doc": "The way of a frame ends in this house.",
    "fields": [
      {
        "name": "dev",
        "kind": "string",
        "doc": "The device."
      },
      {
        "name": "frame",
        "kind": "uint64",
        "doc": "The frame."
      },
      {
        "name": "fate",
        "kind": "string",
        "doc": "How it was delivered, or why it was dropped."
      }
    ]
  },
  "frame_fault": {
    "name": "frame_fault",
    "by": [
      "any"
    ],
    "stage": "either",
    "slice": [
      "dev",
      "frame"
    ],
    "inside": [],
    "after": [],
    "notAfter": [],
    "once": [],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "tc-netem(8); facts/rings",
    "doc": "Something went wrong with a frame, because somebody wished it so.",
    "fields": [
      {
        "name": "dev",
        "kind": "string",
        "doc": "The device."
      },
      {
        "name": "frame",
        "kind": "uint64",
        "doc": "The frame."
      },
      {
        "name": "kind",
        "kind": "string",
        "doc": "What happened to it."
      },
      {
        "name": "at",
        "kind": "string",
        "doc": "Where a fault rule struck it: `frame_send` or `frame_receive`; absent for what netem does."
      }
    ]
  },
  "frame_receive": {
    "name": "frame_receive",
    "by": [
      "inband",
      "nic"
    ],
    "stage": "either",
    "slice": [
      "dev",
      "frame"
    ],
    "inside": [],
    "after": [
      {
        "what": "frame_send|frame_replay",
        "by": [
          "call",
          "frame"
        ]
      },
      {
        "what": "frame_send",
        "by": [
          "call",
          "bytes"
        ],
        "unless": "frame_replay"
      }
    ],
    "notAfter": [
      {
        "what": "inband:*.fact|nic:*.fact|*.enter",
        "by": [
          "around"
        ]
      }
    ],
    "once": [
      "span"
    ],
    "closes": [],
    "duty": [
      {
        "what": "frame_send|frame_end|oob_taken",
        "by": [
          "around"
        ]
      }
    ],
    "due": [],
    "denies": [],
    "never": false,
    "source": "facts/dovetail 5.2",
    "doc": "A frame arrived over a link. What is done with it bears the span of this fact.",
    "fields": [
      {
        "name": "dev",
        "kind": "string",
        "doc": "The device."
      },
      {
        "name": "frame",
        "kind": "uint64",
        "doc": "The frame."
      },
      {
        "name": "bytes",
        "kind": "uint64",
        "doc": "Its length."
      }
    ]
  },
  "frame_replay": {
    "name": "frame_replay",
    "by": [
      "nic"
    ],
    "stage": "either",
    "slice": [
      "dev",
      "frame"
    ],
    "inside": [],
    "after": [],
    "notAfter": [],
    "once": [
      "frame"
    ],
    "closes": [],
    "duty": [
      {
        "what": "frame_receive",
        "by": [
          "frame"
        ]
      }
    ],
    "due": [],
    "denies": [],
    "never": false,
    "source": "the recordings of experiments/net/captures",
    "doc": "A frame of a recording arrives on the wire.",
    "fields": [
      {
        "name": "dev",
        "kind": "string",
        "doc": "The device."
      },
      {
        "name": "frame",
        "kind": "uint64",
        "doc": "The frame."
      }
    ]
  },
  "frame_send": {
    "name": "frame_send",
    "by": [
      "inband",
      "companion",
      "nic"
    ],
    "stage": "either",
    "slice": [
      "dev",
      "frame"
    ],
    "inside": [],
    "after": [
      {
        "what": "nic:frame_receive",
        "by": [
          "around"
        ],
        "when": "nic:frame_send"
      }
    ],
    "notAfter": [],
    "once": [
      "span"
    ],
    "closes": [],
    "duty": [
      {
        "what": "napi_complete",
        "by": [
          "dev"
        ],
        "when": "nic:frame_send[to==inband]"
      },
      {
        "what": "frame_receive",
        "by": [
          "call"
        ],
        "unless": "frame_fault",
        "when": "frame_send[to!=wire]"
      }
    ],
    "due": [],
    "denies": [],
    "never": false,
    "source": "facts/dovetail 5.2, 5.6",
    "doc": "A frame leaves a house over a link.",
    "fields": [
      {
        "name": "dev",
        "kind": "string",
        "doc": "The device."
      },
      {
        "name": "frame",
        "kind": "uint64",
        "doc": "The frame."
      },
      {
        "name": "to",
        "kind": "string",
        "doc": "Who is at the other end of the link: `nic`, `inband` or `wire`."
      },
      {
        "name": "bytes",
        "kind": "uint64",
        "doc": "Its length."
      }
    ]
  },
  "front_neighbour": {
    "name": "front_neighbour",
    "by": [
      "companion"
    ],
    "stage": "inband",
    "slice": [
      "dev"
    ],
    "inside": [
      "oob_neighbour_update"
    ],
    "after": [],
    "notAfter": [],
    "once": [
      "span"
    ],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "facts/dovetail 6.8",
    "doc": "The core learnt of a neighbour, or forgot it.",
    "fields": [
      {
        "name": "dev",
        "kind": "string",
        "doc": "The device."
      },
      {
        "name": "address",
        "kind": "string",
        "doc": "Its address."
      },
      {
        "name": "reachable",
        "kind": "bool",
        "doc": "Whether it can be reached."
      }
    ]
  },
  "front_route": {
    "name": "front_route",
    "by": [
      "companion"
    ],
    "stage": "inband",
    "slice": [
      "dev"
    ],
    "inside": [
      "oob_route_learn"
    ],
    "after": [],
    "notAfter": [],
    "once": [
      "span"
    ],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "facts/dovetail 6.8",
    "doc": "The core learnt a route of the in-band stack, or forgot it.",
    "fields": [
      {
        "name": "dev",
        "kind": "string",
        "doc": "The device."
      },
      {
        "name": "destination",
        "kind": "string",
        "doc": "Where it leads."
      },
      {
        "name": "forget",
        "kind": "bool",
        "doc": "Whether it is forgotten."
      }
    ]
  },
  "hm_stagex": {
    "name": "hm_stagex",
    "by": [
      "companion"
    ],
    "stage": "oob",
    "slice": [
      "dev",
      "task"
    ],
    "inside": [],
    "after": [
      {
        "what": "stax_wait",
        "by": [
          "span"
        ]
      }
    ],
    "notAfter": [],
    "once": [
      "span"
    ],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "facts/dovetail 4.4: an oob thread that must wait and has EVL_T_WOSX set gets SIGDEBUG / EVL_HMDIAG_STAGEX",
    "doc": "SIGDEBUG for a thread that waits out-of-band for a stage-exclusion lock and wants to know (EVL_T_WOSX): EVL_HMDIAG_STAGEX.",
    "fields": [
      {
        "name": "dev",
        "kind": "string",
        "doc": "What the lock guards."
      },
      {
        "name": "task",
        "kind": "string",
        "doc": "The task."
      }
    ]
  },
  "hm_sysdemote": {
    "name": "hm_sysdemote",
    "by": [
      "companion"
    ],
    "stage": "either",
    "slice": [
      "task"
    ],
    "inside": [],
    "after": [
      {
        "what": "thread_inband[why==syscall]",
        "by": [
          "span"
        ]
      }
    ],
    "notAfter": [],
    "once": [
      "span"
    ],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "facts/dovetail 4.3; evl_set_thread_mode, EVL_T_WOSS",
    "doc": "SIGDEBUG for a thread that was demoted by a system call and wants to know (EVL_T_WOSS): EVL_HMDIAG_SYSDEMOTE.",
    "fields": [
      {
        "name": "task",
        "kind": "string",
        "doc": "The task."
      }
    ]
  },
  "inband_bind": {
    "name": "inband_bind",
    "by": [
      "inband"
    ],
    "stage": "inband",
    "slice": [
      "sk"
    ],
    "inside": [
      "sock_bind"
    ],
    "after": [
      {
        "what": "inband_create",
        "by": [
          "sk"
        ]
      }
    ],
    "notAfter": [
      {
        "what": "inband_release",
        "by": [
          "sk"
        ]
      }
    ],
    "once": [
      "span"
    ],
    "closes": [],
    "duty": [],
    "due": [
      {
        "what": "inband:sock_bind.exit[ret==0]",
        "by": [
          "around"
        ],
        "unless": "oob_proto_ops.enter",
        "documented": "D2"
      }
    ],
    "denies": [],
    "never": false,
    "source": "facts/dovetail 2.5",
    "doc": "The in-band stack has bound a socket.",
    "fields": [
      {
        "name": "sk",
        "kind": "uint64",
        "doc": "The INET socket."
      },
      {
        "name": "addr",
        "kind": "string",
        "doc": "What it is bound to."
      }
    ]
  },
  "inband_connect": {
    "name": "inband_connect",
    "by": [
      "inband"
    ],
    "stage": "inband",
    "slice": [
      "sk"
    ],
    "inside": [
      "sock_connect"
    ],
    "after": [
      {
        "what": "inband_create",
        "by": [
          "sk"
        ]
      }
    ],
    "notAfter": [
      {
        "what": "inband_release",
        "by": [
          "sk"
        ]
      }
    ],
    "once": [
      "span"
    ],
    "closes": [],
    "duty": [],
    "due": [
      {
        "what": "inband:sock_connect.exit[ret==0]",
        "by": [
          "span"
        ]
      }
    ],
    "denies": [],
    "never": false,
    "source": "facts/dovetail 2.6",
    "doc": "The in-band stack has connected a socket.",
    "fields": [
      {
        "name": "sk",
        "kind": "uint64",
        "doc": "The INET socket."
      },
      {
        "name": "addr",
        "kind": "string",
        "doc": "Its own address."
      },
      {
        "name": "peer",
        "kind": "string",
        "doc": "Its peer; `unspec` where it has none any more."
      }
    ]
  },
  "inband_create": {
    "name": "inband_create",
    "by": [
      "inband"
    ],
    "stage": "inband",
    "slice": [
      "sk"
    ],
    "inside": [
      "sock_create",
      "sock_accept"
    ],
    "after": [],
    "notAfter": [],
    "once": [
      "sk"
    ],
    "closes": [],
    "duty": [],
    "due": [
      {
        "what": "inband:sock_create.exit[ret==0]",
        "by": [
          "span"
        ]
      }
    ],
    "denies": [
      {
        "what": "inband:sock_create.exit[ret<0]",
        "by": [
          "span"
        ]
      }
    ],
    "never": false,
    "source": "facts/dovetail 2.1; __sock_create",
    "doc": "A socket is there from now on; it has no file yet.",
    "fields": [
      {
        "name": "sk",
        "kind": "uint64",
        "doc": "The INET socket."
      },
      {
        "name": "family",
        "kind": "string",
        "doc": "Its family."
      },
      {
        "name": "type",
        "kind": "uint64",
        "doc": "Its type."
      },
      {
        "name": "protocol",
        "kind": "uint64",
        "doc": "Its protocol."
      }
    ]
  },
  "inband_disconnect": {
    "name": "inband_disconnect",
    "by": [
      "inband"
    ],
    "stage": "inband",
    "slice": [
      "sk"
    ],
    "inside": [
      "sock_connect"
    ],
    "after": [
      {
        "what": "inband_connect",
        "by": [
          "span"
        ]
      },
      {
        "what": "sock_oob_connect.exit[ret<0]|sock_oob_connect.exit[lost!=\"\"]",
        "by": [
          "around"
        ]
      }
    ],
    "notAfter": [],
    "once": [
      "span"
    ],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [
      {
        "what": "inband:sock_connect.exit[ret==0]",
        "by": [
          "span"
        ]
      }
    ],
    "never": false,
    "source": "seed 000, sock_oob_connect; D3",
    "doc": "A connection that the core refused is taken back.",
    "fields": [
      {
        "name": "sk",
        "kind": "uint64",
        "doc": "The INET socket."
      },
      {
        "name": "addr",
        "kind": "string",
        "doc": "Its own address now."
      },
      {
        "name": "peer",
        "kind": "string",
        "doc": "Its peer now."
      }
    ]
  },
  "inband_ioctl": {
    "name": "inband_ioctl",
    "by": [
      "inband"
    ],
    "stage": "inband",
    "slice": [
      "sk"
    ],
    "inside": [
      "sock_ioctl"
    ],
    "after": [],
    "notAfter": [],
    "once": [
      "span"
    ],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "facts/dovetail 2.8; sock_ioctl()",
    "doc": "The regular handlers get an ioctl of a socket, after the core was asked where it has a context.",
    "fields": [
      {
        "name": "sk",
        "kind": "uint64",
        "doc": "The INET socket."
      },
      {
        "name": "cmd",
        "kind": "uint32",
        "doc": "The command."
      }
    ]
  },
  "inband_release": {
    "name": "inband_release",
    "by": [
      "inband"
    ],
    "stage": "inband",
    "slice": [
      "sk"
    ],
    "inside": [
      "sock_close",
      "sock_vfs_ready"
    ],
    "after": [
      {
        "what": "inband_create",
        "by": [
          "sk"
        ]
      }
    ],
    "notAfter": [],
    "once": [
      "sk"
    ],
    "closes": [],
    "duty": [
      {
        "what": "sk_destruct",
        "by": [
          "sk"
        ],
        "unless": "(not neighbour_change[from==INCOMPLETE] since neighbour_change[to==INCOMPLETE]) or (not tcp_state[to==CLOSED]|tcp_state[to==\"TIME-WAIT\"]|tcp_state[to==\"FIN-WAIT-2\"] since tcp_open)"
      }
    ],
    "due": [],
    "denies": [],
    "never": false,
    "source": "facts/dovetail 2.3; __sock_release",
    "doc": "The protocol has let a socket go: its port is free, and no frame finds it any more.",
    "fields": [
      {
        "name": "sk",
        "kind": "uint64",
        "doc": "The INET socket."
      }
    ]
  },
  "inband_shutdown": {
    "name": "inband_shutdown",
    "by": [
      "inband"
    ],
    "stage": "inband",
    "slice": [
      "sk"
    ],
    "inside": [
      "sock_shutdown"
    ],
    "after": [
      {
        "what": "inband_create",
        "by": [
          "sk"
        ]
      }
    ],
    "notAfter": [
      {
        "what": "inband_release",
        "by": [
          "sk"
        ]
      }
    ],
    "once": [
      "span"
    ],
    "closes": [],
    "duty": [],
    "due": [
      {
        "what": "inband:sock_shutdown.exit[ret==0]",
        "by": [
          "around"
        ],
        "unless": "oob_proto_ops.enter"
      }
    ],
    "denies": [],
    "never": false,
    "source": "facts/dovetail 2.7",
    "doc": "The in-band stack has shut a direction of a socket down.",
    "fields": [
      {
        "name": "sk",
        "kind": "uint64",
        "doc": "The INET socket."
      },
      {
        "name": "how",
        "kind": "uint64",
        "doc": "Which direction: 0 to receive, 1 to send, 2 both."
      }
    ]
  },
  "inband_unbind": {
    "name": "inband_unbind",
    "by": [
      "inband"
    ],
    "stage": "inband",
    "slice": [
      "sk"
    ],
    "inside": [
      "sock_bind"
    ],
    "after": [
      {
        "what": "inband_bind",
        "by": [
          "span"
        ]
      },
      {
        "what": "sock_oob_bind.exit[ret<0]|sock_oob_bind.exit[lost!=\"\"]",
        "by": [
          "around"
        ]
      }
    ],
    "notAfter": [],
    "once": [
      "span"
    ],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [
      {
        "what": "inband:sock_bind.exit[ret==0]",
        "by": [
          "span"
        ]
      }
    ],
    "never": false,
    "source": "seed 000, sock_oob_bind; D1",
    "doc": "A binding that the core refused is taken back.",
    "fields": [
      {
        "name": "sk",
        "kind": "uint64",
        "doc": "The INET socket."
      },
      {
        "name": "addr",
        "kind": "string",
        "doc": "What it is bound to now."
      }
    ]
  },
  "index_add": {
    "name": "index_add",
    "by": [
      "companion"
    ],
    "stage": "inband",
    "slice": [
      "files",
      "fd",
      "file"
    ],
    "inside": [
      "install_inband_fd",
      "replace_inband_fd"
    ],
    "after": [
      {
        "what": "sk_attach|efile_open",
        "by": [
          "file"
        ],
        "until": "efile_free"
      }
    ],
    "notAfter": [
      {
        "what": "index_add|index_repoint",
        "by": [
          "files",
          "fd"
        ],
        "until": "index_remove"
      }
    ],
    "once": [
      "span"
    ],
    "closes": [],
    "duty": [
      {
        "what": "index_remove",
        "by": [
          "files",
          "fd"
        ],
        "before": "companion:uninstall_inband_fd.exit[ret==0]"
      }
    ],
    "due": [
      {
        "what": "companion:install_inband_fd.exit",
        "by": [
          "span"
        ],
        "unless": "index_unknown|index_duplicate|companion:install_inband_fd.enter[oob_data==0]"
      }
    ],
    "denies": [],
    "never": false,
    "source": "facts/dovetail 3.3",
    "doc": "The core can find a descriptor from now on.",
    "fields": [
      {
        "name": "files",
        "kind": "uint64",
        "doc": "The file table."
      },
      {
        "name": "fd",
        "kind": "uint64",
        "doc": "The descriptor."
      },
      {
        "name": "file",
        "kind": "uint64",
        "doc": "The open file."
      },
      {
        "name": "oob_data",
        "kind": "uint64",
        "doc": "The out-of-band context; 0 for none."
      }
    ]
  },
  "index_duplicate": {
    "name": "index_duplicate",
    "by": [
      "companion"
    ],
    "stage": "inband",
    "slice": [
      "files",
      "fd",
      "file"
    ],
    "inside": [
      "install_inband_fd",
      "replace_inband_fd"
    ],
    "after": [
      {
        "what": "index_add|index_repoint",
        "by": [
          "files",
          "fd"
        ],
        "until": "index_remove"
      }
    ],
    "notAfter": [],
    "once": [
      "span"
    ],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "facts/dovetail 3.3; seed 002",
    "doc": "The core is told of a descriptor that it knows already.",
    "fields": [
      {
        "name": "files",
        "kind": "uint64",
        "doc": "The file table."
      },
      {
        "name": "fd",
        "kind": "uint64",
        "doc": "The descriptor."
      },
      {
        "name": "file",
        "kind": "uint64",
        "doc": "The open file."
      },
      {
        "name": "first",
        "kind": "uint64",
        "doc": "The file that it finds behind the descriptor, and goes on finding."
      }
    ]
  },
  "index_remove": {
    "name": "index_remove",
    "by": [
      "companion"
    ],
    "stage": "inband",
    "slice": [
      "files",
      "fd",
      "file"
    ],
    "inside": [
      "uninstall_inband_fd",
      "replace_inband_fd",
      "oob_vfs_ready"
    ],
    "after": [
      {
        "what": "index_add|index_repoint",
        "by": [
          "files",
          "fd",
          "file"
        ],
        "until": "index_remove"
      }
    ],
    "notAfter": [],
    "once": [],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "facts/dovetail 3.3",
    "doc": "The core finds a descriptor no more.",
    "fields": [
      {
        "name": "files",
        "kind": "uint64",
        "doc": "The file table."
      },
      {
        "name": "fd",
        "kind": "uint64",
        "doc": "The descriptor."
      },
      {
        "name": "file",
        "kind": "uint64",
        "doc": "The open file."
      }
    ]
  },
  "index_repoint": {
    "name": "index_repoint",
    "by": [
      "companion"
    ],
    "stage": "inband",
    "slice": [
      "files",
      "fd",
      "file"
    ],
    "inside": [
      "replace_inband_fd"
    ],
    "after": [
      {
        "what": "sk_attach|efile_open",
        "by": [
          "file"
        ],
        "until": "efile_free"
      },
      {
        "what": "index_add|index_repoint",
        "by": [
          "files",
          "fd"
        ],
        "until": "index_remove"
      }
    ],
    "notAfter": [],
    "once": [
      "span"
    ],
    "closes": [],
    "duty": [
      {
        "what": "index_remove",
        "by": [
          "files",
          "fd"
        ],
        "before": "companion:uninstall_inband_fd.exit[ret==0]"
      }
    ],
    "due": [],
    "denies": [],
    "never": false,
    "source": "facts/dovetail 3.3; seed 002, replace_inband_fd",
    "doc": "The core finds another file behind a descriptor.",
    "fields": [
      {
        "name": "files",
        "kind": "uint64",
        "doc": "The file table."
      },
      {
        "name": "fd",
        "kind": "uint64",
        "doc": "The descriptor."
      },
      {
        "name": "file",
        "kind": "uint64",
        "doc": "The open file."
      },
      {
        "name": "displaced",
        "kind": "uint64",
        "doc": "The file that the descriptor referred to before."
      }
    ]
  },
  "index_stale": {
    "name": "index_stale",
    "by": [
      "companion"
    ],
    "stage": "inband",
    "slice": [
      "files",
      "fd",
      "file"
    ],
    "inside": [
      "oob_release_file",
      "sock_oob_release",
      "oob_inband_ready",
      "oob_vfs_ready"
    ],
    "after": [
      {
        "what": "index_add|index_repoint",
        "by": [
          "files",
          "fd",
          "file"
        ],
        "until": "index_remove"
      }
    ],
    "notAfter": [],
    "once": [],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "facts/dovetail 3.3",
    "doc": "A file is released while the core still finds it behind a descriptor, since an uninstall was lost.",
    "fields": [
      {
        "name": "files",
        "kind": "uint64",
        "doc": "The file table."
      },
      {
        "name": "fd",
        "kind": "uint64",
        "doc": "The descriptor."
      },
      {
        "name": "file",
        "kind": "uint64",
        "doc": "The open file."
      }
    ]
  },
  "index_unknown": {
    "name": "index_unknown",
    "by": [
      "companion"
    ],
    "stage": "inband",
    "slice": [
      "files",
      "fd",
      "file"
    ],
    "inside": [
      "install_inband_fd",
      "replace_inband_fd"
    ],
    "after": [],
    "notAfter": [],
    "once": [
      "span"
    ],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "facts/dovetail 3.3",
    "doc": "The core is told of a descriptor whose context it did not give, or has taken back.",
    "fields": [
      {
        "name": "files",
        "kind": "uint64",
        "doc": "The file table."
      },
      {
        "name": "fd",
        "kind": "uint64",
        "doc": "The descriptor."
      },
      {
        "name": "file",
        "kind": "uint64",
        "doc": "The open file."
      },
      {
        "name": "oob_data",
        "kind": "uint64",
        "doc": "The out-of-band context; 0 for none."
      }
    ]
  },
  "ksock_accepted": {
    "name": "ksock_accepted",
    "by": [
      "inband"
    ],
    "stage": "inband",
    "slice": [
      "ks"
    ],
    "inside": [
      "ksock_accept"
    ],
    "after": [],
    "notAfter": [],
    "once": [
      "ks"
    ],
    "closes": [],
    "duty": [],
    "due": [
      {
        "what": "inband:ksock_accept.exit[ret==0, newks>0]",
        "by": [
          "span"
        ]
      }
    ],
    "denies": [
      {
        "what": "inband:ksock_accept.exit[ret<0]",
        "by": [
          "span"
        ]
      }
    ],
    "never": false,
    "source": "seed 001, ksock_accept; facts/kernel-sockets 3.4",
    "doc": "A connection was accepted: a kernel socket that calls can name from now on.",
    "fields": [
      {
        "name": "ks",
        "kind": "uint64",
        "doc": "The kernel socket."
      },
      {
        "name": "sk",
        "kind": "uint64",
        "doc": "Its TCP socket."
      },
      {
        "name": "listener",
        "kind": "uint64",
        "doc": "The kernel socket that listens."
      }
    ]
  },
  "ksock_callback": {
    "name": "ksock_callback",
    "by": [
      "inband"
    ],
    "stage": "inband",
    "slice": [
      "ks",
      "event"
    ],
    "inside": [
      "ksock_next_event"
    ],
    "after": [
      {
        "what": "ksock_event",
        "by": [
          "ks"
        ]
      }
    ],
    "notAfter": [
      {
        "what": "ksock_callback",
        "by": [
          "ks"
        ],
        "until": "ksock_callback_end"
      },
      {
        "what": "ksock_callbacks_off",
        "by": [
          "ks"
        ],
        "until": "ksock_callbacks_on"
      }
    ],
    "once": [
      "event"
    ],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "facts/kernel-sockets 8.4, Q9; P4, P5",
    "doc": "An event is given out: its callback runs. Not told again, when it is given out again because an answer was lost.",
    "fields": [
      {
        "name": "ks",
        "kind": "uint64",
        "doc": "The kernel socket."
      },
      {
        "name": "event",
        "kind": "string",
        "doc": "Its stream and its number there, such as `echo/3`."
      },
      {
        "name": "number",
        "kind": "uint64",
        "doc": "The number alone."
      },
      {
        "name": "slot",
        "kind": "string",
        "doc": "Which callback."
      },
      {
        "name": "value",
        "kind": "int64",
        "doc": "Its argument."
      }
    ]
  },
  "ksock_callback_end": {
    "name": "ksock_callback_end",
    "by": [
      "inband"
    ],
    "stage": "inband",
    "slice": [
      "ks",
      "event"
    ],
    "inside": [
      "ksock_ack_event"
    ],
    "after": [
      {
        "what": "ksock_callback",
        "by": [
          "ks",
          "event"
        ]
      }
    ],
    "notAfter": [],
    "once": [
      "event"
    ],
    "closes": [
      {
        "what": "ksock_callback",
        "by": [
          "ks",
          "event"
        ]
      }
    ],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "facts/kernel-sockets 8.4, Q9; P5",
    "doc": "A callback has returned, as its user says. The next event of the socket may be given out.",
    "fields": [
      {
        "name": "ks",
        "kind": "uint64",
        "doc": "The kernel socket."
      },
      {
        "name": "event",
        "kind": "string",
        "doc": "The stream of the event and its number there."
      },
      {
        "name": "number",
        "kind": "uint64",
        "doc": "The number alone."
      }
    ]
  },
  "ksock_callbacks_off": {
    "name": "ksock_callbacks_off",
    "by": [
      "inband"
    ],
    "stage": "inband",
    "slice": [
      "ks"
    ],
    "inside": [],
    "after": [
      {
        "what": "ksock_callbacks_on",
        "by": [
          "ks"
        ]
      }
    ],
    "notAfter": [],
    "once": [],
    "closes": [
      {
        "what": "ksock_callbacks_on",
        "by": [
          "ks"
        ]
      }
    ],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "seed 001, ksock_callbacks; facts/kernel-sockets 11, P4",
    "doc": "From now on no event of a kernel socket is told: all callbacks are off, or it is being closed. What waited is dropped.",
    "fields": [
      {
        "name": "ks",
        "kind": "uint64",
        "doc": "The kernel socket."
      }
    ]
  },
  "ksock_callbacks_on": {
    "name": "ksock_callbacks_on",
    "by": [
      "inband"
    ],
    "stage": "inband",
    "slice": [
      "ks"
    ],
    "inside": [
      "ksock_callbacks"
    ],
    "after": [],
    "notAfter": [],
    "once": [
      "span"
    ],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [
      {
        "what": "inband:ksock_callbacks.exit[ret<0]",
        "by": [
          "span"
        ]
      }
    ],
    "never": false,
    "source": "seed 001, ksock_callbacks; facts/kernel-sockets 8.1",
    "doc": "From now on events of a kernel socket are told to a stream, those whose callback is not NULL.",
    "fields": [
      {
        "name": "ks",
        "kind": "uint64",
        "doc": "The kernel socket."
      },
      {
        "name": "slots",
        "kind": "string",
        "doc": "The callbacks that are on, such as `connected|recv`."
      },
      {
        "name": "stream",
        "kind": "string",
        "doc": "Where their events go."
      }
    ]
  },
  "ksock_closed": {
    "name": "ksock_closed",
    "by": [
      "inband"
    ],
    "stage": "inband",
    "slice": [
      "ks"
    ],
    "inside": [],
    "after": [
      {
        "what": "ksock_closing",
        "by": [
          "ks"
        ]
      }
    ],
    "notAfter": [],
    "once": [
      "ks"
    ],
    "closes": [
      {
        "what": "ksock_closing",
        "by": [
          "ks"
        ]
      }
    ],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "facts/kernel-sockets 9",
    "doc": "A kernel socket is no more: nobody was in it, nobody held it, and its protocol has closed. The connection may go on without it.",
    "fields": [
      {
        "name": "ks",
        "kind": "uint64",
        "doc": "The kernel socket."
      }
    ]
  },
  "ksock_closing": {
    "name": "ksock_closing",
    "by": [
      "inband"
    ],
    "stage": "inband",
    "slice": [
      "ks"
    ],
    "inside": [
      "ksock_close"
    ],
    "after": [
      {
        "what": "ksock_create|ksock_accepted",
        "by": [
          "ks"
        ]
      }
    ],
    "notAfter": [],
    "once": [
      "ks"
    ],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [
      {
        "what": "inband:ksock_close.exit[ret<0]",
        "by": [
          "span"
        ]
      }
    ],
    "never": false,
    "source": "facts/kernel-sockets 9; P4",
    "doc": "A kernel socket is being closed: no call finds it, and no callback is told.",
    "fields": [
      {
        "name": "ks",
        "kind": "uint64",
        "doc": "The kernel socket."
      }
    ]
  },
  "ksock_create": {
    "name": "ksock_create",
    "by": [
      "inband"
    ],
    "stage": "inband",
    "slice": [
      "ks"
    ],
    "inside": [
      "ksock_socket"
    ],
    "after": [],
    "notAfter": [],
    "once": [
      "ks"
    ],
    "closes": [],
    "duty": [],
    "due": [
      {
        "what": "inband:ksock_socket.exit[ret==0]",
        "by": [
          "span"
        ]
      }
    ],
    "denies": [
      {
        "what": "inband:ksock_socket.exit[ret<0]",
        "by": [
          "span"
        ]
      }
    ],
    "never": false,
    "source": "seed 001, ksock_socket; facts/kernel-sockets 3.1",
    "doc": "A kernel socket is there from now on.",
    "fields": [
      {
        "name": "ks",
        "kind": "uint64",
        "doc": "The kernel socket."
      },
      {
        "name": "sk",
        "kind": "uint64",
        "doc": "Its TCP or UDP socket."
      },
      {
        "name": "domain",
        "kind": "string",
        "doc": "Its family."
      },
      {
        "name": "protocol",
        "kind": "string",
        "doc": "`tcp` or `udp`."
      }
    ]
  },
  "ksock_event": {
    "name": "ksock_event",
    "by": [
      "inband"
    ],
    "stage": "inband",
    "slice": [
      "ks"
    ],
    "inside": [],
    "after": [
      {
        "what": "ksock_callbacks_on",
        "by": [
          "ks"
        ]
      }
    ],
    "notAfter": [
      {
        "what": "ksock_callbacks_off",
        "by": [
          "ks"
        ],
        "until": "ksock_callbacks_on"
      }
    ],
    "once": [],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "seed 001, events; facts/kernel-sockets 8.3, P4",
    "doc": "Something happened to a kernel socket whose callback for it is on. It waits for its turn.",
    "fields": [
      {
        "name": "ks",
        "kind": "uint64",
        "doc": "The kernel socket."
      },
      {
        "name": "slot",
        "kind": "string",
        "doc": "Which callback."
      },
      {
        "name": "value",
        "kind": "int64",
        "doc": "Its argument."
      },
      {
        "name": "merged",
        "kind": "bool",
        "doc": "So many wait that it went into the last of its kind."
      }
    ]
  },
  "ksock_hold": {
    "name": "ksock_hold",
    "by": [
      "inband"
    ],
    "stage": "inband",
    "slice": [
      "ks"
    ],
    "inside": [
      "ksocket_hold"
    ],
    "after": [],
    "notAfter": [
      {
        "what": "ksock_closing",
        "by": [
          "ks"
        ]
      }
    ],
    "once": [
      "span"
    ],
    "closes": [],
    "duty": [],
    "due": [
      {
        "what": "inband:ksocket_hold.exit[ret==0]",
        "by": [
          "span"
        ]
      }
    ],
    "denies": [
      {
        "what": "inband:ksocket_hold.exit[ret<0]",
        "by": [
          "span"
        ]
      }
    ],
    "never": false,
    "source": "facts/kernel-sockets 3.14",
    "doc": "Somebody holds a kernel socket: a close waits for it.",
    "fields": [
      {
        "name": "ks",
        "kind": "uint64",
        "doc": "The kernel socket."
      }
    ]
  },
  "ksock_overrun": {
    "name": "ksock_overrun",
    "by": [
      "inband"
    ],
    "stage": "inband",
    "slice": [
      "ks"
    ],
    "inside": [],
    "after": [
      {
        "what": "ksock_event",
        "by": [
          "ks"
        ]
      }
    ],
    "notAfter": [],
    "once": [],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "facts/kernel-sockets 8.4, Q10",
    "doc": "A callback took longer than it may, or nobody came for its event: calls on the socket wait for it no more.",
    "fields": [
      {
        "name": "ks",
        "kind": "uint64",
        "doc": "The kernel socket."
      },
      {
        "name": "slot",
        "kind": "string",
        "doc": "Which callback."
      },
      {
        "name": "stream",
        "kind": "string",
        "doc": "The stream of its user."
      },
      {
        "name": "number",
        "kind": "uint64",
        "doc": "The number of the event there; 0: nobody asked for it."
      }
    ]
  },
  "ksock_rele": {
    "name": "ksock_rele",
    "by": [
      "inband"
    ],
    "stage": "inband",
    "slice": [
      "ks"
    ],
    "inside": [
      "ksocket_rele"
    ],
    "after": [],
    "notAfter": [
      {
        "what": "ksock_closed",
        "by": [
          "ks"
        ]
      }
    ],
    "once": [
      "span"
    ],
    "closes": [
      {
        "what": "ksock_hold",
        "by": [
          "ks"
        ]
      }
    ],
    "duty": [],
    "due": [
      {
        "what": "inband:ksocket_rele.exit[ret==0]",
        "by": [
          "span"
        ]
      }
    ],
    "denies": [
      {
        "what": "inband:ksocket_rele.exit[ret<0]",
        "by": [
          "span"
        ]
      }
    ],
    "never": false,
    "source": "facts/kernel-sockets 3.14",
    "doc": "Somebody holds it no longer.",
    "fields": [
      {
        "name": "ks",
        "kind": "uint64",
        "doc": "The kernel socket."
      }
    ]
  },
  "ksock_state": {
    "name": "ksock_state",
    "by": [
      "inband"
    ],
    "stage": "inband",
    "slice": [
      "ks"
    ],
    "inside": [],
    "after": [],
    "notAfter": [
      {
        "what": "ksock_closed",
        "by": [
          "ks"
        ]
      }
    ],
    "once": [],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "facts/kernel-sockets appendix B",
    "doc": "The state of a kernel socket is another one from now on.",
    "fields": [
      {
        "name": "ks",
        "kind": "uint64",
        "doc": "The kernel socket; of a connection that nobody has accepted yet, the one that it will be."
      },
      {
        "name": "what",
        "kind": "string",
        "doc": "`connecting`, `connected`, `failed` (the attempt), `disconnected`, `shut_send`, `shut_receive`, `peer_ended`; of one that\nlistens `listening`, and `newconn` when a connection can be accepted."
      },
      {
        "name": "errno",
        "kind": "string",
        "doc": "Why it failed or was disconnected; empty otherwise."
      }
    ]
  },
  "ksock_violation": {
    "name": "ksock_violation",
    "by": [
      "inband"
    ],
    "stage": "inband",
    "slice": [
      "ks"
    ],
    "inside": [
      "ksock_socket",
      "ksock_bind",
      "ksock_listen",
      "ksock_accept",
      "ksock_connect",
      "ksock_send",
      "ksock_recv",
      "ksock_shutdown",
      "ksock_close",
      "ksock_setsockopt",
      "ksock_getsockopt",
      "ksock_getpeername",
      "ksock_getsockname",
      "ksock_ioctl",
      "ksock_callbacks",
      "ksocket_spoll"
    ],
    "after": [],
    "notAfter": [],
    "once": [
      "span"
    ],
    "closes": [],
    "duty": [],
    "due": [
      {
        "what": "inband:ksock_socket.exit[ret==-35]|inband:ksock_bind.exit[ret==-35]|inband:ksock_listen.exit[ret==-35]|inband:ksock_accept.exit[ret==-35]|inband:ksock_connect.exit[ret==-35]|inband:ksock_send.exit[ret==-35]|inband:ksock_recv.exit[ret==-35]|inband:ksock_shutdown.exit[ret==-35]|inband:ksock_close.exit[ret==-35]|inband:ksock_setsockopt.exit[ret==-35]|inband:ksock_getsockopt.exit[ret==-35]|inband:ksock_getpeername.exit[ret==-35]|inband:ksock_getsockname.exit[ret==-35]|inband:ksock_ioctl.exit[ret==-35]|inband:ksock_callbacks.exit[ret==-35]|inband:ksocket_spoll.exit[ret==-35]",
        "by": [
          "span"
        ]
      }
    ],
    "denies": [
      {
        "what": "inband:ksock_socket.exit[ret==0]|inband:ksock_bind.exit[ret==0]|inband:ksock_listen.exit[ret==0]|inband:ksock_accept.exit[ret==0]|inband:ksock_connect.exit[ret==0]|inband:ksock_send.exit[ret==0]|inband:ksock_recv.exit[ret==0]|inband:ksock_shutdown.exit[ret==0]|inband:ksock_close.exit[ret==0]|inband:ksock_setsockopt.exit[ret==0]|inband:ksock_getsockopt.exit[ret==0]|inband:ksock_getpeername.exit[ret==0]|inband:ksock_getsockname.exit[ret==0]|inband:ksock_ioctl.exit[ret==0]|inband:ksock_callbacks.exit[ret==0]|inband:ksocket_spoll.exit[ret==0]",
        "by": [
          "span"
        ]
      }
    ],
    "never": false,
    "source": "seed 001, callbacks; facts/kernel-sockets 8.4, Q7; P2",
    "doc": "A function of kernel sockets was called inside a callback, which is not allowed: it was refused, and did nothing.",
    "fields": [
      {
        "name": "ks",
        "kind": "uint64",
        "doc": "The kernel socket that the call was about, whose callback need not be the one that runs; 0: none."
      },
      {
        "name": "call",
        "kind": "string",
        "doc": "The function."
      },
      {
        "name": "callback",
        "kind": "uint64",
        "doc": "The number of the event inside whose callback it was called."
      }
    ]
  },
  "ksock_wait": {
    "name": "ksock_wait",
    "by": [
      "inband"
    ],
    "stage": "inband",
    "slice": [
      "ks",
      "task"
    ],
    "inside": [],
    "after": [],
    "notAfter": [
      {
        "what": "ksock_closed",
        "by": [
          "ks"
        ]
      }
    ],
    "once": [],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "facts/kernel-sockets 2, blocking model",
    "doc": "A call waits on a kernel socket, or its close does for what the protocol or others still do.",
    "fields": [
      {
        "name": "ks",
        "kind": "uint64",
        "doc": "The kernel socket."
      },
      {
        "name": "task",
        "kind": "string",
        "doc": "Who waits."
      },
      {
        "name": "what",
        "kind": "string",
        "doc": "`accept`, `connect`, `send`, `recv`, `poll`; `close`, for calls and who holds it; `linger`, for its FIN to be acknowledged."
      }
    ]
  },
  "ksock_wake": {
    "name": "ksock_wake",
    "by": [
      "inband"
    ],
    "stage": "inband",
    "slice": [
      "ks",
      "task"
    ],
    "inside": [],
    "after": [],
    "notAfter": [],
    "once": [],
    "closes": [
      {
        "what": "ksock_wait",
        "by": [
          "ks"
        ]
      }
    ],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "facts/kernel-sockets 2, 9",
    "doc": "It waits no longer.",
    "fields": [
      {
        "name": "ks",
        "kind": "uint64",
        "doc": "The kernel socket."
      },
      {
        "name": "task",
        "kind": "string",
        "doc": "Who waited."
      },
      {
        "name": "why",
        "kind": "string",
        "doc": "`ready`, `expired` (the time of the call), `again` (that of this answer), `closing`, or\n`interrupted`."
      }
    ]
  },
  "lock_order": {
    "name": "lock_order",
    "by": [
      "any"
    ],
    "stage": "either",
    "slice": [],
    "inside": [],
    "after": [],
    "notAfter": [],
    "once": [],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [],
    "never": true,
    "untriggered": "no house of ours breaks the order of the locks",
    "source": "facts/dovetail 4.4; the boundary, locks",
    "doc": "A chain of calls asks for a lock that it must not take: it holds that lock, or one that comes after it. It is\nrefused.",
    "fields": [
      {
        "name": "lock",
        "kind": "string",
        "doc": "The lock that is asked for."
      },
      {
        "name": "held",
        "kind": "string",
        "doc": "The one that the chain of calls holds."
      },
      {
        "name": "chain",
        "kind": "string",
        "doc": "The points of the chain, outermost first."
      }
    ]
  },
  "lock_wait": {
    "name": "lock_wait",
    "by": [
      "any"
    ],
    "stage": "inband",
    "slice": [],
    "inside": [
      "*"
    ],
    "after": [],
    "notAfter": [],
    "once": [],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "facts/dovetail 4.4",
    "doc": "A lock that the seeds name is held by somebody else: whoever asks waits for it.",
    "fields": [
      {
        "name": "lock",
        "kind": "string",
        "doc": "The lock, such as `files.file_lock:1`."
      },
      {
        "name": "holder",
        "kind": "string",
        "doc": "The task that has it."
      }
    ]
  },
  "napi_complete": {
    "name": "napi_complete",
    "by": [
      "nic"
    ],
    "stage": "either",
    "slice": [
      "dev"
    ],
    "inside": [],
    "after": [],
    "notAfter": [],
    "once": [],
    "closes": [
      {
        "what": "nic:frame_receive",
        "by": [
          "dev"
        ]
      }
    ],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "facts/dovetail 5.2",
    "doc": "A poll of the device is over: what was deferred goes up.",
    "fields": [
      {
        "name": "dev",
        "kind": "string",
        "doc": "The device."
      },
      {
        "name": "frames",
        "kind": "uint64",
        "doc": "How many frames were handled."
      }
    ]
  },
  "neighbour_change": {
    "name": "neighbour_change",
    "by": [
      "inband"
    ],
    "stage": "inband",
    "slice": [
      "dev"
    ],
    "inside": [],
    "after": [
      {
        "what": "neighbour_change[to==INCOMPLETE]",
        "by": [
          "dev",
          "address"
        ],
        "until": "neighbour_change[to!=INCOMPLETE]",
        "when": "neighbour_change[from==INCOMPLETE]"
      },
      {
        "what": "neighbour_change[to==REACHABLE]",
        "by": [
          "dev",
          "address"
        ],
        "until": "neighbour_change[to!=REACHABLE]",
        "when": "neighbour_change[from==REACHABLE]"
      },
      {
        "what": "neighbour_change[to==STALE]",
        "by": [
          "dev",
          "address"
        ],
        "until": "neighbour_change[to!=STALE]",
        "when": "neighbour_change[from==STALE]"
      },
      {
        "what": "neighbour_change[to==DELAY]",
        "by": [
          "dev",
          "address"
        ],
        "until": "neighbour_change[to!=DELAY]",
        "when": "neighbour_change[from==DELAY]"
      },
      {
        "what": "neighbour_change[to==PROBE]",
        "by": [
          "dev",
          "address"
        ],
        "until": "neighbour_change[to!=PROBE]",
        "when": "neighbour_change[from==PROBE]"
      },
      {
        "what": "neighbour_change[to==FAILED]",
        "by": [
          "dev",
          "address"
        ],
        "until": "neighbour_change[to!=FAILED]",
        "when": "neighbour_change[from==FAILED]"
      }
    ],
    "notAfter": [
      {
        "what": "neighbour_change[to!=NONE]",
        "by": [
          "dev",
          "address"
        ],
        "until": "neighbour_change[to==NONE]",
        "when": "neighbour_change[from==NONE]"
      }
    ],
    "once": [],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "facts/dovetail 6.8; RFC 4861, 7.3.2",
    "doc": "What is known of a neighbour changed.",
    "fields": [
      {
        "name": "dev",
        "kind": "string",
        "doc": "The device."
      },
      {
        "name": "address",
        "kind": "string",
        "doc": "Its address."
      },
      {
        "name": "from",
        "kind": "string",
        "doc": "The state it was in."
      },
      {
        "name": "to",
        "kind": "string",
        "doc": "The state it is in now."
      }
    ]
  },
  "netem_refused": {
    "name": "netem_refused",
    "by": [
      "nic"
    ],
    "stage": "inband",
    "slice": [
      "dev"
    ],
    "inside": [],
    "after": [],
    "notAfter": [],
    "once": [],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [
      {
        "what": "nic:nic_netem.exit[ret==0]",
        "by": [
          "span"
        ]
      }
    ],
    "never": false,
    "source": "nic_netem",
    "doc": "What shall go wrong with frames means nothing, or cannot go wrong here.",
    "fields": [
      {
        "name": "dev",
        "kind": "string",
        "doc": "The device."
      },
      {
        "name": "why",
        "kind": "string",
        "doc": "In one line."
      }
    ]
  },
  "oob_accept": {
    "name": "oob_accept",
    "by": [
      "companion"
    ],
    "stage": "either",
    "slice": [
      "dev",
      "frame"
    ],
    "inside": [
      "netif_deliver_oob",
      "netif_receive_oob"
    ],
    "after": [],
    "notAfter": [],
    "once": [
      "span"
    ],
    "closes": [],
    "duty": [],
    "due": [
      {
        "what": "companion:netif_deliver_oob.exit[ret==1]",
        "by": [
          "span"
        ],
        "unless": "frame_end"
      }
    ],
    "denies": [
      {
        "what": "companion:netif_deliver_oob.exit[ret==0]",
        "by": [
          "span"
        ]
      },
      {
        "what": "companion:netif_receive_oob.exit[ret==0]",
        "by": [
          "span"
        ]
      }
    ],
    "never": false,
    "source": "seed 003, netif_deliver_oob; facts/dovetail 6.2, 6.3",
    "doc": "The core has taken a frame; its receive thread handles it.",
    "fields": [
      {
        "name": "dev",
        "kind": "string",
        "doc": "The device."
      },
      {
        "name": "frame",
        "kind": "uint64",
        "doc": "The frame."
      },
      {
        "name": "bytes",
        "kind": "uint64",
        "doc": "The length of what it carries."
      },
      {
        "name": "ethertype",
        "kind": "uint32",
        "doc": "What it carries: 2048 for IPv4."
      }
    ]
  },
  "oob_deferred": {
    "name": "oob_deferred",
    "by": [
      "nic"
    ],
    "stage": "oob",
    "slice": [
      "dev",
      "frame"
    ],
    "inside": [],
    "after": [
      {
        "what": "frame_receive",
        "by": [
          "span"
        ]
      },
      {
        "what": "netif_deliver_oob.exit[ret==0]|netif_deliver_oob.exit[lost!=\"\"]",
        "by": [
          "around"
        ]
      }
    ],
    "notAfter": [],
    "once": [],
    "closes": [
      {
        "what": "frame_receive|frame_fault[kind==duplicate]",
        "by": [
          "span"
        ]
      }
    ],
    "duty": [
      {
        "what": "frame_send|frame_end",
        "by": [
          "around"
        ]
      }
    ],
    "due": [],
    "denies": [],
    "never": false,
    "source": "facts/dovetail 5.2",
    "doc": "The core does not want the frame: it waits for the in-band stage.",
    "fields": [
      {
        "name": "dev",
        "kind": "string",
        "doc": "The device."
      },
      {
        "name": "frame",
        "kind": "uint64",
        "doc": "The frame."
      },
      {
        "name": "why",
        "kind": "string",
        "doc": "Whether the core refused it, or the question was lost."
      }
    ]
  },
  "oob_deliver": {
    "name": "oob_deliver",
    "by": [
      "companion"
    ],
    "stage": "oob",
    "slice": [
      "frame",
      "sk"
    ],
    "inside": [],
    "after": [
      {
        "what": "oob_accept",
        "by": [
          "frame"
        ]
      },
      {
        "what": "sk_attach",
        "by": [
          "sk"
        ],
        "until": "sk_free"
      }
    ],
    "notAfter": [
      {
        "what": "oob_deliver",
        "by": [
          "span",
          "sk"
        ]
      }
    ],
    "once": [],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "facts/dovetail 6.3",
    "doc": "A receiver gets a frame, or the datagram whose last piece it is: the thing itself, or a clone.",
    "fields": [
      {
        "name": "frame",
        "kind": "uint64",
        "doc": "The frame."
      },
      {
        "name": "sk",
        "kind": "uint64",
        "doc": "The INET socket."
      },
      {
        "name": "how",
        "kind": "string",
        "doc": "`exclusive`: nobody else gets it; `clone`: others may."
      },
      {
        "name": "by",
        "kind": "string",
        "doc": "Which rule: `all`, `ip`, `unicast` or `multicast`."
      }
    ]
  },
  "oob_deny": {
    "name": "oob_deny",
    "by": [
      "companion"
    ],
    "stage": "oob",
    "slice": [
      "frame",
      "sk"
    ],
    "inside": [],
    "after": [
      {
        "what": "oob_accept",
        "by": [
          "frame"
        ]
      }
    ],
    "notAfter": [],
    "once": [],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "facts/dovetail 6.3: receive room; clone failure wakes that receiver with no memory",
    "doc": "A receiver that a frame is for does not get it: it has no room, or there is no memory for a clone.",
    "fields": [
      {
        "name": "frame",
        "kind": "uint64",
        "doc": "The frame."
      },
      {
        "name": "sk",
        "kind": "uint64",
        "doc": "The INET socket."
      },
      {
        "name": "by",
        "kind": "string",
        "doc": "Which rule: `all`, `ip`, `unicast` or `multicast`."
      },
      {
        "name": "why",
        "kind": "string",
        "doc": "`room` or `memory`."
      }
    ]
  },
  "oob_enter": {
    "name": "oob_enter",
    "by": [
      "companion"
    ],
    "stage": "oob",
    "slice": [
      "files",
      "fd",
      "file",
      "task"
    ],
    "inside": [
      "oob_read",
      "oob_write",
      "oob_ioctl",
      "oob_recvmsg",
      "oob_sendmsg"
    ],
    "after": [
      {
        "what": "index_add|index_repoint",
        "by": [
          "files",
          "fd"
        ],
        "until": "index_remove"
      },
      {
        "what": "sk_attach|efile_open",
        "by": [
          "file"
        ],
        "until": "efile_free"
      },
      {
        "what": "thread_attach",
        "by": [
          "task"
        ],
        "until": "thread_detach"
      }
    ],
    "notAfter": [
      {
        "what": "crossing_pass|efile_free",
        "by": [
          "file"
        ]
      }
    ],
    "once": [
      "span"
    ],
    "closes": [],
    "duty": [],
    "due": [
      {
        "what": "companion:oob_read.exit[ret>=0]",
        "by": [
          "span"
        ]
      },
      {
        "what": "companion:oob_write.exit[ret>=0]",
        "by": [
          "span"
        ]
      },
      {
        "what": "companion:oob_ioctl.exit[ret>=0]",
        "by": [
          "span"
        ]
      },
      {
        "what": "companion:oob_recvmsg.exit[ret>=0]",
        "by": [
          "span"
        ]
      },
      {
        "what": "companion:oob_sendmsg.exit[ret>=0]",
        "by": [
          "span"
        ]
      }
    ],
    "denies": [
      {
        "what": "companion:oob_read.exit[ret==EPERM]",
        "by": [
          "span"
        ]
      },
      {
        "what": "companion:oob_write.exit[ret==EPERM]",
        "by": [
          "span"
        ]
      },
      {
        "what": "companion:oob_ioctl.exit[ret==EPERM]",
        "by": [
          "span"
        ]
      },
      {
        "what": "companion:oob_recvmsg.exit[ret==EPERM]",
        "by": [
          "span"
        ]
      },
      {
        "what": "companion:oob_sendmsg.exit[ret==EPERM]",
        "by": [
          "span"
        ]
      }
    ],
    "never": false,
    "always": "inside>=1",
    "source": "facts/dovetail 2.9, 4.1",
    "doc": "An out-of-band call is inside a file: no release of the file ends before it has left.",
    "fields": [
      {
        "name": "files",
        "kind": "uint64",
        "doc": "The file table."
      },
      {
        "name": "fd",
        "kind": "uint64",
        "doc": "The descriptor."
      },
      {
        "name": "file",
        "kind": "uint64",
        "doc": "The open file."
      },
      {
        "name": "task",
        "kind": "string",
        "doc": "The task."
      },
      {
        "name": "inside",
        "kind": "uint64",
        "doc": "How many are inside the file now."
      }
    ]
  },
  "oob_hold": {
    "name": "oob_hold",
    "by": [
      "companion"
    ],
    "stage": "oob",
    "slice": [
      "dev",
      "frame"
    ],
    "inside": [],
    "after": [
      {
        "what": "oob_accept",
        "by": [
          "frame"
        ]
      }
    ],
    "notAfter": [],
    "once": [
      "span"
    ],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "facts/dovetail 6.3: fragments go to the reassembler",
    "doc": "A piece of a datagram waits for the others.",
    "fields": [
      {
        "name": "dev",
        "kind": "string",
        "doc": "The device."
      },
      {
        "name": "frame",
        "kind": "uint64",
        "doc": "The frame."
      }
    ]
  },
  "oob_lapse": {
    "name": "oob_lapse",
    "by": [
      "vfs",
      "inband",
      "companion"
    ],
    "stage": "inband",
    "slice": [
      "file",
      "sk",
      "dev"
    ],
    "inside": [
      "file_core_ready",
      "sock_core_ready",
      "oob_nic_ready"
    ],
    "after": [],
    "notAfter": [],
    "once": [],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "the restart of a house",
    "doc": "A file, a socket or a device goes on without what a core that is gone had given it.",
    "fields": [
      {
        "name": "file",
        "kind": "uint64",
        "doc": "The open file."
      },
      {
        "name": "sk",
        "kind": "uint64",
        "doc": "The INET socket."
      },
      {
        "name": "dev",
        "kind": "string",
        "doc": "The device."
      },
      {
        "name": "why",
        "kind": "string",
        "doc": "Why."
      }
    ]
  },
  "oob_offload": {
    "name": "oob_offload",
    "by": [
      "companion"
    ],
    "stage": "inband",
    "slice": [
      "sk"
    ],
    "inside": [],
    "after": [
      {
        "what": "sk_attach",
        "by": [
          "sk"
        ],
        "until": "sk_free"
      }
    ],
    "notAfter": [],
    "once": [
      "span"
    ],
    "closes": [],
    "duty": [
      {
        "what": "oob_offload_end",
        "by": [
          "span"
        ]
      },
      {
        "what": "inband_offload_sendmsg.enter",
        "by": [
          "around"
        ]
      }
    ],
    "due": [],
    "denies": [],
    "never": false,
    "source": "facts/dovetail 6.4",
    "doc": "The core hands a datagram to an in-band worker, which sends it through the in-band stack. The work bears the span of\nthis fact.",
    "fields": [
      {
        "name": "sk",
        "kind": "uint64",
        "doc": "The INET socket."
      },
      {
        "name": "bytes",
        "kind": "uint64",
        "doc": "How many."
      }
    ]
  },
  "oob_offload_end": {
    "name": "oob_offload_end",
    "by": [
      "companion"
    ],
    "stage": "inband",
    "slice": [
      "sk"
    ],
    "inside": [],
    "after": [
      {
        "what": "oob_offload",
        "by": [
          "span"
        ]
      },
      {
        "what": "inband_offload_sendmsg.exit",
        "by": [
          "around"
        ]
      }
    ],
    "notAfter": [],
    "once": [
      "span"
    ],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "facts/dovetail 6.4",
    "doc": "The in-band worker is done with a datagram.",
    "fields": [
      {
        "name": "sk",
        "kind": "uint64",
        "doc": "The INET socket."
      },
      {
        "name": "bytes",
        "kind": "uint64",
        "doc": "How many were sent."
      },
      {
        "name": "errno",
        "kind": "string",
        "doc": "What it was refused with."
      }
    ]
  },
  "oob_port": {
    "name": "oob_port",
    "by": [
      "inband"
    ],
    "stage": "inband",
    "slice": [
      "dev"
    ],
    "inside": [
      "net_oob_port",
      "net_link_down",
      "net_link_del",
      "sock_core_ready"
    ],
    "after": [
      {
        "what": "netif_oob_switch_port.exit",
        "by": [
          "around"
        ]
      },
      {
        "what": "port_enable",
        "by": [
          "dev"
        ],
        "until": "port_disable",
        "when": "oob_port[enabled==true]"
      }
    ],
    "notAfter": [],
    "once": [],
    "closes": [],
    "duty": [],
    "due": [
      {
        "what": "inband:net_oob_port.exit[ret==0]",
        "by": [
          "span"
        ],
        "unless": "inband:net_oob_port.enter[enabled==false]"
      }
    ],
    "denies": [
      {
        "what": "inband:net_oob_port.exit[ret<0]",
        "by": [
          "span"
        ]
      }
    ],
    "never": false,
    "source": "facts/dovetail 6.1",
    "doc": "A device is an out-of-band port from now on, or none any more.",
    "fields": [
      {
        "name": "dev",
        "kind": "string",
        "doc": "The device."
      },
      {
        "name": "enabled",
        "kind": "bool",
        "doc": "Whether it is one now."
      }
    ]
  },
  "oob_queue": {
    "name": "oob_queue",
    "by": [
      "companion"
    ],
    "stage": "oob",
    "slice": [
      "sk"
    ],
    "inside": [],
    "after": [],
    "notAfter": [],
    "once": [],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "facts/dovetail 6.3: the first candidate with receive room",
    "doc": "A message has arrived for a socket in which nobody waits for one.",
    "fields": [
      {
        "name": "sk",
        "kind": "uint64",
        "doc": "The INET socket."
      },
      {
        "name": "bytes",
        "kind": "uint64",
        "doc": "The length of the message."
      }
    ]
  },
  "oob_renew": {
    "name": "oob_renew",
    "by": [
      "vfs",
      "inband"
    ],
    "stage": "inband",
    "slice": [
      "file",
      "sk"
    ],
    "inside": [
      "file_core_ready",
      "sock_core_ready"
    ],
    "after": [
      {
        "what": "oob_open_file.exit[ret>=0]|sock_map_file.exit[ret>=0]|sock_oob_attach.exit[ret>=0]",
        "by": [
          "trace"
        ]
      }
    ],
    "notAfter": [
      {
        "what": "oob_renew|oob_lapse",
        "by": [
          "around",
          "file"
        ]
      },
      {
        "what": "oob_renew|oob_lapse",
        "by": [
          "around",
          "sk"
        ]
      }
    ],
    "once": [],
    "closes": [],
    "duty": [],
    "due": [
      {
        "what": "inband:sock_core_ready.exit",
        "by": [
          "around",
          "sk"
        ],
        "unless": "not once sock_oob_attach.enter or once oob_lapse or count(place_down[house==companion]) > 1"
      },
      {
        "what": "vfs:file_core_ready.exit",
        "by": [
          "around",
          "file"
        ],
        "unless": "not once oob_open_file.enter or once oob_lapse or count(place_down[house==companion]) > 1"
      }
    ],
    "denies": [],
    "never": false,
    "source": "facts/dovetail 4.1; the restart of a core",
    "doc": "A core that took the place of another one gave a file, or a socket, a context.",
    "fields": [
      {
        "name": "file",
        "kind": "uint64",
        "doc": "The open file."
      },
      {
        "name": "sk",
        "kind": "uint64",
        "doc": "The INET socket."
      },
      {
        "name": "oob_data",
        "kind": "uint64",
        "doc": "The out-of-band context; 0 for none."
      }
    ]
  },
  "oob_taken": {
    "name": "oob_taken",
    "by": [
      "nic"
    ],
    "stage": "either",
    "slice": [
      "dev",
      "frame"
    ],
    "inside": [],
    "after": [
      {
        "what": "frame_receive",
        "by": [
          "span"
        ]
      },
      {
        "what": "netif_deliver_oob.exit[ret==1]",
        "by": [
          "around"
        ]
      }
    ],
    "notAfter": [],
    "once": [],
    "closes": [
      {
        "what": "frame_receive|frame_fault[kind==duplicate]",
        "by": [
          "span"
        ]
      }
    ],
    "duty": [
      {
        "what": "napi_complete",
        "by": [
          "dev"
        ]
      }
    ],
    "due": [],
    "denies": [],
    "never": false,
    "source": "seed 003, netif_deliver_oob; facts/dovetail 5.2",
    "doc": "The core has the frame: it never goes to the in-band stack.",
    "fields": [
      {
        "name": "dev",
        "kind": "string",
        "doc": "The device."
      },
      {
        "name": "frame",
        "kind": "uint64",
        "doc": "The frame."
      }
    ]
  },
  "oob_wait": {
    "name": "oob_wait",
    "by": [
      "companion"
    ],
    "stage": "oob",
    "slice": [
      "files",
      "fd",
      "sk",
      "file",
      "task"
    ],
    "inside": [
      "oob_read",
      "oob_write",
      "sock_oob_ioctl"
    ],
    "after": [
      {
        "what": "sk_attach|efile_open",
        "by": [
          "file"
        ],
        "until": "efile_free"
      }
    ],
    "notAfter": [],
    "once": [],
    "closes": [],
    "duty": [
      {
        "what": "oob_wake",
        "by": [
          "file",
          "task"
        ],
        "before": "companion:oob_read.exit|companion:oob_write.exit|companion:sock_oob_ioctl.exit",
        "unless": "*.exit[lost!=\"\"]"
      }
    ],
    "due": [],
    "denies": [],
    "never": false,
    "source": "facts/dovetail 2.9, 6.6",
    "doc": "A thread falls asleep in the core: it waits for bytes, a message, or room.",
    "fields": [
      {
        "name": "files",
        "kind": "uint64",
        "doc": "The file table."
      },
      {
        "name": "fd",
        "kind": "uint64",
        "doc": "The descriptor."
      },
      {
        "name": "sk",
        "kind": "uint64",
        "doc": "The INET socket."
      },
      {
        "name": "file",
        "kind": "uint64",
        "doc": "The open file."
      },
      {
        "name": "task",
        "kind": "string",
        "doc": "The task."
      },
      {
        "name": "count",
        "kind": "uint64",
        "doc": "How many bytes it wants."
      },
      {
        "name": "priority",
        "kind": "uint64",
        "doc": "The priority that counts among those who wait in a socket."
      },
      {
        "name": "times",
        "kind": "bool",
        "doc": "Whether it waits for the times of what it has sent, and not for a message."
      }
    ]
  },
  "oob_wake": {
    "name": "oob_wake",
    "by": [
      "companion"
    ],
    "stage": "either",
    "slice": [
      "files",
      "fd",
      "sk",
      "file",
      "task"
    ],
    "inside": [],
    "after": [],
    "notAfter": [],
    "once": [],
    "closes": [
      {
        "what": "oob_wait",
        "by": [
          "file",
          "task"
        ]
      }
    ],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "facts/dovetail 2.9, 6.6",
    "doc": "A thread is woken. It bears the span of who wakes it.",
    "fields": [
      {
        "name": "files",
        "kind": "uint64",
        "doc": "The file table."
      },
      {
        "name": "fd",
        "kind": "uint64",
        "doc": "The descriptor."
      },
      {
        "name": "sk",
        "kind": "uint64",
        "doc": "The INET socket."
      },
      {
        "name": "file",
        "kind": "uint64",
        "doc": "The open file."
      },
      {
        "name": "task",
        "kind": "string",
        "doc": "The task."
      },
      {
        "name": "bytes",
        "kind": "uint64",
        "doc": "How many it gets."
      },
      {
        "name": "errno",
        "kind": "string",
        "doc": "What it is refused with."
      },
      {
        "name": "priority",
        "kind": "uint64",
        "doc": "The priority that counted among those who waited in a socket."
      },
      {
        "name": "times",
        "kind": "bool",
        "doc": "Whether it waited for the times of what it has sent, and not for a message."
      }
    ]
  },
  "oob_xmit": {
    "name": "oob_xmit",
    "by": [
      "companion"
    ],
    "stage": "oob",
    "slice": [
      "sk",
      "dev",
      "frame"
    ],
    "inside": [],
    "after": [
      {
        "what": "sk_attach",
        "by": [
          "sk"
        ],
        "until": "sk_free"
      },
      {
        "what": "tx_queue",
        "by": [
          "frame"
        ],
        "until": "tx_done"
      },
      {
        "what": "frame_send",
        "by": [
          "frame"
        ],
        "when": "oob_xmit[path!=loopback]"
      }
    ],
    "notAfter": [],
    "once": [
      "frame"
    ],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "facts/dovetail 5.6, 6.4",
    "doc": "The core has given a frame of a socket to its device, on the out-of-band stage.",
    "fields": [
      {
        "name": "sk",
        "kind": "uint64",
        "doc": "The INET socket."
      },
      {
        "name": "dev",
        "kind": "string",
        "doc": "The device."
      },
      {
        "name": "frame",
        "kind": "uint64",
        "doc": "The frame."
      },
      {
        "name": "path",
        "kind": "string",
        "doc": "How: full, partial, or loopback."
      },
      {
        "name": "bytes",
        "kind": "uint64",
        "doc": "Its length."
      }
    ]
  },
  "peer_refused": {
    "name": "peer_refused",
    "by": [
      "any"
    ],
    "stage": "either",
    "slice": [],
    "inside": [],
    "after": [],
    "notAfter": [],
    "once": [],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "untriggered": "in simulation nobody listens",
    "source": "the fleet, mutual TLS",
    "doc": "Somebody who may not speak to a house tried to.",
    "fields": [
      {
        "name": "address",
        "kind": "string",
        "doc": "Where somebody connected."
      },
      {
        "name": "peer",
        "kind": "string",
        "doc": "From where."
      },
      {
        "name": "why",
        "kind": "string",
        "doc": "Why it was refused."
      },
      {
        "name": "untold",
        "kind": "uint64",
        "doc": "How many refusals before were not told."
      }
    ]
  },
  "peer_wait": {
    "name": "peer_wait",
    "by": [
      "companion"
    ],
    "stage": "oob",
    "slice": [
      "sk",
      "file",
      "task"
    ],
    "inside": [
      "sock_oob_ioctl",
      "oob_write"
    ],
    "after": [
      {
        "what": "sk_attach",
        "by": [
          "sk"
        ],
        "until": "sk_free"
      }
    ],
    "notAfter": [],
    "once": [],
    "closes": [],
    "duty": [
      {
        "what": "peer_wake",
        "by": [
          "file",
          "task"
        ],
        "before": "companion:oob_write.exit|companion:sock_oob_ioctl.exit",
        "unless": "*.exit[lost!=\"\"]"
      }
    ],
    "due": [],
    "denies": [],
    "never": false,
    "source": "services/companion/protocols/oobpipe.ts",
    "doc": "A thread waits until the socket that it sends to has room.",
    "fields": [
      {
        "name": "sk",
        "kind": "uint64",
        "doc": "The INET socket that sends."
      },
      {
        "name": "file",
        "kind": "uint64",
        "doc": "The open file."
      },
      {
        "name": "task",
        "kind": "string",
        "doc": "The task."
      },
      {
        "name": "priority",
        "kind": "uint64",
        "doc": "The thread's priority."
      },
      {
        "name": "port",
        "kind": "uint64",
        "doc": "The port that it sends to."
      }
    ]
  },
  "peer_wake": {
    "name": "peer_wake",
    "by": [
      "companion"
    ],
    "stage": "either",
    "slice": [
      "sk",
      "file",
      "task"
    ],
    "inside": [],
    "after": [],
    "notAfter": [],
    "once": [],
    "closes": [
      {
        "what": "peer_wait",
        "by": [
          "file",
          "task"
        ]
      }
    ],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "services/companion/protocols/oobpipe.ts",
    "doc": "A thread that waited for room is woken: its message was taken, or nothing will come of it.",
    "fields": [
      {
        "name": "sk",
        "kind": "uint64",
        "doc": "The INET socket that sends."
      },
      {
        "name": "file",
        "kind": "uint64",
        "doc": "The open file."
      },
      {
        "name": "task",
        "kind": "string",
        "doc": "The task."
      },
      {
        "name": "priority",
        "kind": "uint64",
        "doc": "The thread's priority."
      },
      {
        "name": "errno",
        "kind": "string",
        "doc": "What it is refused with."
      }
    ]
  },
  "place_down": {
    "name": "place_down",
    "by": [
      "task"
    ],
    "stage": "inband",
    "slice": [],
    "inside": [],
    "after": [],
    "notAfter": [
      {
        "what": "place_down",
        "by": [
          "place"
        ],
        "until": "place_up"
      }
    ],
    "once": [],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "the runtime, blows",
    "doc": "A place of the world is gone: a house or a switch.",
    "fields": [
      {
        "name": "place",
        "kind": "string",
        "doc": "The place."
      },
      {
        "name": "why",
        "kind": "string",
        "doc": "Why it went."
      },
      {
        "name": "house",
        "kind": "string",
        "doc": "Which house of a node it is: `vfs`, `inband`, `companion`, `nic`; or `switch`."
      }
    ]
  },
  "place_up": {
    "name": "place_up",
    "by": [
      "task"
    ],
    "stage": "inband",
    "slice": [],
    "inside": [],
    "after": [],
    "notAfter": [
      {
        "what": "place_up",
        "by": [
          "place"
        ],
        "until": "place_down"
      }
    ],
    "once": [],
    "closes": [
      {
        "what": "place_down",
        "by": [
          "place"
        ]
      }
    ],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "the runtime, blows",
    "doc": "A place that was gone is there again, with a clean slate.",
    "fields": [
      {
        "name": "place",
        "kind": "string",
        "doc": "The place."
      },
      {
        "name": "incarnation",
        "kind": "uint64",
        "doc": "Which life of it begins."
      },
      {
        "name": "house",
        "kind": "string",
        "doc": "Which house of a node it is, as in place_down."
      }
    ]
  },
  "poll_wait": {
    "name": "poll_wait",
    "by": [
      "companion"
    ],
    "stage": "oob",
    "slice": [
      "files",
      "fd",
      "file",
      "task"
    ],
    "inside": [
      "oob_poll"
    ],
    "after": [
      {
        "what": "sk_attach|efile_open",
        "by": [
          "file"
        ],
        "until": "efile_free"
      },
      {
        "what": "index_add|index_repoint",
        "by": [
          "files",
          "fd"
        ],
        "until": "index_remove"
      }
    ],
    "notAfter": [],
    "once": [
      "span"
    ],
    "closes": [],
    "duty": [
      {
        "what": "poll_wake",
        "by": [
          "files",
          "fd",
          "task"
        ],
        "before": "companion:oob_poll.exit",
        "unless": "*.exit[lost!=\"\"]"
      }
    ],
    "due": [],
    "denies": [],
    "never": false,
    "source": "facts/dovetail 3.3",
    "doc": "A thread polls a descriptor, and falls asleep.",
    "fields": [
      {
        "name": "files",
        "kind": "uint64",
        "doc": "The file table."
      },
      {
        "name": "fd",
        "kind": "uint64",
        "doc": "The descriptor."
      },
      {
        "name": "file",
        "kind": "uint64",
        "doc": "The open file."
      },
      {
        "name": "task",
        "kind": "string",
        "doc": "The task."
      },
      {
        "name": "events",
        "kind": "uint64",
        "doc": "What for."
      }
    ]
  },
  "poll_wake": {
    "name": "poll_wake",
    "by": [
      "companion"
    ],
    "stage": "either",
    "slice": [
      "files",
      "fd",
      "file",
      "task"
    ],
    "inside": [],
    "after": [],
    "notAfter": [],
    "once": [],
    "closes": [
      {
        "what": "poll_wait",
        "by": [
          "files",
          "fd",
          "task"
        ]
      }
    ],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "facts/dovetail 3.3; seed 002, uninstall_inband_fd",
    "doc": "A thread that polls is woken. It bears the span of who wakes it.",
    "fields": [
      {
        "name": "files",
        "kind": "uint64",
        "doc": "The file table."
      },
      {
        "name": "fd",
        "kind": "uint64",
        "doc": "The descriptor."
      },
      {
        "name": "file",
        "kind": "uint64",
        "doc": "The open file."
      },
      {
        "name": "task",
        "kind": "string",
        "doc": "The task."
      },
      {
        "name": "revents",
        "kind": "uint64",
        "doc": "What it gets."
      },
      {
        "name": "errno",
        "kind": "string",
        "doc": "What it is refused with."
      }
    ]
  },
  "pool_empty": {
    "name": "pool_empty",
    "by": [
      "companion"
    ],
    "stage": "oob",
    "slice": [
      "dev",
      "sk"
    ],
    "inside": [
      "sock_oob_ioctl",
      "oob_write"
    ],
    "after": [],
    "notAfter": [],
    "once": [
      "span"
    ],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [
      {
        "what": "companion:sock_oob_ioctl.exit[ret==0]",
        "by": [
          "span"
        ]
      },
      {
        "what": "companion:oob_write.exit[ret>=0]",
        "by": [
          "span"
        ]
      }
    ],
    "never": false,
    "source": "facts/dovetail 6.6, 6.7",
    "doc": "No buffer is free, or not as many as are needed, and the sender must not wait.",
    "fields": [
      {
        "name": "dev",
        "kind": "string",
        "doc": "The real device."
      },
      {
        "name": "sk",
        "kind": "uint64",
        "doc": "The INET socket."
      },
      {
        "name": "free",
        "kind": "uint64",
        "doc": "How many are free."
      },
      {
        "name": "wanted",
        "kind": "uint64",
        "doc": "How many are needed."
      }
    ]
  },
  "pool_purge": {
    "name": "pool_purge",
    "by": [
      "companion"
    ],
    "stage": "inband",
    "slice": [
      "dev"
    ],
    "inside": [
      "netif_oob_switch_port",
      "oob_inband_ready"
    ],
    "after": [
      {
        "what": "tx_stop",
        "by": [
          "dev"
        ],
        "until": "tx_start"
      }
    ],
    "notAfter": [],
    "once": [],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "always": "taken==0",
    "source": "facts/dovetail 6.1",
    "doc": "The buffers of a real device are given back to the system.",
    "fields": [
      {
        "name": "dev",
        "kind": "string",
        "doc": "The real device."
      },
      {
        "name": "buffers",
        "kind": "uint64",
        "doc": "How many buffers there were."
      },
      {
        "name": "taken",
        "kind": "uint64",
        "doc": "How many of them somebody has: none."
      }
    ]
  },
  "pool_wait": {
    "name": "pool_wait",
    "by": [
      "companion"
    ],
    "stage": "oob",
    "slice": [
      "dev",
      "sk",
      "file",
      "task"
    ],
    "inside": [
      "sock_oob_ioctl",
      "oob_write"
    ],
    "after": [
      {
        "what": "tx_start",
        "by": [
          "dev"
        ],
        "until": "tx_stop"
      }
    ],
    "notAfter": [],
    "once": [],
    "closes": [],
    "duty": [
      {
        "what": "pool_wake",
        "by": [
          "dev",
          "file",
          "task"
        ],
        "before": "companion:oob_write.exit|companion:sock_oob_ioctl.exit",
        "unless": "*.exit[lost!=\"\"]"
      }
    ],
    "due": [],
    "denies": [],
    "never": false,
    "source": "facts/dovetail 6.7",
    "doc": "A thread waits for a buffer of a real device's pool.",
    "fields": [
      {
        "name": "dev",
        "kind": "string",
        "doc": "The real device."
      },
      {
        "name": "sk",
        "kind": "uint64",
        "doc": "The INET socket."
      },
      {
        "name": "file",
        "kind": "uint64",
        "doc": "The open file."
      },
      {
        "name": "task",
        "kind": "string",
        "doc": "The task."
      },
      {
        "name": "priority",
        "kind": "uint64",
        "doc": "The thread's priority: 1 to 99, or 0."
      }
    ]
  },
  "pool_wake": {
    "name": "pool_wake",
    "by": [
      "companion"
    ],
    "stage": "either",
    "slice": [
      "dev",
      "sk",
      "file",
      "task"
    ],
    "inside": [],
    "after": [],
    "notAfter": [],
    "once": [],
    "closes": [
      {
        "what": "pool_wait",
        "by": [
          "dev",
          "file",
          "task"
        ]
      }
    ],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "facts/dovetail 6.7",
    "doc": "A thread that waited for a buffer has one, or waits no longer. It bears the span of who wakes it.",
    "fields": [
      {
        "name": "dev",
        "kind": "string",
        "doc": "The real device."
      },
      {
        "name": "sk",
        "kind": "uint64",
        "doc": "The INET socket."
      },
      {
        "name": "file",
        "kind": "uint64",
        "doc": "The open file."
      },
      {
        "name": "task",
        "kind": "string",
        "doc": "The task."
      },
      {
        "name": "priority",
        "kind": "uint64",
        "doc": "The thread's priority."
      },
      {
        "name": "errno",
        "kind": "string",
        "doc": "What it is refused with."
      },
      {
        "name": "granted",
        "kind": "bool",
        "doc": "Whether it has a buffer."
      }
    ]
  },
  "port_disable": {
    "name": "port_disable",
    "by": [
      "companion"
    ],
    "stage": "inband",
    "slice": [
      "dev"
    ],
    "inside": [
      "netif_oob_switch_port",
      "oob_inband_ready"
    ],
    "after": [
      {
        "what": "port_enable",
        "by": [
          "dev"
        ],
        "until": "port_disable"
      }
    ],
    "notAfter": [],
    "once": [],
    "closes": [
      {
        "what": "port_enable",
        "by": [
          "dev"
        ]
      }
    ],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "facts/dovetail 6.1",
    "doc": "A device is no port any more: nobody uses it.",
    "fields": [
      {
        "name": "dev",
        "kind": "string",
        "doc": "The device."
      },
      {
        "name": "real",
        "kind": "string",
        "doc": "The real device."
      }
    ]
  },
  "port_enable": {
    "name": "port_enable",
    "by": [
      "companion"
    ],
    "stage": "inband",
    "slice": [
      "dev"
    ],
    "inside": [
      "netif_oob_switch_port"
    ],
    "after": [],
    "notAfter": [
      {
        "what": "port_enable",
        "by": [
          "dev"
        ],
        "until": "port_disable"
      }
    ],
    "once": [
      "span"
    ],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [
      {
        "what": "companion:netif_oob_switch_port.exit[ret<0]",
        "by": [
          "span"
        ]
      }
    ],
    "never": false,
    "source": "facts/dovetail 6.1",
    "doc": "A device is an out-of-band port: the core receives and sends on it.",
    "fields": [
      {
        "name": "dev",
        "kind": "string",
        "doc": "The device."
      },
      {
        "name": "real",
        "kind": "string",
        "doc": "The real device."
      },
      {
        "name": "vlan",
        "kind": "uint64",
        "doc": "The VLAN; 0 for none."
      },
      {
        "name": "path",
        "kind": "string",
        "doc": "How it transmits: full, partial, or loopback."
      }
    ]
  },
  "port_wait": {
    "name": "port_wait",
    "by": [
      "companion"
    ],
    "stage": "inband",
    "slice": [
      "dev"
    ],
    "inside": [
      "netif_oob_switch_port",
      "oob_inband_ready"
    ],
    "after": [
      {
        "what": "port_enable",
        "by": [
          "dev"
        ],
        "until": "port_disable"
      }
    ],
    "notAfter": [],
    "once": [],
    "closes": [],
    "duty": [
      {
        "what": "port_disable",
        "by": [
          "dev"
        ]
      }
    ],
    "due": [],
    "denies": [],
    "never": false,
    "always": "inside>=1",
    "source": "facts/dovetail 6.1",
    "doc": "Whoever ends a port waits until nobody uses it.",
    "fields": [
      {
        "name": "dev",
        "kind": "string",
        "doc": "The device."
      },
      {
        "name": "inside",
        "kind": "uint64",
        "doc": "How many use it."
      }
    ]
  },
  "relay_xmit": {
    "name": "relay_xmit",
    "by": [
      "inband"
    ],
    "stage": "inband",
    "slice": [
      "dev",
      "frame"
    ],
    "inside": [],
    "after": [
      {
        "what": "frame_receive",
        "by": [
          "span"
        ]
      }
    ],
    "notAfter": [],
    "once": [
      "span"
    ],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "facts/dovetail 5.6",
    "doc": "A frame of the core is sent by the in-band stack, whose driver alone can.",
    "fields": [
      {
        "name": "dev",
        "kind": "string",
        "doc": "The device."
      },
      {
        "name": "frame",
        "kind": "uint64",
        "doc": "The frame."
      }
    ]
  },
  "remote_parent": {
    "name": "remote_parent",
    "by": [
      "any"
    ],
    "stage": "either",
    "slice": [],
    "inside": [],
    "after": [
      {
        "what": "*.enter",
        "by": [
          "span"
        ]
      }
    ],
    "notAfter": [],
    "once": [
      "span"
    ],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "untriggered": "experiments are called by nobody from outside",
    "source": "design, section 3",
    "doc": "The trace of a call was begun by somebody who does not number spans as we do.",
    "fields": [
      {
        "name": "header",
        "kind": "string",
        "doc": "The header `traceparent` of the call."
      }
    ]
  },
  "repeated": {
    "name": "repeated",
    "by": [
      "any"
    ],
    "stage": "either",
    "slice": [
      "fd",
      "files",
      "file",
      "sock",
      "sk",
      "dev",
      "ks",
      "stream",
      "task"
    ],
    "inside": [],
    "after": [],
    "notAfter": [],
    "once": [],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "the boundary, memory of invocation ids",
    "doc": "An invocation that was acted on, or is being acted on, arrives again: it is answered with the first answer.",
    "fields": [
      {
        "name": "point",
        "kind": "string",
        "doc": "The point."
      },
      {
        "name": "id",
        "kind": "uint64",
        "doc": "The invocation id."
      },
      {
        "name": "fd",
        "kind": "uint64",
        "doc": "The descriptor."
      },
      {
        "name": "files",
        "kind": "uint64",
        "doc": "The file table."
      },
      {
        "name": "file",
        "kind": "uint64",
        "doc": "The open file."
      },
      {
        "name": "sock",
        "kind": "uint64",
        "doc": "The BSD socket."
      },
      {
        "name": "sk",
        "kind": "uint64",
        "doc": "The INET socket."
      },
      {
        "name": "dev",
        "kind": "string",
        "doc": "The device."
      },
      {
        "name": "task",
        "kind": "string",
        "doc": "The task."
      },
      {
        "name": "ks",
        "kind": "uint64",
        "doc": "The kernel socket."
      },
      {
        "name": "stream",
        "kind": "string",
        "doc": "The stream of events of kernel sockets."
      }
    ]
  },
  "resource_out": {
    "name": "resource_out",
    "by": [
      "vfs",
      "inband",
      "companion"
    ],
    "stage": "either",
    "slice": [],
    "inside": [],
    "after": [],
    "notAfter": [],
    "once": [],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "facts/experiments 7.2, resource",
    "doc": "A house needs something that has run out, because a fault rule wished it so.",
    "fields": [
      {
        "name": "kind",
        "kind": "string",
        "doc": "What: `kthread`, `memory`, `fd` or `wmem`."
      }
    ]
  },
  "retry": {
    "name": "retry",
    "by": [
      "any"
    ],
    "stage": "either",
    "slice": [
      "fd",
      "files",
      "file",
      "sock",
      "sk",
      "dev",
      "ks",
      "stream",
      "task"
    ],
    "inside": [],
    "after": [
      {
        "what": "*.enter",
        "by": [
          "span"
        ],
        "until": "*.exit"
      }
    ],
    "notAfter": [],
    "once": [
      "span"
    ],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "the boundary, on_lost",
    "doc": "No answer came, and the contract has the caller ask once more, with the same invocation id.",
    "fields": [
      {
        "name": "point",
        "kind": "string",
        "doc": "The point."
      },
      {
        "name": "after",
        "kind": "string",
        "doc": "Why no answer came."
      },
      {
        "name": "fd",
        "kind": "uint64",
        "doc": "The descriptor."
      },
      {
        "name": "files",
        "kind": "uint64",
        "doc": "The file table."
      },
      {
        "name": "file",
        "kind": "uint64",
        "doc": "The open file."
      },
      {
        "name": "sock",
        "kind": "uint64",
        "doc": "The BSD socket."
      },
      {
        "name": "sk",
        "kind": "uint64",
        "doc": "The INET socket."
      },
      {
        "name": "dev",
        "kind": "string",
        "doc": "The device."
      },
      {
        "name": "task",
        "kind": "string",
        "doc": "The task."
      },
      {
        "name": "ks",
        "kind": "uint64",
        "doc": "The kernel socket."
      },
      {
        "name": "stream",
        "kind": "string",
        "doc": "The stream of events of kernel sockets."
      }
    ]
  },
  "ring_mended": {
    "name": "ring_mended",
    "by": [
      "nic"
    ],
    "stage": "inband",
    "slice": [
      "dev"
    ],
    "inside": [],
    "after": [],
    "notAfter": [],
    "once": [],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "facts/rings",
    "doc": "A fault of a ring is over.",
    "fields": [
      {
        "name": "dev",
        "kind": "string",
        "doc": "The device."
      },
      {
        "name": "kind",
        "kind": "string",
        "doc": "What was wrong."
      }
    ]
  },
  "room_wait": {
    "name": "room_wait",
    "by": [
      "companion"
    ],
    "stage": "oob",
    "slice": [
      "sk",
      "file",
      "task"
    ],
    "inside": [
      "sock_oob_ioctl",
      "oob_write"
    ],
    "after": [
      {
        "what": "sk_attach",
        "by": [
          "sk"
        ],
        "until": "sk_free"
      }
    ],
    "notAfter": [],
    "once": [],
    "closes": [],
    "duty": [
      {
        "what": "room_wake",
        "by": [
          "file",
          "task"
        ],
        "before": "companion:oob_write.exit|companion:sock_oob_ioctl.exit",
        "unless": "*.exit[lost!=\"\"]"
      }
    ],
    "due": [],
    "denies": [],
    "never": false,
    "always": "charged>0",
    "source": "facts/dovetail 6.7",
    "doc": "A thread waits until less is charged to its socket.",
    "fields": [
      {
        "name": "sk",
        "kind": "uint64",
        "doc": "The INET socket."
      },
      {
        "name": "file",
        "kind": "uint64",
        "doc": "The open file."
      },
      {
        "name": "task",
        "kind": "string",
        "doc": "The task."
      },
      {
        "name": "priority",
        "kind": "uint64",
        "doc": "The thread's priority."
      },
      {
        "name": "charged",
        "kind": "uint64",
        "doc": "How much is charged to the socket."
      }
    ]
  },
  "room_wake": {
    "name": "room_wake",
    "by": [
      "companion"
    ],
    "stage": "either",
    "slice": [
      "sk",
      "file",
      "task"
    ],
    "inside": [],
    "after": [],
    "notAfter": [],
    "once": [],
    "closes": [
      {
        "what": "room_wait",
        "by": [
          "file",
          "task"
        ]
      }
    ],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "facts/dovetail 6.7",
    "doc": "A thread has room to send, which is charged already, or waits no longer. It bears the span of who wakes it.",
    "fields": [
      {
        "name": "sk",
        "kind": "uint64",
        "doc": "The INET socket."
      },
      {
        "name": "file",
        "kind": "uint64",
        "doc": "The open file."
      },
      {
        "name": "task",
        "kind": "string",
        "doc": "The task."
      },
      {
        "name": "priority",
        "kind": "uint64",
        "doc": "The thread's priority."
      },
      {
        "name": "errno",
        "kind": "string",
        "doc": "What it is refused with."
      },
      {
        "name": "granted",
        "kind": "bool",
        "doc": "Whether it has room."
      }
    ]
  },
  "route_change": {
    "name": "route_change",
    "by": [
      "inband"
    ],
    "stage": "inband",
    "slice": [
      "dev"
    ],
    "inside": [
      "net_route_add",
      "net_route_del"
    ],
    "after": [],
    "notAfter": [],
    "once": [
      "span"
    ],
    "closes": [],
    "duty": [],
    "due": [
      {
        "what": "inband:net_route_add.exit[ret==0]",
        "by": [
          "span"
        ]
      },
      {
        "what": "inband:net_route_del.exit[ret==0]",
        "by": [
          "span"
        ]
      }
    ],
    "denies": [
      {
        "what": "inband:net_route_add.exit[ret<0]",
        "by": [
          "span"
        ]
      },
      {
        "what": "inband:net_route_del.exit[ret<0]",
        "by": [
          "span"
        ]
      }
    ],
    "never": false,
    "source": "ip-route(8)",
    "doc": "A route was added or removed.",
    "fields": [
      {
        "name": "dev",
        "kind": "string",
        "doc": "The device."
      },
      {
        "name": "what",
        "kind": "string",
        "doc": "What: added or removed."
      },
      {
        "name": "destination",
        "kind": "string",
        "doc": "Where it leads."
      },
      {
        "name": "gateway",
        "kind": "string",
        "doc": "By which gateway."
      },
      {
        "name": "metric",
        "kind": "uint64",
        "doc": "How costly it is."
      }
    ]
  },
  "run_end": {
    "name": "run_end",
    "by": [
      "lab"
    ],
    "stage": "either",
    "slice": [],
    "inside": [],
    "after": [],
    "notAfter": [],
    "once": [],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "facts/experiments 8.1, `trace:end`",
    "doc": "A run is over. It is the last event of its trace.",
    "fields": [
      {
        "name": "quiet",
        "kind": "bool",
        "doc": "Whether the world came to rest: nothing is on its way, and nothing happens any more."
      },
      {
        "name": "waiting",
        "kind": "uint64",
        "doc": "How many calls still wait, because nothing came that they wait for, those included that their callers gave up."
      },
      {
        "name": "still_ns",
        "kind": "uint64",
        "doc": "For how long nothing had happened by then, in nanoseconds of the world's clock."
      }
    ]
  },
  "rx_nomem": {
    "name": "rx_nomem",
    "by": [
      "companion"
    ],
    "stage": "either",
    "slice": [
      "dev",
      "frame"
    ],
    "inside": [
      "netif_deliver_oob",
      "netif_receive_oob"
    ],
    "after": [
      {
        "what": "oob_accept",
        "by": [
          "dev",
          "frame"
        ]
      }
    ],
    "notAfter": [],
    "once": [
      "span"
    ],
    "closes": [],
    "duty": [
      {
        "what": "companion:frame_end[fate==oob_nomem]",
        "by": [
          "frame"
        ],
        "unless": "once place_down[house==companion]"
      }
    ],
    "due": [],
    "denies": [],
    "never": false,
    "source": "facts/dovetail 5.5: netif_rx_nomem_oob",
    "doc": "The pool of a device has no buffer for a frame that came: it is taken and dropped.",
    "fields": [
      {
        "name": "dev",
        "kind": "string",
        "doc": "The device."
      },
      {
        "name": "frame",
        "kind": "uint64",
        "doc": "The frame."
      }
    ]
  },
  "rx_thread_start": {
    "name": "rx_thread_start",
    "by": [
      "companion"
    ],
    "stage": "inband",
    "slice": [
      "dev"
    ],
    "inside": [],
    "after": [],
    "notAfter": [
      {
        "what": "rx_thread_start",
        "by": [
          "dev"
        ],
        "until": "rx_thread_stop"
      }
    ],
    "once": [],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "always": "priority==50",
    "source": "facts/dovetail 6.1: RX thread <dev>.rx, SCHED_FIFO 50",
    "doc": "The receive thread of a real device runs: its input is about to be diverted.",
    "fields": [
      {
        "name": "dev",
        "kind": "string",
        "doc": "The device."
      },
      {
        "name": "thread",
        "kind": "string",
        "doc": "Its name, such as `eth0.rx`."
      },
      {
        "name": "priority",
        "kind": "uint32",
        "doc": "Its priority, SCHED_FIFO."
      }
    ]
  },
  "rx_thread_stop": {
    "name": "rx_thread_stop",
    "by": [
      "companion"
    ],
    "stage": "inband",
    "slice": [
      "dev"
    ],
    "inside": [],
    "after": [
      {
        "what": "rx_thread_start",
        "by": [
          "dev"
        ],
        "until": "rx_thread_stop"
      }
    ],
    "notAfter": [],
    "once": [],
    "closes": [
      {
        "what": "rx_thread_start",
        "by": [
          "dev"
        ]
      }
    ],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "facts/dovetail 6.1: diversion off, then stop the RX thread",
    "doc": "The receive thread of a real device has ended: all that it had to handle is handled.",
    "fields": [
      {
        "name": "dev",
        "kind": "string",
        "doc": "The device."
      }
    ]
  },
  "rx_times": {
    "name": "rx_times",
    "by": [
      "companion"
    ],
    "stage": "oob",
    "slice": [
      "frame",
      "sk"
    ],
    "inside": [],
    "after": [
      {
        "what": "oob_accept",
        "by": [
          "frame"
        ]
      }
    ],
    "notAfter": [],
    "once": [],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "always": "queuing_ns>=0, delivery_ns>=0",
    "source": "facts/dovetail 6.6: device_time, queuing_time, delivery_time",
    "doc": "A frame is stamped: some socket wants to know the times of what it receives.",
    "fields": [
      {
        "name": "frame",
        "kind": "uint64",
        "doc": "The frame."
      },
      {
        "name": "queuing_ns",
        "kind": "int64",
        "doc": "From the device to the receive thread."
      },
      {
        "name": "delivery_ns",
        "kind": "int64",
        "doc": "From there to the socket."
      },
      {
        "name": "sk",
        "kind": "uint64",
        "doc": "The INET socket."
      }
    ]
  },
  "sk_attach": {
    "name": "sk_attach",
    "by": [
      "companion"
    ],
    "stage": "inband",
    "slice": [
      "sk",
      "file"
    ],
    "inside": [
      "sock_oob_attach"
    ],
    "after": [],
    "notAfter": [
      {
        "what": "sk_attach",
        "by": [
          "sk"
        ],
        "until": "sk_destroy"
      },
      {
        "what": "efile_open|sk_attach",
        "by": [
          "file"
        ],
        "until": "efile_free"
      }
    ],
    "once": [
      "span"
    ],
    "closes": [],
    "duty": [],
    "due": [
      {
        "what": "companion:sock_oob_attach.exit[ret==0]",
        "by": [
          "sk"
        ],
        "until": "sk_destroy|place_down[house==companion]"
      }
    ],
    "denies": [
      {
        "what": "companion:sock_oob_attach.exit[ret<0]",
        "by": [
          "span"
        ]
      }
    ],
    "never": false,
    "source": "seed 000, sock_oob_attach; facts/dovetail 2.1, 2.2",
    "doc": "The core has attached to a socket.",
    "fields": [
      {
        "name": "sk",
        "kind": "uint64",
        "doc": "The INET socket."
      },
      {
        "name": "file",
        "kind": "uint64",
        "doc": "The open file."
      },
      {
        "name": "oob_data",
        "kind": "uint64",
        "doc": "The out-of-band context; 0 for none."
      },
      {
        "name": "protocol",
        "kind": "string",
        "doc": "Its protocol: udp, packet or oob."
      }
    ]
  },
  "sk_bind": {
    "name": "sk_bind",
    "by": [
      "companion"
    ],
    "stage": "inband",
    "slice": [
      "sk"
    ],
    "inside": [
      "sock_oob_bind",
      "oob_proto_ops"
    ],
    "after": [
      {
        "what": "sk_attach",
        "by": [
          "sk"
        ],
        "until": "sk_free"
      }
    ],
    "notAfter": [
      {
        "what": "sk_destroy",
        "by": [
          "sk"
        ]
      }
    ],
    "once": [
      "span"
    ],
    "closes": [],
    "duty": [],
    "due": [
      {
        "what": "companion:sock_oob_bind.exit[ret==0]",
        "by": [
          "span"
        ]
      }
    ],
    "denies": [
      {
        "what": "companion:sock_oob_bind.exit[ret<0]",
        "by": [
          "span"
        ]
      },
      {
        "what": "companion:oob_proto_ops.exit[ret<0]",
        "by": [
          "span"
        ]
      }
    ],
    "never": false,
    "source": "seed 000, sock_oob_bind; facts/dovetail 2.5",
    "doc": "The core has extended a binding.",
    "fields": [
      {
        "name": "sk",
        "kind": "uint64",
        "doc": "The INET socket."
      },
      {
        "name": "local",
        "kind": "string",
        "doc": "What it is bound to."
      }
    ]
  },
  "sk_connect": {
    "name": "sk_connect",
    "by": [
      "companion"
    ],
    "stage": "inband",
    "slice": [
      "sk"
    ],
    "inside": [
      "sock_oob_connect",
      "oob_proto_ops"
    ],
    "after": [
      {
        "what": "sk_attach",
        "by": [
          "sk"
        ],
        "until": "sk_free"
      }
    ],
    "notAfter": [
      {
        "what": "sk_destroy",
        "by": [
          "sk"
        ]
      }
    ],
    "once": [
      "span"
    ],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [
      {
        "what": "companion:sock_oob_connect.exit[ret<0]",
        "by": [
          "span"
        ]
      },
      {
        "what": "companion:oob_proto_ops.exit[ret<0]",
        "by": [
          "span"
        ]
      }
    ],
    "never": false,
    "source": "seed 000, sock_oob_connect; facts/dovetail 2.6",
    "doc": "The core has extended a connection.",
    "fields": [
      {
        "name": "sk",
        "kind": "uint64",
        "doc": "The INET socket."
      },
      {
        "name": "peer",
        "kind": "string",
        "doc": "Its peer."
      }
    ]
  },
  "sk_destroy": {
    "name": "sk_destroy",
    "by": [
      "companion"
    ],
    "stage": "inband",
    "slice": [
      "sk"
    ],
    "inside": [
      "sock_oob_destroy",
      "oob_inband_ready"
    ],
    "after": [
      {
        "what": "sk_attach",
        "by": [
          "sk"
        ],
        "until": "sk_free"
      }
    ],
    "notAfter": [
      {
        "what": "sk_destroy",
        "by": [
          "sk"
        ],
        "until": "sk_attach"
      }
    ],
    "once": [],
    "closes": [],
    "duty": [
      {
        "what": "sk_free",
        "by": [
          "sk"
        ],
        "unless": "not once sk_release"
      }
    ],
    "due": [
      {
        "what": "companion:sock_oob_destroy.exit",
        "by": [
          "span"
        ],
        "unless": "sk_unknown"
      }
    ],
    "denies": [],
    "never": false,
    "source": "seed 000, sock_oob_destroy; facts/dovetail 2.4",
    "doc": "The core has let a socket go.",
    "fields": [
      {
        "name": "sk",
        "kind": "uint64",
        "doc": "The INET socket."
      }
    ]
  },
  "sk_destruct": {
    "name": "sk_destruct",
    "by": [
      "inband"
    ],
    "stage": "inband",
    "slice": [
      "sk"
    ],
    "inside": [],
    "after": [
      {
        "what": "inband_release",
        "by": [
          "sk"
        ]
      }
    ],
    "notAfter": [],
    "once": [
      "sk"
    ],
    "closes": [],
    "duty": [
      {
        "what": "sock_oob_destroy.enter",
        "by": [
          "sk"
        ],
        "when": "sk_destruct[oob_data>0]"
      }
    ],
    "due": [],
    "denies": [],
    "never": false,
    "source": "facts/dovetail 2.4; __sk_destruct",
    "doc": "Nobody refers to the INET socket any more.",
    "fields": [
      {
        "name": "sk",
        "kind": "uint64",
        "doc": "The INET socket."
      },
      {
        "name": "oob_data",
        "kind": "uint64",
        "doc": "The out-of-band context; 0 for none."
      },
      {
        "name": "charged",
        "kind": "uint64",
        "doc": "Bytes of packets that still refer to the socket."
      }
    ]
  },
  "sk_free": {
    "name": "sk_free",
    "by": [
      "companion"
    ],
    "stage": "inband",
    "slice": [
      "sk"
    ],
    "inside": [
      "sock_oob_destroy",
      "sock_oob_release",
      "oob_inband_ready"
    ],
    "after": [
      {
        "what": "sk_attach",
        "by": [
          "sk"
        ],
        "until": "sk_free"
      },
      {
        "what": "sk_destroy",
        "by": [
          "sk"
        ]
      }
    ],
    "notAfter": [
      {
        "what": "sk_free",
        "by": [
          "sk"
        ],
        "until": "sk_attach"
      }
    ],
    "once": [],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "always": "refs==0",
    "source": "facts/dovetail 2.4",
    "doc": "Nobody in the core refers to a socket any more.",
    "fields": [
      {
        "name": "sk",
        "kind": "uint64",
        "doc": "The INET socket."
      },
      {
        "name": "refs",
        "kind": "int64",
        "doc": "How many refer to it: none, or less where somebody let go twice."
      }
    ]
  },
  "sk_option": {
    "name": "sk_option",
    "by": [
      "companion"
    ],
    "stage": "inband",
    "slice": [
      "sk"
    ],
    "inside": [
      "sock_inband_ioctl_redirect"
    ],
    "after": [
      {
        "what": "sk_attach",
        "by": [
          "sk"
        ],
        "until": "sk_free"
      }
    ],
    "notAfter": [],
    "once": [
      "span"
    ],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [
      {
        "what": "companion:sock_inband_ioctl_redirect.exit[ret<0]",
        "by": [
          "span"
        ]
      }
    ],
    "never": false,
    "source": "facts/dovetail 6.6, options",
    "doc": "An option of a socket is set in the core.",
    "fields": [
      {
        "name": "sk",
        "kind": "uint64",
        "doc": "The INET socket."
      },
      {
        "name": "option",
        "kind": "string",
        "doc": "Its name."
      },
      {
        "name": "value",
        "kind": "int64",
        "doc": "What it is now."
      }
    ]
  },
  "sk_options": {
    "name": "sk_options",
    "by": [
      "companion"
    ],
    "stage": "inband",
    "slice": [
      "sk"
    ],
    "inside": [
      "oob_sock_options"
    ],
    "after": [
      {
        "what": "sk_attach",
        "by": [
          "sk"
        ],
        "until": "sk_free"
      }
    ],
    "notAfter": [],
    "once": [
      "span"
    ],
    "closes": [],
    "duty": [],
    "due": [
      {
        "what": "companion:oob_sock_options.exit",
        "by": [
          "span"
        ],
        "unless": "sk_unknown"
      }
    ],
    "denies": [],
    "never": false,
    "source": "facts/dovetail 6.4, 6.5; socket(7)",
    "doc": "The core goes by these options of a socket from now on.",
    "fields": [
      {
        "name": "sk",
        "kind": "uint64",
        "doc": "The INET socket."
      },
      {
        "name": "broadcast",
        "kind": "bool",
        "doc": "Whether it may send to everybody."
      },
      {
        "name": "bound_ifindex",
        "kind": "uint64",
        "doc": "The device that it is bound to; 0 for none."
      },
      {
        "name": "pmtudisc",
        "kind": "uint64",
        "doc": "IP_MTU_DISCOVER."
      }
    ]
  },
  "sk_release": {
    "name": "sk_release",
    "by": [
      "companion"
    ],
    "stage": "inband",
    "slice": [
      "sk",
      "file"
    ],
    "inside": [
      "sock_oob_release",
      "oob_inband_ready"
    ],
    "after": [
      {
        "what": "sk_attach",
        "by": [
          "sk"
        ]
      },
      {
        "what": "efile_free",
        "by": [
          "file"
        ]
      }
    ],
    "notAfter": [
      {
        "what": "sk_release",
        "by": [
          "sk"
        ],
        "until": "sk_attach"
      }
    ],
    "once": [],
    "closes": [],
    "duty": [],
    "due": [
      {
        "what": "companion:sock_oob_release.exit",
        "by": [
          "file"
        ],
        "unless": "sk_unknown"
      }
    ],
    "denies": [],
    "never": false,
    "source": "seed 000, sock_oob_release; facts/dovetail 2.3",
    "doc": "The core has let the file of a socket go: nobody is inside it.",
    "fields": [
      {
        "name": "sk",
        "kind": "uint64",
        "doc": "The INET socket."
      },
      {
        "name": "file",
        "kind": "uint64",
        "doc": "The open file."
      }
    ]
  },
  "sk_shutdown": {
    "name": "sk_shutdown",
    "by": [
      "companion"
    ],
    "stage": "inband",
    "slice": [
      "sk"
    ],
    "inside": [
      "sock_oob_shutdown",
      "oob_proto_ops"
    ],
    "after": [
      {
        "what": "sk_attach",
        "by": [
          "sk"
        ],
        "until": "sk_free"
      }
    ],
    "notAfter": [
      {
        "what": "sk_destroy",
        "by": [
          "sk"
        ]
      }
    ],
    "once": [
      "span"
    ],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [
      {
        "what": "companion:sock_oob_shutdown.exit[ret<0]",
        "by": [
          "span"
        ]
      },
      {
        "what": "companion:oob_proto_ops.exit[ret<0]",
        "by": [
          "span"
        ]
      }
    ],
    "never": false,
    "source": "seed 000, sock_oob_shutdown; facts/dovetail 2.7",
    "doc": "The core has shut a direction of a socket down.",
    "fields": [
      {
        "name": "sk",
        "kind": "uint64",
        "doc": "The INET socket."
      },
      {
        "name": "how",
        "kind": "uint64",
        "doc": "Which direction: 0 to receive, 1 to send, 2 both."
      }
    ]
  },
  "sk_unknown": {
    "name": "sk_unknown",
    "by": [
      "companion"
    ],
    "stage": "either",
    "slice": [
      "sk",
      "file"
    ],
    "inside": [
      "sock_oob_*",
      "sock_inband_ioctl_redirect",
      "oob_sock_options",
      "oob_proto_ops"
    ],
    "after": [],
    "notAfter": [],
    "once": [
      "span"
    ],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "facts/dovetail 2.2-2.4",
    "doc": "The core is told of a socket that it does not know.",
    "fields": [
      {
        "name": "sk",
        "kind": "uint64",
        "doc": "The INET socket."
      },
      {
        "name": "file",
        "kind": "uint64",
        "doc": "The open file."
      },
      {
        "name": "hook",
        "kind": "string",
        "doc": "Which hook."
      },
      {
        "name": "oob_data",
        "kind": "uint64",
        "doc": "The out-of-band context; 0 for none."
      }
    ]
  },
  "skb_recycle": {
    "name": "skb_recycle",
    "by": [
      "companion"
    ],
    "stage": "inband",
    "slice": [],
    "inside": [],
    "after": [],
    "notAfter": [],
    "once": [],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "facts/dovetail 6.7: in-band worker kicked only when 32 are pending",
    "doc": "An in-band worker frees the in-band buffers that the core is done with.",
    "fields": [
      {
        "name": "buffers",
        "kind": "uint64",
        "doc": "How many."
      }
    ]
  },
  "sock_take": {
    "name": "sock_take",
    "by": [
      "inband",
      "companion"
    ],
    "stage": "either",
    "slice": [
      "sk",
      "task",
      "file",
      "files",
      "fd"
    ],
    "inside": [
      "sock_recvmsg",
      "sock_oob_ioctl",
      "oob_read"
    ],
    "after": [],
    "notAfter": [],
    "once": [
      "span"
    ],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [
      {
        "what": "inband:sock_recvmsg.exit[ret<0]",
        "by": [
          "span"
        ]
      },
      {
        "what": "companion:sock_oob_ioctl.exit[ret<0]",
        "by": [
          "span"
        ]
      },
      {
        "what": "companion:oob_read.exit[ret<0]",
        "by": [
          "span"
        ]
      }
    ],
    "never": false,
    "source": "recvfrom(2), oob_recvmsg(2)",
    "doc": "A message is taken that was there before anybody asked for it.",
    "fields": [
      {
        "name": "sk",
        "kind": "uint64",
        "doc": "The INET socket."
      },
      {
        "name": "task",
        "kind": "string",
        "doc": "The task."
      },
      {
        "name": "file",
        "kind": "uint64",
        "doc": "The open file."
      },
      {
        "name": "by_trace",
        "kind": "uint64",
        "doc": "The trace that brought the message."
      },
      {
        "name": "by_span",
        "kind": "uint64",
        "doc": "The span that brought it."
      },
      {
        "name": "files",
        "kind": "uint64",
        "doc": "The table, where the core takes it."
      },
      {
        "name": "fd",
        "kind": "uint32",
        "doc": "The descriptor, where the core takes it."
      }
    ]
  },
  "sock_wait": {
    "name": "sock_wait",
    "by": [
      "inband"
    ],
    "stage": "inband",
    "slice": [
      "sk",
      "task"
    ],
    "inside": [
      "sock_recvmsg",
      "sock_sendmsg",
      "sock_connect",
      "sock_accept",
      "sock_poll"
    ],
    "after": [
      {
        "what": "inband_create",
        "by": [
          "sk"
        ]
      }
    ],
    "notAfter": [
      {
        "what": "inband_release",
        "by": [
          "sk"
        ]
      }
    ],
    "once": [
      "span"
    ],
    "closes": [],
    "duty": [
      {
        "what": "sock_wake",
        "by": [
          "sk",
          "task"
        ],
        "before": "inband:sock_recvmsg.exit|inband:sock_sendmsg.exit|inband:sock_connect.exit|inband:sock_accept.exit|inband:sock_poll.exit",
        "unless": "*.exit[lost!=\"\"]"
      }
    ],
    "due": [],
    "denies": [],
    "never": false,
    "source": "recvfrom(2), poll(2)",
    "doc": "A task waits for a socket.",
    "fields": [
      {
        "name": "sk",
        "kind": "uint64",
        "doc": "The INET socket."
      },
      {
        "name": "task",
        "kind": "string",
        "doc": "The task."
      },
      {
        "name": "what",
        "kind": "string",
        "doc": "What for: `data`, or events of poll(2)."
      }
    ]
  },
  "sock_wake": {
    "name": "sock_wake",
    "by": [
      "inband"
    ],
    "stage": "inband",
    "slice": [
      "sk",
      "task"
    ],
    "inside": [],
    "after": [],
    "notAfter": [
      {
        "what": "inband_release",
        "by": [
          "sk"
        ]
      }
    ],
    "once": [],
    "closes": [
      {
        "what": "sock_wait",
        "by": [
          "sk",
          "task"
        ]
      }
    ],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "recvfrom(2), poll(2)",
    "doc": "A task waits no longer for a socket.",
    "fields": [
      {
        "name": "sk",
        "kind": "uint64",
        "doc": "The INET socket."
      },
      {
        "name": "task",
        "kind": "string",
        "doc": "The task."
      },
      {
        "name": "by",
        "kind": "string",
        "doc": "What woke it: the socket, its close, the timeout, or `signal`: its task exits."
      },
      {
        "name": "errno",
        "kind": "string",
        "doc": "What it is refused with."
      }
    ]
  },
  "solicit": {
    "name": "solicit",
    "by": [
      "inband"
    ],
    "stage": "inband",
    "slice": [
      "dev"
    ],
    "inside": [
      "inband_solicit"
    ],
    "after": [
      {
        "what": "oob_port[enabled==true]",
        "by": [
          "dev"
        ],
        "until": "oob_port[enabled==false]|oob_lapse"
      }
    ],
    "notAfter": [],
    "once": [
      "span"
    ],
    "closes": [],
    "duty": [],
    "due": [
      {
        "what": "inband:inband_solicit.exit[ret==0]",
        "by": [
          "span"
        ]
      }
    ],
    "denies": [
      {
        "what": "inband:inband_solicit.exit[ret==ENODEV]",
        "by": [
          "span"
        ]
      }
    ],
    "never": false,
    "source": "facts/dovetail 6.8",
    "doc": "The in-band stack asks a neighbour for its link address because a core wants to know it.",
    "fields": [
      {
        "name": "dev",
        "kind": "string",
        "doc": "The device."
      },
      {
        "name": "address",
        "kind": "string",
        "doc": "Whom it asks."
      },
      {
        "name": "state",
        "kind": "string",
        "doc": "What was known of it."
      }
    ]
  },
  "stage_freeze": {
    "name": "stage_freeze",
    "by": [
      "task"
    ],
    "stage": "inband",
    "slice": [],
    "inside": [],
    "after": [],
    "notAfter": [
      {
        "what": "stage_freeze",
        "by": [
          "place"
        ],
        "until": "stage_thaw"
      }
    ],
    "once": [],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "the lab, stage.freeze",
    "doc": "The in-band stage of a node stands still: its VFS, its in-band stack, what its tasks do in-band, and what runs in-band of\nthe drivers of its NICs. The core, and what runs out-of-band of the drivers, goes on.",
    "fields": [
      {
        "name": "place",
        "kind": "string",
        "doc": "Whose stage it is, such as `alpha/inband`."
      },
      {
        "name": "for_ns",
        "kind": "uint64",
        "doc": "For how long, in nanoseconds of the world's clock."
      }
    ]
  },
  "stage_thaw": {
    "name": "stage_thaw",
    "by": [
      "task"
    ],
    "stage": "inband",
    "slice": [],
    "inside": [],
    "after": [],
    "notAfter": [
      {
        "what": "stage_thaw",
        "by": [
          "place"
        ],
        "until": "stage_freeze"
      }
    ],
    "once": [],
    "closes": [
      {
        "what": "stage_freeze",
        "by": [
          "place"
        ]
      }
    ],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "the lab, stage.freeze",
    "doc": "The in-band stage of a node goes on: what waited for it happens now, in its order.",
    "fields": [
      {
        "name": "place",
        "kind": "string",
        "doc": "Whose stage it is, as in stage_freeze."
      }
    ]
  },
  "stax_lock": {
    "name": "stax_lock",
    "by": [
      "companion"
    ],
    "stage": "either",
    "slice": [
      "dev",
      "task"
    ],
    "inside": [
      "oob_read",
      "oob_write",
      "oob_ioctl",
      "oob_driver_io"
    ],
    "after": [],
    "notAfter": [],
    "once": [
      "span"
    ],
    "closes": [],
    "duty": [
      {
        "what": "stax_unlock",
        "by": [
          "span"
        ],
        "before": "answer"
      }
    ],
    "due": [],
    "denies": [],
    "never": false,
    "always": "holders>=1",
    "source": "facts/dovetail 4.4: must not be held on return to user space",
    "doc": "A task holds a stage-exclusion lock, for the stage that it is on.",
    "fields": [
      {
        "name": "dev",
        "kind": "string",
        "doc": "What the lock guards."
      },
      {
        "name": "task",
        "kind": "string",
        "doc": "The task."
      },
      {
        "name": "holders",
        "kind": "uint64",
        "doc": "How many hold it now."
      }
    ]
  },
  "stax_unlock": {
    "name": "stax_unlock",
    "by": [
      "companion"
    ],
    "stage": "either",
    "slice": [
      "dev",
      "task"
    ],
    "inside": [],
    "after": [],
    "notAfter": [],
    "once": [
      "span"
    ],
    "closes": [
      {
        "what": "stax_lock",
        "by": [
          "span"
        ]
      }
    ],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "facts/dovetail 4.4, evl_unlock_stax",
    "doc": "A task gives a stage-exclusion lock back.",
    "fields": [
      {
        "name": "dev",
        "kind": "string",
        "doc": "What the lock guards."
      },
      {
        "name": "task",
        "kind": "string",
        "doc": "The task."
      },
      {
        "name": "holders",
        "kind": "uint64",
        "doc": "How many hold it still."
      }
    ]
  },
  "stax_wait": {
    "name": "stax_wait",
    "by": [
      "companion"
    ],
    "stage": "either",
    "slice": [
      "dev",
      "task"
    ],
    "inside": [
      "oob_read",
      "oob_write",
      "oob_ioctl",
      "oob_driver_io"
    ],
    "after": [],
    "notAfter": [],
    "once": [
      "span"
    ],
    "closes": [],
    "duty": [
      {
        "what": "stax_wake",
        "by": [
          "dev",
          "task"
        ]
      }
    ],
    "due": [],
    "denies": [],
    "never": false,
    "source": "facts/dovetail 4.4, evl_lock_stax",
    "doc": "A task waits for a stage-exclusion lock: the other stage is inside, or was first in line.",
    "fields": [
      {
        "name": "dev",
        "kind": "string",
        "doc": "What the lock guards."
      },
      {
        "name": "task",
        "kind": "string",
        "doc": "The task."
      },
      {
        "name": "holders",
        "kind": "uint64",
        "doc": "How many hold it."
      }
    ]
  },
  "stax_wake": {
    "name": "stax_wake",
    "by": [
      "companion"
    ],
    "stage": "either",
    "slice": [
      "dev",
      "task"
    ],
    "inside": [],
    "after": [],
    "notAfter": [],
    "once": [],
    "closes": [
      {
        "what": "stax_wait",
        "by": [
          "dev",
          "task"
        ]
      }
    ],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "facts/dovetail 4.4, evl_lock_stax",
    "doc": "A task waits for a stage-exclusion lock no longer: it holds it from now on, or gave up.",
    "fields": [
      {
        "name": "dev",
        "kind": "string",
        "doc": "What the lock guards."
      },
      {
        "name": "task",
        "kind": "string",
        "doc": "The task."
      },
      {
        "name": "errno",
        "kind": "string",
        "doc": "Why it gave up: EINTR."
      }
    ]
  },
  "strike": {
    "name": "strike",
    "by": [
      "lab"
    ],
    "stage": "inband",
    "slice": [],
    "inside": [],
    "after": [],
    "notAfter": [],
    "once": [],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "the lab, actions of a method",
    "doc": "The lab itself strikes a place of the world, as an action of an experiment says, in the moment of no call.",
    "fields": [
      {
        "name": "kind",
        "kind": "string",
        "doc": "What is done to the place: crash, hang, slow or partition."
      },
      {
        "name": "place",
        "kind": "string",
        "doc": "The place that is struck."
      },
      {
        "name": "peer",
        "kind": "string",
        "doc": "The other end of a partition; empty otherwise."
      },
      {
        "name": "for_ns",
        "kind": "uint64",
        "doc": "How long it lasts, in nanoseconds."
      },
      {
        "name": "delay_ns",
        "kind": "uint64",
        "doc": "By how much calls are held up, in nanoseconds."
      }
    ]
  },
  "task_create": {
    "name": "task_create",
    "by": [
      "vfs"
    ],
    "stage": "inband",
    "slice": [
      "task",
      "files"
    ],
    "inside": [
      "sys_spawn",
      "sys_fork"
    ],
    "after": [],
    "notAfter": [],
    "once": [
      "span"
    ],
    "closes": [],
    "duty": [],
    "due": [
      {
        "what": "vfs:sys_spawn.exit[ret>=0]",
        "by": [
          "span"
        ]
      },
      {
        "what": "vfs:sys_fork.exit[ret>=0]",
        "by": [
          "span"
        ]
      }
    ],
    "denies": [
      {
        "what": "vfs:sys_spawn.exit[ret<0]",
        "by": [
          "span"
        ]
      },
      {
        "what": "vfs:sys_fork.exit[ret<0]",
        "by": [
          "span"
        ]
      }
    ],
    "never": false,
    "source": "facts/dovetail 4.5",
    "doc": "A task is there from now on, with its file table.",
    "fields": [
      {
        "name": "task",
        "kind": "string",
        "doc": "The task."
      },
      {
        "name": "files",
        "kind": "uint64",
        "doc": "The file table."
      },
      {
        "name": "pid",
        "kind": "uint64",
        "doc": "Its process id."
      },
      {
        "name": "parent",
        "kind": "string",
        "doc": "The task that forked it."
      }
    ]
  },
  "tcp_accept": {
    "name": "tcp_accept",
    "by": [
      "inband"
    ],
    "stage": "inband",
    "slice": [
      "sk"
    ],
    "inside": [
      "sock_accept",
      "ksock_accept"
    ],
    "after": [
      {
        "what": "tcp_state[to==ESTABLISHED]",
        "by": [
          "sk"
        ]
      },
      {
        "what": "tcp_open[listener>0]",
        "by": [
          "sk"
        ]
      }
    ],
    "notAfter": [],
    "once": [
      "sk"
    ],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "accept(2); facts/kernel-sockets 3.4",
    "doc": "Somebody has taken a connection from the queue of a socket that listens.",
    "fields": [
      {
        "name": "sk",
        "kind": "uint64",
        "doc": "The INET socket of the connection."
      },
      {
        "name": "listener",
        "kind": "uint64",
        "doc": "The one that listens."
      }
    ]
  },
  "tcp_closed": {
    "name": "tcp_closed",
    "by": [
      "inband"
    ],
    "stage": "inband",
    "slice": [
      "sk"
    ],
    "inside": [],
    "after": [
      {
        "what": "tcp_state[to==CLOSED]",
        "by": [
          "sk"
        ],
        "until": "tcp_open"
      }
    ],
    "notAfter": [],
    "once": [],
    "closes": [
      {
        "what": "tcp_open",
        "by": [
          "sk"
        ]
      }
    ],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "RFC 9293 3.10",
    "doc": "A connection is over, and why.",
    "fields": [
      {
        "name": "sk",
        "kind": "uint64",
        "doc": "The INET socket."
      },
      {
        "name": "why",
        "kind": "string",
        "doc": "finished, refused, reset, timeout, keepalive, unreachable or aborted."
      },
      {
        "name": "from",
        "kind": "string",
        "doc": "The state before."
      }
    ]
  },
  "tcp_open": {
    "name": "tcp_open",
    "by": [
      "inband"
    ],
    "stage": "inband",
    "slice": [
      "sk"
    ],
    "inside": [],
    "after": [],
    "notAfter": [],
    "once": [],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "RFC 9293 3.10.1, 3.10.7.2",
    "doc": "A connection begins: a socket calls its peer, or a SYN came for one that listens. The INET socket of the latter is no task's\nbefore it is accepted.",
    "fields": [
      {
        "name": "sk",
        "kind": "uint64",
        "doc": "The INET socket."
      },
      {
        "name": "to",
        "kind": "string",
        "doc": "Its first state: SYN-SENT or SYN-RECEIVED."
      },
      {
        "name": "local",
        "kind": "string",
        "doc": "Its own address and port."
      },
      {
        "name": "peer",
        "kind": "string",
        "doc": "Its peer's."
      },
      {
        "name": "listener",
        "kind": "uint64",
        "doc": "The INET socket that listens; 0 for an active open."
      }
    ]
  },
  "tcp_retransmit": {
    "name": "tcp_retransmit",
    "by": [
      "inband"
    ],
    "stage": "inband",
    "slice": [
      "sk"
    ],
    "inside": [],
    "after": [
      {
        "what": "tcp_open",
        "by": [
          "sk"
        ]
      }
    ],
    "notAfter": [
      {
        "what": "tcp_state[to==CLOSED]",
        "by": [
          "sk"
        ],
        "until": "tcp_open"
      }
    ],
    "once": [],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "RFC 6298, RFC 6675, RFC 1191",
    "doc": "A segment is sent again.",
    "fields": [
      {
        "name": "sk",
        "kind": "uint64",
        "doc": "The INET socket."
      },
      {
        "name": "seq",
        "kind": "uint64",
        "doc": "Its first sequence number."
      },
      {
        "name": "bytes",
        "kind": "uint64",
        "doc": "Bytes of its payload."
      },
      {
        "name": "why",
        "kind": "string",
        "doc": "timeout, recovery, probe or mtu."
      }
    ]
  },
  "tcp_state": {
    "name": "tcp_state",
    "by": [
      "inband"
    ],
    "stage": "inband",
    "slice": [
      "sk"
    ],
    "inside": [],
    "after": [
      {
        "what": "tcp_open",
        "by": [
          "sk"
        ]
      }
    ],
    "notAfter": [
      {
        "what": "tcp_state[to==CLOSED]",
        "by": [
          "sk"
        ],
        "until": "tcp_open"
      }
    ],
    "once": [],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "RFC 9293 3.3.2",
    "doc": "A connection is in another state.",
    "fields": [
      {
        "name": "sk",
        "kind": "uint64",
        "doc": "The INET socket."
      },
      {
        "name": "from",
        "kind": "string",
        "doc": "The state before, as the RFC prints it."
      },
      {
        "name": "to",
        "kind": "string",
        "doc": "The state from now on."
      }
    ]
  },
  "thread_attach": {
    "name": "thread_attach",
    "by": [
      "companion"
    ],
    "stage": "inband",
    "slice": [
      "task"
    ],
    "inside": [
      "oob_attach_thread"
    ],
    "after": [],
    "notAfter": [
      {
        "what": "thread_attach",
        "by": [
          "task"
        ],
        "until": "thread_detach"
      }
    ],
    "once": [
      "span"
    ],
    "closes": [],
    "duty": [],
    "due": [
      {
        "what": "companion:oob_attach_thread.exit[ret==0]",
        "by": [
          "span"
        ]
      }
    ],
    "denies": [
      {
        "what": "companion:oob_attach_thread.exit[ret<0]",
        "by": [
          "span"
        ]
      }
    ],
    "never": false,
    "source": "facts/dovetail 4.3",
    "doc": "A thread may make out-of-band calls from now on.",
    "fields": [
      {
        "name": "task",
        "kind": "string",
        "doc": "The task."
      }
    ]
  },
  "thread_detach": {
    "name": "thread_detach",
    "by": [
      "companion"
    ],
    "stage": "inband",
    "slice": [
      "task"
    ],
    "inside": [
      "oob_detach_thread",
      "inband_event_notify",
      "oob_vfs_ready"
    ],
    "after": [
      {
        "what": "thread_attach",
        "by": [
          "task"
        ],
        "until": "thread_detach"
      }
    ],
    "notAfter": [],
    "once": [],
    "closes": [],
    "duty": [],
    "due": [
      {
        "what": "companion:oob_detach_thread.exit[ret==0]",
        "by": [
          "span"
        ]
      }
    ],
    "denies": [
      {
        "what": "companion:oob_detach_thread.exit[ret<0]",
        "by": [
          "span"
        ]
      }
    ],
    "never": false,
    "source": "facts/dovetail 4.5",
    "doc": "A thread makes no out-of-band calls any more; what it slept on ends with EINTR.",
    "fields": [
      {
        "name": "task",
        "kind": "string",
        "doc": "The task."
      },
      {
        "name": "why",
        "kind": "string",
        "doc": "What it was detached by."
      }
    ]
  },
  "thread_inband": {
    "name": "thread_inband",
    "by": [
      "companion"
    ],
    "stage": "either",
    "slice": [
      "task"
    ],
    "inside": [],
    "after": [
      {
        "what": "thread_attach",
        "by": [
          "task"
        ],
        "until": "thread_detach"
      }
    ],
    "notAfter": [],
    "once": [],
    "closes": [
      {
        "what": "thread_oob",
        "by": [
          "task"
        ]
      }
    ],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "always": "isw>=1",
    "source": "facts/dovetail 4.3: on exit the thread may be demoted; a regular in-band syscall from the oob stage demotes it",
    "doc": "A thread of the core is on the in-band stage again.",
    "fields": [
      {
        "name": "task",
        "kind": "string",
        "doc": "The task."
      },
      {
        "name": "why",
        "kind": "string",
        "doc": "syscall: it made an in-band system call; weak: it is a thread of SCHED_WEAK, whose call has ended; detach: it leaves the core."
      },
      {
        "name": "isw",
        "kind": "uint64",
        "doc": "How often it has come back so far, since it was attached (ISW of `evl ps`)."
      }
    ]
  },
  "thread_oob": {
    "name": "thread_oob",
    "by": [
      "companion"
    ],
    "stage": "oob",
    "slice": [
      "task"
    ],
    "inside": [
      "oob_*"
    ],
    "after": [
      {
        "what": "thread_attach",
        "by": [
          "task"
        ],
        "until": "thread_detach"
      }
    ],
    "notAfter": [
      {
        "what": "thread_oob",
        "by": [
          "task"
        ],
        "until": "thread_inband"
      }
    ],
    "once": [
      "span"
    ],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "facts/dovetail 4.3: a call from the in-band stage first switches the thread out-of-band",
    "doc": "A thread of the core goes on the out-of-band stage.",
    "fields": [
      {
        "name": "task",
        "kind": "string",
        "doc": "The task."
      }
    ]
  },
  "tx_done": {
    "name": "tx_done",
    "by": [
      "companion"
    ],
    "stage": "oob",
    "slice": [
      "sk",
      "dev",
      "frame"
    ],
    "inside": [],
    "after": [
      {
        "what": "oob_xmit",
        "by": [
          "frame"
        ],
        "when": "tx_done[fate==sent]"
      }
    ],
    "notAfter": [],
    "once": [
      "frame"
    ],
    "closes": [
      {
        "what": "tx_queue",
        "by": [
          "frame"
        ]
      }
    ],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "facts/dovetail 6.7",
    "doc": "A frame has left its buffer, and is charged no longer: its device has it, or it was dropped.",
    "fields": [
      {
        "name": "sk",
        "kind": "uint64",
        "doc": "The INET socket."
      },
      {
        "name": "dev",
        "kind": "string",
        "doc": "The device."
      },
      {
        "name": "frame",
        "kind": "uint64",
        "doc": "The frame."
      },
      {
        "name": "fate",
        "kind": "string",
        "doc": "What became of it: sent, port_disabled, or tx_timeout."
      }
    ]
  },
  "tx_queue": {
    "name": "tx_queue",
    "by": [
      "companion"
    ],
    "stage": "oob",
    "slice": [
      "sk",
      "dev",
      "frame"
    ],
    "inside": [
      "sock_oob_ioctl",
      "oob_write"
    ],
    "after": [
      {
        "what": "sk_attach",
        "by": [
          "sk"
        ],
        "until": "sk_free"
      },
      {
        "what": "port_enable",
        "by": [
          "dev"
        ],
        "until": "port_disable"
      }
    ],
    "notAfter": [],
    "once": [
      "frame"
    ],
    "closes": [],
    "duty": [
      {
        "what": "tx_done",
        "by": [
          "frame"
        ]
      }
    ],
    "due": [],
    "denies": [],
    "never": false,
    "source": "facts/dovetail 6.7",
    "doc": "A frame of a socket has a buffer, is charged to the socket, and waits for its device.",
    "fields": [
      {
        "name": "sk",
        "kind": "uint64",
        "doc": "The INET socket."
      },
      {
        "name": "dev",
        "kind": "string",
        "doc": "The device."
      },
      {
        "name": "frame",
        "kind": "uint64",
        "doc": "The frame."
      },
      {
        "name": "charge",
        "kind": "uint64",
        "doc": "What it costs its socket."
      },
      {
        "name": "waiting",
        "kind": "uint64",
        "doc": "How many wait now, itself included."
      }
    ]
  },
  "tx_start": {
    "name": "tx_start",
    "by": [
      "companion"
    ],
    "stage": "inband",
    "slice": [
      "dev"
    ],
    "inside": [
      "netif_oob_switch_port"
    ],
    "after": [],
    "notAfter": [
      {
        "what": "tx_start",
        "by": [
          "dev"
        ],
        "until": "pool_purge"
      }
    ],
    "once": [
      "span"
    ],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "source": "facts/dovetail 6.1",
    "doc": "The first port over a real device begins: there is a pool of buffers, and, where its driver is capable, a transmit thread.",
    "fields": [
      {
        "name": "dev",
        "kind": "string",
        "doc": "The real device."
      },
      {
        "name": "buffers",
        "kind": "uint64",
        "doc": "How many buffers the pool has."
      },
      {
        "name": "buffer_bytes",
        "kind": "uint64",
        "doc": "The length of each."
      },
      {
        "name": "thread",
        "kind": "bool",
        "doc": "Whether a thread of the core transmits; else frames are relayed to the in-band stack."
      }
    ]
  },
  "tx_stop": {
    "name": "tx_stop",
    "by": [
      "companion"
    ],
    "stage": "inband",
    "slice": [
      "dev"
    ],
    "inside": [
      "netif_oob_switch_port",
      "oob_inband_ready"
    ],
    "after": [
      {
        "what": "tx_start",
        "by": [
          "dev"
        ],
        "until": "tx_stop"
      }
    ],
    "notAfter": [],
    "once": [],
    "closes": [
      {
        "what": "tx_start",
        "by": [
          "dev"
        ]
      }
    ],
    "duty": [
      {
        "what": "pool_purge",
        "by": [
          "dev"
        ]
      }
    ],
    "due": [],
    "denies": [],
    "never": false,
    "source": "facts/dovetail 6.1",
    "doc": "Nothing is transmitted on a real device any more: its last port has ended, what waited was dropped.",
    "fields": [
      {
        "name": "dev",
        "kind": "string",
        "doc": "The real device."
      },
      {
        "name": "dropped",
        "kind": "uint64",
        "doc": "How many frames were dropped."
      }
    ]
  },
  "tx_times": {
    "name": "tx_times",
    "by": [
      "companion"
    ],
    "stage": "either",
    "slice": [
      "sk"
    ],
    "inside": [],
    "after": [],
    "notAfter": [],
    "once": [],
    "closes": [],
    "duty": [],
    "due": [],
    "denies": [],
    "never": false,
    "always": "queuing_ns>=0, device_ns>=0",
    "source": "facts/dovetail 6.6: TX via RECVMSG and MSG_TIMESTAMP; ring overflow",
    "doc": "The times of something that a socket has sent wait to be received.",
    "fields": [
      {
        "name": "sk",
        "kind": "uint64",
        "doc": "The INET socket."
      },
      {
        "name": "queuing_ns",
        "kind": "int64",
        "doc": "From the call to the transmit queue."
      },
      {
        "name": "device_ns",
        "kind": "int64",
        "doc": "From there to the device."
      },
      {
        "name": "dropped",
        "kind": "bool",
        "doc": "Whether there was no room for them."
      }
    ]
  },
  "vlan_map": {
    "name": "vlan_map",
    "by": [
      "companion"
    ],
    "stage": "inband",
    "slice": [],
    "inside": [
      "oob_net_vlans"
    ],
    "after": [],
    "notAfter": [],
    "once": [
      "span"
    ],
    "closes": [],
    "duty": [],
    "due": [
      {
        "what": "companion:oob_net_vlans.exit[ret==0]",
        "by": [
          "span"
        ]
      }
    ],
    "denies": [
      {
        "what": "companion:oob_net_vlans.exit[ret<0]",
        "by": [
          "span"
        ]
      }
    ],
    "never": false,
    "source": "facts/dovetail 6.2",
    "doc": "The core takes the tags of these VLANs from now on.",
    "fields": [
      {
        "name": "vlans",
        "kind": "string",
        "doc": "The VLANs that the core takes."
      }
    ]
  }
};

/** How a field travels: its name, its type, whether it repeats, and the enum or message it refers to. */
export interface FieldShape {
  readonly name: string;
  readonly kind: "uint32" | "int32" | "uint64" | "int64" | "double" | "string" | "bytes" | "bool" | "enum" | "message";
  readonly repeated?: true;
  readonly optional?: true;
  readonly ref?: string;
}

/** The fields of every message, in the order of the proto. */
export const MESSAGES: Readonly<Record<string, readonly FieldShape[]>> = {
  CallHeader: [{"name":"id","kind":"uint64"},{"name":"caller","kind":"string"},{"name":"from","kind":"enum","optional":true,"ref":"House"},{"name":"stage","kind":"enum","optional":true,"ref":"Stage"},{"name":"locks","kind":"string","repeated":true},{"name":"chain","kind":"string","repeated":true},{"name":"trace","kind":"uint64"},{"name":"span","kind":"uint64"},{"name":"lamport","kind":"uint64"},{"name":"settled","kind":"uint64"},{"name":"task","kind":"string"},{"name":"files","kind":"uint64"},{"name":"origin","kind":"uint64"}],
  ReplyHeader: [{"name":"errno","kind":"enum","optional":true,"ref":"Errno"},{"name":"lamport","kind":"uint64"}],
  Event: [{"name":"seq","kind":"uint64"},{"name":"lamport","kind":"uint64"},{"name":"time_ns","kind":"uint64"},{"name":"node","kind":"string"},{"name":"service","kind":"string"},{"name":"stage","kind":"enum","optional":true,"ref":"Stage"},{"name":"point","kind":"string"},{"name":"phase","kind":"enum","optional":true,"ref":"Phase"},{"name":"span","kind":"uint64"},{"name":"parent","kind":"uint64"},{"name":"trace","kind":"uint64"},{"name":"slice","kind":"message","repeated":true,"ref":"Field"},{"name":"args","kind":"message","repeated":true,"ref":"Field"},{"name":"ret","kind":"int64","optional":true},{"name":"lost","kind":"string"},{"name":"locks","kind":"string","repeated":true},{"name":"fault","kind":"string"}],
  Field: [{"name":"name","kind":"string"},{"name":"number","kind":"double","optional":true},{"name":"text","kind":"string","optional":true},{"name":"flag","kind":"bool","optional":true}],
  HoldTaskRequest: [{"name":"node","kind":"string"},{"name":"task","kind":"string"}],
  HoldTaskResponse: [],
  RunExperimentRequest: [{"name":"file","kind":"string"},{"name":"text","kind":"string"},{"name":"world","kind":"string"},{"name":"seed","kind":"string"},{"name":"profile","kind":"string"},{"name":"nth","kind":"uint32"},{"name":"sweep_crossings","kind":"uint64"},{"name":"sweep_ns","kind":"uint64"},{"name":"rule_files","kind":"message","repeated":true,"ref":"NamedText"},{"name":"program_files","kind":"message","repeated":true,"ref":"NamedBytes"}],
  NamedText: [{"name":"name","kind":"string"},{"name":"text","kind":"string"}],
  NamedBytes: [{"name":"name","kind":"string"},{"name":"content","kind":"bytes"}],
  RunExperimentResponse: [{"name":"events","kind":"message","repeated":true,"ref":"Event"},{"name":"report","kind":"string"},{"name":"trouble","kind":"string","repeated":true}],
  FaultRule: [{"name":"id","kind":"string"},{"name":"point","kind":"string"},{"name":"match","kind":"message","optional":true,"ref":"FaultMatch"},{"name":"select","kind":"message","optional":true,"ref":"FaultSelect"},{"name":"effect","kind":"message","optional":true,"ref":"FaultEffect"},{"name":"phase","kind":"enum","optional":true,"ref":"FaultPhase"},{"name":"side","kind":"enum","optional":true,"ref":"FaultSide"},{"name":"when","kind":"string","optional":true},{"name":"max_active","kind":"uint32","optional":true},{"name":"verbose","kind":"uint32","optional":true}],
  FaultMatch: [{"name":"caller","kind":"string"},{"name":"task","kind":"string"},{"name":"slice","kind":"message","repeated":true,"ref":"FaultCondition"},{"name":"args","kind":"message","repeated":true,"ref":"FaultCondition"},{"name":"require_callers","kind":"string","repeated":true},{"name":"reject_callers","kind":"string","repeated":true},{"name":"node","kind":"string"},{"name":"process","kind":"string","optional":true},{"name":"stage","kind":"enum","optional":true,"ref":"Stage"},{"name":"depth","kind":"uint32","optional":true}],
  FaultCondition: [{"name":"field","kind":"string"},{"name":"operator","kind":"string"},{"name":"value","kind":"string"}],
  FaultSelect: [{"name":"nth","kind":"message","repeated":true,"ref":"FaultRange"},{"name":"every","kind":"uint32"},{"name":"probability","kind":"message","optional":true,"ref":"FaultRatio"},{"name":"interval","kind":"uint32"},{"name":"times","kind":"uint32"},{"name":"space","kind":"uint64","optional":true},{"name":"persist","kind":"bool","optional":true}],
  FaultRange: [{"name":"from","kind":"uint32"},{"name":"to","kind":"uint32"}],
  FaultRatio: [{"name":"numerator","kind":"uint64"},{"name":"denominator","kind":"uint64"}],
  FaultEffect: [{"name":"kind","kind":"enum","optional":true,"ref":"FaultKind"},{"name":"errno","kind":"enum","optional":true,"ref":"Errno"},{"name":"delay_ns","kind":"uint64"},{"name":"blow","kind":"message","optional":true,"ref":"Blow"},{"name":"chance","kind":"message","optional":true,"ref":"FaultDelay"},{"name":"data","kind":"message","optional":true,"ref":"FaultData"},{"name":"rate_bps","kind":"uint64","optional":true},{"name":"times","kind":"uint32","optional":true},{"name":"gap","kind":"uint32","optional":true},{"name":"until","kind":"string","optional":true},{"name":"resource","kind":"enum","optional":true,"ref":"FaultResource"},{"name":"grpc_status","kind":"string","optional":true}],
  FaultDelay: [{"name":"min_ns","kind":"uint64"},{"name":"max_ns","kind":"uint64"},{"name":"mean_ns","kind":"uint64"},{"name":"jitter_ns","kind":"uint64"},{"name":"correlation","kind":"message","optional":true,"ref":"FaultRatio"}],
  FaultData: [{"name":"fields","kind":"string","repeated":true},{"name":"values","kind":"message","repeated":true,"ref":"FaultValue"},{"name":"bytes","kind":"uint32"}],
  FaultValue: [{"name":"field","kind":"string"},{"name":"value","kind":"string"}],
  Blow: [{"name":"place","kind":"string"},{"name":"peer","kind":"string"},{"name":"for_ns","kind":"uint64"},{"name":"moment","kind":"enum","optional":true,"ref":"BlowMoment"}],
  FaultReport: [{"name":"rule","kind":"message","optional":true,"ref":"FaultRule"},{"name":"crossings","kind":"uint64"},{"name":"matched","kind":"uint64"},{"name":"fired","kind":"uint64"},{"name":"suppressed","kind":"message","optional":true,"ref":"FaultSuppressed"}],
  FaultSuppressed: [{"name":"when","kind":"uint64"},{"name":"times","kind":"uint64"},{"name":"max_active","kind":"uint64"},{"name":"space","kind":"uint64"},{"name":"nth","kind":"uint64"},{"name":"interval","kind":"uint64"},{"name":"probability","kind":"uint64"}],
  FileEntry: [{"name":"tasks","kind":"string","repeated":true},{"name":"files","kind":"uint64"},{"name":"fd","kind":"uint32"},{"name":"file","kind":"uint64"},{"name":"dev","kind":"string"},{"name":"flags","kind":"uint32"},{"name":"close_on_exec","kind":"bool"},{"name":"oob_data","kind":"uint64"},{"name":"references","kind":"uint32"},{"name":"node","kind":"string","optional":true}],
  TaskEntry: [{"name":"task","kind":"string"},{"name":"pid","kind":"uint32"},{"name":"files","kind":"uint64"},{"name":"attached","kind":"bool"},{"name":"own","kind":"bool"},{"name":"priority","kind":"uint32"},{"name":"oob","kind":"bool"},{"name":"inband_switches","kind":"uint32"},{"name":"oob_calls","kind":"uint64"},{"name":"sleeps","kind":"message","repeated":true,"ref":"TaskSleep"},{"name":"exiting","kind":"bool"},{"name":"node","kind":"string","optional":true}],
  TaskSleep: [{"name":"waits","kind":"string"},{"name":"on","kind":"string"}],
  ListTasksRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"}],
  ListTasksResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"},{"name":"entries","kind":"message","repeated":true,"ref":"TaskEntry"}],
  ArmFaultRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"rule","kind":"message","optional":true,"ref":"FaultRule"}],
  ArmFaultResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"},{"name":"reason","kind":"string"}],
  DisarmFaultRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"id","kind":"string"}],
  DisarmFaultResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  ListFaultsRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"}],
  ListFaultsResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"},{"name":"reports","kind":"message","repeated":true,"ref":"FaultReport"}],
  TakeEventsRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"max","kind":"uint32"},{"name":"wait_ns","kind":"uint64"}],
  TakeEventsResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"},{"name":"events","kind":"message","repeated":true,"ref":"Event"},{"name":"dropped","kind":"uint64"}],
  ListFilesRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"}],
  ListFilesResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"},{"name":"entries","kind":"message","repeated":true,"ref":"FileEntry"}],
  StreamEventsRequest: [{"name":"points","kind":"string","repeated":true}],
  StreamEventsResponse: [{"name":"events","kind":"message","repeated":true,"ref":"Event"}],
  FreezeStageRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"node","kind":"string"},{"name":"for_ns","kind":"uint64"}],
  FreezeStageResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  ListNetworkRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"}],
  ListNetworkResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"},{"name":"devices","kind":"message","repeated":true,"ref":"NetworkDevice"},{"name":"sockets","kind":"message","repeated":true,"ref":"NetworkSocket"},{"name":"routes","kind":"message","repeated":true,"ref":"NetworkRoute"},{"name":"neighbours","kind":"message","repeated":true,"ref":"NetworkNeighbour"},{"name":"counters","kind":"message","repeated":true,"ref":"NetworkCounter"},{"name":"oob_devices","kind":"message","repeated":true,"ref":"OobDevice"},{"name":"vlan_maps","kind":"message","repeated":true,"ref":"VlanMap"}],
  VlanMap: [{"name":"vlans","kind":"string"},{"name":"node","kind":"string","optional":true},{"name":"house","kind":"enum","optional":true,"ref":"House"}],
  CallTaskRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"node","kind":"string"},{"name":"task","kind":"string"},{"name":"files","kind":"uint64"},{"name":"point","kind":"string"},{"name":"message","kind":"bytes"}],
  CallTaskResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"},{"name":"message","kind":"bytes"},{"name":"lost","kind":"string"}],
  OobDevice: [{"name":"dev","kind":"string"},{"name":"oob_capable","kind":"bool"},{"name":"rx_packets","kind":"uint64"},{"name":"rx_bytes","kind":"uint64"},{"name":"tx_packets","kind":"uint64"},{"name":"tx_bytes","kind":"uint64"},{"name":"rx_nomem","kind":"uint64"},{"name":"tx_nomem","kind":"uint64"},{"name":"csum_errors","kind":"uint64"},{"name":"skb_size","kind":"uint64"},{"name":"skb_free","kind":"uint64"},{"name":"skb_total","kind":"uint64"},{"name":"node","kind":"string","optional":true},{"name":"house","kind":"enum","optional":true,"ref":"House"},{"name":"filter","kind":"string"}],
  NetworkDevice: [{"name":"dev","kind":"string"},{"name":"ifindex","kind":"uint32"},{"name":"kind","kind":"string"},{"name":"mac","kind":"string"},{"name":"mtu","kind":"uint32"},{"name":"state","kind":"string","repeated":true},{"name":"addresses","kind":"string","repeated":true},{"name":"below","kind":"string"},{"name":"driver","kind":"string"},{"name":"node","kind":"string","optional":true},{"name":"house","kind":"enum","optional":true,"ref":"House"}],
  NetworkSocket: [{"name":"sk","kind":"uint64"},{"name":"kind","kind":"string"},{"name":"local","kind":"string"},{"name":"peer","kind":"string"},{"name":"waiting","kind":"uint64"},{"name":"drops","kind":"uint64"},{"name":"oob_data","kind":"uint64"},{"name":"state","kind":"string","repeated":true},{"name":"node","kind":"string","optional":true},{"name":"house","kind":"enum","optional":true,"ref":"House"},{"name":"sending","kind":"uint64","optional":true},{"name":"timer","kind":"string","optional":true},{"name":"info","kind":"string","optional":true}],
  NetworkRoute: [{"name":"destination","kind":"string"},{"name":"gateway","kind":"string"},{"name":"dev","kind":"string"},{"name":"metric","kind":"uint32"},{"name":"kind","kind":"string"},{"name":"node","kind":"string","optional":true},{"name":"house","kind":"enum","optional":true,"ref":"House"}],
  NetworkNeighbour: [{"name":"address","kind":"string"},{"name":"mac","kind":"string"},{"name":"dev","kind":"string"},{"name":"state","kind":"string"},{"name":"node","kind":"string","optional":true},{"name":"house","kind":"enum","optional":true,"ref":"House"}],
  NetworkCounter: [{"name":"where","kind":"string"},{"name":"name","kind":"string"},{"name":"count","kind":"uint64"},{"name":"node","kind":"string","optional":true},{"name":"house","kind":"enum","optional":true,"ref":"House"}],
  OpenFileRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"file","kind":"uint64"},{"name":"dev","kind":"string"},{"name":"flags","kind":"uint32"}],
  OpenFileResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"},{"name":"oob_data","kind":"uint64"}],
  ReleaseFileRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"file","kind":"uint64"},{"name":"oob_data","kind":"uint64"}],
  ReleaseFileResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  FileFlagsRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"file","kind":"uint64"},{"name":"oob_data","kind":"uint64"},{"name":"flags","kind":"uint32"}],
  FileFlagsResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  DriverIoRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"file","kind":"uint64"},{"name":"oob_data","kind":"uint64"},{"name":"operation","kind":"enum","optional":true,"ref":"DriverOperation"},{"name":"data","kind":"bytes"},{"name":"count","kind":"uint32"},{"name":"cmd","kind":"uint32"},{"name":"arg","kind":"int64"}],
  DriverIoResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"},{"name":"data","kind":"bytes"},{"name":"value","kind":"int64"}],
  InbandEventNotifyRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"event","kind":"enum","optional":true,"ref":"InbandEvent"},{"name":"subject","kind":"string"}],
  InbandEventNotifyResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  OobVfsReadyRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"file","kind":"uint64"},{"name":"files","kind":"uint64"}],
  OobVfsReadyResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  OobNetFilterRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"dev","kind":"string"},{"name":"program","kind":"bytes"},{"name":"section","kind":"string"}],
  OobNetFilterResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  OobLoadFamilyRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"family","kind":"uint32"}],
  OobLoadFamilyResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  OobProtoOpsRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"sk","kind":"uint64"},{"name":"oob_data","kind":"uint64"},{"name":"operation","kind":"enum","optional":true,"ref":"ProtoOperation"},{"name":"addr","kind":"bytes"},{"name":"how","kind":"uint32"},{"name":"cmd","kind":"uint32"},{"name":"arg","kind":"bytes"}],
  OobProtoOpsResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"},{"name":"arg","kind":"bytes"}],
  NetifOobSwitchPortRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"dev","kind":"string"},{"name":"ifindex","kind":"uint32"},{"name":"real","kind":"string"},{"name":"vlan_id","kind":"uint32"},{"name":"mac","kind":"bytes"},{"name":"mtu","kind":"uint32"},{"name":"capable","kind":"bool"},{"name":"running","kind":"bool"},{"name":"enabled","kind":"bool"},{"name":"pool","kind":"uint32"},{"name":"buffer_bytes","kind":"uint32"}],
  NetifOobSwitchPortResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  OobNeighbourUpdateRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"dev","kind":"string"},{"name":"address","kind":"string"},{"name":"mac","kind":"bytes"},{"name":"reachable","kind":"bool"}],
  OobNeighbourUpdateResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  OobRouteLearnRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"destination","kind":"string"},{"name":"source","kind":"string"},{"name":"dev","kind":"string"},{"name":"nexthop","kind":"string"},{"name":"mtu","kind":"uint32"},{"name":"gateway","kind":"bool"},{"name":"broadcast","kind":"bool"},{"name":"forget","kind":"bool"}],
  OobRouteLearnResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  OobInbandReadyRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"sk","kind":"uint64"}],
  OobInbandReadyResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  OobNicReadyRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"}],
  OobNicReadyResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  OobAttachThreadRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"cap_sys_nice","kind":"bool"},{"name":"priority","kind":"uint32"}],
  OobAttachThreadResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  OobDetachThreadRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"}],
  OobDetachThreadResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  OobReadRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"fd","kind":"uint32"},{"name":"count","kind":"uint32"}],
  OobReadResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"},{"name":"data","kind":"bytes"}],
  OobWriteRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"fd","kind":"uint32"},{"name":"data","kind":"bytes"}],
  OobWriteResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"},{"name":"count","kind":"uint32"}],
  OobIoctlRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"fd","kind":"uint32"},{"name":"cmd","kind":"uint32"},{"name":"arg","kind":"int64"}],
  OobIoctlResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"},{"name":"value","kind":"int64"}],
  OobPollRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"fd","kind":"uint32"},{"name":"events","kind":"uint32"},{"name":"timeout_ns","kind":"uint64"}],
  OobPollResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"},{"name":"revents","kind":"uint32"}],
  OobNetDomainRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"name","kind":"string"},{"name":"registered","kind":"bool"}],
  OobNetDomainResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  OobSendmsgRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"fd","kind":"uint32"},{"name":"data","kind":"bytes"},{"name":"flags","kind":"uint32"},{"name":"addr","kind":"bytes"},{"name":"timeout_ns","kind":"uint64"}],
  OobSendmsgResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"},{"name":"count","kind":"uint32"}],
  OobRecvmsgRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"fd","kind":"uint32"},{"name":"count","kind":"uint32"},{"name":"flags","kind":"uint32"},{"name":"timeout_ns","kind":"uint64"},{"name":"controllen","kind":"uint32","optional":true},{"name":"namelen","kind":"uint32","optional":true},{"name":"no_name","kind":"bool","optional":true}],
  OobRecvmsgResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"},{"name":"data","kind":"bytes"},{"name":"addr","kind":"bytes"},{"name":"flags","kind":"uint32"},{"name":"length","kind":"uint32"},{"name":"controllen","kind":"uint32"},{"name":"device_time_ns","kind":"uint64"},{"name":"queuing_time_ns","kind":"uint64"},{"name":"delivery_time_ns","kind":"uint64"}],
  OobNetVlansRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"vlans","kind":"string"}],
  OobNetVlansResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  OobNetDivertRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"dev","kind":"string"},{"name":"enabled","kind":"bool"}],
  OobNetDivertResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  OobSetThreadModeRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"mode","kind":"uint32"}],
  OobSetThreadModeResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  HandlePipelinedSyscallRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"syscall","kind":"string"}],
  HandlePipelinedSyscallResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  NetifReceiveOobRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"dev","kind":"string"},{"name":"frame","kind":"uint64"},{"name":"data","kind":"bytes"}],
  NetifReceiveOobResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"},{"name":"taken","kind":"bool"}],
  OobSockOptionsRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"sk","kind":"uint64"},{"name":"oob_data","kind":"uint64"},{"name":"broadcast","kind":"bool"},{"name":"bound_ifindex","kind":"uint32"},{"name":"rcvbuf","kind":"uint32"},{"name":"sndbuf","kind":"uint32"},{"name":"pmtudisc","kind":"uint32"},{"name":"reuse_port","kind":"bool"}],
  OobSockOptionsResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  ExchangeRequest: [{"name":"calls","kind":"message","repeated":true,"ref":"Call"}],
  ExchangeResponse: [{"name":"answers","kind":"message","repeated":true,"ref":"Answer"},{"name":"credit","kind":"uint64"}],
  Call: [{"name":"correlation","kind":"uint64"},{"name":"point","kind":"string"},{"name":"message","kind":"bytes"}],
  Answer: [{"name":"correlation","kind":"uint64"},{"name":"road","kind":"enum","optional":true,"ref":"Road"},{"name":"message","kind":"bytes"},{"name":"reason","kind":"string"}],
  AttendRequest: [{"name":"boot","kind":"message","optional":true,"ref":"BootOrder"},{"name":"connect","kind":"message","optional":true,"ref":"ConnectOrder"},{"name":"start","kind":"message","optional":true,"ref":"StartOrder"},{"name":"gate","kind":"message","optional":true,"ref":"GateOrder"},{"name":"strike","kind":"message","optional":true,"ref":"StrikeOrder"},{"name":"struck","kind":"message","optional":true,"ref":"StruckOrder"},{"name":"reach","kind":"message","optional":true,"ref":"ReachOrder"}],
  AttendResponse: [{"name":"serving","kind":"message","optional":true,"ref":"ServingWord"},{"name":"connected","kind":"message","optional":true,"ref":"ConnectedWord"},{"name":"started","kind":"message","optional":true,"ref":"StartedWord"},{"name":"blow","kind":"message","optional":true,"ref":"BlowWord"},{"name":"trouble","kind":"message","optional":true,"ref":"TroubleWord"},{"name":"obeyed","kind":"message","optional":true,"ref":"ObeyedWord"}],
  BootOrder: [{"name":"place","kind":"string"},{"name":"world","kind":"string"},{"name":"seed","kind":"string"},{"name":"profile","kind":"string"},{"name":"epoch_ms","kind":"double"},{"name":"origin","kind":"uint64"},{"name":"incarnation","kind":"uint32"},{"name":"mutant","kind":"string"},{"name":"frames","kind":"string"},{"name":"core","kind":"string"},{"name":"lamport","kind":"uint64"}],
  ConnectOrder: [{"name":"addresses","kind":"message","repeated":true,"ref":"PlaceAddress"}],
  PlaceAddress: [{"name":"place","kind":"string"},{"name":"address","kind":"string"}],
  StartOrder: [],
  GateOrder: [{"name":"peer","kind":"string"},{"name":"cut","kind":"bool"},{"name":"slow_ns","kind":"uint64"},{"name":"for_ns","kind":"uint64"}],
  StrikeOrder: [{"name":"kind","kind":"enum","optional":true,"ref":"FaultKind"},{"name":"for_ns","kind":"uint64"}],
  ReachOrder: [{"name":"peer","kind":"string"}],
  StruckOrder: [{"name":"blow","kind":"uint64"}],
  ServingWord: [],
  ConnectedWord: [],
  StartedWord: [],
  ObeyedWord: [],
  BlowWord: [{"name":"blow","kind":"uint64"},{"name":"effect","kind":"message","optional":true,"ref":"FaultEffect"},{"name":"lamport","kind":"uint64"}],
  TroubleWord: [{"name":"reason","kind":"string"}],
  CarryRequest: [{"name":"offer","kind":"message","optional":true,"ref":"LinkOffer"},{"name":"frames","kind":"message","repeated":true,"ref":"LinkFrame"},{"name":"credit","kind":"message","optional":true,"ref":"LinkCredit"}],
  CarryResponse: [{"name":"answer","kind":"message","optional":true,"ref":"LinkAnswer"},{"name":"frames","kind":"message","repeated":true,"ref":"LinkFrame"},{"name":"credit","kind":"message","optional":true,"ref":"LinkCredit"}],
  LinkOffer: [{"name":"link","kind":"string"},{"name":"memory","kind":"message","optional":true,"ref":"SharedMemory"},{"name":"why_stream","kind":"string"},{"name":"origin","kind":"uint64"}],
  SharedMemory: [{"name":"path","kind":"string"},{"name":"token","kind":"uint64"},{"name":"ring_bytes","kind":"uint32"},{"name":"bell","kind":"string"}],
  LinkAnswer: [{"name":"medium","kind":"enum","optional":true,"ref":"LinkMedium"},{"name":"reason","kind":"string"},{"name":"bell","kind":"string"}],
  LinkFrame: [{"name":"flags","kind":"uint32"},{"name":"frame","kind":"uint64"},{"name":"time_ns","kind":"uint64"},{"name":"trace","kind":"uint64"},{"name":"span","kind":"uint64"},{"name":"lamport","kind":"uint64"},{"name":"data","kind":"bytes"}],
  LinkCredit: [{"name":"frames","kind":"uint64"},{"name":"bytes","kind":"uint64"}],
  InstallInbandFdRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"fd","kind":"uint32"},{"name":"file","kind":"uint64"},{"name":"oob_data","kind":"uint64"},{"name":"files","kind":"uint64"}],
  InstallInbandFdResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  ReplaceInbandFdRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"fd","kind":"uint32"},{"name":"file","kind":"uint64"},{"name":"oob_data","kind":"uint64"},{"name":"files","kind":"uint64"}],
  ReplaceInbandFdResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  UninstallInbandFdRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"fd","kind":"uint32"},{"name":"file","kind":"uint64"},{"name":"oob_data","kind":"uint64"},{"name":"files","kind":"uint64"}],
  UninstallInbandFdResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  SockOobAttachRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"sock","kind":"uint64"},{"name":"sk","kind":"uint64"},{"name":"file","kind":"uint64"},{"name":"family","kind":"uint32"},{"name":"type","kind":"uint32"},{"name":"protocol","kind":"uint32"},{"name":"flags","kind":"uint32"}],
  SockOobAttachResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"},{"name":"oob_data","kind":"uint64"}],
  SockOobReleaseRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"sock","kind":"uint64"},{"name":"sk","kind":"uint64"},{"name":"file","kind":"uint64"},{"name":"oob_data","kind":"uint64"}],
  SockOobReleaseResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  SockOobDestroyRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"sk","kind":"uint64"},{"name":"oob_data","kind":"uint64"}],
  SockOobDestroyResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  SockOobBindRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"sk","kind":"uint64"},{"name":"oob_data","kind":"uint64"},{"name":"addr","kind":"bytes"},{"name":"bound","kind":"bytes"}],
  SockOobBindResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  SockOobConnectRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"sk","kind":"uint64"},{"name":"oob_data","kind":"uint64"},{"name":"addr","kind":"bytes"},{"name":"flags","kind":"uint32"},{"name":"bound","kind":"bytes"}],
  SockOobConnectResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  SockOobShutdownRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"sk","kind":"uint64"},{"name":"oob_data","kind":"uint64"},{"name":"how","kind":"uint32"}],
  SockOobShutdownResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  SockOobIoctlRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"file","kind":"uint64"},{"name":"sk","kind":"uint64"},{"name":"oob_data","kind":"uint64"},{"name":"cmd","kind":"uint32"},{"name":"arg","kind":"bytes"}],
  SockOobIoctlResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"},{"name":"arg","kind":"bytes"}],
  SockInbandIoctlRedirectRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"sk","kind":"uint64"},{"name":"oob_data","kind":"uint64"},{"name":"cmd","kind":"uint32"},{"name":"arg","kind":"bytes"}],
  SockInbandIoctlRedirectResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"},{"name":"arg","kind":"bytes"}],
  NetifDeliverOobRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"dev","kind":"string"},{"name":"frame","kind":"uint64"},{"name":"data","kind":"bytes"},{"name":"device_time_ns","kind":"uint64","optional":true}],
  NetifDeliverOobResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"},{"name":"taken","kind":"bool"}],
  InbandOffloadSendmsgRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"sk","kind":"uint64"},{"name":"data","kind":"bytes"},{"name":"addr","kind":"bytes"}],
  InbandOffloadSendmsgResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"},{"name":"count","kind":"uint32"},{"name":"bound","kind":"bytes"}],
  SockCoreReadyRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"incarnation","kind":"uint32"}],
  SockCoreReadyResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  KsockSocketRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"domain","kind":"string"},{"name":"type","kind":"string"},{"name":"protocol","kind":"uint32"},{"name":"nosleep","kind":"bool"},{"name":"callback","kind":"uint64"}],
  KsockSocketResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"},{"name":"ks","kind":"uint64"}],
  KsockBindRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"ks","kind":"uint64"},{"name":"addr","kind":"bytes","optional":true},{"name":"addrlen","kind":"uint32"},{"name":"callback","kind":"uint64"}],
  KsockBindResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  KsockListenRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"ks","kind":"uint64"},{"name":"backlog","kind":"int32"},{"name":"callback","kind":"uint64"}],
  KsockListenResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  KsockAcceptRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"ks","kind":"uint64"},{"name":"want_addr","kind":"bool"},{"name":"addrlen","kind":"uint32","optional":true},{"name":"waiting","kind":"bool"},{"name":"callback","kind":"uint64"}],
  KsockAcceptResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"},{"name":"newks","kind":"uint64"},{"name":"addr","kind":"bytes"},{"name":"again","kind":"bool"}],
  KsockConnectRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"ks","kind":"uint64"},{"name":"addr","kind":"bytes","optional":true},{"name":"waiting","kind":"bool"},{"name":"addrlen","kind":"uint32"},{"name":"callback","kind":"uint64"}],
  KsockConnectResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"},{"name":"again","kind":"bool"}],
  KsockSendRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"ks","kind":"uint64"},{"name":"msg","kind":"bytes","optional":true},{"name":"msgsize","kind":"uint32"},{"name":"flags","kind":"string"},{"name":"addr","kind":"bytes","optional":true},{"name":"control","kind":"bytes"},{"name":"addrlen","kind":"uint32"},{"name":"until_ns","kind":"uint64"},{"name":"taken","kind":"uint64"},{"name":"callback","kind":"uint64"}],
  KsockSendResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"},{"name":"sent","kind":"uint32"},{"name":"again","kind":"bool"},{"name":"until_ns","kind":"uint64"}],
  KsockRecvRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"ks","kind":"uint64"},{"name":"msgsize","kind":"uint32"},{"name":"msg_null","kind":"bool"},{"name":"flags","kind":"string"},{"name":"until_ns","kind":"uint64"},{"name":"taken","kind":"uint64"},{"name":"controllen","kind":"uint32"},{"name":"callback","kind":"uint64"}],
  KsockRecvResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"},{"name":"msg","kind":"bytes"},{"name":"flags","kind":"string"},{"name":"addr","kind":"bytes"},{"name":"control","kind":"bytes"},{"name":"again","kind":"bool"},{"name":"until_ns","kind":"uint64"}],
  KsockShutdownRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"ks","kind":"uint64"},{"name":"how","kind":"int32"},{"name":"callback","kind":"uint64"}],
  KsockShutdownResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  KsockCloseRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"ks","kind":"uint64"},{"name":"waiting","kind":"bool"},{"name":"callback","kind":"uint64"}],
  KsockCloseResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"},{"name":"again","kind":"bool"}],
  KsockSetsockoptRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"ks","kind":"uint64"},{"name":"level","kind":"string"},{"name":"optname","kind":"string"},{"name":"optval","kind":"bytes","optional":true},{"name":"optlen","kind":"int32"},{"name":"callback","kind":"uint64"}],
  KsockSetsockoptResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  KsockGetsockoptRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"ks","kind":"uint64"},{"name":"level","kind":"string"},{"name":"optname","kind":"string"},{"name":"optlen","kind":"int32","optional":true},{"name":"callback","kind":"uint64"}],
  KsockGetsockoptResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"},{"name":"optval","kind":"bytes"}],
  KsockGetpeernameRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"ks","kind":"uint64"},{"name":"want_addr","kind":"bool"},{"name":"addrlen","kind":"uint32","optional":true},{"name":"callback","kind":"uint64"}],
  KsockGetpeernameResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"},{"name":"addr","kind":"bytes"}],
  KsockGetsocknameRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"ks","kind":"uint64"},{"name":"want_addr","kind":"bool"},{"name":"addrlen","kind":"uint32","optional":true},{"name":"callback","kind":"uint64"}],
  KsockGetsocknameResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"},{"name":"addr","kind":"bytes"}],
  KsockIoctlRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"ks","kind":"uint64"},{"name":"cmd","kind":"string"},{"name":"arg","kind":"int64","optional":true},{"name":"callback","kind":"uint64"}],
  KsockIoctlResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"},{"name":"arg","kind":"int64"}],
  KsockCallbacksRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"ks","kind":"uint64"},{"name":"binding","kind":"string"},{"name":"off","kind":"bool"},{"name":"arg","kind":"bool"},{"name":"update","kind":"string"},{"name":"slots","kind":"string"},{"name":"stream","kind":"string"},{"name":"callback","kind":"uint64"}],
  KsockCallbacksResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  KsocketSpollRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"ks","kind":"uint64"},{"name":"timeout_ms","kind":"int32"},{"name":"events","kind":"string"},{"name":"revents_null","kind":"bool"},{"name":"until_ns","kind":"uint64"},{"name":"callback","kind":"uint64"}],
  KsocketSpollResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"},{"name":"revents","kind":"string"},{"name":"again","kind":"bool"},{"name":"until_ns","kind":"uint64"}],
  KsocketHoldRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"ks","kind":"uint64"},{"name":"callback","kind":"uint64"}],
  KsocketHoldResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  KsocketReleRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"ks","kind":"uint64"},{"name":"callback","kind":"uint64"}],
  KsocketReleResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  KsockNextEventRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"stream","kind":"string"},{"name":"have","kind":"string"}],
  KsockNextEventResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"},{"name":"number","kind":"uint64"},{"name":"ks","kind":"uint64"},{"name":"slot","kind":"string"},{"name":"value","kind":"int64"}],
  KsockAckEventRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"stream","kind":"string"},{"name":"number","kind":"uint64"}],
  KsockAckEventResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  KsockInterruptRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"thread","kind":"string"}],
  KsockInterruptResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"},{"name":"woken","kind":"bool"}],
  NetLinkUpRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"dev","kind":"string"}],
  NetLinkUpResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  NetLinkDownRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"dev","kind":"string"}],
  NetLinkDownResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  NetMtuRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"dev","kind":"string"},{"name":"mtu","kind":"uint32"}],
  NetMtuResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  NetVlanAddRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"dev","kind":"string"},{"name":"name","kind":"string"},{"name":"vlan_id","kind":"uint32"}],
  NetVlanAddResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"},{"name":"ifindex","kind":"uint32"}],
  NetLinkDelRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"dev","kind":"string"}],
  NetLinkDelResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  NetAddressAddRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"dev","kind":"string"},{"name":"address","kind":"string"}],
  NetAddressAddResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  NetAddressDelRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"dev","kind":"string"},{"name":"address","kind":"string"}],
  NetAddressDelResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  NetRouteAddRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"dev","kind":"string"},{"name":"destination","kind":"string"},{"name":"gateway","kind":"string"},{"name":"metric","kind":"uint32"}],
  NetRouteAddResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  NetRouteDelRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"dev","kind":"string"},{"name":"destination","kind":"string"},{"name":"gateway","kind":"string"},{"name":"metric","kind":"uint32"}],
  NetRouteDelResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  NetOobPortRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"dev","kind":"string"},{"name":"enabled","kind":"bool"},{"name":"pool","kind":"uint32"},{"name":"buffer_bytes","kind":"uint32"}],
  NetOobPortResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  NetifCarrierRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"dev","kind":"string"},{"name":"on","kind":"bool"}],
  NetifCarrierResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  SockCreateRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"family","kind":"uint32"},{"name":"type","kind":"uint32"},{"name":"protocol","kind":"uint32"},{"name":"kern","kind":"bool"},{"name":"cap_net_raw","kind":"bool"},{"name":"file","kind":"uint64"}],
  SockCreateResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"},{"name":"sock","kind":"uint64"},{"name":"sk","kind":"uint64"}],
  SockMapFileRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"sock","kind":"uint64"},{"name":"file","kind":"uint64"},{"name":"flags","kind":"uint32"},{"name":"oob","kind":"bool"}],
  SockMapFileResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"},{"name":"oob_data","kind":"uint64"}],
  SockCloseRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"sock","kind":"uint64"},{"name":"file","kind":"uint64"}],
  SockCloseResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  SockBindRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"sock","kind":"uint64"},{"name":"addr","kind":"bytes"}],
  SockBindResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  SockConnectRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"sock","kind":"uint64"},{"name":"addr","kind":"bytes"},{"name":"flags","kind":"uint32"}],
  SockConnectResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  SockListenRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"sock","kind":"uint64"},{"name":"backlog","kind":"uint32"}],
  SockListenResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  SockAcceptRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"sock","kind":"uint64"},{"name":"flags","kind":"uint32"},{"name":"file","kind":"uint64"}],
  SockAcceptResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"},{"name":"newsock","kind":"uint64"},{"name":"addr","kind":"bytes"}],
  SockShutdownRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"sock","kind":"uint64"},{"name":"how","kind":"uint32"}],
  SockShutdownResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  SockSendmsgRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"sock","kind":"uint64"},{"name":"data","kind":"bytes"},{"name":"flags","kind":"uint32"},{"name":"addr","kind":"bytes"}],
  SockSendmsgResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"},{"name":"count","kind":"uint32"}],
  SockRecvmsgRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"sock","kind":"uint64"},{"name":"count","kind":"uint32"},{"name":"flags","kind":"uint32"}],
  SockRecvmsgResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"},{"name":"data","kind":"bytes"},{"name":"addr","kind":"bytes"},{"name":"flags","kind":"uint32"},{"name":"length","kind":"uint32"}],
  SockGetnameRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"sock","kind":"uint64"},{"name":"peer","kind":"bool"}],
  SockGetnameResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"},{"name":"addr","kind":"bytes"}],
  SockSetsockoptRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"sock","kind":"uint64"},{"name":"level","kind":"uint32"},{"name":"optname","kind":"uint32"},{"name":"value","kind":"int64"},{"name":"data","kind":"bytes","optional":true}],
  SockSetsockoptResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  SockGetsockoptRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"sock","kind":"uint64"},{"name":"level","kind":"uint32"},{"name":"optname","kind":"uint32"}],
  SockGetsockoptResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"},{"name":"value","kind":"int64"},{"name":"data","kind":"bytes","optional":true}],
  SockIoctlRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"sock","kind":"uint64"},{"name":"cmd","kind":"uint32"},{"name":"arg","kind":"int64"},{"name":"data","kind":"bytes"}],
  SockIoctlResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"},{"name":"value","kind":"int64"},{"name":"data","kind":"bytes"}],
  SockPollRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"sock","kind":"uint64"},{"name":"events","kind":"uint32"},{"name":"timeout_ns","kind":"uint64"}],
  SockPollResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"},{"name":"revents","kind":"uint32"}],
  SockInterruptRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"}],
  SockInterruptResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  SockVfsReadyRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"file","kind":"uint64"}],
  SockVfsReadyResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  InbandSolicitRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"sk","kind":"uint64"},{"name":"address","kind":"string"},{"name":"ifindex","kind":"uint32"},{"name":"permanent","kind":"bool"},{"name":"may_route","kind":"bool"}],
  InbandSolicitResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  KernelSocketsSocketRequest: [{"name":"node","kind":"string"},{"name":"domain","kind":"string"},{"name":"type","kind":"string"},{"name":"protocol","kind":"uint32"},{"name":"stream","kind":"string"},{"name":"callback","kind":"uint64"}],
  KernelSocketsSocketResponse: [{"name":"error","kind":"int32"},{"name":"errno","kind":"string"},{"name":"ks","kind":"uint64"}],
  KernelSocketsBindRequest: [{"name":"node","kind":"string"},{"name":"ks","kind":"uint64"},{"name":"addr","kind":"bytes","optional":true},{"name":"host","kind":"string"},{"name":"port","kind":"uint32"},{"name":"addrlen","kind":"uint32"},{"name":"callback","kind":"uint64"}],
  KernelSocketsBindResponse: [{"name":"error","kind":"int32"},{"name":"errno","kind":"string"}],
  KernelSocketsListenRequest: [{"name":"node","kind":"string"},{"name":"ks","kind":"uint64"},{"name":"backlog","kind":"int32"},{"name":"callback","kind":"uint64"}],
  KernelSocketsListenResponse: [{"name":"error","kind":"int32"},{"name":"errno","kind":"string"}],
  KernelSocketsAcceptRequest: [{"name":"node","kind":"string"},{"name":"ks","kind":"uint64"},{"name":"want_addr","kind":"bool","optional":true},{"name":"addrlen","kind":"uint32","optional":true},{"name":"callback","kind":"uint64"}],
  KernelSocketsAcceptResponse: [{"name":"error","kind":"int32"},{"name":"errno","kind":"string"},{"name":"newks","kind":"uint64"},{"name":"addr","kind":"bytes"},{"name":"host","kind":"string"},{"name":"port","kind":"uint32"}],
  KernelSocketsConnectRequest: [{"name":"node","kind":"string"},{"name":"ks","kind":"uint64"},{"name":"addr","kind":"bytes","optional":true},{"name":"host","kind":"string"},{"name":"port","kind":"uint32"},{"name":"addrlen","kind":"uint32"},{"name":"callback","kind":"uint64"}],
  KernelSocketsConnectResponse: [{"name":"error","kind":"int32"},{"name":"errno","kind":"string"}],
  KernelSocketsSendRequest: [{"name":"node","kind":"string"},{"name":"ks","kind":"uint64"},{"name":"addr","kind":"bytes","optional":true},{"name":"host","kind":"string"},{"name":"port","kind":"uint32"},{"name":"addrlen","kind":"uint32"},{"name":"msg","kind":"bytes","optional":true},{"name":"msgsize","kind":"uint32"},{"name":"flags","kind":"string"},{"name":"control","kind":"bytes"},{"name":"taken","kind":"uint64"},{"name":"callback","kind":"uint64"}],
  KernelSocketsSendResponse: [{"name":"error","kind":"int32"},{"name":"errno","kind":"string"},{"name":"sent","kind":"uint32"}],
  KernelSocketsRecvRequest: [{"name":"node","kind":"string"},{"name":"ks","kind":"uint64"},{"name":"msgsize","kind":"uint32"},{"name":"msg_null","kind":"bool"},{"name":"flags","kind":"string"},{"name":"controllen","kind":"uint32"},{"name":"taken","kind":"uint64"},{"name":"callback","kind":"uint64"}],
  KernelSocketsRecvResponse: [{"name":"error","kind":"int32"},{"name":"errno","kind":"string"},{"name":"msg","kind":"bytes"},{"name":"addr","kind":"bytes"},{"name":"host","kind":"string"},{"name":"port","kind":"uint32"},{"name":"flags","kind":"string"},{"name":"control","kind":"bytes"}],
  KernelSocketsShutdownRequest: [{"name":"node","kind":"string"},{"name":"ks","kind":"uint64"},{"name":"how","kind":"int32"},{"name":"callback","kind":"uint64"}],
  KernelSocketsShutdownResponse: [{"name":"error","kind":"int32"},{"name":"errno","kind":"string"}],
  KernelSocketsCloseRequest: [{"name":"node","kind":"string"},{"name":"ks","kind":"uint64"},{"name":"callback","kind":"uint64"}],
  KernelSocketsCloseResponse: [{"name":"error","kind":"int32"},{"name":"errno","kind":"string"}],
  KernelSocketsSetsockoptRequest: [{"name":"node","kind":"string"},{"name":"ks","kind":"uint64"},{"name":"level","kind":"string"},{"name":"optname","kind":"string"},{"name":"optval","kind":"bytes","optional":true},{"name":"optlen","kind":"int32"},{"name":"value","kind":"int32","optional":true},{"name":"callback","kind":"uint64"}],
  KernelSocketsSetsockoptResponse: [{"name":"error","kind":"int32"},{"name":"errno","kind":"string"}],
  KernelSocketsGetsockoptRequest: [{"name":"node","kind":"string"},{"name":"ks","kind":"uint64"},{"name":"level","kind":"string"},{"name":"optname","kind":"string"},{"name":"optlen","kind":"int32","optional":true},{"name":"callback","kind":"uint64"}],
  KernelSocketsGetsockoptResponse: [{"name":"error","kind":"int32"},{"name":"errno","kind":"string"},{"name":"optval","kind":"bytes"},{"name":"value","kind":"int32"}],
  KernelSocketsGetpeernameRequest: [{"name":"node","kind":"string"},{"name":"ks","kind":"uint64"},{"name":"want_addr","kind":"bool"},{"name":"addrlen","kind":"uint32","optional":true},{"name":"callback","kind":"uint64"}],
  KernelSocketsGetpeernameResponse: [{"name":"error","kind":"int32"},{"name":"errno","kind":"string"},{"name":"addr","kind":"bytes"},{"name":"host","kind":"string"},{"name":"port","kind":"uint32"}],
  KernelSocketsGetsocknameRequest: [{"name":"node","kind":"string"},{"name":"ks","kind":"uint64"},{"name":"want_addr","kind":"bool"},{"name":"addrlen","kind":"uint32","optional":true},{"name":"callback","kind":"uint64"}],
  KernelSocketsGetsocknameResponse: [{"name":"error","kind":"int32"},{"name":"errno","kind":"string"},{"name":"addr","kind":"bytes"},{"name":"host","kind":"string"},{"name":"port","kind":"uint32"}],
  KernelSocketsIoctlRequest: [{"name":"node","kind":"string"},{"name":"ks","kind":"uint64"},{"name":"cmd","kind":"string"},{"name":"arg","kind":"int64","optional":true},{"name":"callback","kind":"uint64"}],
  KernelSocketsIoctlResponse: [{"name":"error","kind":"int32"},{"name":"errno","kind":"string"},{"name":"arg","kind":"int64"}],
  KernelSocketsCallbacksRequest: [{"name":"node","kind":"string"},{"name":"ks","kind":"uint64"},{"name":"binding","kind":"string"},{"name":"off","kind":"bool"},{"name":"arg","kind":"bool"},{"name":"update","kind":"string"},{"name":"slots","kind":"string"},{"name":"stream","kind":"string"},{"name":"callback","kind":"uint64"}],
  KernelSocketsCallbacksResponse: [{"name":"error","kind":"int32"},{"name":"errno","kind":"string"}],
  KernelSocketsSpollRequest: [{"name":"node","kind":"string"},{"name":"ks","kind":"uint64"},{"name":"timeout_ms","kind":"int32"},{"name":"events","kind":"string"},{"name":"revents_null","kind":"bool"},{"name":"callback","kind":"uint64"}],
  KernelSocketsSpollResponse: [{"name":"error","kind":"int32"},{"name":"errno","kind":"string"},{"name":"revents","kind":"string"}],
  KernelSocketsHoldRequest: [{"name":"node","kind":"string"},{"name":"ks","kind":"uint64"},{"name":"callback","kind":"uint64"}],
  KernelSocketsHoldResponse: [{"name":"error","kind":"int32"},{"name":"errno","kind":"string"}],
  KernelSocketsReleRequest: [{"name":"node","kind":"string"},{"name":"ks","kind":"uint64"},{"name":"callback","kind":"uint64"}],
  KernelSocketsReleResponse: [{"name":"error","kind":"int32"},{"name":"errno","kind":"string"}],
  KernelSocketsEventsRequest: [{"name":"node","kind":"string"},{"name":"stream","kind":"string"},{"name":"number","kind":"uint64"}],
  KernelSocketsEventsResponse: [{"name":"number","kind":"uint64"},{"name":"ks","kind":"uint64"},{"name":"slot","kind":"string"},{"name":"value","kind":"int64"}],
  NetifEnableOobDiversionRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"dev","kind":"string"}],
  NetifEnableOobDiversionResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  NetifDisableOobDiversionRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"dev","kind":"string"}],
  NetifDisableOobDiversionResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  NicLinkRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"dev","kind":"string"},{"name":"up","kind":"bool"}],
  NicLinkResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  NicNetemRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"dev","kind":"string"},{"name":"rules","kind":"string"}],
  NicNetemResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  FileCoreReadyRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"incarnation","kind":"uint32"}],
  FileCoreReadyResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  SpawnRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"name","kind":"string"}],
  SpawnResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"},{"name":"pid","kind":"uint64"},{"name":"files","kind":"uint64"}],
  OpenRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"path","kind":"string"},{"name":"flags","kind":"uint32"}],
  OpenResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"},{"name":"fd","kind":"uint32"}],
  CloseRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"fd","kind":"uint32"}],
  CloseResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  CloseRangeRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"first","kind":"uint32"},{"name":"last","kind":"uint32"},{"name":"flags","kind":"uint32"}],
  CloseRangeResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"},{"name":"files","kind":"uint64"}],
  DupRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"fd","kind":"uint32"}],
  DupResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"},{"name":"fd","kind":"uint32"}],
  Dup2Request: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"fd","kind":"uint32"},{"name":"newfd","kind":"uint32"}],
  Dup2Response: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"},{"name":"fd","kind":"uint32"}],
  Dup3Request: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"fd","kind":"uint32"},{"name":"newfd","kind":"uint32"},{"name":"flags","kind":"uint32"}],
  Dup3Response: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"},{"name":"fd","kind":"uint32"}],
  FcntlRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"fd","kind":"uint32"},{"name":"cmd","kind":"uint32"},{"name":"arg","kind":"int64"}],
  FcntlResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"},{"name":"value","kind":"int64"}],
  ReadRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"fd","kind":"uint32"},{"name":"count","kind":"uint32"}],
  ReadResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"},{"name":"data","kind":"bytes"}],
  WriteRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"fd","kind":"uint32"},{"name":"data","kind":"bytes"}],
  WriteResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"},{"name":"count","kind":"uint32"}],
  IoctlRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"fd","kind":"uint32"},{"name":"cmd","kind":"uint32"},{"name":"arg","kind":"int64"},{"name":"data","kind":"bytes"}],
  IoctlResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"},{"name":"value","kind":"int64"},{"name":"data","kind":"bytes"}],
  ForkRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"child","kind":"string"},{"name":"flags","kind":"uint32"}],
  ForkResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"},{"name":"pid","kind":"uint64"},{"name":"files","kind":"uint64"},{"name":"child","kind":"string"}],
  ExecRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"}],
  ExecResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"},{"name":"files","kind":"uint64"}],
  ExitRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"reaper","kind":"string"}],
  ExitResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  PidfdGetfdRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"from_task","kind":"string"},{"name":"target_fd","kind":"uint32"}],
  PidfdGetfdResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"},{"name":"fd","kind":"uint32"}],
  PrlimitRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"nofile","kind":"uint32"}],
  PrlimitResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  SocketRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"family","kind":"uint32"},{"name":"type","kind":"uint32"},{"name":"protocol","kind":"uint32"}],
  SocketResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"},{"name":"fd","kind":"uint32"}],
  IoUringSocketRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"family","kind":"uint32"},{"name":"type","kind":"uint32"},{"name":"protocol","kind":"uint32"}],
  IoUringSocketResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"},{"name":"fd","kind":"uint32"}],
  SocketpairRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"family","kind":"uint32"},{"name":"type","kind":"uint32"},{"name":"protocol","kind":"uint32"}],
  SocketpairResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"},{"name":"fd","kind":"uint32"},{"name":"other","kind":"uint32"}],
  BindRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"fd","kind":"uint32"},{"name":"addr","kind":"bytes"}],
  BindResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  ConnectRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"fd","kind":"uint32"},{"name":"addr","kind":"bytes"}],
  ConnectResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  ListenRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"fd","kind":"uint32"},{"name":"backlog","kind":"uint32"}],
  ListenResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  Accept4Request: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"fd","kind":"uint32"},{"name":"flags","kind":"uint32"}],
  Accept4Response: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"},{"name":"fd","kind":"uint32"},{"name":"addr","kind":"bytes"}],
  ShutdownRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"fd","kind":"uint32"},{"name":"how","kind":"uint32"}],
  ShutdownResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  SendtoRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"fd","kind":"uint32"},{"name":"data","kind":"bytes"},{"name":"flags","kind":"uint32"},{"name":"addr","kind":"bytes"}],
  SendtoResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"},{"name":"count","kind":"uint32"}],
  RecvfromRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"fd","kind":"uint32"},{"name":"count","kind":"uint32"},{"name":"flags","kind":"uint32"}],
  RecvfromResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"},{"name":"data","kind":"bytes"},{"name":"addr","kind":"bytes"},{"name":"flags","kind":"uint32"},{"name":"length","kind":"uint32"}],
  GetsocknameRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"fd","kind":"uint32"}],
  GetsocknameResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"},{"name":"addr","kind":"bytes"}],
  GetpeernameRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"fd","kind":"uint32"}],
  GetpeernameResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"},{"name":"addr","kind":"bytes"}],
  SetsockoptRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"fd","kind":"uint32"},{"name":"level","kind":"uint32"},{"name":"optname","kind":"uint32"},{"name":"value","kind":"int64"},{"name":"data","kind":"bytes","optional":true}],
  SetsockoptResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  GetsockoptRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"fd","kind":"uint32"},{"name":"level","kind":"uint32"},{"name":"optname","kind":"uint32"}],
  GetsockoptResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"},{"name":"value","kind":"int64"},{"name":"data","kind":"bytes","optional":true}],
  PollRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"fd","kind":"uint32"},{"name":"events","kind":"uint32"},{"name":"timeout_ns","kind":"uint64"}],
  PollResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"},{"name":"revents","kind":"uint32"}],
  CapsetRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"},{"name":"drop","kind":"uint64"}],
  CapsetResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
  DovetailLeaveInbandRequest: [{"name":"header","kind":"message","optional":true,"ref":"CallHeader"}],
  DovetailLeaveInbandResponse: [{"name":"header","kind":"message","optional":true,"ref":"ReplyHeader"}],
};

/** The word of every enum value, by its name in the proto; the unspecified ones are left out. */
export const ENUM_WORDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Errno: {"ERRNO_EPERM":"EPERM","ERRNO_ENOENT":"ENOENT","ERRNO_ESRCH":"ESRCH","ERRNO_EINTR":"EINTR","ERRNO_EIO":"EIO","ERRNO_ENXIO":"ENXIO","ERRNO_EBADF":"EBADF","ERRNO_EAGAIN":"EAGAIN","ERRNO_ENOMEM":"ENOMEM","ERRNO_EACCES":"EACCES","ERRNO_EFAULT":"EFAULT","ERRNO_EBUSY":"EBUSY","ERRNO_ENODEV":"ENODEV","ERRNO_EEXIST":"EEXIST","ERRNO_EISDIR":"EISDIR","ERRNO_EINVAL":"EINVAL","ERRNO_EMFILE":"EMFILE","ERRNO_ENOTTY":"ENOTTY","ERRNO_ENOSPC":"ENOSPC","ERRNO_EPIPE":"EPIPE","ERRNO_EDOM":"EDOM","ERRNO_ERANGE":"ERANGE","ERRNO_EDEADLK":"EDEADLK","ERRNO_EIDRM":"EIDRM","ERRNO_ENOSR":"ENOSR","ERRNO_ENONET":"ENONET","ERRNO_EPROTO":"EPROTO","ERRNO_EMULTIHOP":"EMULTIHOP","ERRNO_EBADFD":"EBADFD","ERRNO_ENOTSOCK":"ENOTSOCK","ERRNO_EDESTADDRREQ":"EDESTADDRREQ","ERRNO_EMSGSIZE":"EMSGSIZE","ERRNO_EPROTOTYPE":"EPROTOTYPE","ERRNO_ENOPROTOOPT":"ENOPROTOOPT","ERRNO_EPROTONOSUPPORT":"EPROTONOSUPPORT","ERRNO_ESOCKTNOSUPPORT":"ESOCKTNOSUPPORT","ERRNO_EOPNOTSUPP":"EOPNOTSUPP","ERRNO_EAFNOSUPPORT":"EAFNOSUPPORT","ERRNO_EADDRINUSE":"EADDRINUSE","ERRNO_EADDRNOTAVAIL":"EADDRNOTAVAIL","ERRNO_ENETDOWN":"ENETDOWN","ERRNO_ENETUNREACH":"ENETUNREACH","ERRNO_ECONNABORTED":"ECONNABORTED","ERRNO_ECONNRESET":"ECONNRESET","ERRNO_ENOBUFS":"ENOBUFS","ERRNO_EISCONN":"EISCONN","ERRNO_ENOTCONN":"ENOTCONN","ERRNO_ETIMEDOUT":"ETIMEDOUT","ERRNO_ECONNREFUSED":"ECONNREFUSED","ERRNO_EHOSTDOWN":"EHOSTDOWN","ERRNO_EHOSTUNREACH":"EHOSTUNREACH","ERRNO_EALREADY":"EALREADY","ERRNO_EINPROGRESS":"EINPROGRESS","ERRNO_ENOIOCTLCMD":"ENOIOCTLCMD"},
  House: {"HOUSE_TASK":"task","HOUSE_VFS":"vfs","HOUSE_INBAND":"inband","HOUSE_COMPANION":"companion","HOUSE_NIC":"nic","HOUSE_LAB":"lab","HOUSE_ANY":"any"},
  Stage: {"STAGE_INBAND":"inband","STAGE_OOB":"oob","STAGE_EITHER":"either"},
  Kind: {"KIND_HOOK":"hook","KIND_CORE":"core","KIND_CALL":"call","KIND_CONTROL":"control"},
  Answers: {"ANSWERS_NOTHING":"nothing","ANSWERS_ERRNO":"errno","ANSWERS_VERDICT":"verdict","ANSWERS_VALUE":"value"},
  OnLost: {"ON_LOST_RETRY":"retry","ON_LOST_FAIL":"fail","ON_LOST_WEAK":"weak"},
  Phase: {"PHASE_ENTER":"enter","PHASE_EXIT":"exit","PHASE_FACT":"fact"},
  FaultPhase: {"FAULT_PHASE_BEFORE":"before","FAULT_PHASE_INSTEAD":"instead","FAULT_PHASE_AFTER":"after","FAULT_PHASE_AROUND":"around"},
  FaultSide: {"FAULT_SIDE_CLIENT":"client","FAULT_SIDE_SERVER":"server"},
  FaultResource: {"FAULT_RESOURCE_KTHREAD":"kthread","FAULT_RESOURCE_MEMORY":"memory","FAULT_RESOURCE_FD":"fd","FAULT_RESOURCE_WMEM":"wmem"},
  BlowMoment: {"BLOW_MOMENT_BEFORE_REPLY":"before_reply"},
  FaultKind: {"FAULT_KIND_REFUSE":"refuse","FAULT_KIND_DELAY":"delay","FAULT_KIND_LOSE_REQUEST":"lose_request","FAULT_KIND_LOSE_REPLY":"lose_reply","FAULT_KIND_DOUBLE_CALL":"double_call","FAULT_KIND_DUPLICATE":"duplicate","FAULT_KIND_SKIP":"skip","FAULT_KIND_CRASH":"crash","FAULT_KIND_HANG":"hang","FAULT_KIND_SLOW":"slow","FAULT_KIND_PARTITION":"partition","FAULT_KIND_ANSWER":"answer","FAULT_KIND_ROAD":"road","FAULT_KIND_DROP":"drop","FAULT_KIND_REORDER":"reorder","FAULT_KIND_CORRUPT":"corrupt","FAULT_KIND_MISTAKE":"mistake","FAULT_KIND_BANDWIDTH":"bandwidth","FAULT_KIND_WRONG_STAGE":"wrong_stage","FAULT_KIND_STALL":"stall","FAULT_KIND_RESOURCE":"resource"},
  DriverOperation: {"DRIVER_OPERATION_READ":"read","DRIVER_OPERATION_WRITE":"write","DRIVER_OPERATION_IOCTL":"ioctl"},
  InbandEvent: {"INBAND_EVENT_TASK_EXIT":"task_exit","INBAND_EVENT_PROCESS_CLEANUP":"process_cleanup"},
  ProtoOperation: {"PROTO_OPERATION_BIND":"bind","PROTO_OPERATION_CONNECT":"connect","PROTO_OPERATION_SHUTDOWN":"shutdown","PROTO_OPERATION_IOCTL":"ioctl"},
  Road: {"ROAD_UNIMPLEMENTED":"unimplemented","ROAD_REJECTED":"rejected","ROAD_UNREACHABLE":"unreachable"},
  LinkMedium: {"LINK_MEDIUM_MEMORY":"memory","LINK_MEDIUM_STREAM":"stream","LINK_MEDIUM_REFUSED":"refused"},
};
