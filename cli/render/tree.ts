import type { TreeNode } from '../../mon/client/reports.ts';

/** The CRUSH tree as indented lines. */
export function renderTree(roots: readonly TreeNode[]): string {
  return roots.flatMap((root) => linesOf(root, 0)).join('\n');
}

function linesOf({ type, name, weight, children = [], up, in: within }: TreeNode, depth: number): string[] {
  const state = up === undefined ? '' : `  ${up ? 'up' : 'DOWN'} ${within === true ? 'in' : 'OUT'}`;
  const line = `${weight.toFixed(4).padStart(9)}  ${'  '.repeat(depth)}${type === 'osd' ? name : `${type} ${name}`}${state}`;
  return [line, ...children.flatMap((child) => linesOf(child, depth + 1))];
}
