/** jcstress tests of the hand-over of answers between loops. */
@NullMarked
package dev.goasync.sync;

import org.jspecify.annotations.NullMarked;
