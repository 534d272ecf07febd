package dev.backpop.legacy.reddit.api;

import dev.backpop.plan.RedditLogin;
import java.util.Map;

/**
 * Asks a Reddit server, within its budget. Thread-safe; every call waits for its permission and its answer.
 *
 * <p>Both methods throw {@link dev.backpop.legacy.LegacyUnavailableException} when the server gives no answer that means
 * anything of what was asked for: it cannot be reached, is overloaded, answers with an error of its own or with nonsense,
 * refuses the login, or may not be asked any more for now. That is never a reason to call a thing absent.
 */
public interface RedditApi {
    /**
     * Asks for something.
     *
     * @param path without the server, such as {@code /api/info}
     * @param parameters unescaped; {@code raw_json} is always added
     */
    Answer get(String path, Map<String, String> parameters);

    /**
     * Asks for something that takes too many words for an address. Nothing that changes the server may be asked for.
     *
     * @param form unescaped; {@code raw_json} is always added to the address
     */
    Answer post(String path, Map<String, String> form);

    /**
     * The same server, asked as somebody else within the same budget. A login that is refused is a
     * {@link LoginRefusedException} at the first request.
     */
    RedditApi as(RedditLogin login);
}
