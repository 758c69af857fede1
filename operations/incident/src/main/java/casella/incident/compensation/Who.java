package casella.incident.compensation;

import java.util.Locale;

/// Who did something.
///
/// @param name as they say it; nothing proves it
/// @param user of the operating system at the other end of the control socket, as the kernel says
public record Who(String name, String user) {
    static final int NAME_MAX = 100;
    /// Who did what no person did.
    static final Who ITSELF = new Who("casella", "casella");

    public Who {
        name = name.strip().replaceAll("\\s+", " ");
        if (name.isEmpty() || name.length() > NAME_MAX || name.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("as: must be 1 to 100 characters");
        }
    }

    /// Says whether it is the same name, however it is written.
    boolean same(Who other) {
        return name.toLowerCase(Locale.ROOT).equals(other.name.toLowerCase(Locale.ROOT));
    }

    /// Returns it as it is shown: `anna (user casella)`.
    public String text() {
        return name.equals(user) ? name : name + " (user " + user + ")";
    }
}
