/** Why no experiment of ours triggers a rule, by its id, or by the point or fact that it is about. */
export const UNTRIGGERED: Readonly<Record<string, string>> = {};
