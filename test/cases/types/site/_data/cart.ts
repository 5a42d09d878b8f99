// A module that pages import; its own mistakes are told of its own lines.

export interface Item {
  readonly title: string;
  readonly cents: number;
}

export const total = (items: readonly Item[]): number => items.reduce((sum, item) => sum + item.cents, 0);
