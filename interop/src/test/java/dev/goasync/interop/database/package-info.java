/** Tests of database drivers and of what uses them: pools, mappers, query builders. */
@NullMarked
package dev.goasync.interop.database;

import org.jspecify.annotations.NullMarked;
