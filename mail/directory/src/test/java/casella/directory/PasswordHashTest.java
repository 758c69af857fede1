package casella.directory;

import static casella.directory.Sample.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Proves that hashes other systems made are checked as they check them, by hashes made with libcrypt and the reference programs.
class PasswordHashTest {
    @ParameterizedTest
    @CsvSource(delimiter = ' ', value = {
        "{SHA512-CRYPT}$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1 Hello_world!",
        "{SHA256-CRYPT}$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5 Hello_world!",
        "{CRYPT}$5$rounds=10000$saltstringsaltst$3xv.VbSHBb41AL9AvLeujZkZRBAwqFMz2.opqey6IcA Hello_world!",
        "{BLF-CRYPT}$2y$05$bvIG6Nmid91Mu9RcmmWZfO5HJIMCT8riNW0hEp8f6/FuA2/mHZFpe password",
    })
    void cryptVectors(String hash, String password) {
        String kept = PasswordHash.kept(hash).orElseThrow();
        byte[] right = bytes(password.replace('_', ' '));

        assertThat(PasswordHash.fits(kept, right, right)).isTrue();
        assertThat(PasswordHash.fits(kept, bytes("Hello world?"), null)).isFalse();
    }

    @Test
    void saltedDigestsAndArgon2FitTheirPasswordOnly() throws Exception {
        var sha = java.security.MessageDigest.getInstance("SHA-512");
        sha.update(bytes("secret"));
        byte[] digest = sha.digest(bytes("salt"));
        byte[] both = java.util.Arrays.copyOf(digest, 68);
        System.arraycopy(bytes("salt"), 0, both, 64, 4);
        String ssha = PasswordHash.kept("{ssha512}" + java.util.Base64.getEncoder().encodeToString(both)).orElseThrow();
        String argon2 = PasswordHash.kept("{ARGON2ID}" + new Argon2(64, 1, 1).hash(bytes("secret"))).orElseThrow();

        for (String hash : new String[] {ssha, argon2}) {
            assertThat(PasswordHash.fits(hash, bytes("secret"), bytes("secret"))).as(hash).isTrue();
            assertThat(PasswordHash.fits(hash, bytes("Secret"), bytes("Secret"))).as(hash).isFalse();
        }
    }

    /// RFC 9106 §5.3 needs a secret and associated data, which no mail system has; this one is of the reference program:
    /// `echo -n password | argon2 somesalt -id -t 2 -m 16 -p 1`.
    @Test
    void theReferenceProgramsArgon2VectorFits() {
        String hash = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";

        assertThat(Argon2.fits(hash, bytes("password"))).contains(true);
        assertThat(Argon2.fits(hash, bytes("passwore"))).contains(false);
    }

    @Test
    void theHashOfNobodyIsCheckedLikeAnyOther() {
        assertThat(Argon2.fits(new Argon2(64, 2, 1).nobody(), bytes("password"))).contains(false);
    }

    @Test
    void whatCouldNeverFitIsRefusedAtOnce() {
        for (String hash : new String[] {
            "{MD5}abc", "{BLF-CRYPT}$2y$05$short", "{SSHA}!!!", "{SSHA512}AAAA", "{CRYPT}abJnggxhB/yWI",
            "{ARGON2ID}$argon2id$v=19$m=99999999,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
            "{ARGON2ID}$argon2id$v=19$m=65536,t=99,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
            "{BLF-CRYPT}$2y$31$bvIG6Nmid91Mu9RcmmWZfO5HJIMCT8riNW0hEp8f6/FuA2/mHZFpe", "plain", "{", "{}", "{SSHA}"
        }) {
            assertThat(PasswordHash.kept(hash)).as(hash).isEmpty();
        }
    }
}
