package dev.goasync.internal.uring;

/**
 * What this kernel's io_uring can do beyond what is required.
 *
 * @param setup how rings are set up, for people
 * @param ftruncate whether a ring can cut files
 * @param pollFirst whether a receive can be told to wait before it tries, and tells whether more is
 *     there (Linux 5.19)
 */
record UringFeatures(String setup, boolean ftruncate, boolean pollFirst) {}
