package casella.queue;

import static org.assertj.core.api.Assertions.assertThat;

import casella.message.Summary;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Measures the classifier on messages made for it. The rules were written beside `rules.txt`; `kept.txt` was kept apart, with other
/// senders, words and forms, and rules are never written to fit it (docs/decisions/0070).
final class CorpusTest {
    private static final double PRECISION_MIN = 0.95;
    private static final double RECALL_MIN = 0.90;

    private record Measured(double precision, double recall, int messages) {}

    private static Measured measure(String bundle) throws IOException {
        var classifier = new Classifier(ClassifierRules.NONE);
        int[][] table = new int[4][4]; // by their numbers, 1 to 3
        var wrong = new ArrayList<String>();
        List<LabelledMail> mails = LabelledMail.all(bundle);
        for (LabelledMail mail : mails) {
            Classified said = classifier.of(mail.arrival(), mail.raw(), Summary.of(mail.raw()));
            table[mail.wanted().number()][said.priority().number()]++;
            if (said.priority() != mail.wanted()) wrong.add("  " + mail.name() + ": " + said);
        }
        int urgent = Priority.URGENT.number();
        int both = table[urgent][urgent];
        int saidUrgent = 0;
        System.out.println(bundle + ", rows wanted, columns said:   urgent personal bulk");
        for (Priority wanted : Priority.values()) {
            int[] row = table[wanted.number()];
            saidUrgent += row[urgent];
            System.out.printf("  %-36s %9d %8d %4d%n", wanted.word(), row[1], row[2], row[3]);
        }
        wrong.forEach(System.out::println);
        int wantedUrgent = Arrays.stream(table[urgent]).sum();
        var measured = new Measured((double) both / saidUrgent, (double) both / wantedUrgent, mails.size());
        System.out.printf("  urgent: precision %.3f, recall %.3f%n", measured.precision(), measured.recall());
        return measured;
    }

    @Test
    void theRulesFitWhatTheyWereWrittenBeside() throws IOException {
        Measured measured = measure("rules.txt");
        assertThat(measured.messages()).isGreaterThanOrEqualTo(140);
        assertThat(measured.precision()).isGreaterThanOrEqualTo(PRECISION_MIN);
        assertThat(measured.recall()).isGreaterThanOrEqualTo(RECALL_MIN);
    }

    @Test
    void theyFitWhatWasKeptApart() throws IOException {
        Measured measured = measure("kept.txt");
        assertThat(measured.messages()).isGreaterThanOrEqualTo(140);
        assertThat(measured.precision()).isGreaterThanOrEqualTo(PRECISION_MIN);
        assertThat(measured.recall()).isGreaterThanOrEqualTo(RECALL_MIN);
    }
}
