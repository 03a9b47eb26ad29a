package peers;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * The example http-hello on Netty's native transports with one event loop: keep-alive, pipelining
 * and the same parsing of requests.
 */
public final class NettyServer {
  private static final int MAX_HEAD_BYTES = 8 * 1024;
  private static final byte[] HELLO =
      "HTTP/1.1 200 OK\r\nContent-Length: 13\r\nContent-Type: text/plain\r\n\r\nHello, World!"
          .getBytes(US_ASCII);
  private static final ByteBuf ANSWER =
      Unpooled.unreleasableBuffer(
          Unpooled.directBuffer(HELLO.length).writeBytes(HELLO).asReadOnly());
  private static final byte[] CLOSE = "connection: close".getBytes(US_ASCII);

  private NettyServer() {}

  /** Arguments: "uring" or "epoll", and the port; 0 selects a free one. */
  public static void main(String[] args) throws InterruptedException {
    boolean uring = args[0].equals("uring");
    IoHandlerFactory io = uring ? IoUringIoHandler.newFactory() : EpollIoHandler.newFactory();
    Class<? extends ServerChannel> type =
        uring ? IoUringServerSocketChannel.class : EpollServerSocketChannel.class;
    EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, io);
    Channel server =
        new ServerBootstrap()
            .group(loop)
            .channel(type)
            .option(ChannelOption.SO_BACKLOG, 1024)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel client) {
                    client.pipeline().addLast(new Hello());
                  }
                })
            .bind(Integer.parseInt(args[1]))
            .sync()
            .channel();
    System.out.println("listening on " + ((InetSocketAddress) server.localAddress()).getPort());
  }

  /** Decodes complete request heads and answers them; flushes once for each read. */
  private static final class Hello extends ByteToMessageDecoder {
    private boolean open = true;

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
      int end = endOfHead(in);
      if (end < 0) {
        if (in.readableBytes() >= MAX_HEAD_BYTES) {
          context.close();
        }
        return;
      }
      if (open && isRequest(in)) {
        open = !asksToClose(in, end);
        var written = context.write(ANSWER.duplicate());
        if (!open) {
          written.addListener(ChannelFutureListener.CLOSE);
        }
      } else if (open) {
        open = false;
        context.close();
      }
      in.readerIndex(end);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) throws Exception {
      context.flush();
      super.channelReadComplete(context);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable gone) {
      context.close();
    }

    private static int endOfHead(ByteBuf in) {
      for (int i = in.readerIndex() + 3; i < in.writerIndex(); i++) {
        if (in.getByte(i) == '\n' && in.getByte(i - 1) == '\r' && in.getByte(i - 2) == '\n') {
          return i + 1;
        }
      }
      return -1;
    }

    private static boolean isRequest(ByteBuf in) {
      int spaces = 0;
      int i = in.readerIndex();
      for (; in.getByte(i) != '\r'; i++) {
        if (in.getByte(i) == ' ') {
          spaces++;
        }
      }
      return spaces == 2 && i - in.readerIndex() > 12;
    }

    private static boolean asksToClose(ByteBuf in, int end) {
      for (int i = in.readerIndex(); i < end - CLOSE.length - 2; i++) {
        if (in.getByte(i) == '\n' && isClose(in, i + 1)) {
          return true;
        }
      }
      return false;
    }

    private static boolean isClose(ByteBuf in, int at) {
      for (int i = 0; i < CLOSE.length; i++) {
        if (Character.toLowerCase(in.getByte(at + i)) != CLOSE[i]) {
          return false;
        }
      }
      return true;
    }
  }
}
