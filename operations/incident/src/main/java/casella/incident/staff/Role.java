package casella.incident.staff;

import java.util.Arrays;

/// What somebody works as. None of them reads mail.
public enum Role {
    /// Keeps the machines: vaults, cohorts, drills, incidents.
    OPERATOR("operator"),
    /// Talks with owners: their mailbox's state, their complaints.
    SUPPORT("support"),
    /// Answers for personal data: breaches, losses, holding and erasing.
    DATA_PROTECTION("data-protection"),
    /// Answers for money: plans, compensation.
    BILLING("billing"),
    /// Sees how things are, and nothing of anybody.
    READ_ONLY("read-only");

    private final String word;

    Role(String word) {
        this.word = word;
    }

    /// Returns the name in commands, documents and the desk: `data-protection`.
    public String word() {
        return word;
    }

    /// Returns the role of that name.
    ///
    /// @throws IllegalArgumentException if there is none
    public static Role of(String word) {
        return Arrays.stream(values()).filter(role -> role.word.equals(word)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("role: must be one of "
                        + String.join(", ", Arrays.stream(values()).map(Role::word).toList())));
    }
}
