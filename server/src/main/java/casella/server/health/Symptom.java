package casella.server.health;

import casella.base.Metric;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/// What can be wrong, as owners and operators notice it. Each is found from the server's figures, here by [#seen] and in
/// Prometheus by [#expression], and each has a page with the commands to copy: `docs/operations/runbooks/<id>.md`.
public enum Symptom {
    LOG_IN(
            "owners-cannot-log-in",
            Level.CRITICAL,
            "Owners cannot log in",
            "Log-ins are answered from the directory's snapshot as far as it reaches; whoever cannot be checked is told to try again, not that"
                    + " the password is wrong.",
            "Look at the disk of the directory and at the load: casella status. Do not restart: sessions that are open go on.",
            "sum(increase(casella_directory_logins_total{outcome=\"away\"}[1m])) >= 3 and"
                    + " sum(increase(casella_directory_logins_total{outcome=\"away\"}[1m])) >"
                    + " 0.1 * sum(increase(casella_directory_logins_total[1m]))") {
        @Override
        Optional<String> seen(Figures now, History before) {
            double away = before.grown(Metric.DIRECTORY_LOGINS, labels -> labels.getLast().equals("away"),
                    MINUTE);
            double all = before.grown(Metric.DIRECTORY_LOGINS, _ -> true, MINUTE);
            if (away < 3 || away <= 0.1 * all) return Optional.empty();
            return Optional.of("%.0f of %.0f log-ins of the last minute could not be checked".formatted(away,
                    all));
        }
    },
    FOLDERS_CLOSED(
            "folders-are-closed",
            Level.CRITICAL,
            "Owners see their folders closed",
            "Neither engine nor journal of these accounts can be read. New mail is taken, shown in Received during the fault, and filed"
                    + " by itself as soon as one of them is back.",
            "Bring back the engine or one vault: casella status says which is gone and why. With standby paused or off, then also casella"
                    + " standby open --all.",
            "casella_continuation_accounts > 0") {
        @Override
        Optional<String> seen(Figures now, History before) {
            double accounts = now.value(Metric.CONTINUATION_ACCOUNTS);
            return accounts > 0 ? Optional.of("%.0f accounts".formatted(accounts)) : Optional.empty();
        }
    },
    MAIL_LOST(
            "mail-has-no-copy",
            Level.CRITICAL,
            "Mail has no good copy",
            "No vault had a good copy of these objects when last asked. They are tried again, and nothing of them is removed anywhere.",
            "Do not remove or repair any vault's files. Was a vault taken out of store.vaults, or a disk exchanged? Put it back. casella verify"
                    + " --all names the mails.",
            "casella_debt_lost > 0") {
        @Override
        Optional<String> seen(Figures now, History before) {
            double lost = now.value(Metric.DEBT_LOST);
            return lost > 0 ? Optional.of("%.0f objects".formatted(lost)) : Optional.empty();
        }
    },
    MAIL_REFUSED(
            "queue-takes-no-mail",
            Level.CRITICAL,
            "The queue takes no mail",
            "Mail that cannot be filed at once is refused with a temporary error; servers that send keep it and try again, for days.",
            "Make room on the disk of the queue: casella status, df.",
            "casella_queue_takes == 0") {
        @Override
        Optional<String> seen(Figures now, History before) {
            Map<List<String>, Double> takes = now.lines(Metric.QUEUE_TAKES);
            boolean full = takes.containsValue(0.0);
            return full ? Optional.of("its disk is too full") : Optional.empty();
        }
    },
    URGENT_LATE(
            "urgent-mail-is-late",
            Level.CRITICAL,
            "Urgent mail is late",
            "Urgent mail goes before all other mail that waits. An account that cannot be written is tried again, ever more seldom up to 15"
                    + " minutes; all are tried at once when engine and vaults are well.",
            "casella queue list shows for what it waits. One-time codes live for minutes: act now.",
            "casella_queue_urgent_seconds > 60") {
        @Override
        Optional<String> seen(Figures now, History before) {
            double seconds = now.value(Metric.QUEUE_URGENT_SECONDS);
            if (seconds <= 60) return Optional.empty();
            return Optional.of("the oldest waits for %.0f s".formatted(seconds));
        }
    },
    COUNTED_LOST(
            "count-found-lost-mail",
            Level.CRITICAL,
            "The loss account found lost mail",
            "Nothing of these mails is in any vault that answers. The healer goes on looking; the count stands until one over all time finds"
                    + " nothing lost at the same accounts.",
            "casella losses names the accounts, casella verify ADDRESS the mails. Put back what was taken away, then count again.",
            "casella_losses_lost > 0") {
        @Override
        Optional<String> seen(Figures now, History before) {
            double lost = now.value(Metric.LOSSES_LOST);
            return lost > 0 ? Optional.of("%.0f mails".formatted(lost)) : Optional.empty();
        }
    },
    DEBT_GROWING(
            "debt-is-growing",
            Level.WARNING,
            "What has too few copies is growing",
            "Mail is kept in the vaults that are well; the healer makes what is missing as soon as it can.",
            "casella debt shows which vault owes and whether it is paid. A vault that answers and owes ever more is full: df.",
            "casella_debt_oldest_seconds > 600 and delta(casella_debt_objects[10m]) > 0") {
        @Override
        Optional<String> seen(Figures now, History before) {
            double oldest = now.value(Metric.DEBT_OLDEST_SECONDS);
            double grown = before.grown(Metric.DEBT_OBJECTS, _ -> true, Duration.ofMinutes(10));
            if (oldest <= 600 || grown <= 0) return Optional.empty();
            return Optional.of("%.0f objects, %.0f more than ten minutes ago, the oldest for %.0f s".formatted(
                    now.value(Metric.DEBT_OBJECTS), grown, oldest));
        }
    },
    TAIL_UNARCHIVED(
            "tail-is-not-archived",
            Level.WARNING,
            "Changes wait to be archived",
            "Changes are synced in the tail and in the engine, and not yet in two vaults; the archiver tries again every minute.",
            "Bring back what is gone, vaults or engine, and look for full disks: casella status, df. The machine must not be lost before that.",
            "casella_archive_oldest_seconds > 900") {
        @Override
        Optional<String> seen(Figures now, History before) {
            double seconds = now.value(Metric.ARCHIVE_OLDEST_SECONDS);
            if (seconds <= 900) return Optional.empty();
            return Optional.of("the oldest for %.0f s, of %.0f accounts".formatted(
                    seconds, now.value(Metric.ARCHIVE_WAITING_ACCOUNTS)));
        }
    },
    DISK_FULL(
            "disk-is-getting-full",
            Level.WARNING,
            "A disk is getting full",
            "At five per cent the vaults and the queue on it take nothing new: mail goes to those on other disks, and where there are none it"
                    + " is refused with a temporary error. What is stored stays readable.",
            "Make room or add a disk: df. Nothing in the data folder may be removed by hand.",
            "casella_disk_free_bytes < 0.1 * casella_disk_bytes or"
                    + " predict_linear(casella_disk_free_bytes[6h], 86400) < 0") {
        @Override
        Optional<String> seen(Figures now, History before) {
            var full = new TreeMap<String, String>();
            now.lines(Metric.DISK_FREE_BYTES).forEach((labels, free) -> {
                String folder = labels.getFirst();
                double size = now.value(Metric.DISK_BYTES, folder);
                OptionalDouble hours = before.hoursToZero(Metric.DISK_FREE_BYTES, folder);
                if (hours.isPresent() && hours.getAsDouble() < 24) {
                    full.put(folder, "that of %s in %.0f hours".formatted(folder, hours.getAsDouble()));
                } else if (free < 0.1 * size) {
                    full.put(folder, "that of %s has %.1f %% free".formatted(folder, 100 * free / size));
                }
            });
            return full.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", full.values()));
        }
    },
    CERTIFICATE(
            "certificate-ends",
            Level.WARNING,
            "The certificate ends soon",
            "It is shown to clients until it ends, and after that as well; most of them refuse it then.",
            "Put a new one into tls.certificate and tls.key, and restart. One that the server made itself is made anew by a restart.",
            "casella_tls_certificate_seconds < 14 * 86400") {
        @Override
        Optional<String> seen(Figures now, History before) {
            Double seconds = now.lines(Metric.TLS_CERTIFICATE_SECONDS).get(List.of());
            if (seconds == null || seconds >= Duration.ofDays(14).toSeconds()) return Optional.empty();
            if (seconds <= 0) return Optional.of("it is over");
            return Optional.of("in %.0f hours".formatted(seconds / 3600));
        }
    },
    PART_GONE(
            "part-is-gone",
            Level.WARNING,
            "A part is gone",
            "Only probes enter it; others stand in for it where they can, and it is used again when it has been well for long enough.",
            "casella status says why. Look at its disk and at the log around the time it went.",
            "casella_part_breaker == 2") {
        @Override
        Optional<String> seen(Figures now, History before) {
            var gone = new ArrayList<String>();
            now.lines(Metric.PART_BREAKER).forEach((labels, state) -> {
                if (state == 2) gone.add(labels.getFirst());
            });
            return gone.isEmpty() ? Optional.empty() : Optional.of(String.join(", ",
                    gone.stream().sorted().toList()));
        }
    },
    DIRECTORY(
            "directory-is-read-only",
            Level.WARNING,
            "The directory cannot be changed",
            "Log-ins and mail go on from its snapshot; nobody new can be made, no password changed, and addresses newer than the snapshot are"
                    + " told to try again.",
            "Mend its disk. Where its file is damaged: stop, casella directory restore, start.",
            "casella_directory_read_only == 1") {
        @Override
        Optional<String> seen(Figures now, History before) {
            boolean readOnly = now.value(Metric.DIRECTORY_READ_ONLY) == 1;
            return readOnly ? Optional.of("it is served from its snapshot") : Optional.empty();
        }
    },
    ACCOUNTS_SET_ASIDE(
            "accounts-are-set-aside",
            Level.WARNING,
            "Accounts are set aside",
            "Their data ended the process twice. They are not opened, their mail waits in the queue, and nobody else is held up.",
            "casella quarantine list names them; casella quarantine release lets one in again, then casella rebuild makes its view anew.",
            "casella_quarantine_accounts > 0") {
        @Override
        Optional<String> seen(Figures now, History before) {
            double accounts = now.value(Metric.QUARANTINE_ACCOUNTS);
            return accounts > 0 ? Optional.of("%.0f accounts".formatted(accounts)) : Optional.empty();
        }
    },
    ACCOUNTS_APART(
            "accounts-have-trouble-of-their-own",
            Level.WARNING,
            "The engine does not answer for single accounts",
            "Each of them is served out of its journal when it is used; its owner notices a pause. It goes back by itself when its own probe"
                    + " has been well for minutes. All others are left alone.",
            "The log says which (account.apart) and why; casella rebuild makes an account's rows anew. Are there ever more, look at the"
                    + " engine's disk: casella standby open --all moves everybody.",
            "casella_accounts_apart > 0") {
        @Override
        Optional<String> seen(Figures now, History before) {
            double accounts = now.value(Metric.ACCOUNTS_APART);
            if (accounts <= 0) return Optional.empty();
            double most = now.value(Metric.ACCOUNTS_APART_MAX);
            return Optional.of("%.0f accounts%s".formatted(
                    accounts, accounts < most ? "" : ", as many as may be: more are left in the dark"));
        }
    },
    COLLECTOR_ASKS(
            "collector-asks",
            Level.WARNING,
            "The collector stands and asks",
            "Nothing is removed for good until somebody answered.",
            "casella collect status says what it saw; casella collect run --confirm says yes to it.",
            "casella_collect_braked == 1") {
        @Override
        Optional<String> seen(Figures now, History before) {
            boolean asks = now.value(Metric.COLLECT_BRAKED) == 1;
            return asks ? Optional.of("casella collect status says why") : Optional.empty();
        }
    },
    LADDER_HALTED(
            "migration-stands-still",
            Level.WARNING,
            "The migration to a new vault stands still",
            "A gate failed, or could not be judged. The new vault stays at its stage; every mail is in the old vault, and reads go there"
                    + " when the new one fails.",
            "casella vault list names it and casella vault show says why: then casella vault continue, or casella vault rollback.",
            "casella_ladder_halted > 0") {
        @Override
        Optional<String> seen(Figures now, History before) {
            boolean halted = now.value(Metric.LADDER_HALTED) > 0;
            return halted ? Optional.of("at stage %.0f of 6".formatted(now.value(Metric.LADDER_STAGE)))
                    : Optional.empty();
        }
    },
    MAIL_UNSCANNED(
            "mail-is-not-scanned",
            Level.WARNING,
            "Mail is filed without being scanned",
            "Mail is taken without waiting for the scanner, and noted. When it answers again what was noted is scanned, and moved from INBOX to"
                    + " Junk where it belongs there.",
            "Bring back rspamd or clamd: casella doctor names it. While all answer: the log says why mail is put off (scanning.silent).",
            "max(casella_scanning_down_seconds) > 300 or casella_scanning_oldest_seconds > 3600") {
        @Override
        Optional<String> seen(Figures now, History before) {
            var seen = new ArrayList<String>();
            now.lines(Metric.SCANNING_DOWN_SECONDS).forEach((labels, seconds) -> {
                if (seconds > 300) seen.add("%s has not answered for %.0f s".formatted(labels.getFirst(),
                        seconds));
            });
            seen.sort(null);
            double oldest = now.value(Metric.SCANNING_OLDEST_SECONDS);
            if (oldest > 3_600) {
                seen.add("%.0f mails wait, the oldest for %.0f s".formatted(
                        now.value(Metric.SCANNING_UNSCANNED), oldest));
            }
            return seen.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", seen));
        }
    },
    PAUSED(
            "automation-is-paused",
            Level.WARNING,
            "Work that goes on by itself is paused",
            "Nothing: an operator paused it, and it stays paused over a restart.",
            "casella automation resume, as soon as the reason is gone.",
            "casella_automation_paused == 1") {
        @Override
        Optional<String> seen(Figures now, History before) {
            var paused = new ArrayList<String>();
            now.lines(Metric.AUTOMATION_PAUSED).forEach((labels, on) -> {
                if (on == 1) paused.add(labels.getFirst());
            });
            return paused.isEmpty() ? Optional.empty() : Optional.of(String.join(", ",
                    paused.stream().sorted().toList()));
        }
    },
    BREACH_DUE(
            "breach-waits-for-a-decision",
            Level.WARNING,
            "A breach of personal data waits for a decision",
            "The clock runs. Nothing is sent to an authority by itself.",
            "casella breach list names it and casella breach show what is missing: casella breach decide, and notify within the 72 hours.",
            "sum(casella_breaches_due) > 0") {
        @Override
        Optional<String> seen(Figures now, History before) {
            double over = now.value(Metric.BREACHES_DUE, "over");
            double soon = now.value(Metric.BREACHES_DUE, "soon");
            if (over + soon <= 0) return Optional.empty();
            return Optional.of("%.0f past the 72 hours, %.0f with less than 24 left".formatted(over, soon));
        }
    },
    COMPLAINTS_LATE(
            "complaints-are-overdue",
            Level.WARNING,
            "Complaints are past their deadline",
            "They stay open. Whoever wrote them was told that day.",
            "casella complaint list --due 0 names them: answer and close.",
            "casella_complaints_overdue > 0") {
        @Override
        Optional<String> seen(Figures now, History before) {
            double overdue = now.value(Metric.COMPLAINTS_OVERDUE);
            return overdue > 0 ? Optional.of("%.0f complaints".formatted(overdue)) : Optional.empty();
        }
    },
    REOPEN_HALTED(
            "reopening-stands",
            Level.WARNING,
            "A reopening stands",
            "Those who are in stay in, and are let in as before. Nobody else's turn comes until all that is measured is good again; then it goes"
                    + " on by itself.",
            "casella reopen status says which gate is bad and why: mend that. After a pause: casella reopen resume.",
            "casella_reopen_halted == 1") {
        @Override
        Optional<String> seen(Figures now, History before) {
            boolean halted = now.value(Metric.REOPEN_HALTED) == 1;
            return halted ? Optional.of("casella reopen status says why") : Optional.empty();
        }
    },
    LOG_IN_STORM(
            "log-ins-stand-in-line",
            Level.WARNING,
            "Log-ins stand in line",
            "The store is slow and more log in than it serves: they go through as fast as it bears, the others are told place, estimate and when"
                    + " to come back. Nobody is served by something else for that.",
            "Look for what makes the store slow: casella status, the disks, the load. It ends by itself when the store keeps up.",
            "casella_admission_rate > 0") {
        @Override
        Optional<String> seen(Figures now, History before) {
            double rate = now.value(Metric.ADMISSION_RATE);
            return rate > 0 ? Optional.of("%.0f a second go through".formatted(rate)) : Optional.empty();
        }
    },
    REOPENING(
            "owners-are-let-in-by-steps",
            Level.NOTICE,
            "Owners are let in by steps",
            "Staff and volunteers first, then more and more of everybody else, each step when all was well for the soak time. Mail is taken for"
                    + " everybody.",
            "Nothing. casella reopen status shows how far it is.",
            "casella_reopen_active == 1") {
        @Override
        Optional<String> seen(Figures now, History before) {
            boolean on = now.value(Metric.REOPENING) == 1;
            return on ? Optional.of("casella reopen status shows how far it is") : Optional.empty();
        }
    },
    STANDBY(
            "accounts-are-on-standby",
            Level.NOTICE,
            "Accounts are served out of their journals",
            "Their owners notice nothing. Those that were switched by themselves go back when the engine has been well for long enough.",
            "Nothing, if the engine comes back. casella standby list shows who; those an operator switched go back by casella standby return.",
            "casella_standby_accounts > 0") {
        @Override
        Optional<String> seen(Figures now, History before) {
            double accounts = now.value(Metric.STANDBY_ACCOUNTS);
            return accounts > 0 ? Optional.of("%.0f accounts".formatted(accounts)) : Optional.empty();
        }
    };

    /// How much it matters.
    public enum Level {
        /// Nothing to do; the machine does it. Nobody is called.
        NOTICE,
        /// Owners notice nothing yet.
        WARNING,
        /// Owners notice it now.
        CRITICAL;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final String id;
    private final Level level;
    private final String title;
    private final String machine;
    private final String operator;
    private final String expression;

    Symptom(String id, Level level, String title, String machine, String operator, String expression) {
        this.id = id;
        this.level = level;
        this.title = title;
        this.machine = machine;
        this.operator = operator;
        this.expression = expression;
    }

    /// Returns what is seen of it, for operators; empty where it is not there.
    abstract Optional<String> seen(Figures now, History before);

    public String id() {
        return id;
    }

    public Level level() {
        return level;
    }

    /// Returns what is wrong, as a sentence without its full stop.
    public String title() {
        return title;
    }

    /// Returns what the machine is already doing about it.
    public String machine() {
        return machine;
    }

    /// Returns what an operator should do.
    public String operator() {
        return operator;
    }

    /// Returns the same rule for Prometheus.
    public String expression() {
        return expression;
    }

    /// Returns the page with the commands to copy, from the project's root.
    public String runbook() {
        return "docs/operations/runbooks/" + id + ".md";
    }
}
