package casella.smtp;

import static java.nio.charset.StandardCharsets.US_ASCII;

import casella.base.Clock;
import casella.base.Metrics;
import casella.base.Notices;
import casella.delivery.Delivery;
import casella.delivery.SendingAllowance;
import casella.directory.Directory;
import casella.directory.sasl.Mechanisms;
import casella.wire.Connection;
import casella.wire.Service;
import casella.wire.TlsContext;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// One door, for a [casella.wire.Listener]: every connection gets a [Session].
///
/// @param tls  for STARTTLS; null if it is not offered. A port with TLS from the first byte has it in its listener
/// @param room shared by all doors of the process
/// @param notices what the operators say: behind what cannot be done now
/// @param notTaken hears of mail for somebody here that was not taken before it was complete
/// @param sending how much owners may send to other servers
/// @param admittance which strangers come in
public record SmtpService(
        Door door,
        SmtpConfig config,
        @Nullable TlsContext tls,
        Delivery delivery,
        Directory directory,
        Mechanisms mechanisms,
        Room room,
        Clock clock,
        Metrics metrics,
        Notices notices,
        NotTaken notTaken,
        SendingAllowance sending,
        Admittance admittance)
        implements Service {

    @Override
    public void serve(Connection connection) throws IOException {
        new Session(connection, this).serve();
    }

    @Override
    public byte[] refusal(Refusal why) {
        String text = switch (why) {
            case TOO_MANY -> "Too many connections, come back later";
            case BANNED -> "Too much was tried from your network, come back later";
            case TOO_MANY_FROM_ADDRESS -> "Too many connections from your address";
        };
        return ("421 4.7.0 " + config.hostName() + " " + text + "\r\n").getBytes(US_ASCII);
    }
}
