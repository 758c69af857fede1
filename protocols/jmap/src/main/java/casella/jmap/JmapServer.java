package casella.jmap;

import casella.authenticity.DkimVerifier;
import casella.base.Bulkhead;
import casella.base.ClientApps;
import casella.base.Clock;
import casella.base.Given;
import casella.base.HelpDesk;
import casella.base.Metrics;
import casella.base.Notices;
import casella.base.OwnRecord;
import casella.base.SecondAddresses;
import casella.delivery.Delivery;
import casella.delivery.SendingAllowance;
import casella.directory.Authenticator;
import casella.directory.Directory;
import casella.store.Accounts;
import io.helidon.http.DirectHandler;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http1.Http1Config;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// The HTTP server: JMAP, the webmail's log-in, and the webmail itself. Runs from [#start] until
/// [#close].
///
/// Every request is a virtual thread from its first byte to its last.
public final class JmapServer implements AutoCloseable {
    private static final int HEADER_BYTES_MAX = 32_768;
    private static final int PROLOGUE_BYTES_MAX = 8_192;
    private static final Duration STOP_TIME = Duration.ofSeconds(2);

    /// What it is made of. All of it is closed by whoever made it.
    ///
    /// @param cpu as wide as the cores: reading and writing of long mails
    /// @param hostName what it calls itself in `Received` fields
    /// @param brandKeys public keys with which brands sign
    /// @param notices what owners are told of what is going on
    /// @param apps hears which programs owners use
    /// @param given what owners were given for what did not work
    /// @param own what owners are shown of their account beside its mail
    /// @param help what owners say of help inside their mailbox
    /// @param second where owners ask for news when they cannot open their mailbox
    /// @param status pages for anybody, below `/status/`
    /// @param complaints a form for anybody, below `/complaints/`
    /// @param news likewise, below `/news/`
    /// @param programs how a mail program reaches an account
    /// @param setup what programs and other servers ask of our domains
    /// @param tls null to speak plain HTTP
    public record Parts(
            JmapConfig config,
            Directory directory,
            Authenticator authenticator,
            Accounts accounts,
            Delivery delivery,
            SendingAllowance sending,
            Uploads uploads,
            Bulkhead cpu,
            Clock clock,
            Metrics metrics,
            String hostName,
            DkimVerifier.Keys brandKeys,
            Notices notices,
            ClientApps apps,
            Given given,
            OwnRecord own,
            HelpDesk help,
            SecondAddresses second,
            PublicPages status,
            PublicForm complaints,
            PublicForm news,
            MailSettings programs,
            ClientSetup setup,
            @Nullable SSLContext tls) {}

    private final WebServer server;
    private final Endpoints endpoints;

    private JmapServer(WebServer server, Endpoints endpoints) {
        this.server = server;
        this.endpoints = endpoints;
    }

    /// Listens and answers.
    ///
    /// @throws IllegalArgumentException if the webmail's folder is not usable
    public static JmapServer start(Parts parts) {
        JmapConfig config = parts.config();
        var endpoints = new Endpoints(parts);
        var builder = WebServer.builder()
                .host(config.host())
                .port(config.port())
                .shutdownHook(false)
                .shutdownGracePeriod(STOP_TIME)
                .maxTcpConnections(config.connectionsMax())
                .idleConnectionTimeout(config.requestTime().plusSeconds(60))
                .connectionOptions(options -> options.readTimeout(config.requestTime()).tcpNoDelay(true))
                .maxPayloadSize(Math.max(config.uploadBytesMax(), config.requestBytesMax()) + 1)
                .protocolsDiscoverServices(false)
                .addProtocol(Http1Config.builder()
                        .maxHeadersSize(HEADER_BYTES_MAX)
                        .maxPrologueLength(PROLOGUE_BYTES_MAX)
                        .build())
                .directHandlers(direct -> {
                    for (var type : DirectHandler.EventType.values()) direct.addHandler(type,
                            Endpoints::refuseDirectly);
                })
                .routing((HttpRouting.Builder routing) -> endpoints.route(routing));
        if (parts.tls() != null) builder.tls(tls -> tls.sslContext(parts.tls()));
        return new JmapServer(builder.build().start(), endpoints);
    }

    /// Returns the port it listens on.
    public int port() {
        return server.port();
    }

    /// Stops listening; requests that run have a moment to end.
    @Override
    public void close() {
        endpoints.close();
        server.stop();
    }
}
