package dev.goasync.internal.uring;

/**
 * What this kernel's io_uring can do beyond what is required.
 *
 * @param setup how rings are set up, for people
 * @param ftruncate whether a ring can cut files
 */
record UringFeatures(String setup, boolean ftruncate) {}
