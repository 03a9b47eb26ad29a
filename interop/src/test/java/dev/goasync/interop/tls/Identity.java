package dev.goasync.interop.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManagerFactory;

/** A key and its self-signed certificate, made by keytool for one run of the tests. */
enum Identity {
  SERVER("CN=localhost", "san=dns:localhost,ip:127.0.0.1"),
  CLIENT("CN=alice", "san=dns:alice"),
  UNTRUSTED("CN=mallory", "san=dns:mallory");

  // Not a static field: the constructors of the constants run before static fields are set.
  @SuppressWarnings("ImmutableEnumChecker") // not modified
  private final char[] password = "for a test".toCharArray();

  private final String alias = "key";

  @SuppressWarnings("ImmutableEnumChecker") // not modified after the constructor
  private final KeyStore keys;

  Identity(String name, String extension) {
    try {
      keys = make(name, extension);
    } catch (Exception failed) {
      throw new IllegalStateException(failed);
    }
  }

  private KeyStore make(String name, String extension) throws Exception {
    Path directory = Files.createTempDirectory("tls-identity");
    Path file = directory.resolve("keys.p12");
    try {
      Process keytool =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                  "-J-XX:TieredStopAtLevel=1",
                  "-genkeypair",
                  "-alias",
                  alias,
                  "-keyalg",
                  "EC",
                  "-groupname",
                  "secp256r1",
                  "-dname",
                  name,
                  "-ext",
                  extension,
                  "-storepass",
                  new String(password),
                  "-keystore",
                  file.toString())
              .redirectErrorStream(true)
              .start();
      String printed = new String(keytool.getInputStream().readAllBytes(), US_ASCII);
      if (keytool.waitFor() != 0) {
        throw new IllegalStateException("keytool failed: " + printed);
      }
      KeyStore keys = KeyStore.getInstance("PKCS12");
      try (InputStream in = Files.newInputStream(file)) {
        keys.load(in, password);
      }
      return keys;
    } finally {
      Files.deleteIfExists(file);
      Files.delete(directory);
    }
  }

  /** Gives the key and its certificate to a factory of key managers. */
  void init(KeyManagerFactory factory) throws Exception {
    factory.init(keys, password);
  }

  /** A store that trusts the certificate. */
  KeyStore trust() throws Exception {
    KeyStore trust = KeyStore.getInstance("PKCS12");
    trust.load(null, null);
    trust.setCertificateEntry(alias, certificate());
    return trust;
  }

  X509Certificate certificate() throws Exception {
    return (X509Certificate) keys.getCertificate(alias);
  }

  PrivateKey privateKey() throws Exception {
    return (PrivateKey) keys.getKey(alias, password);
  }
}
