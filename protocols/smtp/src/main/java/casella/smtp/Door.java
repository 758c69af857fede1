package casella.smtp;

/// Which of the three services a session is.
public enum Door {
    /// From anyone, for our own accounts. Port 25. RFC 5321
    MX("mx"),
    /// From our own users, after AUTH. Ports 587 and 465. RFC 6409, RFC 8314
    SUBMISSION("submission"),
    /// From a mail server of ours, with a reply for each recipient. RFC 2033
    LMTP("lmtp");

    private final String label;

    Door(String label) {
        this.label = label;
    }

    /// Returns the word for logs and metrics.
    public String label() {
        return label;
    }
}
