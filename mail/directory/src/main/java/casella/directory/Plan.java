package casella.directory;

/// What an account's owner has asked and perhaps paid for.
///
/// @param name `free`: 1 to 32 of `a-z 0-9 -`
/// @param quotaBytes how much mail an account may hold; at least 1 MiB
/// @param paid whether money is due for it
/// @param level who is served first when not all can be
/// @param recoveryDays how long removed mail can be had back, 0 to 3,650
/// @param recoveryBytes beyond it the oldest removed mail goes early; it counts towards no quota. At least 0
/// @param recipientsPerHour on other servers an owner may send to; 0 for as many as the configuration says
/// @param recipientsPerDay as above
public record Plan(
        String name, long quotaBytes, boolean paid, ServiceLevel level, int recoveryDays,
                long recoveryBytes, int recipientsPerHour, int recipientsPerDay) {
    /// The plan of an account for which none is named; there from the first start.
    public static final Plan FREE = new Plan("free", 1L << 30, false, ServiceLevel.BASIC, 30);

    /// A plan that keeps as much removed mail as it has room for mail.
    public Plan(String name, long quotaBytes, boolean paid, ServiceLevel level, int recoveryDays) {
        this(name, quotaBytes, paid, level, recoveryDays, quotaBytes, 0, 0);
    }

    public Plan {
        Names.check("plan", name);
        if (quotaBytes < 1 << 20) throw new IllegalArgumentException("quota: must be at least 1MiB");
        if (recoveryDays < 0 || recoveryDays > 3_650) {
            throw new IllegalArgumentException("recovery-days: must be 0 to 3650");
        }
        if (recipientsPerHour < 0) throw new IllegalArgumentException(
                "recipients-per-hour: must be at least 0");
        if (recipientsPerDay < 0) throw new IllegalArgumentException("recipients-per-day: must be at least 0");
        if (recoveryBytes < 0) throw new IllegalArgumentException("recovery-size: must be at least 0");
    }

    /// Who is served first when not all can be, least first.
    public enum ServiceLevel {
        BASIC,
        STANDARD,
        PREMIUM;

        /// Returns the name as commands and the database write it: `basic`.
        public String word() {
            return switch (this) {
                case BASIC -> "basic";
                case STANDARD -> "standard";
                case PREMIUM -> "premium";
            };
        }

        /// @throws IllegalArgumentException if `word` is none of them
        public static ServiceLevel of(String word) {
            for (ServiceLevel level : values()) if (level.word().equals(word)) return level;
            throw new IllegalArgumentException("level: must be basic, standard or premium");
        }
    }
}
