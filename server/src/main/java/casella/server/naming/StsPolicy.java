package casella.server.naming;

import static java.nio.charset.StandardCharsets.US_ASCII;

import casella.server.config.Config;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/// What other servers are told of TLS to ours, by HTTPS at `mta-sts.DOMAIN`. RFC 8461 "SMTP MTA Strict Transport Security (MTA-STS)".
///
/// @param text the policy
/// @param id changes with the text; 1 to 32 letters and digits
record StsPolicy(String text, String id) {
    private static final int ID_CHARS = 20;

    /// Returns the policy of all our domains; empty where none is published.
    static Optional<StsPolicy> of(Config config) {
        String mode = config.publish().mtaSts();
        if (mode.equals("none")) return Optional.empty();
        var out = new StringBuilder("version: STSv1\r\nmode: ").append(mode).append("\r\n");
        for (String mx : config.publish().mx(config.mail())) out.append("mx: ").append(mx).append("\r\n");
        out.append("max_age: ").append(config.publish().mtaStsMaxAge().toSeconds()).append("\r\n");
        return Optional.of(new StsPolicy(out.toString(), id(out.toString())));
    }

    private static String id(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(US_ASCII));
            return HexFormat.of().formatHex(hash).substring(0, ID_CHARS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }
}
