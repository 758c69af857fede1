package casella.incident.breach;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What a notification says, by the letters of GDPR Art. 33(3). A text that is empty is not known yet.
///
/// @param kinds what was broken: `availability`, `integrity`, `confidentiality`
/// @param nature (a) what happened
/// @param peopleCategories (a) whose data: owners of mailboxes, their correspondents
/// @param people (a) about how many people; -1 where it is not known
/// @param recordCategories (a) what data
/// @param records (a) about how many records; -1 where it is not known
/// @param contact (b) where more can be had: the data protection officer
/// @param consequences (c) what is likely to come of it
/// @param measures (d) what was done, and is going to be
/// @param delay why the authority was not notified within 72 hours (Art. 33(1))
/// @param numbers how people and records were counted; null where they were not
public record Draft(
        List<String> kinds, String nature, String peopleCategories, long people, String recordCategories,
        long records, String contact, String consequences, String measures, String delay,
        @Nullable Numbers numbers) {
    public static final int TEXT_MAX = 5_000;
    private static final Set<String> KINDS = Set.of("availability", "integrity", "confidentiality");

    /// Nothing is known. Behind the kinds, which it asks for.
    public static final Draft EMPTY = new Draft(List.of(), "", "", -1, "", -1, "", "", "", "", null);

    public Draft {
        kinds = List.copyOf(new TreeSet<>(kinds));
        if (!KINDS.containsAll(kinds)) {
            throw new IllegalArgumentException("kind: must be availability, integrity or confidentiality");
        }
        nature = Note.text("nature", nature, 0, TEXT_MAX);
        peopleCategories = Note.text("people-categories", peopleCategories, 0, TEXT_MAX);
        recordCategories = Note.text("record-categories", recordCategories, 0, TEXT_MAX);
        contact = Note.text("contact", contact, 0, TEXT_MAX);
        consequences = Note.text("consequences", consequences, 0, TEXT_MAX);
        measures = Note.text("measures", measures, 0, TEXT_MAX);
        delay = Note.text("delay", delay, 0, TEXT_MAX);
        if (people < -1) throw new IllegalArgumentException("people: must be 0 or more");
        if (records < -1) throw new IllegalArgumentException("records: must be 0 or more");
    }

    /// Returns what of Art. 33(3) is still missing, in its order; it may follow in phases (Art. 33(4)).
    public List<String> missing() {
        var missing = new ArrayList<String>();
        if (kinds.isEmpty() || nature.isEmpty()) missing.add("nature");
        if (peopleCategories.isEmpty() || people < 0) missing.add("people");
        if (recordCategories.isEmpty() || records < 0) missing.add("records");
        if (contact.isEmpty()) missing.add("contact");
        if (consequences.isEmpty()) missing.add("consequences");
        if (measures.isEmpty()) missing.add("measures");
        return List.copyOf(missing);
    }

    /// Returns it with numbers that were counted.
    public Draft counted(Numbers counted) {
        return new Draft(kinds, nature, peopleCategories, counted.people(), recordCategories,
                counted.mails() < 0 ? records : counted.mails(), contact, consequences, measures, delay,
                        counted);
    }
}
