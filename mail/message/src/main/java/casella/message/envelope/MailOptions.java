package casella.message.envelope;

/// How a message is to be carried, as MAIL said it.
///
/// @param utf8 its header or an address in it may be UTF-8. RFC 6531 §3.4
/// @param ret how much of it goes back with a report of failure. RFC 3461 §4.3
/// @param envid what its sender calls this sending, as it was sent (xtext); empty where it has no name, at most 100
///              characters. RFC 3461 §4.4
/// @param mtPriority from -9 to 9, 0 where nothing was said; only from who may say so. RFC 6710
public record MailOptions(Body body, boolean utf8, Ret ret, String envid, int mtPriority) {
    public static final int ENVID_CHARS_MAX = 100;

    /// Nothing was said.
    public static final MailOptions NONE = new MailOptions(Body.SEVEN_BIT, false, Ret.UNSAID, "", 0);

    public MailOptions {
        if (mtPriority < -9
                || mtPriority > 9) throw new IllegalArgumentException("mtPriority: must be -9 to 9");
        if (envid.length() > ENVID_CHARS_MAX
                || !Xtext.is(envid)) throw new IllegalArgumentException("envid: no xtext");
    }
}
