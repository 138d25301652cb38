/** A part of what the mon answers to `osd tree`: a bucket with what is in it, or an OSD. */
export interface TreeNode {
  readonly type: string;
  readonly name: string;
  readonly weight?: number;
  readonly children?: readonly TreeNode[];
  readonly up?: boolean;
  readonly in?: boolean;
}

/** The CRUSH tree as indented lines. */
export function renderTree(roots: readonly TreeNode[]): string {
  return roots.flatMap((root) => linesOf(root, 0)).join('\n');
}

function linesOf({ type, name, weight, children = [], up, in: within }: TreeNode, depth: number): string[] {
  const state = up === undefined ? '' : `  ${up ? 'up' : 'DOWN'} ${within === true ? 'in' : 'OUT'}`;
  const line = `${(weight ?? 0).toFixed(4).padStart(9)}  ${'  '.repeat(depth)}${type === 'osd' ? name : `${type} ${name}`}${state}`;
  return [line, ...children.flatMap((child) => linesOf(child, depth + 1))];
}
