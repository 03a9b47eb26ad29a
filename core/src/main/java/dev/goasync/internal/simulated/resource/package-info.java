/** What the sockets, pipes and other resources of a simulated program have in common. */
@NullMarked
package dev.goasync.internal.simulated.resource;

import org.jspecify.annotations.NullMarked;
