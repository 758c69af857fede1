package casella.vault.files;

import casella.base.AccountId;
import casella.base.ArrivalId;
import casella.base.Sha256;
import casella.store.vault.ObjectName;
import casella.store.vault.ObjectName.Kind;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Where each object lies, told by its name alone.
///
/// ```text
/// README.txt                         what this is, and its format
/// figures.txt                        how many objects, after a clean end
/// accounts/<aa>/<account>/           aa: the account's first two digits
///     mail/<year>-<month>/<day>/             <time>-<arrival>-<sha256>.eml
///     mail/<year>-<month>/<day>/<hhmm>/      the same, when the day's folder is full
///     segments|contents|checkpoints|pages|heads/<group>/   <first>-<last>-<sha256>.<kind>
/// incoming/                          files not yet whole; emptied at each opening
/// quarantine/                        damaged files
/// ```
///
/// Times are UTC and the arrival's own. The group is the first 13 of the 16 digits of `first`; where `first` and `last` are
/// both 0, the first two of the hash. Folders and files sort, shorter before longer, as the names of their objects do.
/// Longest path below the root: 170 characters; longest name: 113. Page: docs/formats/files.md.
final class Layout {
    /// Shorter first, so that the year 10,000 comes after 9999, and order zero before all others.
    static final Comparator<String> ORDER =
            Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder());

    private static final HexFormat HEX = HexFormat.of();
    private static final int GROUP_DIGITS = 13;
    private static final int ARRIVAL_DIGITS = 26;
    private static final int HASH_DIGITS = 64;
    private static final int ORDER_DIGITS = 16;

    private final Path root;

    Layout(Path root) {
        this.root = root;
    }

    Path root() {
        return root;
    }

    Path readme() {
        return root.resolve("README.txt");
    }

    Path figures() {
        return root.resolve("figures.txt");
    }

    Path accounts() {
        return root.resolve("accounts");
    }

    Path incoming() {
        return root.resolve("incoming");
    }

    Path quarantine() {
        return root.resolve("quarantine");
    }

    Path account(AccountId account) {
        String id = account.toString();
        return accounts().resolve(id.substring(0, 2)).resolve(id);
    }

    Path kind(AccountId account, Kind kind) {
        return account(account).resolve(folder(kind));
    }

    private static String folder(Kind kind) {
        return switch (kind) {
            case MAIL -> "mail";
            case SEGMENT -> "segments";
            case CONTENTS -> "contents";
            case CHECKPOINT -> "checkpoints";
            case PAGE -> "pages";
            case HEADS -> "heads";
        };
    }

    private static String ending(Kind kind) {
        return kind == Kind.MAIL ? ".eml" : "." + kind.name().toLowerCase(Locale.ROOT);
    }

    /// Returns the folders below that of its kind in which an object lies while there is room: month and day, or the group.
    static List<String> steps(ObjectName name) {
        if (name.kind() == Kind.MAIL) {
            ZonedDateTime at = time(name);
            return List.of(
                    String.format(Locale.ROOT, "%04d-%02d", at.getYear(), at.getMonthValue()),
                    String.format(Locale.ROOT, "%02d", at.getDayOfMonth()));
        }
        boolean unordered = name.high() == 0 && name.low() == 0;
        return List.of(
                unordered ? name.hash().toString().substring(0, 2) : HEX.toHexDigits(name.high())
                        .substring(0, GROUP_DIGITS));
    }

    Path folder(ObjectName name) {
        Path folder = kind(name.account(), name.kind());
        for (String step : steps(name)) folder = folder.resolve(step);
        return folder;
    }

    /// Returns where a mail lies when the folder of its day is full.
    Path fullDayFolder(ObjectName name) {
        ZonedDateTime at = time(name);
        return folder(name).resolve(String.format(Locale.ROOT, "%02d%02d", at.getHour(), at.getMinute()));
    }

    /// Returns every place at which an object may lie.
    List<Path> places(ObjectName name) {
        Path first = folder(name).resolve(file(name));
        if (name.kind() != Kind.MAIL) return List.of(first);
        return List.of(first, fullDayFolder(name).resolve(file(name)));
    }

    static String file(ObjectName name) {
        if (name.kind() != Kind.MAIL) {
            return HEX.toHexDigits(name.high()) + "-" + HEX.toHexDigits(name.low()) + "-" + name.hash()
                    + ending(name.kind());
        }
        ZonedDateTime at = time(name);
        String when =
                String.format(
                        Locale.ROOT,
                        "%04d-%02d-%02d-%02d%02d%02d",
                        at.getYear(), at.getMonthValue(), at.getDayOfMonth(), at.getHour(), at.getMinute(),
                                at.getSecond());
        return when + "-" + name.arrival() + "-" + name.hash() + ending(Kind.MAIL);
    }

    /// Returns the minute at the place where a mail's file name says it, `0751`; empty if it is no such name.
    static String minute(String file) {
        int end = file.length() - ending(Kind.MAIL).length() - HASH_DIGITS - 1 - ARRIVAL_DIGITS - 1;
        return end < 6 || !file.endsWith(".eml") ? "" : file.substring(end - 6, end - 2);
    }

    /// Returns the object whose file has this name; none if it is no such name, as of a file that a person put there.
    static Optional<ObjectName> object(AccountId account, Kind kind, String file) {
        String ending = ending(kind);
        int end = file.length() - ending.length();
        int hashAt = end - HASH_DIGITS;
        int lowAt = hashAt - 1 - (kind == Kind.MAIL ? ARRIVAL_DIGITS : ORDER_DIGITS);
        if (lowAt < 0 || !file.endsWith(ending)) return Optional.empty();
        try {
            Sha256 hash = Sha256.parse(file.substring(hashAt, end));
            ObjectName name;
            if (kind == Kind.MAIL) {
                name = ObjectName.mail(account, ArrivalId.parse(file.substring(lowAt, hashAt - 1)), hash);
            } else {
                long low = HexFormat.fromHexDigitsToLong(file, lowAt, hashAt - 1);
                long high = HexFormat.fromHexDigitsToLong(file, 0, Math.max(0, lowAt - 1));
                name = new ObjectName(account, kind, high, low, hash);
            }
            return file(name).equals(file) ? Optional.of(name) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /// Returns the account whose folder has this name; none if it is no such name.
    static Optional<AccountId> account(String folder) {
        try {
            AccountId account = AccountId.parse(folder);
            return account.toString().equals(folder) ? Optional.of(account) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static ZonedDateTime time(ObjectName name) {
        return Instant.ofEpochMilli(name.arrival().unixMillis()).atZone(ZoneOffset.UTC);
    }
}
