package dev.goasync.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A key and a certificate that it has signed itself, made anew in each run and good for a day: a
 * fixture would expire.
 */
public record TestIdentity(PrivateKey key, X509Certificate certificate) {
  private static final char[] NO_PASSWORD = {};

  private static final int SEQUENCE = 0x30;
  private static final int SET = 0x31;
  private static final int NAME_OF_HOST = 0x82;
  private static final int NAME_OF_ADDRESS = 0x87;
  private static final String ECDSA_WITH_SHA256 = "06082a8648ce3d040302";
  private static final String COMMON_NAME = "0603550403";
  private static final String ALTERNATIVE_NAMES = "0603551d11";
  private static final String VERSION_3 = "a003020102";

  /**
   * An identity of a host.
   *
   * @param names what it is called, and its addresses
   */
  public static TestIdentity of(String... names) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair pair = generator.generateKeyPair();
      byte[] content = content(pair, names);
      Signature signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(pair.getPrivate());
      signature.update(content);
      byte[] certificate =
          der(SEQUENCE, content, algorithm(), der(0x03, new byte[1], signature.sign()));
      return new TestIdentity(
          pair.getPrivate(),
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(certificate)));
    } catch (GeneralSecurityException | IOException e) {
      throw new AssertionError(e);
    }
  }

  /** What is signed (RFC 5280, 4.1). */
  private static byte[] content(KeyPair pair, String... names) throws IOException {
    byte[] name =
        der(
            SEQUENCE,
            der(SET, der(SEQUENCE, hex(COMMON_NAME), der(0x0c, names[0].getBytes(US_ASCII)))));
    byte[] validity = der(SEQUENCE, time(Duration.ofHours(-12)), time(Duration.ofHours(12)));
    byte[][] alternatives = new byte[names.length][];
    for (int i = 0; i < names.length; i++) {
      alternatives[i] =
          Character.isDigit(names[i].charAt(0))
              ? der(NAME_OF_ADDRESS, InetAddress.ofLiteral(names[i]).getAddress())
              : der(NAME_OF_HOST, names[i].getBytes(US_ASCII));
    }
    byte[] extension =
        der(SEQUENCE, hex(ALTERNATIVE_NAMES), der(0x04, der(SEQUENCE, alternatives)));
    byte[] serial = BigInteger.valueOf(System.identityHashCode(pair)).toByteArray();
    return der(
        SEQUENCE,
        hex(VERSION_3),
        der(0x02, serial),
        algorithm(),
        name,
        validity,
        name,
        pair.getPublic().getEncoded(),
        der(0xa3, der(SEQUENCE, extension)));
  }

  private static byte[] algorithm() throws IOException {
    return der(SEQUENCE, hex(ECDSA_WITH_SHA256));
  }

  private static byte[] time(Duration fromNow) throws IOException {
    var format = DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
    return der(0x18, format.format(Instant.now().plus(fromNow)).getBytes(US_ASCII));
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }

  /** An element of DER: a tag, the length and the parts. */
  private static byte[] der(int tag, byte[]... parts) throws IOException {
    var content = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      content.write(part);
    }
    int length = content.size();
    var out = new ByteArrayOutputStream();
    out.write(tag);
    if (length > 0xff) {
      out.write(0x82);
      out.write(length >> 8);
    } else if (length > 0x7f) {
      out.write(0x81);
    }
    out.write(length);
    content.writeTo(out);
    return out.toByteArray();
  }

  /** A context that has these identities and trusts {@code trusted} alone. */
  public static SSLContext context(TestIdentity[] own, TestIdentity... trusted) {
    try {
      KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
      KeyStore ownStore = store();
      for (TestIdentity each : own) {
        ownStore.setKeyEntry(
            each.name(), each.key, NO_PASSWORD, new X509Certificate[] {each.certificate});
      }
      keys.init(ownStore, NO_PASSWORD);
      KeyStore trustStore = store();
      for (TestIdentity each : trusted) {
        trustStore.setCertificateEntry(each.name(), each.certificate);
      }
      TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
      if (trusted.length > 0) {
        trust.init(trustStore);
      } else {
        trust.init((KeyStore) null);
      }
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new AssertionError(e);
    }
  }

  /** A server's context with the JDK's trust store. */
  public SSLContext context() {
    return context(new TestIdentity[] {this});
  }

  /** A client's context, which trusts only this. */
  public SSLContext trustingContext() {
    return context(new TestIdentity[0], this);
  }

  /** The name of the subject. */
  public String name() {
    return certificate.getSubjectX500Principal().getName();
  }

  private static KeyStore store() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  /** Writes {@code certificate.pem} and {@code key.pem}, for programs that are not Java. */
  public void write(Path directory) throws IOException, GeneralSecurityException {
    Files.writeString(
        directory.resolve("certificate.pem"), pem("CERTIFICATE", certificate.getEncoded()));
    Files.writeString(directory.resolve("key.pem"), pem("PRIVATE KEY", key.getEncoded()));
  }

  private static String pem(String kind, byte[] bytes) {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    return "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n";
  }
}
