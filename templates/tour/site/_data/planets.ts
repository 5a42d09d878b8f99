// A module of the site: pages import it, and no address serves it, since its folder begins with "_".

export interface Planet {
  readonly id: string;
  readonly name: string;
  readonly moons: number;
  readonly days: number;
}

export const planets: readonly Planet[] = [
  { id: 'mercury', name: 'Mercury', moons: 0, days: 88 },
  { id: 'venus', name: 'Venus', moons: 0, days: 225 },
  { id: 'earth', name: 'Earth', moons: 1, days: 365 },
  { id: 'mars', name: 'Mars', moons: 2, days: 687 },
];
