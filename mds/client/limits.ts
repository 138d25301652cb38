/** Bytes of a file: 16 TiB, as ext4 has it. */
export const fileBytesMax = 2 ** 44;
