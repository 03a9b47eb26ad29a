package dev.goasync.interop.remote;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.goasync.bridge.LoopSocketFactory;
import dev.goasync.interop.OneLoop;
import dev.goasync.interop.Rounds;
import dev.goasync.interop.SilentServer;
import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Store;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Angus Mail, the implementation of Jakarta Mail: SMTP and IMAP. */
@Timeout(120)
final class MailTest {
  private static final String HOST = "127.0.0.1";

  @RegisterExtension final OneLoop one = new OneLoop();

  // guide: begin
  static Session session(String host, int smtpPort, int imapPort) {
    Properties properties = new Properties();
    for (String protocol : List.of("smtp", "imap")) {
      properties.put("mail." + protocol + ".host", host);
      properties.put("mail." + protocol + ".socketFactory", new LoopSocketFactory());
    }
    properties.put("mail.smtp.port", smtpPort);
    properties.put("mail.imap.port", imapPort);
    return Session.getInstance(properties);
  }

  // guide: end

  private static int sendAndRead(Session session, int number) throws MessagingException {
    String user = "user" + number + "@localhost";
    var message = new MimeMessage(session);
    message.setFrom("sender@localhost");
    message.setRecipient(Message.RecipientType.TO, new InternetAddress(user));
    message.setSubject("number " + number);
    message.setText("text");
    Transport.send(message);
    try (Store store = session.getStore("imap")) {
      store.connect(user, user);
      Folder inbox = store.getFolder("INBOX");
      inbox.open(Folder.READ_ONLY);
      assertThat(inbox.getMessage(inbox.getMessageCount()).getSubject())
          .isEqualTo("number " + number);
      inbox.close();
    }
    return number;
  }

  private static void connect(Session session) throws MessagingException {
    try (Store store = session.getStore("imap")) {
      store.connect("user", "user");
    }
  }

  @Test
  void aCancelClosesItsConnection() throws Exception {
    GreenMail server =
        new GreenMail(
            new ServerSetup[] {
              new ServerSetup(0, HOST, ServerSetup.PROTOCOL_SMTP),
              new ServerSetup(0, HOST, ServerSetup.PROTOCOL_IMAP)
            });
    server.start();
    try (var silent = new SilentServer()) {
      for (int i = 0; i < Rounds.USERS; i++) {
        String user = "user" + i + "@localhost";
        server.setUser(user, user, user);
      }
      one.run(() -> {
        Session session = session(HOST, server.getSmtp().getPort(), server.getImap().getPort());
        Session stalled = session(HOST, silent.port(), silent.port());
        Throwable failure =
            Rounds.withCut(number -> sendAndRead(session, number), () -> connect(stalled));
        assertThat(failure).isInstanceOf(MessagingException.class);
      });
    } finally {
      server.stop();
    }
  }
}
