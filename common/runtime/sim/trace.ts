/** Running hash of everything that happened. */
export class Trace {
  #high = 0x811c9dc5;
  #low = 0x01000193;
  readonly #number = new Float64Array(1);
  readonly #words = new Uint32Array(this.#number.buffer);

  add(value: number, label: string): void {
    this.#number[0] = value;
    this.#mix(this.#words[0] as number);
    this.#mix(this.#words[1] as number);
    for (let i = 0; i < label.length; i += 1) this.#mix(label.charCodeAt(i));
  }

  get digest(): string {
    return (this.#high >>> 0).toString(16).padStart(8, '0') + (this.#low >>> 0).toString(16).padStart(8, '0');
  }

  #mix(word: number): void {
    this.#high = Math.imul(this.#high ^ word, 0x01000193);
    this.#low = (Math.imul(this.#low ^ (word + 0x9e3779b9), 0x85ebca6b) + this.#high) | 0;
    this.#low ^= this.#low >>> 15;
  }
}
