/** The only source of randomness. */
export interface Random {
  /** Uniform in [0, 1). */
  float(): number;
  /** Uniform integer in [0, below). */
  below(limit: number): number;
  /** Uniform integer in [1, 2^53): ids that must not meet by chance. */
  id(): number;
  /** `length` random bytes; cryptographically strong in production. */
  bytes(length: number): Uint8Array;
}
