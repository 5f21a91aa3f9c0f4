/** The rpc of the bare stream. */
export const FLOOR_PATH = "/floor/Echo";
