package casella.server.config;

import casella.scanning.Place;
import casella.scanning.Threshold;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The `scanning` section: who is asked whether mail is spam or malware, and what is done then.
///
/// @param rspamd where it is asked
/// @param controller where it is taught
/// @param password file with the controller's password
/// @param clamd where it is asked
/// @param timeMax how long a mail waits for both
/// @param bytesMax larger mail is not asked about
/// @param scansMax mails that each of them is given at a time
/// @param junkFrom from where on rspamd's word puts mail into Junk
/// @param refuseFrom from where on it has mail refused
/// @param refuseMalware whether malware is refused; else it goes into Junk
/// @param submissions whether mail of our own users is looked at for malware
public record ScanningSection(
        Optional<Place> rspamd, Optional<Place> controller, Optional<Path> password, Optional<Place> clamd,
        Duration timeMax, long bytesMax, int scansMax, Threshold junkFrom, Threshold refuseFrom,
        boolean refuseMalware, boolean submissions) {

    static final String ABOUT =
            "Who is asked whether mail is spam or malware, and what is done then. See scanning.md.";

    static ScanningSection read(Section in) {
        Optional<Place> rspamd = place(in, "rspamd",
                "Where rspamd is asked about mail, like 127.0.0.1:11333.");
        Optional<Place> controller = place(in, "rspamd-controller",
                "Where rspamd's controller learns from what owners move into Junk and out of it, like 127.0.0.1:11334.");
        Path password = in.path("rspamd-password")
                .means("File with the controller's password.")
                .orElse(Path.of(""), "none");
        Optional<Place> clamd = place(in, "clamd",
                "Where ClamAV's clamd is asked about mail, like 127.0.0.1:3310 or /run/clamav/clamd.ctl.");
        Duration time = Section.between(in.duration("time-max"), Duration.ofMillis(500),
                Duration.ofSeconds(60))
                .means("How long mail waits for both. What is not known by then is filed all the same and scanned later; urgent mail"
                        + " does not wait so long.")
                .orElse(Duration.ofSeconds(5));
        long bytes = Section.between(in.size("bytes-max"), 64L << 10, 64L << 20)
                .means("Larger mail is not asked about. Not above what clamd takes (StreamMaxLength) and rspamd (max_message).")
                .orElse(25L << 20);
        int scans = Section.between(in.number("scans-max"), 1, 256)
                .means("Mails that each of them is given at a time.")
                .orElse(16);
        Threshold junk = threshold(in, "junk-from", "add-header",
                "From which action or score of rspamd's on mail goes into Junk.");
        Threshold refuse = threshold(in, "refuse-from", "reject",
                "From which action or score of rspamd's on mail is refused.");
        String malware = in.word("malware", List.of("refuse", "junk"))
                .means("What is done with mail that carries malware. What is found after mail was taken goes into Junk in any case.")
                .orElse("refuse");
        boolean submissions = in.yesNo("submissions")
                .means("Whether mail that our own users send is looked at for malware.")
                .orElse(true);
        if (controller.isPresent() && rspamd.isEmpty()) in.problem("rspamd-controller",
                "needs scanning.rspamd too");
        return new ScanningSection(
                rspamd, controller, password.toString().isEmpty() ? Optional.empty() : Optional.of(password),
                        clamd,
                time, bytes, scans, junk, refuse, malware.equals("refuse"), submissions);
    }

    private static Optional<Place> place(Section in, String key, String meaning) {
        String text = in.text(key)
                .must(one -> Place.parse(one).isPresent(),
                        "a host and a port, or the absolute path of a socket")
                .means(meaning)
                .orElse("", "none");
        return Place.parse(text);
    }

    private static Threshold threshold(Section in, String key, String otherwise, String meaning) {
        String text = in.text(key)
                .must(one -> Threshold.parse(one).isPresent(), Threshold.FORM)
                .means(meaning)
                .orElse(otherwise);
        return Threshold.parse(text).orElseThrow();
    }

    /// Says whether anybody is asked.
    public boolean on() {
        return rspamd.isPresent() || clamd.isPresent();
    }
}
