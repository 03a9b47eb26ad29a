/** What {@code http-files} is made of: requests, the folder, conditions, ranges, answers. */
@NullMarked
package dev.goasync.examples.files;

import org.jspecify.annotations.NullMarked;
