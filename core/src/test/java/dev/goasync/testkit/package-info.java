/** What tests of several packages share. */
@NullMarked
package dev.goasync.testkit;

import org.jspecify.annotations.NullMarked;
