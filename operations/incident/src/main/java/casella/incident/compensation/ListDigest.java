package casella.incident.compensation;

import static java.nio.charset.StandardCharsets.UTF_8;

import casella.base.AccountId;
import casella.base.Sha256;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;

/// The SHA-256 of a preview: rules, window, who gets which line, and the lines.
final class ListDigest {
    private final MessageDigest digest = Sha256.digest();
    private final ByteBuffer row = ByteBuffer.allocate(Long.BYTES + Integer.BYTES);

    ListDigest(Run run) {
        digest.update("casella.compensation 1\n%s\n%s\n%d %d\n".formatted(run.cause(), run.rules(), run.window().from(),
                run.window().until()).getBytes(UTF_8));
    }

    /// To be called in the order of the accounts' ids as signed numbers.
    void add(AccountId account, int line) {
        digest.update(row.clear().putLong(account.value()).putInt(line).flip());
    }

    /// @param lines in the order of their numbers
    /// @return 64 hexadecimal digits
    String end(List<Owed> lines) {
        for (Owed one : lines) {
            digest.update("%s %s %s %d %d %d\n".formatted(one.brand(), one.plan(), one.rule(), one.percent(),
                    one.bytes(), one.months()).getBytes(UTF_8));
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
