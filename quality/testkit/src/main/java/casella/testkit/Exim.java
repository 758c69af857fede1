package casella.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A real Exim in a folder of its own, at 127.0.0.2: takes mail for `exim.example` into a Maildir, and sends what it is given for
/// anybody else to one port of this machine. Addresses that begin with `refused` it refuses.
///
/// Debian's packages `exim4-daemon-light` and `postfix` exclude each other, so Exim is unpacked beside it, into `target/exim` of
/// the project: `.ci/run` does that, and enters the user `Debian-exim` that it runs as. Needs root, as Exim does.
public final class Exim implements AutoCloseable {
    private static final Duration TIME = Duration.ofSeconds(20);

    private final Path folder;
    private final Process process;

    private Exim(Path folder, Process process) {
        this.folder = folder;
        this.process = process;
    }

    /// Starts it.
    ///
    /// @param root of the project
    /// @param folder empty
    /// @param port where it takes mail
    /// @param onwards the port on this machine that takes mail for everybody else
    /// @param certificate for `mx.exim.example`, or any
    /// @param key its key, PEM
    public static Exim start(Path root, Path folder, int port, int onwards, Path certificate, Path key) {
        try {
            Path program = root.resolve("target/exim/usr/sbin/exim4");
            if (!Files.exists(program)) throw new IOException(program
                    + " is not there: .ci/run says how it is unpacked");
            for (String part : List.of("spool", "log", "mail",
                    "tls")) Files.createDirectories(folder.resolve(part));
            Files.copy(certificate, folder.resolve("tls/cert.pem"));
            Files.copy(key, folder.resolve("tls/key.pem"));
            Path config = Files.writeString(folder.resolve("exim.conf"), config(program, folder, port, onwards));
            // Its processes are of a user of their own, and pass through to get here.
            for (Path one = folder; one != null && one.getNameCount() > 1; one = one.getParent()) {
                Files.setPosixFilePermissions(one, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
            run("chown", "-R", "Debian-exim", folder.resolve("spool").toString(), folder.resolve("log")
                    .toString(),
                    folder.resolve("mail").toString(), folder.resolve("tls").toString());
            Process process = new ProcessBuilder(program.toString(), "-C", config.toString(), "-bdf", "-q1s")
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("out").toFile())
                    .start();
            return new Exim(folder, process);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String config(Path program, Path folder, int port, int onwards) {
        return """
                exim_path = %4$s
                primary_hostname = mx.exim.example
                spool_directory = %1$s/spool
                log_file_path = %1$s/log/%%s
                pid_file_path = %1$s/spool/pid
                local_interfaces = 127.0.0.2
                daemon_smtp_ports = %2$d
                keep_environment =
                tls_advertise_hosts = *
                tls_certificate = %1$s/tls/cert.pem
                tls_privatekey = %1$s/tls/key.pem
                dsn_advertise_hosts = *
                chunking_advertise_hosts = *
                host_lookup =
                rfc1413_hosts =
                qualify_domain = exim.example
                acl_smtp_rcpt = rcpt
                begin acl
                rcpt:
                  deny local_parts = ^refused
                       message = nobody is refused
                  accept
                begin routers
                here:
                  driver = accept
                  domains = exim.example
                  transport = maildir
                onwards:
                  driver = manualroute
                  transport = onwards
                  route_list = * 127.0.0.1
                  self = send
                begin transports
                maildir:
                  driver = appendfile
                  directory = %1$s/mail/inbox
                  maildir_format
                  create_directory
                  return_path_add
                  user = Debian-exim
                onwards:
                  driver = smtp
                  port = %3$d
                  allow_localhost
                begin retry
                * * F,1h,1s
                """.formatted(folder, port, onwards, program);
    }

    private static void run(String... command) throws IOException {
        try {
            Process process = new ProcessBuilder(command).inheritIO().start();
            if (!process.waitFor(TIME.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IOException(String.join(" ", command));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
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
            Path main = folder.resolve("log/main");
            return Files.readString(folder.resolve("out")) + (Files.exists(main) ? Files.readString(main)
                    : "");
        } catch (IOException e) {
            return "";
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(TIME.toSeconds(), TimeUnit.SECONDS)) process.destroyForcibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
