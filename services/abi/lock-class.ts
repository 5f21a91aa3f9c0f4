/** The class of a lock, such as `files.file_lock` of `files.file_lock:3`: what the contract and the conditions on events name. */
export const classOf = (lock: string): string => lock.slice(0, lock.lastIndexOf(":"));
