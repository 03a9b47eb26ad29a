package dev.goasync.io;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * A {@link ByteSource} with a buffer: reads lines, exact counts, parts up to a delimiter, and
 * everything to the end of the stream. {@link ByteStream} and {@link ByteReader} implement it.
 *
 * <p>A method that needs more bytes than the buffer has reads from the source, and can read more
 * than it needs. The surplus stays in the buffer for the next method.
 *
 * <p><b>Errors and cancellation.</b> Nothing is lost if a method throws: the bytes that it has read
 * stay in the buffer, and the next method starts with them. All methods throw {@link IOException}
 * if the source fails, {@link CancellationException} if the calling coroutine is cancelled, and
 * {@link IllegalStateException} if another caller is reading.
 */
public interface BufferedByteSource extends ByteSource {
  /**
   * Waits for bytes and moves to {@code target} what is available, at most its remaining space.
   *
   * @return the number of bytes, -1 at the end of the stream, or 0 if {@code target} has no
   *     remaining space
   */
  @Override
  int read(ByteBuffer target) throws IOException;

  /**
   * Waits for bytes and copies to {@code target} what is available, at most its remaining space,
   * without consuming it: the next read returns the same bytes again.
   *
   * <pre>{@code
   * BufferedByteSource source = new ByteReader(target -> -1);
   * ByteBuffer first = ByteBuffer.allocate(1);
   * if (source.peek(first) == 1 && first.get(0) == 0x16) {
   *   System.out.println("a TLS handshake");
   * }
   * }</pre>
   *
   * <p><b>At the end of the stream the result is -1.</b> It can be less than the remaining space
   * before the end, too.
   *
   * @return the number of bytes, -1 at the end of the stream, or 0 if {@code target} has no
   *     remaining space
   */
  int peek(ByteBuffer target) throws IOException;

  /**
   * Reads to the end of the stream as UTF-8. Malformed bytes become U+FFFD.
   *
   * <p><b>At the end of the stream the result is an empty string.</b>
   *
   * @throws OutOfMemoryError if the bytes do not fit an array
   */
  String readAll() throws IOException;

  /**
   * Reads to the end of the stream as text in {@code charset}. Malformed bytes are replaced.
   *
   * <p><b>At the end of the stream the result is an empty string.</b>
   *
   * @throws OutOfMemoryError if the bytes do not fit an array
   */
  String readAll(Charset charset) throws IOException;

  /**
   * Reads to the end of the stream.
   *
   * <p><b>At the end of the stream the result is an empty array.</b>
   *
   * @throws OutOfMemoryError if the bytes do not fit an array
   */
  byte[] readAllBytes() throws IOException;

  /**
   * Reads exactly {@code count} bytes; waits until all of them are available.
   *
   * <pre>{@code
   * BufferedByteSource source = new ByteReader(target -> -1);
   * int length = ByteBuffer.wrap(source.readExactly(4)).getInt();
   * byte[] message = source.readExactly(length);
   * }</pre>
   *
   * <p><b>If the stream ends before {@code count} bytes, {@link EOFException} is thrown</b>, and
   * the bytes before the end can still be read. A count of 0 returns an empty array, at the end as
   * well.
   *
   * @throws EOFException if the stream ends first
   * @throws IllegalArgumentException if {@code count} is negative
   */
  byte[] readExactly(int count) throws IOException;

  /**
   * Reads a line of UTF-8. The line terminator ({@code \n} or {@code \r\n}) is consumed and not
   * returned. Malformed bytes become U+FFFD.
   *
   * <pre>{@code
   * BufferedByteSource source = new ByteReader(target -> -1);
   * for (String line; (line = source.readLine()) != null; ) {
   *   System.out.println(line);
   * }
   * }</pre>
   *
   * <p><b>At the end of the stream the result is null. A last line needs no terminator.</b>
   *
   * <p>The length of a line is not limited; use {@link #readLine(int)} for untrusted input.
   *
   * @return the line, or null at the end of the stream
   */
  @Nullable String readLine() throws IOException;

  /**
   * Reads a line of UTF-8 of at most {@code maxBytes} bytes, so that an endless line from an
   * untrusted peer does not fill the memory. The line terminator ({@code \n} or {@code \r\n}) is
   * consumed and not returned. Malformed bytes become U+FFFD.
   *
   * <p><b>At the end of the stream the result is null. A last line needs no terminator.</b>
   *
   * @param maxBytes the maximum length of the line in bytes, without its terminator
   * @return the line, or null at the end of the stream
   * @throws TooLongException if the line is longer; nothing is consumed
   * @throws IllegalArgumentException if {@code maxBytes} is negative
   */
  @Nullable String readLine(int maxBytes) throws IOException;

  /**
   * Reads the bytes before a delimiter. The delimiter is consumed and not returned.
   *
   * <pre>{@code
   * BufferedByteSource source = new ByteReader(target -> -1);
   * byte[] name = source.readUntil((byte) ':', 100);
   * if (name == null) {
   *   System.out.println("no further entry");
   * }
   * }</pre>
   *
   * <p><b>At the end of the stream the result is null. If the stream ends after some bytes without
   * the delimiter, {@link EOFException} is thrown</b>, and these bytes can still be read.
   *
   * @param maxBytes the maximum number of bytes before the delimiter
   * @return the bytes before the delimiter, or null at the end of the stream
   * @throws EOFException if the stream ends without the delimiter
   * @throws TooLongException if there are more bytes before the delimiter; nothing is consumed
   * @throws IllegalArgumentException if {@code maxBytes} is negative
   */
  byte @Nullable [] readUntil(byte delimiter, int maxBytes) throws IOException;
}
