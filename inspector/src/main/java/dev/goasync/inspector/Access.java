package dev.goasync.inspector;

/**
 * What an inspector permits.
 *
 * @param loopbackOnly whether the server listens on a loopback address
 * @param mayCancel whether requests may cancel tasks
 */
record Access(boolean loopbackOnly, boolean mayCancel) {}
