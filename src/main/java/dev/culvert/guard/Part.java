package dev.culvert.guard;

import dev.culvert.Refusal;
import dev.culvert.RefusedException;

/** A part of a message, and what becomes of one that is malformed. */
enum Part {
    REQUEST_HEAD("head", Refusal.BAD_SYNTAX, Refusal.HEADER_TOO_LARGE),
    REQUEST_BODY("body", Refusal.BAD_FRAMING, Refusal.BAD_FRAMING),
    ANSWER_HEAD("head", Refusal.UPSTREAM_ANSWER, Refusal.UPSTREAM_ANSWER),
    ANSWER_BODY("body", Refusal.UPSTREAM_ANSWER, Refusal.UPSTREAM_ANSWER);

    private final String title;
    private final Refusal malformed;
    private final Refusal tooLarge;

    Part(String title, Refusal malformed, Refusal tooLarge) {
        this.title = title;
        this.malformed = malformed;
        this.tooLarge = tooLarge;
    }

    RefusedException malformed(String what) {
        return new RefusedException(malformed, "the " + title + " has " + what);
    }

    RefusedException tooLarge(String what) {
        return new RefusedException(tooLarge, "the " + title + " has " + what);
    }
}
