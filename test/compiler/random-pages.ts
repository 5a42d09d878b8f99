// Random pages that consist of pieces of ordinary pages, with control flow around any of them.

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Writes one page. `v(n)` gives its n-th value, `c(n)` a decision, `o` keeps functions, `two` has two items. */
export class PageWriter {
  readonly #random: () => number;
  #count = 0;

  constructor(random: () => number) {
    this.#random = random;
  }

  page(): string {
    return this.#many(3, () => this.#content(3));
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  #pick(...makers: readonly (() => string)[]): string {
    return makers[this.#below(makers.length)]?.() ?? '';
  }

  #many(most: number, make: () => string): string {
    return Array.from({ length: 1 + this.#below(most) }, make).join('');
  }

  #next(): number {
    return this.#count++;
  }

  #output(): string {
    return this.#random() < 0.8 ? `<%= v(${this.#next()}) %>` : `<% print(v(${this.#next()})) %>`;
  }

  /** A piece, sometimes with an unexpected addition. */
  #stray(piece: string): string {
    if (this.#random() > 0.02) return piece;
    return (
      piece +
      this.#pick(
        () => '"',
        () => '<b',
        () => '>',
        () => "'",
        () => ' id=',
        () => '<!--',
        () => '/',
      )
    );
  }

  #content(depth: number): string {
    if (depth === 0)
      return this.#stray(
        this.#pick(
          () => 'word ',
          () => this.#output(),
        ),
      );
    const piece = this.#pick(
      () => this.#output(),
      () => this.#element(depth - 1),
      () => this.#element(depth - 1),
      () => this.#flow(depth - 1, () => this.#many(2, () => this.#content(depth - 1))),
      () => this.#flow(depth - 1, () => this.#many(2, () => this.#content(depth - 1))),
      () => `<!-- ${this.#output()} -->`,
      () => `<script>${this.#many(2, () => this.#script(depth - 1))}</script>`,
      () => `<style>p { ${this.#many(2, () => this.#style(depth - 1))} }</style>`,
      () => `<textarea>${this.#many(2, () => this.#plain(depth - 1))}</textarea>`,
      () => `<title>${this.#many(2, () => this.#plain(depth - 1))}</title>`,
    );
    return this.#stray(piece);
  }

  #element(depth: number): string {
    const name = this.#pick(
      () => 'p',
      () => 'div',
      () => 'a',
      () => 'span',
      () => 'b',
    );
    const attributes = this.#random() < 0.3 ? '' : this.#many(2, () => this.#attribute(depth));
    return `<${name}${attributes}>${this.#content(depth)}</${name}>`;
  }

  #attribute(depth: number): string {
    if (depth > 0 && this.#random() < 0.3) return this.#flow(depth - 1, () => this.#attribute(depth - 1));
    return this.#stray(
      this.#pick(
        () => ` title="${this.#many(2, () => this.#plain(depth))}"`,
        () => ` class='${this.#many(2, () => this.#plain(depth))}'`,
        () => ` id=${this.#output()}`,
        () => ` data-x=a${this.#output()}`,
        () => ` href="${this.#many(3, () => this.#url(depth))}"`,
        () => ` onclick="${this.#script(depth)}"`,
        () => ` style="${this.#style(depth)}"`,
        () => ' hidden',
      ),
    );
  }

  #plain(depth: number): string {
    if (depth > 0 && this.#random() < 0.3) return this.#flow(depth - 1, () => this.#plain(depth - 1));
    return this.#pick(
      () => 'word ',
      () => this.#output(),
      () => 'a &amp; b ',
    );
  }

  #url(depth: number): string {
    if (depth > 0 && this.#random() < 0.3) return this.#flow(depth - 1, () => this.#url(depth - 1));
    return this.#pick(
      () => '/',
      () => 'x',
      () => '?q=',
      () => '#',
      () => this.#output(),
      () => '&amp;b=',
    );
  }

  #script(depth: number): string {
    if (depth > 0 && this.#random() < 0.3) return this.#flow(depth - 1, () => this.#script(depth - 1));
    return this.#pick(
      () => `f(${this.#output()});`,
      () => `f('${this.#output()}');`,
      () => `f([${this.#flow(0, () => `${this.#output()},`)}]);`,
      () => `f(1 / ${this.#output()});`,
    );
  }

  #style(depth: number): string {
    if (depth > 0 && this.#random() < 0.3) return this.#flow(depth - 1, () => this.#style(depth - 1));
    return this.#pick(
      () => `color: ${this.#output()};`,
      () => `width: ${this.#output()}px;`,
    );
  }

  /** Control flow around pieces. */
  #flow(depth: number, piece: () => string): string {
    const n = this.#next();
    return this.#pick(
      () => `<% if (c(${n})) { %>${piece()}<% } %>`,
      () => `<% if (c(${n})) { %>${piece()}<% } else { %>${piece()}<% } %>`,
      () => `<% for (const i of two) { %>${piece()}<% if (c(${n})) ${this.#jump()}; %>${piece()}<% } %>`,
      () => `<% let i${n} = 0; while (i${n}++ < 2) { %>${piece()}<% } %>`,
      () => `<% two.forEach(() => { %>${piece()}<% }) %>`,
      () => `<% function f${n}() { %>${piece()}<% if (c(${n})) return; %>${piece()}<% } f${n}(); %>`,
      () => `<% try { %>${piece()}<% v(${n}) %>${piece()}<% } catch { %>${piece()}<% } %>`,
      () => `<% try { %>${piece()}<% } finally { %>${piece()}<% } %>`,
      () => `<% switch (c(${n})) { case true: %>${piece()}<% default: %>${piece()}<% } %>`,
      () => `<% o.f = () => { %>${piece()}<% }; o.f() %>`,
      () => `<% try { o.f() } catch {} %>${depth > 0 ? this.#flow(depth - 1, piece) : piece()}`,
      () => `<% a${n}: { %>${piece()}<% if (c(${n})) break a${n}; %>${piece()}<% } %>`,
    );
  }

  #jump(): string {
    return this.#random() < 0.5 ? 'continue' : 'break';
  }
}
