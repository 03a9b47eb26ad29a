#!/usr/bin/env bash
# Netty 4.2.18, its local and its NIO transport: a client writes and closes while the server's channel does not read (AUTO_READ
# is false); then the server's channel reads.
# Guess: the server gets the bytes, then the end, on both; the write's future has completed with success.
# Seen: the local channel drops the bytes and is inactive at once, although the write succeeded. A test of flow control on
# the local transport loses data that TCP delivers.
. "$(dirname "$0")/lib.sh"
jars io.netty:netty-transport:4.2.18.Final
program <<'JAVA'
import io.netty.bootstrap.*;
import io.netty.buffer.*;
import io.netty.channel.*;
import io.netty.channel.local.*;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.*;
import java.net.*;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.*;

class Program {
  public static void main(String[] args) throws Exception {
    show("local", LocalIoHandler.newFactory(), LocalServerChannel.class, LocalChannel.class, new LocalAddress("server"));
    show("NIO", NioIoHandler.newFactory(), NioServerSocketChannel.class, NioSocketChannel.class,
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  static void show(String name, IoHandlerFactory io, Class<? extends ServerChannel> serverType, Class<? extends Channel> type,
      SocketAddress address) throws Exception {
    var group = new MultiThreadIoEventLoopGroup(1, io);
    BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();
    BlockingQueue<String> events = new LinkedBlockingQueue<>();
    var handler =
        new ChannelInboundHandlerAdapter() {
          @Override
          public void channelActive(ChannelHandlerContext context) {
            accepted.add(context.channel());
          }

          @Override
          public void channelRead(ChannelHandlerContext context, Object message) {
            events.add("read " + ((ByteBuf) message).toString(StandardCharsets.UTF_8));
          }

          @Override
          public void channelInactive(ChannelHandlerContext context) {
            events.add("inactive");
          }
        };
    Channel server =
        new ServerBootstrap().group(group).channel(serverType).childOption(ChannelOption.AUTO_READ, false)
            .childHandler(handler).bind(address).sync().channel();
    Channel client =
        new Bootstrap().group(group).channel(type).handler(new ChannelInboundHandlerAdapter())
            .connect(server.localAddress()).sync().channel();
    Channel peer = accepted.take();
    ChannelFuture written = client.writeAndFlush(Unpooled.copiedBuffer("bytes", StandardCharsets.UTF_8)).sync();
    client.close().sync();
    peer.config().setAutoRead(true);
    StringBuilder seen = new StringBuilder();
    for (String event = ""; event != null && !event.equals("inactive"); ) {
      event = events.poll(20, TimeUnit.SECONDS);
      seen.append(", ").append(event);
    }
    System.out.println(name + ": write succeeded " + written.isSuccess() + seen);
    group.shutdownGracefully(0, 0, TimeUnit.SECONDS).sync();
  }
}
JAVA
expect <<'TEXT'
local: write succeeded true, inactive
NIO: write succeeded true, read bytes, inactive
TEXT
