package casella.relay;

/// What the bytes of a message ask of whoever takes them, seen in the bytes and not in what was said of them.
///
/// @param eightBit a byte beyond ASCII somewhere. RFC 6152 §2
/// @param utf8Header one in its header. RFC 6531 §3.1
/// @param binary a NUL, a CR or LF that stands alone, or a line over 998 bytes. RFC 3030 §3, RFC 5321 §4.5.3.1.6
/// @param nul a NUL
record Needs(boolean eightBit, boolean utf8Header, boolean binary, boolean nul) {
    private static final int LINE_BYTES_MAX = 998;

    static Needs of(byte[] content) {
        boolean eightBit = false;
        boolean header = true;
        boolean utf8Header = false;
        boolean binary = false;
        boolean nul = false;
        int line = 0;
        for (int i = 0; i < content.length; i++) {
            byte b = content[i];
            if (b == '\n') {
                if (i == 0 || content[i - 1] != '\r') binary = true;
                if (line <= 1) header = false; // CR alone
                line = 0;
                continue;
            }
            if (line > 0 && content[i - 1] == '\r') binary = true;
            line++;
            if (b < 0) {
                eightBit = true;
                if (header) utf8Header = true;
            }
            nul |= b == 0;
            if (b == 0 || line > LINE_BYTES_MAX + 1) binary = true;
        }
        if (content.length > 0 && content[content.length - 1] == '\r') binary = true;
        return new Needs(eightBit, utf8Header, binary, nul);
    }
}
