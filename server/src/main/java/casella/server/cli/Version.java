package casella.server.cli;

/// The program's version.
public final class Version {
    /// As in the poms and CHANGELOG.md.
    public static final String NAME = "0.1.0";

    private Version() {}
}
