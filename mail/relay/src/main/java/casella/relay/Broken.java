package casella.relay;

import java.io.IOException;

/// A conversation with a server that cannot go on. The sentence says where it stood.
final class Broken extends IOException {
    private static final long serialVersionUID = 1L;

    private final String status;

    /// @param status the enhanced status code of what it means for a message. RFC 3463 §3.5
    Broken(String status, String sentence) {
        super(sentence);
        this.status = status;
    }

    Broken(String status, String sentence, Throwable cause) {
        super(sentence + ": " + printable(cause), cause);
        this.status = status;
    }

    private static String printable(Throwable cause) {
        String message = cause.getMessage();
        if (message == null) return cause.getClass().getSimpleName();
        String shown = message.replaceAll("[^ -~]", "?");
        return shown.length() <= 200 ? shown : shown.substring(0, 200);
    }

    String status() {
        return status;
    }
}
