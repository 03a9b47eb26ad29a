/** Tests of clients of mail, file transfer, remote shells and directories. */
@NullMarked
package dev.goasync.interop.remote;

import org.jspecify.annotations.NullMarked;
