package casella.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A real Postfix in a folder of its own, on a port of its own: takes mail for `remote.example` into a Maildir, and sends what
/// it is given for anybody else to one other port.
///
/// Addresses that begin with `refused` it refuses, with `later` it puts off. Its own reports go where everything goes. Needs
/// Debian's package `postfix`, and root, as Postfix does.
public final class Postfix implements AutoCloseable {
    private static final Duration TIME = Duration.ofSeconds(30);

    private final Path folder;
    private final int port;

    private Postfix(Path folder, int port) {
        this.folder = folder;
        this.port = port;
    }

    /// Starts it.
    ///
    /// @param folder empty, which others may read into
    /// @param port where it takes mail, as [#freePort] gave it
    /// @param onwards the port on this machine that takes mail for everybody else
    public static Postfix start(Path folder, int port, int onwards) {
        try {
            var postfix = new Postfix(folder, port);
            postfix.write(onwards);
            postfix.run("postfix", "-c", folder.resolve("etc").toString(), "start");
            return postfix;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Returns a port that is free now.
    public static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(int onwards) throws IOException {
        for (String part : List.of("etc", "spool", "data", "mail")) Files.createDirectories(folder.resolve(part));
        // Its processes are of a user of their own, and pass through to get here.
        for (Path one = folder; one != null && !one.equals(Path.of("/tmp")) && one.getNameCount() > 1; one = one.getParent()) {
            Files.setPosixFilePermissions(one, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        run("chown", "postfix", folder.resolve("data").toString());
        run("chown", "nobody:nogroup", folder.resolve("mail").toString());
        run(
                "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=mx.remote.example",
                "-addext", "subjectAltName=DNS:mx.remote.example", "-keyout", folder.resolve("etc/key.pem").toString(),
                "-out", certificate().toString());
        Files.writeString(folder.resolve("etc/rcpt"), "/^refused/ REJECT 5.1.1 nobody is refused\n/^later/ 450 4.2.0 later\n");
        Files.writeString(folder.resolve("etc/main.cf"), main(onwards));
        Files.writeString(folder.resolve("etc/master.cf"), "127.0.0.1:" + port + " inet n - n - - smtpd\n" + MASTER);
    }

    private String main(int onwards) {
        return """
                compatibility_level = 3.6
                myhostname = mx.remote.example
                myorigin = remote.example
                mydestination =
                mynetworks = 127.0.0.0/8
                inet_interfaces = loopback-only
                inet_protocols = ipv4
                queue_directory = %1$s/spool
                data_directory = %1$s/data
                maillog_file = %1$s/log
                maillog_file_prefixes = %1$s
                import_environment = MAIL_CONFIG MAIL_DEBUG MAIL_LOGTAG TZ LANG=C
                virtual_mailbox_domains = remote.example
                virtual_mailbox_base = %1$s/mail
                virtual_mailbox_maps = static:inbox/
                virtual_mailbox_limit = 0
                virtual_uid_maps = static:65534
                virtual_gid_maps = static:65534
                virtual_minimum_uid = 100
                message_size_limit = 60000000
                smtpd_tls_cert_file = %1$s/etc/cert.pem
                smtpd_tls_key_file = %1$s/etc/key.pem
                smtpd_tls_security_level = may
                smtp_tls_security_level = may
                smtp_tls_loglevel = 1
                smtputf8_enable = yes
                smtpd_discard_ehlo_keyword_address_maps =
                smtpd_recipient_restrictions = check_recipient_access regexp:%1$s/etc/rcpt, permit_mynetworks, reject
                smtpd_client_connection_count_limit = 0
                relayhost = [127.0.0.1]:%2$d
                smtp_dns_support_level = disabled
                disable_dns_lookups = yes
                minimal_backoff_time = 1s
                maximal_backoff_time = 1s
                queue_run_delay = 1s
                delay_warning_time = 0h
                """.formatted(folder, onwards);
    }

    private static final String MASTER =
            """
            pickup    unix  n       -       n       60      1       pickup
            cleanup   unix  n       -       n       -       0       cleanup
            qmgr      unix  n       -       n       1       1       qmgr
            tlsmgr    unix  -       -       n       1000?   1       tlsmgr
            rewrite   unix  -       -       n       -       -       trivial-rewrite
            bounce    unix  -       -       n       -       0       bounce
            defer     unix  -       -       n       -       0       bounce
            trace     unix  -       -       n       -       0       bounce
            verify    unix  -       -       n       -       1       verify
            flush     unix  n       -       n       1000?   0       flush
            proxymap  unix  -       -       n       -       -       proxymap
            smtp      unix  -       -       n       -       -       smtp
            relay     unix  -       -       n       -       -       smtp
            showq     unix  n       -       n       -       -       showq
            error     unix  -       -       n       -       -       error
            retry     unix  -       -       n       -       -       error
            discard   unix  -       -       n       -       -       discard
            virtual   unix  -       n       n       -       -       virtual
            anvil     unix  -       -       n       -       1       anvil
            scache    unix  -       -       n       -       1       scache
            postlog   unix-dgram n  -       n       -       1       postlogd
            """;

    private void run(String... command) throws IOException {
        Path out = Files.createTempFile("postfix", ".out");
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile()).start();
            if (!process.waitFor(TIME.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IOException(String.join(" ", command) + ": " + Files.readString(out));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            Files.delete(out);
        }
    }

    /// Returns where it takes mail.
    public int port() {
        return port;
    }

    /// Returns its certificate, for `mx.remote.example`.
    public Path certificate() {
        return folder.resolve("etc/cert.pem");
    }

    /// Returns the messages it delivered, in no order.
    public List<byte[]> mails() {
        Path fresh = folder.resolve("mail/inbox/new");
        var mails = new ArrayList<byte[]>();
        if (!Files.isDirectory(fresh)) return mails;
        try (Stream<Path> files = Files.list(fresh)) {
            for (Path file : files.toList()) mails.add(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return mails;
    }

    /// Returns what it logged.
    public String log() {
        try {
            return Files.readString(folder.resolve("log"));
        } catch (IOException e) {
            return "";
        }
    }

    @Override
    public void close() {
        try {
            run("postfix", "-c", folder.resolve("etc").toString(), "stop");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
