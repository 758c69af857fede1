package casella.message;

import casella.base.Fault;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads what [SummaryForm] wrote. Fields it does not know are skipped; what breaks an invariant is
/// [Fault.Corrupt].
final class StoredReader {
    /// A stored part lies in at most this many others.
    private static final int DEPTH_MAX = Structure.DEPTH_MAX + 2;

    private final CodedInputStream in;
    private int tag;

    private StoredReader(byte[] bytes, int from) {
        this.in = CodedInputStream.newInstance(bytes, from, bytes.length - from);
    }

    /// Returns the summary.
    ///
    /// @throws Fault.Corrupt if these are not the bytes of a summary
    static Summary summary(byte[] stored) {
        if (stored.length == 0 || stored[0] != SummaryForm.VERSION_1) {
            int version = stored.length == 0 ? -1 : stored[0];
            throw new Fault.Corrupt(
                    "a stored summary has a version not known here", Map.of("version", version));
        }
        try {
            return new StoredReader(stored, 1).summary();
        } catch (IOException | DateTimeException | IllegalArgumentException e) {
            throw new Fault.Corrupt(
                    "a stored summary cannot be read", Map.of("bytes", stored.length), e);
        }
    }

    /// Moves to the next field and returns its number, 0 at the end.
    private int next() throws IOException {
        tag = in.readTag();
        return WireFormat.getTagFieldNumber(tag);
    }

    private void skip() throws IOException {
        in.skipField(tag);
    }

    private String string() throws IOException {
        expect(WireFormat.WIRETYPE_LENGTH_DELIMITED);
        return in.readStringRequireUtf8();
    }

    private byte[] message() throws IOException {
        expect(WireFormat.WIRETYPE_LENGTH_DELIMITED);
        return in.readByteArray();
    }

    private int number() throws IOException {
        expect(WireFormat.WIRETYPE_VARINT);
        int value = in.readUInt32();
        if (value < 0) throw new InvalidProtocolBufferException("negative");
        return value;
    }

    private long signed() throws IOException {
        expect(WireFormat.WIRETYPE_VARINT);
        return in.readSInt64();
    }

    private boolean bool() throws IOException {
        expect(WireFormat.WIRETYPE_VARINT);
        return in.readBool();
    }

    private void expect(int wireType) throws InvalidProtocolBufferException {
        if (WireFormat.getTagWireType(tag) != wireType)
            throw new InvalidProtocolBufferException("wire type");
    }

    private Summary summary() throws IOException {
        Envelope envelope = Envelope.EMPTY;
        String preview = "";
        byte[] root = null;
        boolean hasAttachment = false;
        int size = 0;
        for (int field = next(); field != 0; field = next()) {
            switch (field) {
                case 1 -> envelope = envelope(message());
                case 2 -> preview = string();
                case 3 -> root = message();
                case 4 -> hasAttachment = bool();
                case 5 -> size = number();
                default -> skip();
            }
        }
        if (root == null) throw new InvalidProtocolBufferException("no root");
        return new Summary(envelope, preview, part(root, "", true, 0, size), hasAttachment, size);
    }

    private static Envelope envelope(byte[] bytes) throws IOException {
        return new StoredReader(bytes, 0).envelope();
    }

    private Envelope envelope() throws IOException {
        String[] text = new String[17];
        List<List<Address>> addresses = new ArrayList<>();
        for (int i = 0; i < 6; i++) addresses.add(new ArrayList<>());
        List<List<String>> ids = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        Long seconds = null;
        long zone = 0;
        for (int field = next(); field != 0; field = next()) {
            switch (field) {
                case 1, 4, 5, 12, 13 -> text[field] = string();
                case 2 -> seconds = signed();
                case 3 -> zone = signed();
                case 6, 7, 8, 9, 10, 11 -> addresses.get(field - 6).add(address(message(), true));
                case 14, 15, 16 -> ids.get(field - 14).add(string());
                default -> skip();
            }
        }
        OffsetDateTime at =
                seconds == null ? null : Instant.ofEpochSecond(seconds).atOffset(zone(zone));
        return new Envelope(
                text[1],
                at,
                text[4],
                text[5] == null ? text[4] : text[5],
                addresses.get(0),
                addresses.get(1),
                addresses.get(2),
                addresses.get(3),
                addresses.get(4),
                addresses.get(5),
                text[12],
                text[13],
                ids.get(0),
                ids.get(1),
                ids.get(2));
    }

    private static ZoneOffset zone(long seconds) throws InvalidProtocolBufferException {
        if (Math.abs(seconds) > 18 * 3600) throw new InvalidProtocolBufferException("zone");
        return ZoneOffset.ofTotalSeconds((int) seconds);
    }

    private static Address address(byte[] bytes, boolean groupAllowed) throws IOException {
        return new StoredReader(bytes, 0).address(groupAllowed);
    }

    private Address address(boolean groupAllowed) throws IOException {
        String name = null;
        String nameText = null;
        String local = "";
        String domain = "";
        boolean group = false;
        List<Address.Mailbox> members = new ArrayList<>();
        for (int field = next(); field != 0; field = next()) {
            switch (field) {
                case 1 -> name = string();
                case 2 -> nameText = string();
                case 3 -> local = string();
                case 4 -> domain = string();
                case 5 -> group = bool();
                case 6 -> {
                    Address member = address(message(), false);
                    if (member instanceof Address.Mailbox m) members.add(m);
                }
                default -> skip();
            }
        }
        String shown = nameText == null ? name : nameText;
        if (!group) return new Address.Mailbox(name, shown, local, domain);
        if (!groupAllowed || name == null || shown == null)
            throw new InvalidProtocolBufferException("group");
        return new Address.Group(name, shown, members);
    }

    private static Parameter parameter(byte[] bytes) throws IOException {
        StoredReader reader = new StoredReader(bytes, 0);
        String name = "";
        String value = "";
        for (int field = reader.next(); field != 0; field = reader.next()) {
            switch (field) {
                case 1 -> name = reader.string();
                case 2 -> value = reader.string();
                default -> reader.skip();
            }
        }
        return new Parameter(name, value);
    }

    private static Disposition disposition(byte[] bytes) throws IOException {
        StoredReader reader = new StoredReader(bytes, 0);
        String type = "";
        List<Parameter> parameters = new ArrayList<>();
        for (int field = reader.next(); field != 0; field = reader.next()) {
            switch (field) {
                case 1 -> type = reader.string();
                case 2 -> parameters.add(parameter(reader.message()));
                default -> reader.skip();
            }
        }
        return new Disposition(type, parameters);
    }

    private static Part part(byte[] bytes, String number, boolean isRoot, int depth, int size)
            throws IOException {
        if (depth > DEPTH_MAX) throw new InvalidProtocolBufferException("depth");
        return new StoredReader(bytes, 0).part(number, isRoot, depth, size);
    }

    private Part part(String number, boolean isRoot, int depth, int size) throws IOException {
        @Nullable String[] text = new String[11];
        int[] at = new int[17];
        List<Parameter> parameters = new ArrayList<>();
        List<String> language = new ArrayList<>();
        Disposition disposition = null;
        boolean opaque = false;
        List<byte[]> children = new ArrayList<>();
        Envelope nestedEnvelope = Envelope.EMPTY;
        byte[] nestedRoot = null;
        for (int field = next(); field != 0; field = next()) {
            switch (field) {
                case 1, 2, 4, 5, 6, 9, 10 -> text[field] = string();
                case 3 -> parameters.add(parameter(message()));
                case 7 -> disposition = disposition(message());
                case 8 -> language.add(string());
                case 11, 12, 13, 14, 15, 16 -> at[field] = number();
                case 17 -> opaque = bool();
                case 18 -> children.add(message());
                case 19 -> nestedEnvelope = envelope(message());
                case 20 -> nestedRoot = message();
                default -> skip();
            }
        }
        if ((long) at[11] + at[12] > size || (long) at[13] + at[14] > size) {
            throw new InvalidProtocolBufferException("offset beyond the mail");
        }
        String own = Node.section(number, isRoot, !children.isEmpty());
        List<Part> parts = new ArrayList<>();
        for (byte[] child : children) {
            parts.add(part(child, Node.child(number, parts.size() + 1), false, depth + 1, size));
        }
        Part.Nested nested =
                nestedRoot == null
                        ? null
                        : new Part.Nested(
                                nestedEnvelope, part(nestedRoot, own, true, depth + 1, size));
        return new Part(
                own,
                orEmpty(text[1]),
                orEmpty(text[2]),
                parameters,
                text[4],
                text[5],
                orEmpty(text[6]),
                disposition,
                language,
                text[9],
                text[10],
                at[11],
                at[12],
                at[13],
                at[14],
                at[15],
                at[16],
                opaque,
                parts,
                nested);
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
