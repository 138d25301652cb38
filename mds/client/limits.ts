/** Bytes of a file: 16 TiB, as ext4 has it. */
export const fileBytesMax = 2 ** 44;
/** Names of an inode; of a directory that is its own and one in each of those below it. */
export const linksMax = 65_000;
/** Bytes of what is appended to a file that several write to, if it is sent to the MDS. */
export const appendBytesMax = 64 << 10;
