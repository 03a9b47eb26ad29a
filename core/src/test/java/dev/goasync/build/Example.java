package dev.goasync.build;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A piece of Java code in a document or in Javadoc.
 *
 * @param file the file that contains it, relative to the root of the repository
 * @param line the number of its first line in that file
 * @param code its lines, without the common indentation
 * @param setup members that the code needs and the reader does not see
 * @param output what it prints if it is to be run, else null
 */
record Example(String file, int line, List<String> code, String setup, @Nullable String output) {}
