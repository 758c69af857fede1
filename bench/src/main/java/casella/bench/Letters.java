package casella.bench;

import casella.message.Address;
import casella.message.Compose;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// The mail of a load: 400 different letters, the same for the same seed. Median about 20 KB, mean about 55 KB, largest
/// 2 MB; 60 % words, 40 % attachments: the mix of the first spike, so that numbers can be compared.
final class Letters {
    private static final String WORDS =
            "alba bosco casa dopo estate fiume gente inverno lago mare notte onda pane quando riva sera tempo uva vento zaino"
                    + " about before city does every field garden house island journey kind letter morning never over";
    private static final String[] WORD = WORDS.split(" ");
    private static final OffsetDateTime NOON = OffsetDateTime.of(2026, 11, 22, 12, 0, 0, 0, ZoneOffset.UTC);

    private Letters() {}

    /// @param count 1 to 10_000
    static List<byte[]> make(int count, long seed) {
        var random = new Random(seed);
        var all = new ArrayList<byte[]>(count);
        for (int i = 0; i < count; i++) all.add(letter(random, i));
        return all;
    }

    private static byte[] letter(Random random, int number) {
        // Log-normal sizes: the median as told, a long tail, cut at 2 MB.
        int size = (int) Math.min(2_000_000, 20_000 * Math.exp(1.4 * random.nextGaussian()));
        var compose =
                new Compose()
                        .from(Address.of("Load", "load@elsewhere.example"))
                        .to(Address.of("anna@posta.example"))
                        .subject("Letter " + number)
                        .date(NOON.plusSeconds(number))
                        .messageId("letter-" + number + "@elsewhere.example")
                        .text(words(random, Math.max(200, (int) (size * 0.6))));
        byte[] attachment = new byte[(int) (size * 0.3)];
        random.nextBytes(attachment);
        if (size > 4_000) compose.attach("application/octet-stream", "attachment.bin", attachment);
        return compose.draft().bytes();
    }

    private static String words(Random random, int length) {
        var text = new StringBuilder(length + 16);
        int column = 0;
        while (text.length() < length) {
            String word = WORD[random.nextInt(WORD.length)];
            text.append(word);
            column += word.length() + 1;
            if (column > 70) {
                text.append('\n');
                column = 0;
            } else {
                text.append(' ');
            }
        }
        return text.toString();
    }
}
