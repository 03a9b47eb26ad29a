#!/usr/bin/env bash
# Bouncy Castle JSSE 1.84: ExtendedSSLSession.getRequestedServerNames of a server, after a client has sent a name.
# Guess: the name, as over the JDK's and Conscrypt's engines; virtual hosts are chosen by it.
# Seen: UnsupportedOperationException. A server that asks its session for the name works over the JDK's provider and fails here.
. "$(dirname "$0")/lib.sh"
jars org.conscrypt:conscrypt-openjdk-uber:2.9.0 org.bouncycastle:bctls-jdk18on:1.84
"$jdk/bin/keytool" -genkeypair -keystore "$work/keys.p12" -storepass password -alias key -keyalg EC -groupname secp256r1 -dname CN=www.example.org -validity 2 2>/dev/null
cp "$(dirname "$0")/Handshake.java" "$work"
program --enable-native-access=ALL-UNNAMED -Dkeys="$work/keys.p12" <<'JAVA'
import java.io.File;
import java.security.KeyStore;
import java.security.Provider;
import java.util.List;
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
      SSLEngine client = Handshake.context(null, keys).createSSLEngine("www.example.org", 443);
      SSLEngine server = Handshake.context(providers.get(name), keys).createSSLEngine();
      client.setUseClientMode(true);
      server.setUseClientMode(false);
      Handshake.handshake(client, server);
      try {
        List<SNIServerName> names = ((ExtendedSSLSession) server.getSession()).getRequestedServerNames();
        System.out.println(name + ": " + new String(names.getFirst().getEncoded()));
      } catch (RuntimeException failed) {
        System.out.println(name + ": " + failed.getClass().getSimpleName());
      }
    }
  }
}
JAVA
expect <<'TEXT'
Bouncy Castle: UnsupportedOperationException
Conscrypt: www.example.org
JDK: www.example.org
TEXT
