// Stands in for where.js in pages of the offline copy: early.js made what it exports.
export const { address, ask, load, run, interpreter } = globalThis.offline;
