#!/usr/bin/env bash
# Conscrypt 2.9.0, Bouncy Castle JSSE 1.84 and the JDK: the protocols that client and server offer by ALPN have none in common.
# Guess: the server ends the handshake with the alert no_application_protocol (RFC 7301, 3.2), over each provider.
# Seen: the JDK and Bouncy Castle do; over Conscrypt the client is connected, and its getApplicationProtocol is null, which stands for "not known yet".
. "$(dirname "$0")/lib.sh"
jars org.conscrypt:conscrypt-openjdk-uber:2.9.0 org.bouncycastle:bctls-jdk18on:1.84
"$jdk/bin/keytool" -genkeypair -keystore "$work/keys.p12" -storepass password -alias key -keyalg EC -groupname secp256r1 -dname CN=localhost -validity 2 2>/dev/null
cp "$(dirname "$0")/Handshake.java" "$work"
program --enable-native-access=ALL-UNNAMED -Dkeys="$work/keys.p12" <<'JAVA'
import java.io.File;
import java.security.KeyStore;
import java.security.Provider;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.*;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.jsse.provider.BouncyCastleJsseProvider;
import org.conscrypt.Conscrypt;

class Program {
  public static void main(String[] args) throws Exception {
    java.util.logging.Logger.getLogger("org.bouncycastle.jsse").setLevel(java.util.logging.Level.OFF);
    KeyStore keys = KeyStore.getInstance(new File(System.getProperty("keys")), "password".toCharArray());
    Map<String, Provider> providers = new TreeMap<>(Map.of("Conscrypt", Conscrypt.newProvider(), "Bouncy Castle", new BouncyCastleJsseProvider(new BouncyCastleProvider())));
    providers.put("JDK", null);
    for (String name : providers.keySet()) {
      SSLContext context = Handshake.context(providers.get(name), keys);
      System.out.println(name + ": h2 and h2 " + connect(context, "h2") + "; h2 and spdy/1 " + connect(context, "spdy/1"));
    }
  }

  static String connect(SSLContext context, String ofServer) throws Exception {
    SSLEngine client = context.createSSLEngine("localhost", 443), server = context.createSSLEngine();
    client.setUseClientMode(true);
    server.setUseClientMode(false);
    offer(client, "h2");
    offer(server, ofServer);
    try {
      Handshake.handshake(client, server);
      boolean connected = client.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.NOT_HANDSHAKING && !client.getSession().getProtocol().equals("NONE");
      return connected ? "connected with " + client.getApplicationProtocol() : "not connected";
    } catch (SSLException refused) {
      return "refused";
    }
  }

  static void offer(SSLEngine engine, String protocol) {
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {protocol});
    engine.setSSLParameters(parameters);
  }
}
JAVA
expect <<'TEXT'
Bouncy Castle: h2 and h2 connected with h2; h2 and spdy/1 refused
Conscrypt: h2 and h2 connected with h2; h2 and spdy/1 connected with null
JDK: h2 and h2 connected with h2; h2 and spdy/1 refused
TEXT
