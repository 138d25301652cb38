/**
 * What one rank lends another for a change of names that both take part in (mds/ops/across.ts): an inode, which stays as it is until it
 * is back; or the turn to do such a change, which rank 0 has. Both sides write it down: a loan comes and goes by messages, each of which
 * counts once. So after any crash what was lent comes back: changed, when the one change that it was lent for is in the borrower's journal,
 * else as it was.
 * @module
 */

/** What is asked for. */
export const LoanKind = {
  /** To do a change that several ranks take part in: one does at a time. */
  turn: 1,
  /** A directory, and a name in it. */
  name: 2,
  inode: 3,
  /** From here on nothing is lent. What lies above a directory. */
  above: 4,
  /** What a name in a directory leads to. */
  look: 5,
  /** What there is of an inode that is compared between ranks. */
  share: 6,
  /** Whether there is, or may be soon, an inode whose number the rank has given out. */
  used: 7,
} as const;

/** Whether what is asked for is lent; else it is told. */
export function isLoan(kind: number): boolean {
  return kind < LoanKind.above;
}

/** In the place of an inode's number: the turn. */
export const turnIno = 0;

const lentPrefix = 'lent-';
const borrowedPrefix = 'borrowed-';

/** Of a loan that nobody has called so before: by the borrower's `life`. */
export function loanName(lender: number, borrower: number, life: number, count: number): string {
  return [lender, borrower, life, count].map((part) => part.toString(16)).join('.');
}

export function lenderOf(loan: string): number {
  return parseInt(loan.split('.')[0] ?? '', 16);
}

/** Keys in the table of single values. */
export const loanKey = {
  lent: (loan: string): string => `${lentPrefix}${loan}`,
  borrowed: (loan: string): string => `${borrowedPrefix}${loan}`,
} as const;

export class Loans {
  /** What of ours is with others, by loan. */
  readonly lent = new Map<string, number>();
  /** What of others is here. */
  readonly borrowed = new Set<string>();
  readonly #inos = new Set<number>();
  /** Rank 0 has taken the turn for itself. */
  ownTurn = false;

  /** The single value of that key is now `value`; undefined: there is none any more. */
  note(key: string, value: number | undefined): void {
    if (key.startsWith(borrowedPrefix)) {
      const loan = key.slice(borrowedPrefix.length);
      if (value === undefined) this.borrowed.delete(loan);
      else this.borrowed.add(loan);
    } else if (key.startsWith(lentPrefix)) {
      const loan = key.slice(lentPrefix.length);
      if (value === undefined) this.lent.delete(loan);
      else this.lent.set(loan, value);
      this.#inos.clear();
      for (const ino of this.lent.values()) this.#inos.add(ino);
    }
  }

  /** Nothing of the inode that another could see may change, nor be shown. */
  isLent(ino: number): boolean {
    return this.#inos.size > 0 && this.#inos.has(ino);
  }

  get isTurnFree(): boolean {
    return !this.ownTurn && !this.isLent(turnIno);
  }

  /** Inodes that others have. */
  get inos(): Iterable<number> {
    return this.#inos;
  }
}
