/** One a line, as addresses need it; each once, in their order. */
export function linesOf(text: string): string[] {
  return [...new Set(text.split(/[\r\n]+/).map((line) => line.trim()))].filter(Boolean);
}

/** One name a line, of either kind of line break, commas or tabs between; each once, in their order. */
export function namesOf(text: string): string[] {
  const names = text.split(/[\r\n,，、;；\t]+/).map((name) => name.trim());
  return [...new Set(names.filter(Boolean))];
}

/** `wanted` of the names, drawn so that each has the same chance; `below(n)` is a random whole number under n. */
export function draw(names: readonly string[], wanted: number, below: (n: number) => number): string[] {
  const left = [...names];
  const drawn: string[] = [];
  while (drawn.length < wanted && left.length > 0) {
    const [name] = left.splice(below(left.length), 1);
    if (name !== undefined) drawn.push(name);
  }
  return drawn;
}

const RANGE = 2 ** 32;

/** A random whole number under n, from the browser's strong source and without a bias. */
export function below(n: number): number {
  const fair = RANGE - (RANGE % n);
  for (;;) {
    const [value = 0] = crypto.getRandomValues(new Uint32Array(1));
    if (value < fair) return value % n;
  }
}
