/**
 * Lines of cells in columns as wide as they must be. Columns from `rightFrom` on (numbers) end at the same place,
 * the others begin there.
 */
export function table(lines: readonly (readonly string[])[], options: { readonly rightFrom: number; readonly rightTo?: number }): string {
  const { rightFrom, rightTo = Number.POSITIVE_INFINITY } = options;
  const widths: number[] = [];
  for (const line of lines) line.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, cell.length)));
  const padded = (cell: string, i: number): string =>
    i >= rightFrom && i < rightTo ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0);
  return lines.map((line) => line.map(padded).join('  ').trimEnd()).join('\n');
}
