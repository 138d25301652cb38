/** Bytes of a file: 16 TiB, as ext4 has it. */
export const fileBytesMax = 2 ** 44;
/** Names of an inode; of a directory that is its own and one in each of those below it. */
export const linksMax = 65_000;
