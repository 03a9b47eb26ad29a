package dev.goasync.http;

import java.io.Serial;
import org.apache.hc.core5.http.HttpMessage;
import org.apache.hc.core5.http.HttpVersion;
import org.apache.hc.core5.http.ProtocolVersion;
import org.apache.hc.core5.http.message.BasicHeader;
import org.apache.hc.core5.http.message.HeaderGroup;

/** The start line and the fields of a message, as HttpCore's parser reads them. */
final class MessageHead extends HeaderGroup implements HttpMessage {
  @Serial private static final long serialVersionUID = 1;

  private final String startLine;

  MessageHead(String startLine) {
    this.startLine = startLine;
  }

  String startLine() {
    return startLine;
  }

  @Override
  public void setVersion(ProtocolVersion version) {
    throw new UnsupportedOperationException("the start line has the version");
  }

  @Override
  public ProtocolVersion getVersion() {
    return HttpVersion.HTTP_1_1;
  }

  @Override
  public void addHeader(String name, Object value) {
    addHeader(new BasicHeader(name, value));
  }

  @Override
  public void setHeader(String name, Object value) {
    setHeader(new BasicHeader(name, value));
  }
}
