/** Makes the Markdown documents of the repository, and the Javadoc, a static site. */
@NullMarked
package dev.goasync.site;

import org.jspecify.annotations.NullMarked;
