import java.nio.file.*;
import java.util.List;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.keyprovider.SimpleGeneratorHostKeyProvider;
import org.apache.sshd.common.file.virtualfs.VirtualFileSystemFactory;
import org.apache.sshd.sftp.client.SftpClientFactory;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;

/** An SFTP server and a file system of its client, on the loopback interface; for the findings on the SFTP file system. */
class SftpCase {
  /** Opens a file system whose root is the directory, served by a server of this process. */
  static FileSystem open(Path directory) throws Exception {
    SshServer server = SshServer.setUpDefaultServer();
    server.setHost("127.0.0.1");
    server.setPort(0);
    server.setKeyPairProvider(new SimpleGeneratorHostKeyProvider());
    server.setPasswordAuthenticator((user, password, session) -> true);
    server.setSubsystemFactories(List.of(new SftpSubsystemFactory()));
    server.setFileSystemFactory(new VirtualFileSystemFactory(directory));
    server.start();
    SshClient client = SshClient.setUpDefaultClient();
    client.setServerKeyVerifier((session, address, key) -> true);
    client.start();
    var session = client.connect("user", "127.0.0.1", server.getPort()).verify(20_000).getSession();
    session.addPasswordIdentity("password");
    session.auth().verify(20_000);
    return SftpClientFactory.instance().createSftpFileSystem(session);
  }
}
