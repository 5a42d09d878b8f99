// No page imports this module: it is checked all the same.

export const price: number = 'ten';
//           ^ TS2322
import.meta.hot?.dispose(() => Promise.resolve(1));
