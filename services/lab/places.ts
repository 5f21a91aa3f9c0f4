/** A task and the node it lives on. */
export interface TaskPlace {
  readonly task: string;
  readonly node: string;
}

/** Where a task lives that is written `server@beta`, or `app` for a task of the node `home`. */
export function placeOf(written: string, home: string): TaskPlace {
  const at = written.indexOf("@");
  return at < 0 ? { task: written, node: home } : { task: written.slice(0, at), node: written.slice(at + 1) };
}

/** How a task is known in the lab: without its node, where that is `home`. */
export const taskText = ({ task, node }: TaskPlace, home: string): string => (node === home ? task : `${task}@${node}`);

/** A child of a task lives on its parent's node. */
export const childText = (parent: string, child: string): string => {
  const at = parent.indexOf("@");
  return at < 0 ? child : child + parent.slice(at);
};
