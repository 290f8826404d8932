package dev.culvert;

/**
 * Carries a {@link Refusal} to the one place where it becomes an HTTP answer. It is control flow, not a fault: it has no
 * stack trace.
 */
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Refusal refusal;

    /**
     * @param refusal what the client is told
     * @param detail one short sentence for the client and the log, in our words: never bytes from the wire
     */
    public RefusedException(Refusal refusal, String detail) {
        super(detail, null, false, false);
        this.refusal = refusal;
    }

    /** What the client is told. */
    public Refusal refusal() {
        return refusal;
    }

    /** The sentence that explains it. */
    public String detail() {
        return String.valueOf(getMessage());
    }
}
