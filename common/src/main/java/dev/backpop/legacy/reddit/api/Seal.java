package dev.backpop.legacy.reddit.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.backpop.plan.RedditLogin;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals what processes leave for each other, so that only who has the same login can read it: neither Redis nor its backups
 * ever hold a token. Thread-safe.
 */
final class Seal {
    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final int NAME_DIGITS = 16;

    private final SecretKeySpec key;
    private final String name;
    private final SecureRandom random = new SecureRandom();

    Seal(RedditLogin login) {
        byte[] secret = digest("backpop token\n" + words(login));
        key = new SecretKeySpec(secret, "AES");
        name = HexFormat.of()
                .formatHex(digest("backpop name\n" + HexFormat.of().formatHex(secret)))
                .substring(0, NAME_DIGITS);
    }

    /** The same for every process with this login, another for any other; tells nothing of it. */
    String name() {
        return name;
    }

    String close(String text) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            Cipher cipher = Cipher.getInstance(CIPHER);
            cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, nonce));
            byte[] sealed = cipher.doFinal(text.getBytes(UTF_8));
            return Base64.getEncoder()
                    .encodeToString(ByteBuffer.allocate(NONCE_BYTES + sealed.length)
                            .put(nonce)
                            .put(sealed)
                            .array());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Empty for what this login has not sealed. */
    Optional<String> open(String sealed) {
        try {
            byte[] bytes = Base64.getDecoder().decode(sealed);
            if (bytes.length <= NONCE_BYTES) {
                return Optional.empty();
            }
            Cipher cipher = Cipher.getInstance(CIPHER);
            cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, bytes, 0, NONCE_BYTES));
            return Optional.of(new String(cipher.doFinal(bytes, NONCE_BYTES, bytes.length - NONCE_BYTES), UTF_8));
        } catch (AEADBadTagException | IllegalArgumentException e) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String words(RedditLogin login) {
        String client = login.clientId() + "\n" + login.clientSecret() + "\n";
        if (login instanceof RedditLogin.RefreshToken token) {
            return client + "refresh token\n" + token.refreshToken();
        }
        if (login instanceof RedditLogin.OfUser user) {
            return client + "of user\n" + user.username() + "\n" + user.accessKey();
        }
        return login instanceof RedditLogin.Password password
                ? client + "password\n" + password.username() + "\n" + password.password()
                : client;
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
